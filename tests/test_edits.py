"""Edits of a tree: made, refused and taken back."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.edits import apply_edits, invert_edits
from hybridgym.errors import SuiteError
from hybridgym.task import EXECUTABLE, Edit, File, Tree
from sample_patches import TREE


def edit(start: int, end: int, old: bytes, new: str, path: str = "x.py") -> Edit:
    return Edit(path=path, start=start, end=end, old_sha256=sha256(old).hexdigest(), new=new)


def test_edits_refer_to_the_tree_as_it_was() -> None:
    edits = [
        edit(8, 13, b"three", "3"),
        edit(0, 3, b"one", "\u00fc"),
        edit(4, 4, b"", "zwei = "),
        edit(0, 4, b"one\n", "", "my file"),
    ]
    result = apply_edits(TREE, edits)
    assert result["x.py"] == File("\u00fc\nzwei = two\n3\n".encode())
    assert result["my file"] == File(b"")
    assert {path for path in TREE if result[path] != TREE[path]} == {"x.py", "my file"}
    assert TREE["x.py"] == File(b"one\ntwo\nthree\n")


def test_edits_keep_the_mode() -> None:
    assert apply_edits(TREE, [edit(0, 3, b"one", "two", "run")])["run"] == File(b"two\n", EXECUTABLE)


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        pytest.param([edit(0, 3, b"one", "x", "nowhere")], "nowhere", id="path"),
        pytest.param([edit(0, 3, b"two", "x")], "sha256", id="other-bytes"),
        pytest.param([edit(0, 3, b"one", "x"), edit(2, 5, b"e\nt", "y")], "overlaps", id="overlap"),
        pytest.param([edit(0, 3, b"one", "x"), edit(0, 3, b"one", "x")], "overlaps", id="twice"),
        pytest.param([edit(14, 15, b"", "x")], "outside", id="beyond-the-end"),
        pytest.param([edit(3, 1, b"", "x")], "outside", id="backwards"),
        pytest.param([edit(-1, 0, b"", "x")], "outside", id="negative"),
        pytest.param([edit(0, 3, b"one", "\ud800")], "not Unicode", id="surrogate"),
    ],
)
@pytest.mark.parametrize("act", [apply_edits, invert_edits])
def test_edits_that_do_not_fit(
    act: Callable[[Tree, Sequence[Edit]], object], edits: Sequence[Edit], reason: str
) -> None:
    with pytest.raises(SuiteError, match=reason):
        act(TREE, edits)


def test_text_that_is_not_utf8_cannot_be_put_back_by_an_edit() -> None:
    with pytest.raises(SuiteError, match="latin"):
        invert_edits(TREE, [edit(3, 4, b"\xe9", "e", "latin")])


@given(st.data())
def test_inverted_edits_take_edits_back(data: st.DataObject) -> None:
    content = data.draw(st.text("ab\n", max_size=12)).encode()
    tree = {"f": File(content)}
    count = 2 * data.draw(st.integers(0, 3))
    places = sorted(data.draw(st.lists(st.integers(0, len(content)), min_size=count, max_size=count)))
    edits = [
        edit(start, end, content[start:end], data.draw(st.text("x\u00fc\n", max_size=3)), "f")
        for start, end in zip(places[::2], places[1::2], strict=True)
    ]
    result = apply_edits(tree, edits)
    assert apply_edits(result, invert_edits(tree, edits)) == tree
