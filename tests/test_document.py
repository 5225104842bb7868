"""Protected spans: what nobody may edit is found, prose round it is not, and no text makes it slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.document import disjoint, document


def protected(text: str, kind: str = "text") -> list[str]:
    return [text[a:b] for a, b in document(text, kind).protected]


@pytest.mark.parametrize(("text", "found"), [
    ("见 https://example.org/开展/a?b=局部 。", ["https://example.org/开展/a?b=局部"]),
    ("网址www.example.org/局部，谢谢", ["www.example.org/局部"]),
    ("发到zhang.san@mail.example.org即可", ["zhang.san@mail.example.org"]),
    (r"存在 C:\文档\开展\a.txt 里", [r"C:\文档\开展\a.txt"]),
    (r"放在 \\server\共享\开展.txt 上", [r"\\server\共享\开展.txt"]),
    ("改 /etc/hosts 和 ~/开展/局部.txt 两处", ["/etc/hosts", "~/开展/局部.txt"]),
    ("见 ./开展/a.txt", ["./开展/a.txt"]),
    ("党员/群众/干部都要为人民效劳", []),
    ("时间 12:30，比例 3/4，邮箱待定@", []),
])
def test_addresses_and_paths(text: str, found: list[str]) -> None:
    assert protected(text) == found


@pytest.mark.parametrize(("text", "found"), [
    ("用 `开展` 命令", ["`开展`"]),
    ("用 ``开`展`` 命令", ["``开`展``"]),
    ("单个 ` 不算，下一段\n\n还有 ` 也不算", []),
    ("前\n```py\n开展\n```\n后", ["```py\n开展\n```"]),
    ("前\n````\n```\n开展\n```\n````\n后", ["````\n```\n开展\n```\n````"]),
    ("前\n~~~\n开展", ["~~~\n开展"]),
    ("---\ntitle: 开展\n---\n正文开展", ["---\ntitle: 开展\n---\n"]),
    ("---\r\ntitle: 开展\r\n---\r\n正文", ["---\r\ntitle: 开展\r\n---\r\n"]),
    ("[文字](开展.md) 开展", ["开展.md"]),
    ("[甲]: ./开展.md\n开展", ["[甲]: ./开展.md"]),
    ("[^1]: 开展工作的说明", []),
    ("式 $开展_{1}$ 与 $$\\text{局部}$$ 完", ["$开展_{1}$", "$$\\text{局部}$$"]),
    ("花了 $5，又花 $6 开展", []),
    (r"式 \(局部\) 与 \[局部\] 完", [r"\(局部\)", r"\[局部\]"]),
    ("<a title='开展'>开展</a>", ["<a title='开展'>", "</a>"]),
    ("<!-- 开展 > 局部 -->开展", ["<!-- 开展 > 局部 -->"]),
    ("<code>开展</code>开展", ["<code>开展</code>"]),
    ("甲<!-- corrector: off -->开展<!-- corrector: on -->开展",
     ["<!-- corrector: off -->开展<!-- corrector: on -->"]),
    ("甲<!-- corrector: off -->开展\n\n局部", ["<!-- corrector: off -->开展\n\n局部"]),
])
def test_markup(text: str, found: list[str]) -> None:
    assert protected(text, "markdown") == found


def test_plain_text_has_no_markup() -> None:
    assert protected("用 `开展` 与 $局部$ 和 <b>开展</b>") == []


@given(st.text(alphabet="`~$\\()[]<>!-/:@.a发\n \r", max_size=200), st.sampled_from(["text", "markdown", "html"]))
def test_spans_are_sorted_and_disjoint(text: str, kind: str) -> None:
    position = -1
    for start, end in document(text, kind).protected:
        assert position < start < end <= len(text)
        position = end


@given(st.lists(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))).map(sorted)))
def test_disjoint_covers_the_same_places(sources: list[list[tuple[int, int]]]) -> None:
    wanted = {p for spans in sources for a, b in spans for p in range(a, b)}
    assert {p for a, b in disjoint(*sources) for p in range(a, b)} == wanted


HOSTILE = ["http://", "a@", "`", "`a", "``a`", "```\n", "$", "$$a", "\\(", "\\[a", "<", "<a", "<!--", "<code>", "](",
           "/a", "./", "[a]: ", "\\\\", "---\n", "<!-- corrector: off -->", "</code "]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear(unit: str) -> None:
    marks = "@ :// www. :\\ \\\\ / --- ``` ~~~ ` ]( ]: $$ $ \\( \\[ \\begin{ <!-- < "
    text = marks + unit * (400_000 // len(unit))
    start = time.process_time()
    document(text, "markdown")
    assert time.process_time() - start < 4  # a quadratic pattern takes minutes
