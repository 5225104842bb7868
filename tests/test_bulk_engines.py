"""One corpus through one process, eight, Spark, datatrove, datasets: the same texts, the same edits."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bulk import bulk, edits, hashes, jsonl, lines, records
from support import program
from test_cli import PACKAGE

import corrector
from corrector.bulk.spark import _batch
from corrector.bulk.texts import configured
from corrector.document import document

Found = dict[str, tuple[str, list[tuple[object, ...]]]]
NAMES = ("start", "end", "original", "replacement", "converter", "confidence", "tier")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines")
    (folder / "in").mkdir()
    rows = [*records(90), *({"id": f"s{i}", "n": 0.5, "text": "社会科学开展" * i} for i in range(1, 9))]
    for part in range(3):
        (folder / f"in/{part}.jsonl").write_bytes(jsonl(rows[part::3]))
    return folder


@pytest.fixture(scope="module")
def one(folder: Path) -> Found:
    """What one process makes of it: text and edits by id."""
    assert bulk(folder, "in", "one")[0] == 0
    return books(folder / "one")


def books(target: Path) -> Found:
    found: Found = {r["id"]: (r["text"], []) for path in sorted(target.glob("*.jsonl")) for r in lines(path)}
    for e in edits(target):
        found[e["id"]][1].append(tuple(e[n] for n in NAMES))
    return found


def test_eight_processes(folder: Path, one: Found) -> None:
    assert bulk(folder, "in", "eight", "--jobs", "8")[0] == 0
    assert hashes(folder / "eight") == hashes(folder / "one")
    assert sum(len(e) for _, e in one.values()) > 300


SPARK = """
import sys
from pyspark.sql import SparkSession
from corrector.bulk.spark import correct

if __name__ == "__main__":
    spark = SparkSession.builder.config("spark.ui.enabled", "false").getOrCreate()
    df = spark.read.json("in").repartition(4)
    fixed = correct(df, "text")
    assert fixed.columns == [*df.columns, "edits"], fixed.columns
    fixed.write.mode("overwrite").json("spark")
    odd = spark.createDataFrame([(1, None), (2, "")], "id int, text string")
    assert [(r.text, r.edits) for r in correct(odd, "text").orderBy("id").collect()] == [(None, []), ("", [])]
    for bad in ({"column": "n"}, {"column": "no"}, {"column": "text", "edits": "id"}):
        try:
            correct(df, **bad)
        except ValueError:
            continue
        raise SystemExit(f"taken: {bad}")
    # Each of the two workers has run a part of it.
    assert spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 3
    spark.stop()
"""


def test_spark_with_two_workers(folder: Path, one: Found) -> None:
    pytest.importorskip("pyspark")
    program("java")
    (folder / "job.py").write_text(SPARK)
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), "PYSPARK_PYTHON": sys.executable,
                   "PYSPARK_SUBMIT_ARGS": "--master local-cluster[2,1,1024] pyspark-shell",
                   "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"}
    done = subprocess.run([sys.executable, "job.py"], cwd=folder, env=environment, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    found: Found = {}
    for path in (folder / "spark").glob("*.json"):
        for row in lines(path):
            found[row["id"]] = row["text"], [tuple(e[n] for n in NAMES) for e in row["edits"]]
    assert found == one


def test_spark_leaves_what_is_no_text(damaged: str, healthy: str) -> None:
    pa = pytest.importorskip("pyarrow")
    given = pa.array([damaged.encode(), b"\xb2\xe2", None], pa.binary()).view(pa.string())
    after = _batch(pa.RecordBatch.from_arrays([given], ["text"]), 0, "edits", configured({}))
    assert after["text"].cast(pa.binary()).to_pylist() == [healthy.encode(), b"\xb2\xe2", None]
    first, *others = after["edits"].to_pylist()
    assert [e["original"] for e in first] == [e.original for e in corrector.check(damaged).edits]
    assert others == [None, []]


def test_datatrove(folder: Path, one: Found) -> None:
    pytest.importorskip("datatrove")
    script = """
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from corrector.bulk.datatrove import Correct, Formatter

