"""Links of a Markdown document to its own headings: they follow, whoever made the id, and nothing else does."""

from __future__ import annotations

import time

import pytest

from corrector.edits import Edit
from corrector.formats import open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import corrected


def written(text: str, *edits: tuple[str, str]) -> str:
    """``text`` with each first word of ``edits`` corrected where it stands first."""
    made = [Edit(text.index(old), text.index(old) + len(old), old, new) for old, new in edits]
    return open_bytes(text.encode(), "a.md")[1].write(made).decode()


def test_a_document_is_corrected_with_its_links() -> None:
    contents = "- [全心全意为人民效劳](#全心全意为人民效劳)\n\n"
    fixed = corrected(f"{contents}## 全心全意为人民效劳\n\n{DAMAGED}".encode(), "a.md").decode()
    assert fixed == f"{contents.replace('效劳', '服务')}## 全心全意为人民服务\n\n{HEALTHY}"


@pytest.mark.parametrize(("heading", "link", "now"), [
    ("## 开展规划", "[一](#开展规划)", "[一](#发展规划)"),
    ("开展规划\n===", "[一](<#开展规划> '题')", "[一](<#发展规划> '题')"),
    ("> ### 1.2 开展（规划） ##", "[一](#12-开展规划)", "[一](#12-发展规划)"),
    ("# 1.2 **开展**[规划](a.md)", "[一](#开展规划)", "[一](#发展规划)"),
    ("# _开展_ `a_b` {.unnumbered}", "[一](#开展-a_b)", "[一](#发展-a_b)"),
    ("# 一、开展 规划", "[一](#一、开展-规划)", "[一](#一、发展-规划)"),
    ("# 开展API", "[一](#%E5%BC%80%E5%B1%95api)", "[一](#%E5%8F%91%E5%B1%95api)"),
    ("# 开展\n\n# 开展", "[一](#开展-1)，[二](#开展)", "[一](#开展)，[二](#发展)"),
    ("# 开展", "[一][甲]\n\n[甲]: #开展 '题'", "[一][甲]\n\n[甲]: #发展 '题'"),
    ("# 开展", "[[#开展|一]]，[[#开展]]", "[[#发展|一]]，[[#发展]]"),
    ("# 开展", "<a class=x href='#开展'>一</a>", "<a class=x href='#发展'>一</a>"),
])
def test_links_follow(heading: str, link: str, now: str) -> None:
    assert written(f"{heading}\n\n{link}\n", ("开展", "发展")) == f"{heading.replace('开展', '发展', 1)}\n\n{now}\n"


@pytest.mark.parametrize(("heading", "link"), [
    ("# 开展 {#开展}", "[一](#开展)"),
    ("# 开展", "[一](#开展)<a name='开展'></a>"),
    ("# 开展", "`[一](#开展)`"),
    ("# 开展", "```\n[一](#开展)\n[甲]: #开展\n```"),
    ("# 开展", "[一](其他.md#开展)，[二](#开展规划)，（#开展）"),
    ("```\n# 开展\n```", "[一](#开展)"),
    ("开展", "[一](#开展)\n\n# 另外"),
])
def test_other_links_stay(heading: str, link: str) -> None:
    assert written(f"{heading}\n\n{link}\n", ("开展", "发展")) == f"{heading.replace('开展', '发展', 1)}\n\n{link}\n"


@pytest.mark.parametrize("hostile", ["# ", "# [", "#\n", "[", "](#", "<a ", "[一](#开展)", "===\n", "> ", "# 开展\n\n"])
def test_no_document_takes_long(hostile: str) -> None:
    start = time.process_time()
    written("# 开展\n\n[一](#开展)\n\n" + hostile * 20_000, ("开展", "发展"))
    assert time.process_time() - start < 5
