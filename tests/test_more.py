"""More to learn from: what is taken of a package, and that it is the one that was meant."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import tarfile
import zipfile
from pathlib import Path

import pytest

from corrector.learn.more import PAGE, _Plain, fetched, texts
from corrector.learn.sources import PACKAGES, File, Package
from corrector.learn.split import part

SENTENCE = "第{}号仓库的货物已经清点完毕，可以装车发运了。"


def package(path: Path, *members: str) -> Package:
    return Package("some", "MIT", File(path.as_uri(), hashlib.sha256(path.read_bytes()).hexdigest()), members)


def wheel(folder: Path, **files: str) -> Path:
    with zipfile.ZipFile(folder / "some.whl", "w") as archive:
        for name, content in files.items():
            archive.writestr(f"some/{name}.json", content)
    return folder / "some.whl"


def test_strings_of_json_become_documents_that_are_only_learnt_from(tmp_path: Path) -> None:
    said = [SENTENCE.format(n) for n in range(300)]
    rows = ({"text": t, "at": {"仓库": [0, 3]}} for t in said)
    data = "\n".join(json.dumps(row, ensure_ascii=n % 2 == 0) for n, row in enumerate(rows))
    found = list(texts(package(wheel(tmp_path, said=data, other=data.replace("仓库", "码头")), "some/said.json")))
    assert [line for _, text in found for line in text.split("\n")] == said
    assert all(PAGE <= len(text) < PAGE + 100 for _, text in found[:-1]) and len(found) > 2
    assert len({name for name, _ in found}) == len(found) and {part(name, "some") for name, _ in found} == {"train"}


def test_of_each_text_one_and_none_that_is_hardly_chinese_or_was_converted(tmp_path: Path) -> None:
    good = SENTENCE.format("一")
    bad = ["太短了。", "flowchart " * 9 + "这里的图表只有很少的几个汉字", "工厂的根底很好，全体职工都愿意为社会效劳。"]
    path = wheel(tmp_path, said=json.dumps([good, *bad, good]))
    assert list(texts(package(path, "said.json"))) == [("0", good)]


def test_lines_of_a_text_in_a_tar_archive_in_the_order_that_is_asked_for(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "some.tar.gz", "w:gz") as archive:
        for name in ("a", "b"):
            data = SENTENCE.format(name).encode()
            member = tarfile.TarInfo(f"some/{name}.txt")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    [(_, text)] = texts(package(tmp_path / "some.tar.gz", "b.txt", "a.txt"))
    assert text == f"{SENTENCE.format('b')}\n{SENTENCE.format('a')}"


def test_pages_are_lists_and_strings_and_nothing_that_acts() -> None:
    assert _Plain(io.BytesIO(pickle.dumps((["标题"], ["正文"], ["1"])))).load() == (["标题"], ["正文"], ["1"])
    with pytest.raises(pickle.UnpicklingError, match="print"):
        _Plain(io.BytesIO(pickle.dumps(print))).load()


def test_what_was_fetched_is_what_was_meant(tmp_path: Path) -> None:
    (tmp_path / "page").write_bytes(b"other")
    with pytest.raises(ValueError, match="not the file it was"):
        fetched(File((tmp_path / "page").as_uri(), "0" * 64))


def test_packages_have_a_licence_and_a_name_of_their_own() -> None:
    assert len({p.name for p in PACKAGES}) == len(PACKAGES)
    assert all(p.licence and p.file.address.startswith("https://") and len(p.file.sha256) == 64 for p in PACKAGES)
