"""Markdown → a tree of the few elements that a page may show. The only importer of markdown_it.

No HTML comes out of it: a node is a text, or a list of an element's name and its nodes. There are no links and no
images, as a statement may hold text of a repository: what they lead to is shown instead.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from hybridgym.report.clipping import visible
from hybridgym.report.highlighting import PLAIN, highlighted

Node = str | list[Any]
"""A text, or `[element, node, …]`; `["code-block", look, text, …]` holds runs of `highlighting`."""

MAX_CHARACTERS = 30_000
"""Of a statement; the rest is left out, and said to be."""
MAX_CODE_LINES = 400
MAX_HIGHLIGHTED_BYTES = 4_000
"""Of a block of code; a grammar may take long over text that is not of its language."""

_SAME = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "em": "em",
    "strong": "strong",
    "s": "s",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
}


@lru_cache(maxsize=256)
def tree_of(text: str) -> list[Node]:
    """Return the nodes of a statement."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    nodes = _nodes(SyntaxTreeNode(parser.parse(visible(text[:MAX_CHARACTERS]))).children)
    if len(text) > MAX_CHARACTERS:
        nodes.append(["p", f"[…{len(text) - MAX_CHARACTERS:,} more characters]"])
    return nodes


def _nodes(children: Sequence[SyntaxTreeNode]) -> list[Node]:
    return [node for child in children for node in _node(child)]


def _node(node: SyntaxTreeNode) -> list[Node]:
    if node.type in _SAME:
        return [[_SAME[node.type], *_nodes(node.children)]]
    if node.type == "heading":
        # Two levels lie above a statement, the task's and its own, whose headings begin with the second as a rule.
        return [[f"h{min(max(int(node.tag[1:]), 2) + 1, 6)}", *_nodes(node.children)]]
    if node.type in ("fence", "code_block"):
        return [_code(node.content, node.info.split()[0] if node.info.split() else "")]
    if node.type == "code_inline":
        return [["code", node.content]]
    if node.type in ("softbreak", "hardbreak"):
        return ["\n" if node.type == "softbreak" else ["br"]]
    if node.type == "hr":
        return [["hr"]]
    if node.type in ("link", "image"):
        leads_to = str(node.attrs.get("href" if node.type == "link" else "src", ""))
        inside = _nodes(node.children)
        return inside if inside == [leads_to] else [*inside, " (", ["code", leads_to], ")"]
    return _nodes(node.children) if node.children else [node.content] if node.content else []


def _code(content: str, language: str) -> Node:
    data = content.rstrip("\n").encode()
    # Unlike the files of a repository, which were parsed when the suite was made, this may be anything.
    known = language if len(data) <= MAX_HIGHLIGHTED_BYTES else ""
    runs, left_out = highlighted(data, known, 0, len(data), MAX_CODE_LINES)
    more = [PLAIN, f"\n[…{left_out:,} more lines]"] if left_out else []
    return ["code-block", *runs, *more]
