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
    ("\\href{https://example.org/开展}{平安生产}", ["https://example.org/开展"]),
    ("见https://example.org/{局部}/开展 。", ["https://example.org/{局部}/开展"]),
    ("\\input{../根底}根底，\\input{./局部}局部，\\input{~/开展}开展", ["../根底", "./局部", "~/开展"]),
    ("网址www.example.org/局部，谢谢", ["www.example.org/局部"]),
    ("发到zhang.san@mail.example.org即可", ["zhang.san@mail.example.org"]),
    (r"存在 C:\文档\开展\a.txt 里", [r"C:\文档\开展\a.txt"]),
    (r"放在 \\server\共享\开展.txt 上", [r"\\server\共享\开展.txt"]),
    ("改 /etc/hosts 和 ~/开展/局部.txt 两处", ["/etc/hosts", "~/开展/局部.txt"]),
    ("见 ./开展/a.txt", ["./开展/a.txt"]),
    ("见 docs/为人民效劳/原那么.md 一文", ["docs/为人民效劳/原那么.md"]),
    ("请参阅docs/原那么.md，根底/原那么不变", ["docs/原那么.md"]),
    ("见“数据/原那么.tar.gz”和数据/局部.txt。", ["数据/原那么.tar.gz", "和数据/局部.txt"]),
    ("社会治理的重要组成局部放在资料/原那么.md", ["/原那么.md"]),
    ("根据效劳/srv2/开展/原那么.md，用量5mg/L.BA效劳", ["/srv2/开展/原那么.md"]),
    ("效劳C:\\开展（局部）.txt（C:\\效劳）开展", ["C:\\开展（局部）.txt", "C:\\效劳"]),
    ("存于 /数据/为人民效劳.txt 中", ["/数据/为人民效劳.txt"]),
    (r"存于 数据\效劳\原那么.docx 中", [r"数据\效劳\原那么.docx"]),
    (r'打开 "C:\My Docs\为人民效劳 终稿.txt" 即可', [r"C:\My Docs\为人民效劳 终稿.txt"]),
    (r"打开“D:\为人民效劳 终稿.txt”即可", [r"D:\为人民效劳 终稿.txt"]),
    (r"存在C:\My Docs\为人民效劳.txt 里", [r"C:\My Docs\为人民效劳.txt"]),
    ("存在 D:/数据/为人民效劳 里", ["D:/数据/为人民效劳"]),
    ("网址example.com/为人民效劳（局部），谢谢", ["example.com/为人民效劳"]),
    ("网址 www2.example.com.cn:8080/效劳?a=局部 。", ["www2.example.com.cn:8080/效劳?a=局部"]),
    ("邮箱：为人民效劳@example.com。", ["为人民效劳@example.com"]),
    ("如有疑问，请问局部a@example.com", ["a@example.com"]),
    ("产值/效劳增长3.5%，根底/原那么2.0版，发展/开展v.", []),
    ("和/或，发展/开展，根底/原那么，输入/输出，局部.md", []),
    ("参加Node.js/根底设施和ASP.NET/平安培训", []),
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


@pytest.mark.parametrize(("text", "found"), [
    ("- ```\n  开展\n  ```\n- 效劳", ["- ```\n  开展\n  ```"]),
    ("1. 甲\n\n   ```sh\n   开展\n   ```\n2. 效劳", ["   ```sh\n   开展\n   ```"]),
    ("* 甲\n\t~~~\n\t开展\n\t~~~\n效劳", ["\t~~~\n\t开展\n\t~~~"]),
    ("1. ```\n   开展\n2. 为人民效劳\n", ["1. ```\n   开展"]),
    ("1. ```\n   开展\n\n   局部\n效劳", ["1. ```\n   开展\n\n   局部"]),
    ("> ```\n> 开展\n> ```\n> 效劳", ["> ```\n> 开展\n> ```"]),
    ("> ```\n> 开展\n效劳\n", ["> ```\n> 开展"]),
    ("> - 1) ~~~\n>      开展\n> 效劳", ["> - 1) ~~~\n>      开展"]),
    ("```\n> ```\n- ```\n开展\n```\n效劳", ["```\n> ```\n- ```\n开展\n```"]),
    ("甲\r\n```\r\n开展\r\n```\r\n效劳", ["```\r\n开展\r\n```"]),
    ("```\n一个 ` 开展\n```\n为人民 ` 效劳", ["```\n一个 ` 开展\n```"]),
    ("- 一个 `\n- 开展 `\n", []),
    ("2024年\n2. ``` 开展\n效劳", []),
    ("[^1]: 说明\n\n    ```\n    开展\n    ```\n\n    效劳", ["    ```\n    开展\n    ```"]),
    ("<!--\n```\n-->\n为人民效劳", ["<!--\n```\n-->"]),
    ("<pre>\n\n    ```\n</pre>\n\n效劳", ["<pre>\n\n    ```\n</pre>"]),
    ("- - -\n\n    开展 = 1\n\n- * -\n\n    效劳 = 1", ["    开展 = 1"]),
    ("各位代表：\n\n    开展 = 1\n\n    局部\n效劳", ["    开展 = 1\n\n    局部"]),
    ("\t开展\n效劳", ["\t开展"]),
    (">     开展\n\n效劳", [">     开展"]),
    ("# 效劳\n    开展", ["    开展"]),
    ("各位代表：\n    为人民效劳", []),
    ("\u3000\u3000为人民效劳", []),
    ("甲\n\n    我们坚持原那么，为人民效劳。\n    推动科学开展\n\n乙", []),
    ("甲\n\n    print(\"开展，效劳。\")\n", ["    print(\"开展，效劳。\")"]),
    ("甲\n\n" + 5 * "    各位代表，\"原那么\"重要。\n\n" + "    开展[1]，效劳。\n", []),
    ("甲\n\n    def 开展():\n        各位代表，效劳。", ["    def 开展():\n        各位代表，效劳。"]),
    ("甲\n\n    echo \"开展，效劳\"", ["    echo \"开展，效劳\""]),
    ("- 甲\n\n        为人民效劳\n", []),
    ("!!! note\n\n    为人民效劳\n", []),
])
def test_blocks(text: str, found: list[str]) -> None:
    assert protected(text, "markdown") == found