if __name__ == "__main__":
    for name, step in (("step", Correct(edits="trove/edits")), ("formatter", Formatter())):
        LocalPipelineExecutor([JsonlReader("in"), step, JsonlWriter(f"trove/{name}")], tasks=3, workers=2,
                              logging_dir=f"trove/log-{name}").run()
"""
    (folder / "trove.py").write_text(script)
    done = subprocess.run([sys.executable, "trove.py"], cwd=folder, env={**os.environ, "PYTHONPATH": str(PACKAGE)},
                          capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-4000:]

    def rows(name: str) -> Iterator[dict[str, Any]]:
        for path in sorted((folder / "trove" / name).glob("*.jsonl.gz")):
            yield from map(json.loads, gzip.decompress(path.read_bytes()).splitlines())

    found: Found = {r["id"]: (r["text"], []) for r in rows("step")}
    for e in rows("edits"):
        found[e["id"]][1].append(tuple(e[n] for n in NAMES))
    assert found == one
    assert {r["id"]: r["text"] for r in rows("formatter")} == {k: text for k, (text, _) in one.items()}
    assert all(r["metadata"]["corrector_edits"] == len(found[r["id"]][1]) for r in rows("step"))
    stats = json.loads((folder / "trove/log-step/stats.json").read_text())[1]["stats"]
    assert stats["damaged"] == sum(bool(e) for _, e in one.values())


def test_datasets(folder: Path, one: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(folder / "hf"))
    pytest.importorskip("datasets")
    recipe = (PACKAGE / "docs/bulk.md").read_text(encoding="utf-8").split("```python\n# datasets\n")[1].split("```")[0]
    recipe = recipe.replace('push_to_hub("you/corpus")', 'to_json("hf.jsonl", force_ascii=False)')
    (folder / "recipe.py").write_text(recipe)
    done = subprocess.run([sys.executable, "recipe.py"], cwd=folder, env={**os.environ, "PYTHONPATH": str(PACKAGE)},
                          capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    assert {r["id"]: (r["text"], [tuple(e[n] for n in NAMES) for e in r["edits"]]) for r in lines(folder / "hf.jsonl")
            } == one


def test_the_texts_are_plain_documents(one: Found) -> None:
    assert all(not document(text).protected for text, _ in one.values())


def test_data_juicer(folder: Path, one: Found) -> None:
    pytest.importorskip("data_juicer")
    script = f"""
import json, sys
from data_juicer.config.config import load_custom_operators
from data_juicer.core.data import NestedDataset
from data_juicer.ops.base_op import OPERATORS

if __name__ == "__main__":
    load_custom_operators([{str(PACKAGE / 'corrector/bulk/juicer.py')!r}])
    operator = OPERATORS.modules["chinese_corrector_mapper"](edits_key="edits", num_proc=1)
    rows = [json.loads(line) for i in range(3) for line in open(f"in/{{i}}.jsonl", encoding="utf-8")]
    rows.append({{"id": "none", "n": 0.0, "text": None}})
    own = OPERATORS.modules["chinese_corrector_mapper"](model="none", misread=False)
    try:
        own.process_batched({{"text": ["x"]}})
    except ValueError as error:
        assert str(error).startswith("none: not a model")
    else:
        raise AssertionError("the model is not looked for")
    operator.run(NestedDataset.from_list(rows)).to_json("juicer.jsonl", force_ascii=False)
"""
    (folder / "juice.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), "HF_DATASETS_OFFLINE": "1", "HOME": str(folder)}
    done = subprocess.run([sys.executable, "juice.py"], cwd=folder, env=environment, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    found = {r["id"]: (r["text"], [tuple(e[n] for n in NAMES) for e in r["edits"]])
             for r in lines(folder / "juicer.jsonl")}
    assert found == one | {"none": (None, [])}
