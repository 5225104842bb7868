"""``corrector learn`` and ``mine``: tables recovered from twins, and from a damaged corpus alone."""

from __future__ import annotations

import json
import lzma
import random
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from support import program
from test_cli import run

from corrector.damage import damage
from corrector.learn import corpora, proposals
from corrector.learn.align import align
from corrector.learn.documents import documents
from corrector.learn.mine import Proposal, mine
from corrector.learn.page import page
from corrector.learn.reference import Reference, build, default_reference, unpack
from corrector.learn.sheet import table_file
from corrector.learn.tables import learn
from corrector.lexicon.lint import lint_table
from corrector.lexicon.model import Pair, Table
from corrector.lexicon.read import load_table

TABLE = Table("X", "", tuple(Pair(o, c, "word", "seen") for o, c in (
    ("居民", "住户"), ("管理", "经营"), ("则", "那么"), ("已知", ""), ("、", "，"))))
FORMS = (
    "社区居民在{}号楼前讨论物业管理的办法。", "本细则自{}月起施行，原则上不再修改。",
    "已知条件有{}个，请写出证明过程。", "管理人员每天巡查{}遍，居民可以随时反映问题。",
    "苹果、梨、桃子共{}筐，否则不够分配。", "规则{}：居民应当遵守管理规定。",
)


def healthy(seed: int, lines: int) -> str:
    draw = random.Random(seed)
    return "".join(draw.choice(FORMS).format(draw.randrange(2, 999)) + "\n" for _ in range(lines))


texts = st.text("甲乙丙丁\n", max_size=60)


@given(texts, texts)
def test_between_hunks_the_texts_are_the_same(damaged: str, original: str) -> None:
    at = there = 0
    for h in align(damaged, original):
        assert damaged[at : h.start] == original[there : h.original_start]
        at, there = h.end, h.original_end
    assert damaged[at:] == original[there:]


def test_the_shortest_table_is_found_through_missing_lines_and_noise() -> None:
    draw, twins = random.Random(1), []
    for seed in range(4):
        text = healthy(seed, 120)
        damaged = damage("".join(line for line in text.splitlines(True) if draw.random() > 0.1), TABLE).text
        noisy = "".join(chr(draw.randrange(0x4E00, 0x9FA5)) if draw.random() < 0.002 else c for c in damaged)
        twins.append((noisy, text))
    found = {(p.original, p.converted) for p in learn(twins, default_reference()) if p.count >= 3}
    assert {("居民", "住户"), ("管理", "经营"), ("则", "那么"), ("、", "，")} <= found
    assert any(o.startswith("已知") and c == o.removeprefix("已知") for o, c in found)
    assert len(found) == 5


def test_lost_lines_with_the_same_end_make_no_pair() -> None:
    lines = [f"第{n}条 {who}由物业公司管理。\n" for n in range(40) for who in ("楼道", "车库")]
    twins = [("".join(line.replace("管理", "经营") for line in lines if draw.random() > 0.3), "".join(lines))
             for draw in map(random.Random, range(6))]
    assert [(p.original, p.converted) for p in learn(twins, default_reference())] == [("管理", "经营")]


def test_a_pair_does_not_overrule_the_shorter_one_by_accident() -> None:
    healthy = "".join(f"第{n}项均由居民自己决定。机会均等的有{n}人。\n" for n in range(30))
    damaged = healthy.replace("均", "都").replace("都等", "都", 4)
    assert [(p.original, p.converted) for p in learn([(damaged, healthy)], default_reference())] == [("均", "都")]


def test_the_table_that_is_written_keeps_to_the_rules(tmp_path: Path) -> None:
    text = healthy(7, 200)
    (tmp_path / "healthy.txt").write_text(text, encoding="utf-8")
    (tmp_path / "damaged.txt").write_text(damage(text, TABLE).text, encoding="utf-8")
    done = run(tmp_path, "learn", "damaged.txt", "healthy.txt", "-o", "own.tsv")
    assert done.returncode == 0 and done.stderr.decode().startswith("1 twins, 5 pairs;")
    assert lint_table(tmp_path / "own.tsv") == []


