"""Making a model: trained, calibrated, measured on documents it has not seen, and written into a folder.

Start with :func:`make`. Three parts of the healthy text (:mod:`.split`) serve in turn: ``train`` is learnt from,
``calibrate`` makes probabilities of scores, ``test`` gives the figures that are told. A pair that is too often wrong on
either of the latter is only proposed from then on; its own figures say what it would do. An own table that would touch
healthy text too often is taken for one that is seldom met: a document must say more before it is believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from ..engine.model import Calibration, ContextModel
from ..engine.model import load as load_context
from ..engine.run import Engine
from ..engine.several import Several
from ..errors import Trouble
from ..files import write
from ..lexicon import Lexicon, Table, default_lexicon
from ..models import TABLES, fingerprint
from .corpora import read
from .measure import Measured, measure
from .sheet import table_file
from .split import Part, part
from .train import train

Step = Literal["learn", "measure", "write"]


def make(corpora: Path, own: Sequence[Table], output: Path, step: Callable[[Step], None]) -> dict[str, Any]:
    """Writes the model of ``own`` tables into ``output``; without any, the one that is shipped: of all dictionaries.

    An own model is measured as it will be used, beside the shipped one. ``step`` is told what is begun. Returns the
    manifest. Raises :class:`Trouble` for healthy text that is too little, ``OSError``.
    """
    shipped = default_lexicon()
    tables = tuple(own) or shipped.tables
    for wanted in ("train", "calibrate"):
        _require(corpora, wanted, tables)
    step("learn")
    weights, facts = train(corpora, Lexicon(tables))
    facts["features"] = fingerprint()
    step("measure")
    context = ContextModel(weights, facts["scale"], facts["mixture"],
                           {row["key"]: Calibration(*row["calibration"]) for row in facts["pairs"]})
    model = Several((load_context(), context)) if own else context

    def held_out(tables: Sequence[Table]) -> tuple[Measured, Measured]:
        beside = shipped.tables if own else ()
        engine = Engine(replace(shipped, tables=(*beside, *tables)), model)
        return measure(corpora, "test", tables, engine), measure(corpora, "calibrate", tables, engine)

    test, calibrate = held_out(tables)
    if own and test.disturbs(calibrate):
        own = tables = tuple(replace(t, rare=True) for t in own)
        test, calibrate = held_out(tables)
    weak = test.weak() | calibrate.weak()
    facts["measured"] = test.facts()
    for row in facts["pairs"]:
        if row["key"] in weak:
            row["possible"] = True
    step("write")
    (output / TABLES if own else output).mkdir(parents=True, exist_ok=True)
    for table in own:
        write(output / TABLES / f"{table.name}.tsv", table_file(table.title, table.pairs, rare=table.rare))
    write(output / "context.bin", weights.tobytes())
    write(output / "manifest.json", (json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    return facts


def _require(corpora: Path, wanted: Part, tables: Sequence[Table]) -> None:
    originals = {p.original for t in tables for p in t.pairs}
    for corpus, name, text in read(corpora):
        if part(name, corpus) == wanted and any(o in text for o in originals):
            return
    raise Trouble("too little healthy text: the words of the tables hardly stand in it",
                  "完好的文本太少：词表里的词在其中几乎没有出现")
