"""Strings replaced inside a JSON text: what it means is what was asked, every other byte is as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.bulk.jsonl import leaves
from corrector.bulk.splice import splice, strings
from corrector.columns import Change, applied
from corrector.errors import Trouble

KEYS = st.sampled_from(["text", "a", "b.c", '"', "键"])
TEXTS = st.text(st.sampled_from('开展 原那么\n"\\/😀a{}[],:'), max_size=8)
VALUES = st.recursive(TEXTS | st.none() | st.booleans() | st.integers() | st.just(1.5),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
                      max_leaves=8)


def everywhere(text: str) -> list[Change]:
    return [(i, i + 2, "发“展”") for i in range(len(text)) if text.startswith("开展", i)]


def corrected(value: object) -> object:
    if isinstance(value, str):
        return applied(value, everywhere(value))
    if isinstance(value, list):
        return [corrected(v) for v in value]
    return {k: corrected(v) for k, v in value.items()} if isinstance(value, dict) else value


@given(st.dictionaries(KEYS, VALUES, max_size=3), st.booleans(), st.sampled_from([None, 1]), st.booleans())
def test_every_string_replaced(value: dict[str, object], ascii_only: bool, indent: int | None, slashes: bool) -> None:
    line = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    if slashes:
        line = line.replace("/", "\\/")
    found = {path: json.loads(line[start:end]) for path, start, end in strings(line)}
    after = splice(line, {path: (text, everywhere(text)) for path, text in found.items()})
    assert json.loads(after) == corrected(value)
    assert splice(line, {path: (text, []) for path, text in found.items()}) == line


@pytest.mark.parametrize(("line", "after"), [
    ('{"n": 1.50, "t": "科学开展", "t2":1e5}', '{"n": 1.50, "t": "科学发展", "t2":1e5}'),
    (r'{"t":"\u79d1\u5b66\u5f00\u5c55"}', r'{"t":"\u79d1\u5b66\u53d1\u5c55"}'),
    (r'{"t":"\u79D1学开展\/"}', r'{"t":"\u79D1学发展\/"}'),
    ('{"t":"科学开展","t":"科学开展"}', '{"t":"科学开展","t":"科学发展"}'),  # the last one counts
    (r'{"科学开展":1,"t":"科\u5b66开展"}', r'{"科学开展":1,"t":"科\u5b66发展"}'),  # the same text elsewhere
    (r'{"t":"科\u5b66开展","a":"科学开展"}', r'{"t":"科\u5b66发展","a":"科学开展"}'),
])
def test_the_rest_is_as_it_was(line: str, after: str) -> None:
    text = json.loads(line)["t"]
    assert splice(line, {("t",): (text, [(2, 4, "发展")])}) == after


def test_paths_lead_through_objects_and_lists() -> None:
    record = {"a": {"b": "1"}, "list": [{"t": "2"}, {}, {"t": None}], "x.y": "3", "x": {"y": "4"}, "s": ["5", "6"]}
    paths = ("a.b", "list.t", "x.y", "s", "none", "list.none")
    assert [v for p in paths for _, v in leaves(record, tuple(p.split(".")))] == ["1", "2", "3", "5", "6"]
    with pytest.raises(Trouble, match=r"a\.b is a string, not an object"):
        list(leaves(record, ("a", "b", "c")))