def test_learn_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "b.bin").write_bytes(b"\0\1\2")
    assert "come in pairs" in run(tmp_path, "learn", "a.txt").stderr.decode()
    (tmp_path / "empty").mkdir()
    for args, said in ((("a.txt", "none.txt"), "none.txt: No such file"), (("b.bin", "a.txt"), "b.bin: "),
                       (("empty", "empty"), "empty: no documents there\n")):
        done = run(tmp_path, "learn", *args)
        assert done.returncode == 2 and done.stderr.decode().startswith(f"corrector: {said}")


WHO = ["居民", "职工", "学生", "农户", "老师", "医生", "司机", "旅客", "会员", "读者", "商贩", "邻里", "住户"]
DO = ["参加", "支持", "讨论", "关心", "了解", "反映", "记录", "改进", "推动", "管理", "参观", "检查", "经营"]
WHAT = ["垃圾分类", "社区环境", "停车秩序", "图书馆", "菜市场", "公共绿地",
        "水电设施", "志愿服务", "文艺演出", "健康讲座", "小卖部", "旅馆"]


def sentences(seed: int, count: int) -> str:
    """Sentences in which 住户 and 经营 have contexts of their own."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        who, do = draw.choice(WHO[:-1]), draw.choice(DO[:-1])
        what, when = draw.choice(WHAT[:-2]), draw.choice(["春天", "夏天", "周末", "最近", "本月", "每年"])
        made.append(draw.choice((f"{when}{who}{do}{what}。", f"{who}们{when}{do}{what}。", f"楼上住户漏水{when}。",
                                 f"他{when}经营{draw.choice(WHAT[-2:])}。", f"{what}需要{who}{do}。")))
    return "".join(made)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return unpack(build([sentences(seed, 200) for seed in range(100, 160)], default_reference().words[2:]), "test")


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    """Forty short documents, half of them damaged by a table that no dictionary has."""
    table = Table("X", "", (Pair("居民", "住户", "word", "seen"), Pair("管理", "经营", "word", "seen")))
    found = [sentences(seed, 60) for seed in range(40)]
    return [damage(text, table).text if number % 2 else text for number, text in enumerate(found)]


def test_pairs_are_mined_without_twins(corpus: list[str], reference: Reference) -> None:
    found = mine(corpus, reference)
    assert {("居民", "住户"), ("管理", "经营")} == {(p.original, p.converted) for p in found[:2]}
    best = found[0]
    assert best.documents >= 3 and best.count >= 8 and all(best.converted in e for e in best.examples)
    assert mine(["没有可比的。"], reference) == []


def test_what_several_words_have_in_common_is_the_pair() -> None:
    draw, made = random.Random(0), list[str]()
    for _ in range(100):
        forms = [form.format(who=draw.choice(WHO), what=draw.choice(WHAT)) for form in (
            "{who}们需要{what}。", "{what}的需求很多。", "{who}去了{what}。", "这里要有{what}。", "{who}提出了要求。")]
        made.append("".join(draw.choice(forms) for _ in range(60)))
    reference = unpack(build(made[40:], default_reference().words[2:]), "test")
    table = Table("X", "", (Pair("需", "要", "character", "seen"),))
    corpus = [damage(text, table).text if number % 2 else text for number, text in enumerate(made[:40])]
    found = mine(corpus, reference)
    assert (found[0].original, found[0].converted, found[0].documents) == ("需", "要", 20)
    assert ("需要", "要要") not in {(p.original, p.converted) for p in found}


def test_a_longer_word_is_read_as_two_as_well() -> None:
    words = ("", "\n", "人民", "人民法院", "法院")
    counts, none = np.array([0, 0, 5, 7, 3], dtype=np.float32), np.empty(0, dtype=np.float32)
    opened = Reference(words, counts, np.empty(0, dtype=np.int64), none).opened()
    assert opened.counts.tolist() == [0, 0, 12, 7, 10]
    assert opened.beside(np.array([2, 4]), np.array([4, 2])).tolist() == [7, 0]


def test_proposals_are_looked_at_then_accepted(corpus: list[str], tmp_path: Path) -> None:
    lines = (json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in corpus)
    (tmp_path / "corpus.jsonl").write_text("".join(lines), encoding="utf-8")
    assert run(tmp_path, "mine", "corpus.jsonl", "--format", "jsonl", "-o", "mined.jsonl").returncode == 0
    first = json.loads((tmp_path / "mined.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert list(first) == ["original", "converted", "score", "documents", "count", "examples"]
    assert f"1\t{first['original']}→" in run(tmp_path, "mine", "mined.jsonl").stdout.decode()
    page = run(tmp_path, "mine", "mined.jsonl", "--format", "html", lang="zh_CN.UTF-8").stdout.decode()
    assert 'lang="zh-CN"' in page and f"<del>{first['converted']}</del>" in page and "http" not in page.lower().replace(
        "http-equiv", "")
    (tmp_path / "mined.jsonl").rename(tmp_path / "mined #2.jsonl")
    given = ("mined #2.jsonl", "--first", "7", "--reference", "r")
    page = run(tmp_path, "mine", *given, "--format", "html").stdout.decode()
    [command] = re.findall('data-command="([^"]*)"', page)  # gives the same numbers, and has only one # to write over
    assert unescape(command) == "corrector mine --accept # --reference r --first 7 'mined #2.jsonl' -o TABLE.tsv"
    (tmp_path / "mined #2.jsonl").rename(tmp_path / "mined.jsonl")
    assert run(tmp_path, "mine", "mined.jsonl", "--accept", "1-2", "-o", "own.tsv").returncode == 0
    assert lint_table(tmp_path / "own.tsv") == []
    (tmp_path / "empty").mkdir()
    done = run(tmp_path, "mine", "empty")
    assert (done.returncode, done.stderr.decode()) == (2, "corrector: empty: no documents there\n")
    done = run(tmp_path, "mine", "mined.jsonl", "--accept", "1-9999")
    assert done.returncode == 2 and done.stderr.decode().startswith("corrector: --accept: '1-9999' is no number from 1")


def test_a_table_has_one_row_an_original_and_says_what_it_left_out(tmp_path: Path) -> None:
    rows = [Proposal(o, c, 9.0, 3, 8, ("居民都来",)) for o, c in (
        ("居民", "住户"), ("居民", "人家"), ("管理", "经营"), ("吉", "𠮷"))]
    (tmp_path / "mined.jsonl").write_bytes(proposals.lines(rows))
    done = run(tmp_path, "mine", "mined.jsonl", "--accept", "all", "-o", "own.tsv")
    assert done.stderr.decode() == (
        "pairs left out: 2; a table has one row an original, of characters up to U+FFFE\npairs: 2\n")
    assert [(p.original, p.converted) for p in load_table(tmp_path / "own.tsv").pairs] == [
        ("居民", "住户"), ("管理", "经营")]


def test_a_dash_is_standard_output(tmp_path: Path) -> None:
    text = healthy(7, 200)
    (tmp_path / "h.txt").write_text(text, encoding="utf-8")
    (tmp_path / "d.txt").write_text(damage(text, TABLE).text, encoding="utf-8")
    (tmp_path / "mined.jsonl").write_bytes(proposals.lines([Proposal("居民", "住户", 9.0, 3, 8, ())]))
    for args in (("learn", "d.txt", "h.txt"), ("mine", "mined.jsonl"), ("damage", "--converter", "A", "h.txt")):
        plain, dash = run(tmp_path, *args), run(tmp_path, *args, "-o", "-")
        assert (dash.returncode, dash.stdout) == (0, plain.stdout) and plain.stdout
    assert not (tmp_path / "-").exists()
    truth = run(tmp_path, "damage", "--converter", "A", "h.txt", "-o", "d.txt", "--truth", "-")
    assert json.loads(truth.stdout)[0].keys() == {"start", "end", "original"}
    for args in (("damage", "--converter", "A", "h.txt", "--truth", "-"), ("mine", "-"),
                 ("mine", "mined.jsonl", "--reference", "-")):
        assert (done := run(tmp_path, *args)).returncode == 2 and b"standard" in done.stderr


def test_a_folder_that_is_not_there_is_named_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "mined.jsonl").write_bytes(proposals.lines([Proposal("居民", "住户", 9.0, 3, 8, ())]))
    done = run(tmp_path, "mine", "mined.jsonl", "-o", "nodir/x.tsv")
    assert (done.returncode, done.stderr.decode()) == (2, "corrector: nodir/x.tsv: No such file or directory\n")


@pytest.mark.parametrize(("title", "read"), [
    ("rare", "“rare”"), ("extends:  A", "“extends: A”"), ("某校\nrare", "某校 rare"),
])
def test_a_title_is_nothing_but_a_title(tmp_path: Path, title: str, read: str) -> None:
    (tmp_path / "X.tsv").write_bytes(table_file(title, [Pair("居民", "住户", "word", "learnt")]))
    table = load_table(tmp_path / "X.tsv")
    assert (table.title, table.rare, len(table.pairs)) == (read, False, 1)


def test_half_an_emoji_does_not_end_the_reading_of_a_corpus(tmp_path: Path) -> None:
    with lzma.open(tmp_path / "own.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.write('{"id": "1", "text": "居民\\ud83d\\ud83d\\ude00"}\n')
    assert list(corpora.read(tmp_path)) == [("own", "1", "居民\N{REPLACEMENT CHARACTER}😀")]
    (tmp_path / "x.jsonl").write_text('{"text": "居民\\ud83d都来"}\n' * 4, encoding="utf-8")
    assert run(tmp_path, "mine", "x.jsonl").returncode == 0
    done = run(tmp_path, "train", "x.jsonl", "-o", "m")
    assert done.returncode == 2 and done.stderr.decode().startswith("corrector: x.jsonl: too little healthy text")


def test_empty_lines_and_a_byte_order_mark_are_no_records(tmp_path: Path) -> None:
    data = '\ufeff{"text": "居民"}\n\n{"text": null}\r\n{"id": 7, "text": "职工"}\n \n'.encode()
    (tmp_path / "a.jsonl").write_bytes(data)
    (tmp_path / "b.jsonl.xz").write_bytes(lzma.compress(data))
    assert list(documents(tmp_path / "a.jsonl", pytest.fail)) == [("a.jsonl:1", "居民"), ("a.jsonl:4", "职工")]
    assert list(corpora.read(tmp_path)) == [("b", "1", "居民"), ("b", "7", "职工")]


@pytest.mark.parametrize(("data", "said"), [
    (lzma.compress(b'{"text": "x"}\n')[:-9], "from line 2 on (Compressed"),
    (lzma.compress(b'{"text": "x"}\n[]\n'), "from line 2 on (list indices"),
    (b"\0", "from line 1 on ("),
])
def test_a_damaged_corpus_is_one_line(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.jsonl.xz").write_bytes(data)
    for command in (("train", "own", "-o", "m"), ("mine", "own")):
        done = run(tmp_path, *command)
        assert done.returncode == 2
        assert done.stderr.decode().startswith(f"corrector: own/a.jsonl.xz: no JSON Lines with a field “text” {said}")


def test_text_of_documents_is_only_text_on_the_page() -> None:
    shown = page([Proposal("甲", "<b>", 1.0, 1, 1, ("<script>alert(1)</script><b>",))], {}, "a & b", chinese=False)
    assert b"<b>" not in shown and b"<script>alert" not in shown


def test_the_page_writes_the_command_of_what_is_ticked(tmp_path: Path) -> None:
    path = program("chromium", "chromium-browser", "google-chrome")
    found = [Proposal("居民", "住户", 9.0 - i, 3, 9, ("每位住户都",)) for i in range(5)]
    (tmp_path / "page.html").write_bytes(page(found, {}, "corrector mine --accept # 'a #b' -o T.tsv", chinese=True))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page()
        shown.goto((tmp_path / "page.html").as_uri())
        for number in (1, 2, 3, 5):
            shown.check(f'input[value="{number}"]')
        shown.uncheck('input[value="2"]')
        assert shown.locator("output").inner_text() == "corrector mine --accept 1,3,5 'a #b' -o T.tsv"
        shown.check('input[value="2"]')
        assert "--accept 1-3,5 'a" in shown.locator("output").inner_text()
        browser.close()


def test_what_is_learnt_from_is_as_the_engine_reads_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("居民\r\n管\u200b理\r".encode())
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "\\ufeff\\u5c45\\u00ad\\u6c11\\r\\n"}\n')
    assert list(documents(tmp_path, pytest.fail)) == [("a.txt", "居民\n管理\n"), ("b.jsonl:1", "居民\n")]


def test_numbers_choose_proposals() -> None:
    found = [Proposal(str(i), "x", 1.0, 1, 1, ()) for i in range(1, 6)]
    assert [p.original for p in proposals.chosen(found, "4, 1-2")] == ["1", "2", "4"]
    assert proposals.chosen(found, "all") == found
    assert proposals.read(Path(__file__)) is None
