"""retrieval.py: which definition a description fits best, and by how much."""

import pytest

from hybridgym.resolve import DefinitionKey
from hybridgym.retrieval import Index, own_text, pieces

TEXTS = {
    "boil": b"def boil(water): heat the kettle until the water boils",
    "bake": b"def bake(dough): heat the oven, then put the dough on a tray",
    "wash": b"def wash(dishes): rinse plates with cold water",
}
KEYS = {name: DefinitionKey("kitchen.py", number) for number, name in enumerate(TEXTS)}


@pytest.fixture
def index() -> Index:
    return Index((KEYS[name], text) for name, text in TEXTS.items())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"snake_case camelCase", [b"snake", b"case", b"camel", b"case"], id="identifiers are split"),
        pytest.param(b"HTTPServer", [b"http", b"server"], id="abbreviations are one word"),
        pytest.param(b"the cats of a boss", [b"the", b"cat", b"boss"], id="plurals are cut, short words left out"),
        pytest.param(b"12 + {}", [], id="no words"),
    ],
)
def test_pieces(text: bytes, expected: list[bytes]) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize(
    ("query", "best"),
    [
        pytest.param("Boils the kettle.", "boil", id="words of one"),
        pytest.param("Put dough into the oven.", "bake", id="words of another"),
        pytest.param("Rinse with water.", "wash", id="a shared word and one of its own"),
    ],
)
def test_the_definition_whose_words_they_are_ranks_first(index: Index, query: str, best: str) -> None:
    ranks = {name: index.rank(query, key).rank for name, key in KEYS.items()}
    assert [name for name, rank in ranks.items() if rank == 1] == [best]


def test_the_runner_up_is_the_next_best_other(index: Index) -> None:
    ranking = index.rank("water in a kettle", KEYS["boil"])
    assert (ranking.rank, ranking.runner_up_key) == (1, KEYS["wash"])
    assert ranking.score > ranking.runner_up > 0


def test_without_words_of_its_own_a_definition_comes_last(index: Index) -> None:
    assert index.rank("plates", KEYS["boil"]).rank == 3
    assert index.rank("plates", KEYS["boil"]).score == 0


def test_words_that_nobody_has_rank_nobody(index: Index) -> None:
    ranking = index.rank("zeppelin", KEYS["boil"])
    assert (ranking.score, ranking.runner_up, ranking.runner_up_key) == (0, 0, None)


def test_equal_definitions_tie_against_the_target() -> None:
    twins = Index([(DefinitionKey("a.py", 0), b"heat the water"), (DefinitionKey("b.py", 0), b"heat the water")])
    ranking = twins.rank("heat water", DefinitionKey("a.py", 0))
    assert ranking.rank == 2
    assert ranking.score == ranking.runner_up


def test_a_text_can_be_ranked_as_if_words_were_gone(index: Index) -> None:
    with_prose = index.rank("kettle boils", KEYS["boil"])
    without = index.rank("kettle boils", KEYS["boil"], b"heat the kettle until the water boils")
    assert without.score < with_prose.score


def test_an_index_of_nothing_has_no_definitions() -> None:
    assert len(Index([])) == 0


def test_own_text_leaves_inner_definitions_out() -> None:
    data = b"class A:\n  x = 1\n  def f(self): kettle\n  y = 2\n"
    start = data.index(b"def")
    text = own_text(data, (0, len(data)), {start: start + len(b"def f(self): kettle")})
    assert b"kettle" not in text
    assert b"x = 1" in text
    assert b"y = 2" in text


def test_several_have_the_rank_of_the_worst_of_them_among_the_others(index: Index) -> None:
    query = "Heat the oven, or heat the kettle."
    assert index.worst_rank(query, [KEYS["bake"], KEYS["boil"]]) == 1
    assert index.worst_rank(query, [KEYS["bake"], KEYS["wash"]]) == 2


def test_what_has_no_word_of_the_query_comes_last(index: Index) -> None:
    assert index.rank("Nothing like it.", KEYS["boil"]).rank == len(TEXTS)
    assert index.worst_rank("Nothing like it.", [KEYS["boil"], KEYS["bake"]]) == 2
    assert index.worst_rank("Rinse.", [KEYS["boil"], KEYS["bake"]]) == 2


def test_overlap_is_the_share_of_the_words_that_a_query_has(index: Index) -> None:
    """Of boil: def, boil, water, heat, the, kettle, until."""
    assert index.overlap(b"heat the kettle", KEYS["boil"]) == pytest.approx(3 / 7)
    assert index.overlap(b"heat kettle", KEYS["boil"], b"heat kettle until") == 0
    assert index.overlap(TEXTS["boil"], KEYS["boil"]) == 1
