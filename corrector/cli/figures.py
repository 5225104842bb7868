"""The measured figures of the pairs of a model, as a table for people and as rows for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..engine.features import pair_key


def rows(facts: dict[str, Any], names: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
    """What the manifest ``facts`` say of each pair of the tables called ``names`` (all).

    ``recall`` and ``precision`` are ``None`` where nothing was converted, or edited.
    """
    possible = {row["key"] for row in facts["pairs"] if row.get("possible")}
    trained = {row["key"] for row in facts["pairs"]}
    measured = facts["measured"]
    for name, pairs in measured["tables"].items():
        for row in pairs if names is None or name in names else ():
            key, edits = pair_key(row["original"], row["converted"]), row["restored"] + row["wrong"]
            yield {
                "table": name, "original": row["original"], "converted": row["converted"], "places": row["places"],
                "recall": row["restored"] / row["places"] if row["places"] else None,
                "precision": row["restored"] / edits if edits else None,
                "healthy": row["healthy"] / measured["characters"] * 1e6 if measured["characters"] else None,
                "tier": "untrained" if key not in trained else "possible" if key in possible else "",
            }


def figures(facts: dict[str, Any], names: Collection[str] | None, chinese: bool) -> str:
    """The rows as a tab-separated table with a line of sums a table."""
    heads = (("词表", "原词", "写成", "处数", "还原率", "准确率", "完好文本每百万字误改", "") if chinese else
             ("table", "original", "converted", "places", "recall", "precision", "healthy edits a million", ""))
    marks = {"untrained": "没有学到" if chinese else "not learnt", "possible": "只提示" if chinese else "only proposed",
             "": ""}
    lines = ["\t".join(heads).rstrip()]
    for row in (*rows(facts, names), *_sums(facts, names)):
        cells = [row["table"], row["original"], row["converted"], str(row["places"])]
        cells += ["" if row[k] is None else f"{row[k]:.3f}" for k in ("recall", "precision")]
        cells += ["" if row["healthy"] is None else f"{row['healthy']:.2f}", marks[row["tier"]]]
        lines.append("\t".join(cells).rstrip())
    return "".join(f"{line}\n" for line in lines)


def _sums(facts: dict[str, Any], names: Collection[str] | None) -> Iterator[dict[str, Any]]:
    """What a table's pairs do together at the default level; those that are only proposed edit nothing there."""
    possible = {row["key"] for row in facts["pairs"] if row.get("possible")}
    measured = facts["measured"]
    for name, pairs in measured["tables"].items():
        if names is not None and name not in names:
            continue
        acting = [p for p in pairs if pair_key(p["original"], p["converted"]) not in possible]
        places = sum(p["places"] for p in pairs)
        restored, wrong, healthy = (sum(p[k] for p in acting) for k in ("restored", "wrong", "healthy"))
        yield {"table": name, "original": "*", "converted": "*", "places": places,
               "recall": restored / places if places else None,
               "precision": restored / (restored + wrong) if restored + wrong else None,
               "healthy": healthy / measured["characters"] * 1e6 if measured["characters"] else None, "tier": ""}
