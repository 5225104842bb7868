"""Making a model: trained, calibrated, measured on documents it has not seen, and written into a folder.

Start with :func:`make`. Three parts of the healthy text (:mod:`.split`) serve in turn: ``train`` is learnt from;
``calibrate`` makes probabilities of scores, and says which pairs are wrong too often to be more than proposed and how
loudly an own table may speak, before it is learnt from as well; nothing is decided on ``test``, whose figures are told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, Literal

from ..engine.features import pair_key
from ..engine.model import Calibration, ContextModel
from ..engine.model import load as load_context
from ..engine.run import Engine
from ..engine.several import Several
from ..errors import Trouble
from ..files import write
from ..lexicon import Lexicon, Table, default_lexicon
from ..models import TABLES, fingerprint
from .corpora import read
from .measure import Texts, healthy_edits, measure, texts
from .sheet import table_file
from .split import Part, part
from .train import train

Step = Literal["learn", "measure", "write"]
SHARES = (1.0, 0.7, 0.5, 0.35)  # of what a place may say for an own table: the first that is quiet
ALONE = (0.15, 0.07)  # for the pairs that are not quiet even then
QUIET = 0.25  # edits a million characters of healthy text: beyond it an own table is turned down


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
    first, weights, facts = train(corpora, Lexicon(tables))
    facts["features"] = fingerprint()
    step("measure")
    context = ContextModel(first, facts["scale"], facts["mixture"],
                           {row["key"]: Calibration(*row["calibration"]) for row in facts["pairs"]})
    seen = texts(corpora, "calibrate")
    if own:
        context, own = _quiet(context, own, seen)
    tables = tuple(own) or shipped.tables
    judged = measure(seen, tables, _engine(context, own))
    weak = judged.weak()
    facts["judged"] = judged.facts()
    whole = replace(context, weights=weights)
    facts["measured"] = measure(texts(corpora, "test"), tables, _engine(whole, own)).facts()
    for row in facts["pairs"]:
        row["calibration"] = [round(v, 4) for v in astuple(context.pairs[row["key"]])]
        if row["key"] in weak:
            row["possible"] = True
    step("write")
    (output / TABLES if own else output).mkdir(parents=True, exist_ok=True)
    for old in (output / TABLES).glob("*.tsv"):  # of the model that stood here
        old.unlink()
    for table in own:
        write(output / TABLES / f"{table.name}.tsv", table_file(table.title, table.pairs, rare=table.rare))
    write(output / "context.bin", weights.tobytes())
    write(output / "manifest.json", (json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    return facts


def _engine(context: ContextModel, own: Sequence[Table]) -> Engine:
    """As a model is used: an own one beside all that is shipped."""
    shipped = default_lexicon()
    if not own:
        return Engine(shipped, context)
    return Engine(replace(shipped, tables=(*shipped.tables, *own)), Several((load_context(), context)))


def _quiet(context: ContextModel, own: Sequence[Table], healthy: Texts) -> tuple[ContextModel, Sequence[Table]]:
    """The own model turned down until its tables leave ``healthy`` text alone.

    Where few places already say a lot, a document that happens to like the words of a table is taken for damaged; the
    less a place may say, the more of them must agree. If nothing helps the tables are taken for seldom met.
    """
    weak = measure(healthy, own, _engine(context, own)).weak()
    words = {(p.original, p.converted) for t in own for p in t.pairs if pair_key(p.original, p.converted) not in weak}
    most = QUIET * sum(len(text) for _, text in healthy) / 1e6
    shares, loud = dict.fromkeys(context.pairs, 1.0), set[int]()
    for share in (*SHARES, *ALONE):
        shares |= dict.fromkeys(loud if share in ALONE else shares, share)
        turned = replace(context, pairs={k: _turned(c, shares[k]) for k, c in context.pairs.items()})
        edits = {pair: n for pair, n in healthy_edits(healthy, _engine(turned, own)).items() if pair in words}
        if sum(edits.values()) <= most:
            return turned, own
        loud = {pair_key(*pair) for pair in edits}
    return turned, [replace(t, rare=True) for t in own]


def _turned(calibration: Calibration, share: float) -> Calibration:
    limit = calibration.limit * share
    return replace(calibration, limit=limit, expected=min(calibration.expected, limit))


def _require(corpora: Path, wanted: Part, tables: Sequence[Table]) -> None:
    originals = {p.original for t in tables for p in t.pairs}
    for corpus, name, text in read(corpora):
        if part(name, corpus) == wanted and any(o in text for o in originals):
            return
    raise Trouble("too little healthy text: the words of the tables hardly stand in it",
                  "完好的文本太少：词表里的词在其中几乎没有出现")
