"""``corrector train`` and what is done with its folder: a family that no dictionary has, from a little healthy text."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bulk import hashes
from test_cli import run

from corrector import Corrector, models
from corrector.damage import damage
from corrector.engine.features import BITS, pair_key
from corrector.engine.model import Calibration, ContextModel
from corrector.engine.several import Several
from corrector.errors import Trouble
from corrector.learn.documents import documents
from corrector.learn.make import _quiet
from corrector.learn.measure import Figures, Measured
from corrector.learn.split import part
from corrector.lexicon import Lexicon, Pair, Table
from corrector.lexicon.read import load_table

TABLE = "# own\noriginal\tconverted\n乘客\t行客\n车站\t停所\n时刻\t时辰\n"


def healthy(seed: int, lines: int) -> str:
    """Lines that put the words of the table, and a few of those that it writes, into telling contexts."""
    draw = random.Random(seed)
    forms = ("每位乘客都要在{}号车站排队候车。", "列车将于{}点到达车站，请乘客做好准备。",
             "{}路公交车的时刻表贴在车站门口。", "乘客可以查询第{}次列车的时刻和票价。",
             "古人把一天分成十二个时辰，第{}个在夜里。", "山中第{}个停所只有一间小屋。",
             "他在第{}年等到了那个激动人心的时刻。", "江湖上的行客走过{}座桥，各自散去。")
    return "".join(draw.choice(forms).format(draw.randrange(2, 90)) + "\n" for _ in range(lines))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a table, healthy text, and the model made of them."""
    folder = tmp_path_factory.mktemp("train")
    (folder / "own.tsv").write_text(TABLE, encoding="utf-8")
    (folder / "texts").mkdir()
    for i in range(4):
        (folder / f"texts/{i}.txt").write_text(healthy(i, 1500), encoding="utf-8")
    done = run(folder, "train", "texts", "--table", "own.tsv", "-o", "model")
    assert done.returncode == 0, done.stderr.decode()
    (folder / "report.txt").write_bytes(done.stdout)
    return folder


def test_a_model_among_the_healthy_text_is_none(made: Path, tmp_path: Path) -> None:
    names = [f"texts/{i}.txt" for i in range(4)]
    assert [name for name, _ in documents(made, lambda *failure: None)] == ["own.tsv", "report.txt", *names]
    assert [name for name, _ in documents(made / "model/tables", lambda *failure: None)] == ["own.tsv"]
    done = run(tmp_path, "train", str(made / "model"), "-o", "again")
    assert (done.returncode, done.stderr.count(b"\n"), b"no healthy text" in done.stderr) == (2, 1, True)