def test_pages_are_indented_without_being_code() -> None:
    assert protected("\n\n    为人民效劳 = 1", "html") == []


@pytest.mark.parametrize(("text", "found"), [
    ("[附件](a_(原那么)_为人民效劳.md) 开展", ["a_(原那么)_为人民效劳.md"]),
    ("([附件](a(b(效劳)c)d) 开展)", ["a(b(效劳)c)d"]),
    ("[附件](<原那么) 效劳.md>) 开展", ["<原那么) 效劳.md>"]),
    ("![图](开展.png)开展", ["开展.png"]),
    ("[附件2]: 为人民效劳.md\n效劳", ["[附件2]: 为人民效劳.md"]),
    ("[附件2]: <为人民 效劳.md> '开展的局部'", ["[附件2]: <为人民 效劳.md>"]),
    ("[附件2]: a.md 是效劳的局部", []),
    ("[注]: 我们坚持原那么，为人民效劳。", []),
    ("[注]: 全心全意为人民效劳", []),
    ("[注]: A类事项局部增长3.5倍", []),
    ("[^附]: 效劳.md", ["[^附]"]),
    ("见[局部]。\n\n[局部]: a.md", ["局部", "[局部]: a.md"]),
    ("见[效劳][局部 a]和[局部 a][]\n\n[局部  A]: <b c.md> '效劳'", ["局部 a", "局部 a", "[局部  A]: <b c.md>"]),
    ("见[局部]，[^1]和[^局部]。\n\n[^局部]: 效劳", ["[^局部]", "[^局部]"]),
    ("- [局部] `[局部]: a.md`", ["`[局部]: a.md`"]),
    ("见[[开展]]、[[局部 甲|局部]]和[[效劳]、[[根底\n]]", ["开展", "局部 甲"]),
])
def test_links(text: str, found: list[str]) -> None:
    assert protected(text, "markdown") == found


@pytest.mark.parametrize(("text", "found"), [
    ('<a title="为人民效劳 > 原那么">效劳', ['<a title="为人民效劳 > 原那么">']),
    ("<a b title = '效劳 > 原那么' c=1>效劳</a >", ["<a b title = '效劳 > 原那么' c=1>", "</a >"]),
    ("<it's>效劳 that's<b>", ["<it's>", "<b>"]),
    ("<pre><code>开展</code>局部</pre>效劳", ["<pre><code>开展</code>局部</pre>"]),
    ("`<code>` 为人民效劳 `</code>`", ["`<code>`", "`</code>`"]),
    ("`<!--` 为人民效劳 `-->`", ["`<!--`", "`-->`"]),
    ("<!-- 一个 ` --> 效劳 ` 开展", ["<!-- 一个 ` -->"]),
    (r"\` 是反引号，`开展` 是效劳", ["`开展`"]),
    ("写上 `<!-- corrector: off -->` 即可\n\n效劳", ["`<!-- corrector: off -->`"]),
    ("```\n<!-- corrector: off -->\n```\n效劳", ["```\n<!-- corrector: off -->\n```"]),
    ("<!-- corrector: off -->\n开展 `<!-- corrector: on -->` 局部\n<!-- corrector: on -->\n效劳",
     ["<!-- corrector: off -->\n开展 `<!-- corrector: on -->` 局部\n<!-- corrector: on -->"]),
    ("---\ntitle: 开展\n...\n为人民效劳\n---\n", ["---\ntitle: 开展\n...\n"]),
    ("+++\ntitle = '开展'\n+++\n为人民效劳", ["+++\ntitle = '开展'\n+++\n"]),
])
def test_what_stands_in_what(text: str, found: list[str]) -> None:
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
           "/a", "./", "[a]: ", "\\\\", "---\n", "<!-- corrector: off -->", "</code ",
           "(", "[", "](a(", "](a)", '<a "', '<a b="', "<a '\"<a \"", "> ", "> \n", "> - ", "- \n", "1. ```\n",
           "    \n", "\t", "\n    a", "\r", "=", " ", "```a", "``` ", "[a]: b \"", "a.a/", "/a.a", "a.com/", "a.",
           "C:\\", "C:\\a ", "“C:/a”", "效@a", "[a]: 效.a?", "效", "效/", "\\a.b"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear(unit: str) -> None:
    marks = "@ :// www. :\\ \\\\ / --- ``` ~~~ ` ]( ]: $$ $ \\( \\[ \\begin{ <!-- < "
    for text in (marks + unit * (200_000 // len(unit)), unit * (200_000 // len(unit)) + "\n" + marks):
        start = time.process_time()
        document(text, "markdown")
        assert time.process_time() - start < 10  # a quadratic pattern takes minutes
