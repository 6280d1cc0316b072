"""texts.py: whether eight words of a text in a row stand anywhere in a repository."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.task import LINK, File
from hybridgym.texts import RUN, Corpus, words, words_of
from tiny import tree_of

EIGHT = "one two three four five six seven eight"
TEXT = f"we count {EIGHT} and stop"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Take it, please!", ["take", "it", "please"], id="punctuation separates, case does not count"),
        pytest.param("split_this_name", ["split", "this", "name"], id="underscores separate"),
        pytest.param("Größe für 2 Äpfel", ["größe", "für", "2", "äpfel"], id="letters of any script, and digits"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_binary_file_has_no_words_and_one_that_is_not_utf_8_has() -> None:
    assert words_of(b"\x7fELF some words\0") == []
    assert words_of(b"caf\xe9 noir")[-1] == "noir"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(EIGHT, id="the whole file"),
        pytest.param(f"lorem ipsum {EIGHT} dolor", id="in the middle"),
        pytest.param(EIGHT.replace(" ", "\n# "), id="over several lines of comments"),
        pytest.param(EIGHT.replace(" ", "_").upper(), id="as an identifier"),
        pytest.param(f"one two three one two three {EIGHT}", id="after a false start"),
    ],
)
def test_eight_words_in_a_row_are_found(content: str) -> None:
    corpus = Corpus(tree_of({"a.txt": "nothing here", "b.txt": content}))
    assert corpus.repeated_run(TEXT, {}) == (EIGHT, "b.txt")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.txt": EIGHT.rpartition(" ")[0]}, id="seven"),
        pytest.param({"a.txt": EIGHT.replace("four", "for")}, id="another word in between"),
        pytest.param({"a.txt": "one two three four", "b.txt": "five six seven eight"}, id="over two files"),
        pytest.param({"a.txt": b"\0" + EIGHT.encode()}, id="in a binary file"),
        pytest.param({}, id="in no file"),
    ],
)
def test_fewer_are_not(files: dict[str, str | bytes]) -> None:
    assert Corpus(tree_of(files)).repeated_run(TEXT, {}) is None


def test_the_target_of_a_link_is_no_text() -> None:
    corpus = Corpus({"link": File(EIGHT.replace(" ", "-").encode(), LINK)})
    assert corpus.repeated_run(TEXT, {}) is None


def test_of_an_edited_file_the_edited_words_count() -> None:
    corpus = Corpus(tree_of({"a.txt": EIGHT, "b.txt": ""}))
    assert corpus.repeated_run(TEXT, {"a.txt": words("all gone")}) is None
    assert corpus.repeated_run(TEXT, {"a.txt": [], "b.txt": words(f"now {EIGHT}")}) == (EIGHT, "b.txt")


FEW_WORDS = st.lists(st.sampled_from("abc"), max_size=24)
# Long repetitions are rare in random words, so texts are put together from pieces that come again.
SHARED = st.lists(st.sampled_from("abc"), min_size=5, max_size=12)


def runs(found: list[str]) -> list[tuple[str, ...]]:
    return [tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)]


@given(SHARED, st.lists(FEW_WORDS, max_size=4), FEW_WORDS, FEW_WORDS, st.data())
def test_a_run_is_found_exactly_where_a_search_of_every_place_finds_one(
    shared: list[str], files: list[list[str]], before: list[str], after: list[str], data: st.DataObject
) -> None:
    contents = {
        f"{i}.txt": [*file, *shared, *file] if data.draw(st.booleans()) else file for i, file in enumerate(files)
    }
    text = [*before, *shared, *after]
    edited = {path: data.draw(FEW_WORDS) for path in contents if data.draw(st.integers(0, 3)) == 0}
    found = Corpus(tree_of({path: " ".join(content) for path, content in contents.items()})).repeated_run(
        " ".join(text), edited
    )
    final = {**contents, **edited}
    expected = {(run, path) for path, content in final.items() for run in runs(text) if run in runs(content)}
    if found is None:
        assert not expected
    else:
        assert (tuple(found[0].split()), found[1]) in expected
