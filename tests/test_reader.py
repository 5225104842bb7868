"""The reader: what it expects, what it may look at, and that training and engine agree on what a network is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import HEALTHY

from corrector.engine.features import Codes, code_points
from corrector.engine.ngrams import fold
from corrector.engine.reader import ROWS, Floats
from corrector.engine.slipmodel import default_reader
from corrector.engine.stored import load
from corrector.learn.store import write


def characters(text: str) -> Codes:
    return fold(np.array([ord(c) for c in text], dtype=np.uint32))


def read(text: Codes) -> Floats:
    return default_reader().read(text, np.arange(len(text)))


def best(text: str, at: int, candidates: str) -> str:
    """Which candidate fits best at this place of the text."""
    reader = default_reader()
    expected = reader.read(characters(text), np.array([at]))
    said = reader.say(expected, characters(candidates)[None])[0, :-1]
    return candidates[said.argmax()]


@pytest.mark.parametrize(("text", "slip", "candidates"), [
    ("金触机构应当妥善保存客户的身份资料。", 1, "独融蚀"),
    ("各地要把群众的健康放在苜位，做好服务。", 11, "盲首百"),
    ("学校每天安排一小时的休育活动。", 10, "沐体林"),
])
def test_what_stands_around_tells_what_was_meant(text: str, slip: int, candidates: str) -> None:
    assert best(text, slip, candidates) == candidates[1]


def test_logarithms_of_probabilities() -> None:
    reader = default_reader()
    text = characters(HEALTHY[:60])
    said = reader.say(read(text), text[:, None])
    assert (said <= 0).all() and (said[:, 0] <= said[:, 1]).all()
    every = np.flatnonzero(reader.tokens != reader.tokens[0]).astype(np.uint32)
    total = np.exp(reader.say(read(text)[:1], every[None])[0, :-1]).sum()
    assert 0.98 < total < 1.001


def test_nothing_beyond_its_reach_is_looked_at() -> None:
    reader, text = default_reader(), characters(HEALTHY * 3)
    other = text.copy()
    other[: 100 - reader.reach] = ord("某")
    one, two = (read(t)[100:120] for t in (text, other))
    assert np.abs(one - two).max() < 1e-4
    assert np.abs(read(other)[99 - reader.reach] - read(text)[99 - reader.reach]).max() > 1e-2


def test_a_long_text_is_read_in_pieces_that_do_not_show() -> None:
    reader = default_reader()
    text = np.resize(characters(HEALTHY), 2 * ROWS + 77)
    whole = read(text)
    assert whole.shape == (len(text), reader.vectors.shape[1])
    some = np.array([3, ROWS - 1, ROWS, len(text) - 1])
    assert np.abs(reader.read(text, some) - whole[some]).max() < 1e-4
    for at in (ROWS, 2 * ROWS):
        piece = read(text[at - 200 : at + 60])
        assert np.abs(piece[100:220] - whole[at - 100 : at + 20]).max() < 1e-3


def test_no_text() -> None:
    assert len(read(characters(""))) == 0


def test_stored_arrays_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {"a": np.arange(5, dtype=np.int16), "b": np.ones((2, 3), dtype=np.float32)}
    write(tmp_path, "some", arrays, {"limit": 1.5})
    monkeypatch.setattr("corrector.engine.stored.DATA", tmp_path)
    loaded, facts = load("some")
    assert facts["limit"] == 1.5
    assert all((loaded[name] == values).all() and loaded[name].dtype == values.dtype for name, values in arrays.items())


@pytest.mark.filterwarnings("ignore")  # of torch itself
def test_training_and_engine_agree_on_what_a_network_is() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: the extra “reader”")
    from corrector.engine.reader import unpack
    from corrector.learn import reader as learn

    codes = fold(code_points(*[HEALTHY] * 40)[0])
    number = np.full(1 << 16, 2, dtype=np.uint16)
    known = np.unique(codes)
    number[known] = 3 + np.arange(len(known))
    none = np.zeros((1 << 16, 4), dtype=np.int64)
    mistake = learn.Confused(none, none, np.zeros((1 << 16, learn.SOUNDS), dtype=np.int64),
                             np.cumsum(number > 2) / len(known))
    times = 1.5 * learn.ROW / len(codes)  # a row, and half of one
    runs = learn.Run(2 * times, 1e-3), learn.Run(times, 1e-4, last=True)
    network = learn.teach(learn.Shelf.of([("own", codes.astype(np.uint16))]), number, mistake, runs)
    reader = unpack(learn.packed(network, number))
    text = characters(HEALTHY)
    with torch.no_grad():
        edge = torch.full((reader.reach,), int(number[ord("\n")]))
        values = torch.cat((edge, torch.from_numpy(number[text].astype(np.int64)), edge))
        values = network.vectors(values) * 4
        for block in network.blocks:
            values = block(values)
        values = network.expected(torch.relu(network.last(network.even(values))))[reader.reach : -reader.reach].numpy()
    assert np.corrcoef(reader.read(text, np.arange(len(text))).ravel(), values.ravel())[0, 1] > 0.999
