"""difficulty.py: what rows say of how hard their targets are to find."""

from pathlib import Path

from msgspec.structs import replace

from hybridgym.difficulty import FIRST_HIT, difficulty_of
from hybridgym.generation import Options
from hybridgym.pipeline import context_of
from hybridgym.resolve import DefinitionKey
from hybridgym.retrieval import Index
from hybridgym.source import load_source
from hybridgym.task import Candidate
from hybridgym.validation import documents
from test_generation import run, specs_of
from tiny import rows

SEARCH = ("dependency_search",)
STORE = {
    "store.py": """\
def shelve(jar):
    return label_of(jar)


def label_of(jar):
    return spelled(jar)


def spelled(jar):
    return jar.upper()


def aside(jar):
    return jar
""",
}


def of_statement(tmp_path: Path, statement: str, *sought: str) -> dict[str, float | int]:
    """Measure a task with a statement, about functions of a small store."""
    specs = specs_of(tmp_path, {"store": STORE})
    if not (tmp_path / "suite").exists():
        run(tmp_path, specs, Options(kinds=SEARCH))
    repo = context_of(load_source(specs[0], tmp_path / "cache"))
    task = rows(tmp_path / "suite")[0]
    index = Index(documents(repo.graph, repo.files))
    candidate = Candidate(kind="", targets=sought, module="", stratum="", language="python", context={}, answer={})
    ids = [f"store.py::{name}" for name in sought]
    return difficulty_of(index, repo, candidate, replace(task, problem_statement=statement), ids, is_named=True)


def test_the_distance_is_that_of_the_farthest_from_what_the_statement_names(tmp_path: Path) -> None:
    assert of_statement(tmp_path, "`shelve(1)` raises `AttributeError`", "spelled")["distance"] == 2
    assert of_statement(tmp_path, "`spelled(1)` raises", "shelve", "label_of")["distance"] == 2
    assert of_statement(tmp_path, "`spelled(1)` raises", "spelled")["distance"] == 0


def test_there_is_no_distance_where_nothing_is_named_or_no_way_leads(tmp_path: Path) -> None:
    assert "distance" not in of_statement(tmp_path, "It is wrong to shelve it.", "spelled")
    assert "distance" not in of_statement(tmp_path, "`shelve(1)` raises", "aside")


def test_what_cannot_be_found_by_a_search_has_no_rank(tmp_path: Path) -> None:
    assert of_statement(tmp_path, "`shelve(1)` raises", "added_later") == {}


def test_a_task_that_the_first_hit_of_a_search_solves_is_marked(tmp_path: Path) -> None:
    described = '''\
def gauge(tank):
    """Read how much water the boiler holds, in litres of steam and valve pressure."""
    water, boiler, litres = tank.water, tank.boiler, tank.litres
    return tank.steam(water, boiler, litres, tank.valve.pressure)


def unlike(tank):
    """Colour parcels by weight, destination, postage, sender, season and fragile contents."""
    found = tank.run()
    found.append(tank)
    return found
'''
    plain = "".join(f"def plain_{n}(x):\n    return {n}\n\n\n" for n in range(14))
    files = {"tank.py": described, "plain.py": plain}
    run(tmp_path, specs_of(tmp_path, {"tanks": files}), Options(kinds=("function_localization",)))
    found = {task.answer["targets"][0]: task for task in rows(tmp_path / "suite")}
    assert FIRST_HIT in found["tank.py::gauge"].tags
    assert found["tank.py::gauge"].difficulty["bm25_rank"] == 1
    assert FIRST_HIT not in found["tank.py::unlike"].tags
    assert found["tank.py::unlike"].difficulty["bm25_rank"] > 1
    assert found["tank.py::gauge"].difficulty["overlap"] > found["tank.py::unlike"].difficulty["overlap"]


def test_definitions_of_tests_are_none_that_a_search_finds() -> None:
    index = Index([(DefinitionKey("a.py", 0), b"def one")])
    assert DefinitionKey("a.py", 0) in index
    assert DefinitionKey("a.py", 1) not in index
