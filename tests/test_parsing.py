"""Trees and facts of single files."""

from hypothesis import given
from hypothesis import strategies as st

from hybridgym.facts import BindingKind, Kind
from hybridgym.languages.python import Python
from hybridgym.parsing import Tree, outline_of, parse_file, syntax_tree, syntax_tree_after

SOURCE = b'''\
"""A module."""
import os

@decorated(1)
class Loom(Frame, metaclass=Meta):
    """Weaves."""

    width: int = 3

    def weave(self, *threads, tight=False):
        # from the left
        if tight:
            return [thread.pull() for thread in threads]
        text = f"""
        {self.width!r}
        """
        return self.finish(text) + \\
            os.linesep

    async def wait(self): return await self.done

def main():
    def inner(): pass
    with open("x") as file:
        file.read()
'''

PIECES = [
    b'"""doc"""\n',
    b"#",
    b"\\\n",
    b'"',
    b"(",
    b")",
    b"\n",
    b"    ",
    b"\t",
    b":",
    b"pass\n",
    b"'''",
    b"; y",
    b"\r",
    b"\x0c",
    b"if x:\n",
    b'f"{a}"',
    b"@d\n",
    b"\xc3\xa9",
]


def nodes(tree: Tree) -> list[tuple[str, int, int, bool]]:
    """List the nodes of a tree in order."""
    found, cursor = [], tree.walk()
    while cursor.node is not None:
        node = cursor.node
        found.append((node.type, node.start_byte, node.end_byte, node.is_missing))
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return found
    return found


@given(st.data())
def test_parsing_what_changed_gives_the_tree_of_the_whole_file(data: st.DataObject) -> None:
    after = SOURCE
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(after)))
        end = data.draw(st.integers(start, min(len(after), start + 40)))
        after = after[:start] + data.draw(st.sampled_from([b"", *PIECES])) + after[end:]
    tree = syntax_tree("python", SOURCE)
    assert nodes(syntax_tree_after("python", SOURCE, tree, after)) == nodes(syntax_tree("python", after))


def test_definitions_know_their_kind_parent_rows_and_documentation() -> None:
    definitions = parse_file(Python, SOURCE).definitions
    assert [(d.qualname, d.kind) for d in definitions] == [
        ("Loom", Kind.CLASS),
        ("Loom.weave", Kind.METHOD),
        ("Loom.wait", Kind.METHOD),
        ("main", Kind.FUNCTION),
        ("main.inner", Kind.FUNCTION),
    ]
    loom = definitions[0]
    assert (loom.first_row, loom.row) == (3, 4)
    assert loom.documentation is not None
    assert SOURCE[loom.documentation.start : loom.documentation.end] == b'"""Weaves."""'
    assert loom.bases == ("Frame",)
    assert [d.documentation for d in definitions[1:]] == [None] * 4


def test_parameters_keep_form_annotation_and_default() -> None:
    facts = parse_file(Python, b"def f(a, /, b: int = 3, *args: str, c=None, **kw): pass\n")
    assert [(p.name, p.form, p.annotation, p.default) for p in facts.definitions[0].parameters] == [
        ("a", "positional", "", ""),
        ("b", "plain", "int", "3"),
        ("args", "*", "str", ""),
        ("c", "keyword", "", "None"),
        ("kw", "**", "", ""),
    ]


def test_a_name_bound_in_a_comprehension_stays_in_it() -> None:
    facts = parse_file(Python, b"def f(x):\n    return [y() for y in x]\n")
    bound = {b.name: facts.scopes[b.scope].kind.value for b in facts.bindings if b.kind is BindingKind.ITERATION}
    assert bound == {"y": "comprehension"}


def test_an_outline_knows_the_rows_into_which_no_comment_can_be_put() -> None:
    outline = outline_of("python", SOURCE)
    lines = SOURCE.split(b"\n")
    assert {lines[row] for row in outline.closed_rows} == {
        b"        {self.width!r}",
        b'        """',
        b"            os.linesep",
    }
    assert {lines[row] for row in outline.comment_rows} == {b"        # from the left"}
    assert [d.qualname for d in outline.definitions] == [d.qualname for d in parse_file(Python, SOURCE).definitions]


def test_a_file_that_breaks_off_still_has_facts_and_says_so() -> None:
    facts = parse_file(Python, b"def whole():\n    return 1\n\ndef broken(:\n")
    assert "whole" in [d.name for d in facts.definitions]
    assert "error" in facts.flags
