"""Patches of any trees are applied as git applies them, and no bytes make it crash."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import test_patches
import test_patchnames
import test_patchtext
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.snapshots import tree_id
from hybridgym.task import File, Tree
from sample_patches import TREE, after
from sample_repository import Repository, edited_trees

BINARIES = st.binary(min_size=1, max_size=60).map(lambda data: File(b"\0" + data))
FORMS = [
    pytest.param((), (), id="default"),
    pytest.param(("-U1",), (), id="U1"),
    pytest.param(("-U0",), ("--unidiff-zero",), id="U0"),
    pytest.param(("-U20", "--patience"), (), id="U20"),
    pytest.param(("--no-prefix",), ("-p0",), id="noprefix"),
    pytest.param(("--src-prefix=i/", "--dst-prefix=w/"), (), id="mnemonic"),
    pytest.param(("-M20%", "-C20%", "--find-copies-harder"), (), id="renames-and-copies"),
]
AGAINST_GIT = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    yield Repository(tmp_path_factory.mktemp("repository"))


@pytest.mark.parametrize(("options", "apply_options"), FORMS)
@AGAINST_GIT
@given(trees=edited_trees(), data=st.data())
def test_a_diff_by_git_makes_what_git_makes(
    repository: Repository,
    options: tuple[str, ...],
    apply_options: tuple[str, ...],
    trees: tuple[Tree, Tree],
    data: st.DataObject,
) -> None:
    before, now = trees
    if data.draw(st.booleans()):
        now = {**now, "binary": data.draw(BINARIES)}
    patch = repository.diff(before, now, "--binary", *options)
    assert after(before, apply_patch(before, patch)) == now
    assert repository.apply(before, patch, *apply_options) == tree_id(now)


@AGAINST_GIT
@given(trees=edited_trees(), other=edited_trees())
def test_on_another_tree_a_diff_applies_where_git_applies_it(
    repository: Repository, trees: tuple[Tree, Tree], other: tuple[Tree, Tree]
) -> None:
    patch = repository.diff(*trees, "--binary")
    tree = {**other[0], **dict(list(trees[0].items())[:2])}
    result = apply_patch(tree, patch)
    expected = repository.apply(tree, patch)
    assert (None if isinstance(result, Refusal) else tree_id(after(tree, result))) == expected


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_crash(patch: bytes) -> None:
    result = apply_patch(TREE, patch)
    assert isinstance(result, Refusal) or result == ()


ACCEPTED = [*test_patches.ACCEPTED, *test_patchnames.ACCEPTED, *test_patchtext.ACCEPTED]
SEED_PATCHES = b"".join(param.values[0] for param in ACCEPTED if isinstance(param.values[0], bytes))


@given(st.data())
def test_damaged_patches_never_crash(data: st.DataObject) -> None:
    lines = SEED_PATCHES.split(b"\n")
    start = data.draw(st.integers(0, len(lines) - 1))
    piece = lines[start : start + data.draw(st.integers(1, 40))]
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(piece)))
        piece[place : place + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(st.one_of(st.sampled_from(lines), st.binary(max_size=12)), max_size=2)
        )
    apply_patch(TREE, b"\n".join(piece))
