"""Which documents are learnt from and which are only measured on.

The part is decided by a hash of the document's name, so that it never changes when documents are added. Versions of
one act (the same title with another date) fall into the same part.
"""

from __future__ import annotations

import hashlib
import re
from typing import Literal

Part = Literal["train", "calibrate", "test"]

_VERSION = re.compile(r"[（(]\d{4}[-年][^）)]*[）)]|\.md$")


def part(document_id: str, corpus: str) -> Part:
    """``test`` for a tenth of the documents, ``calibrate`` for another tenth, ``train`` for the rest."""
    name = document_id.rsplit("/", 1)[-1] if corpus == "laws" else document_id
    key = f"{corpus}:{_VERSION.sub('', name)}".encode()
    bucket = hashlib.sha256(key).digest()[0] * 10 // 256
    return "test" if bucket == 0 else "calibrate" if bucket == 1 else "train"