def test_the_report_has_every_pair_and_a_sum(made: Path) -> None:
    lines = (made / "report.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[1] for line in lines] == ["original", "乘客", "时刻", "车站", "*"]
    facts = json.loads((made / "model/manifest.json").read_text(encoding="utf-8"))
    assert {p["original"] for p in facts["measured"]["tables"]["own"]} == {"乘客", "时刻", "车站"}
    assert facts["sha256"] == hashlib.sha256((made / "model/context.bin").read_bytes()).hexdigest()


def test_a_family_never_seen_is_restored(made: Path) -> None:
    text = healthy(99, 40)
    damaged = damage(text, load_table(made / "own.tsv")).text
    corrector = Corrector(model=made / "model")
    assert Corrector().fix(damaged) == damaged
    assert corrector.fix(damaged) == text
    assert corrector.fix(text) == text
    assert [d.converter for d in corrector.diagnose(damaged)] == ["own"]


def test_what_is_shipped_judges_as_before(made: Path, damaged: str) -> None:
    assert Corrector(model=[made / "model"]).check(damaged) == Corrector().check(damaged)


def test_command_and_configuration(made: Path) -> None:
    text = healthy(98, 30)
    (made / "a.txt").write_text(damage(text, load_table(made / "own.tsv")).text, encoding="utf-8")
    assert run(made, "fix", "--model", "model", "a.txt", "-o", "-").stdout.decode() == text
    (made / "sub").mkdir(exist_ok=True)
    shutil.copy(made / "a.txt", made / "sub/a.txt")
    (made / "sub/corrector.toml").write_text('model = "../model"\n', encoding="utf-8")
    assert run(made, "fix", "sub/a.txt", "-o", "-").stdout.decode() == text
    assert run(made, "check", "a.txt").returncode == 0


def test_trained_again_gives_the_same_bytes(made: Path) -> None:
    shutil.copytree(made / "model", made / "again")
    shutil.copy(made / "own.tsv", made / "again/tables/before.tsv")
    assert run(made, "train", "texts", "--table", "own.tsv", "-o", "again", "--quiet").returncode == 0
    assert hashes(made / "again") == hashes(made / "model")


@pytest.mark.parametrize(("args", "said"), [
    ("check --model nothing a.txt", "nothing: not a model: a folder written by corrector train is needed"),
    ("check --model texts a.txt", "texts: not a model: a folder written by corrector train is needed"),
    ("check --model hollow a.txt", "hollow: not a model: a folder written by corrector train is needed"),
    ("train texts --table own.tsv -o texts", "texts: holds other files; choose an empty or a new folder"),
    ("train texts --table own.tsv -o a.txt", "a.txt: is a file; the output needs a folder"),
    ("train texts --table missing.tsv -o m", "missing.tsv: No such file or directory"),
    ("train missing --table own.tsv -o m", "missing: No such file or directory"),
    ("train empty --table own.tsv -o m", "empty: no healthy text there"),
    ("train own.tsv --table own.tsv -o m",
     "own.tsv: too little healthy text: the words of the tables hardly stand in it"),
    ("train texts --table bad.tsv -o m", "bad.tsv:1: the first columns must be original, converted"),
    ("train texts --table same.tsv -o m", "same.tsv:2: changes nothing"),
    ("train texts --table mine.tsv -o m", "mine.tsv:2: evidence 'mine' is none of seen, reported, learnt"),
    ("train texts --table gone.tsv -o m", "gone.tsv: holds no pairs that can be undone"),
])
def test_bad_input_is_one_line(made: Path, args: str, said: str) -> None:
    (made / "a.txt").write_text("x", encoding="utf-8")
    (made / "empty").mkdir(exist_ok=True)
    (made / "bad.tsv").write_text("a\tb\n", encoding="utf-8")
    for name, row in (("same", "车站\t车站"), ("mine", "车站\t停所\t\tmine"), ("gone", "车站排队\t")):
        (made / f"{name}.tsv").write_text(f"original\tconverted\tkind\tevidence\n{row}\n", encoding="utf-8")
    shutil.copytree(made / "model", made / "hollow", dirs_exist_ok=True)
    (made / "hollow/context.bin").write_bytes(b"")
    done = run(made, *args.split(), "--quiet")
    assert (done.returncode, done.stderr.decode()) == (2, f"corrector: {said}\n")


def test_a_model_of_other_features_is_refused(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "model", tmp_path / "old")
    facts = json.loads((tmp_path / "old/manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "old/manifest.json").write_text(json.dumps(facts | {"features": "24-0"}), encoding="utf-8")
    with pytest.raises(Trouble, match="another version"):
        models.load(tmp_path / "old")


def test_each_pair_goes_to_its_first_model() -> None:
    weights = [np.full(1 << BITS, value, dtype=np.int8) for value in (1, 2)]
    first = ContextModel(weights[0], 1.0, (1.0, 0.0, 0.0, 0.0), {7: Calibration(limit=1.0)})
    second = ContextModel(weights[1], 1.0, (0.5, 0.0, 0.0, 0.0),
                          {7: Calibration(limit=2.0), 9: Calibration(limit=3.0)}, frozenset({7, 9}))
    both = Several((first, second))
    codes, at = np.zeros(100, dtype=np.uint32), np.full(3, 50)
    scores = both.score(codes, at, at + 2, np.array([9, 7, 9], dtype=np.uint32))
    assert (scores[0], scores[2]) == (2 * scores[1], 2 * scores[1])
    assert both.calibrations([7, 8, 9])[:, 5].tolist() == [1.0, 0.0, 3.0]
    assert both.mixtures([7, 9])[:, 0].tolist() == [1.0, 0.5]
    assert both.possible == frozenset({9})


def test_tables_of_one_name_in_several_models_are_one() -> None:
    context = ContextModel(np.zeros(1, dtype=np.int8), 1.0, (1.0, 0.0, 0.0, 0.0), {})

    def model(title: str, *pairs: tuple[str, str]) -> models.Model:
        return models.Model(context, (Table("own", title, tuple(Pair(*pair, "word", "learnt") for pair in pairs)),))

    several = [model("first", ("居民", "住户"), ("管理", "经营")), model("second", ("职工", "员工"), ("管理", "打理"))]
    [table] = models.widened(Lexicon(()), several).tables
    assert (table.title, [(p.original, p.converted) for p in table.pairs]) == (
        "first", [("居民", "住户"), ("管理", "经营"), ("职工", "员工")])
    [table] = models.widened(Lexicon((replace(table, pairs=()),)), several).tables
    assert table.pairs == ()


def test_pairs_are_judged_by_what_was_measured() -> None:
    def measured(**figures: int) -> Measured:
        return Measured(1_000_000, {"own": {("甲", "乙"): Figures(**figures)}})

    assert measured(places=20, restored=8, wrong=2).weak() == {pair_key("甲", "乙")}
    assert measured(places=20, restored=9, wrong=1).weak() == measured(restored=1, wrong=3).weak() == set()
    assert measured(healthy=2).weak() and not measured(healthy=1).weak()
    assert Measured.of(measured(places=3, wrong=1).facts()) == measured(places=3, wrong=1)


def test_an_own_table_is_turned_down_until_healthy_text_is_left_alone(
        made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = models.load(made / "model")
    monkeypatch.setattr("corrector.learn.measure.HEALTHY", 1e6)
    texts = [("own", healthy(7, 1500)), ("own", damage(healthy(8, 1), own.tables[0]).text)]
    quiet, tables = _quiet(own.context, own.tables, texts[:1])
    assert quiet.pairs == own.context.pairs and not tables[0].rare
    quiet, tables = _quiet(own.context, own.tables, texts)
    assert all(c.limit < own.context.pairs[k].limit for k, c in quiet.pairs.items()) and not tables[0].rare
    texts[1] = ("own", damage(healthy(8, 120), own.tables[0]).text)
    assert _quiet(own.context, own.tables, texts)[1][0].rare, "looks damaged however little is said"


def test_where_no_document_is_left_to_measure_the_report_says_so(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text(TABLE, encoding="utf-8")
    names = [f"{n}.jsonl" for n in range(60)]
    name = next(n for n in names if {part(f"{n}:{k}#0", "own") for k in (1, 2, 3)} == {"train", "calibrate"})
    rows = (json.dumps({"text": healthy(i, 100)}) + "\n" for i in range(3))
    (tmp_path / name).write_text("".join(rows), encoding="utf-8")
    done = run(tmp_path, "train", name, "--table", "own.tsv", "-o", "model")
    assert done.returncode == 0 and "nothing was measured" in done.stderr.decode()
