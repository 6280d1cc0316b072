"""Other ways to say what a reference calls: jedi, as Hybrid-Gym's builder asks it, and plain name matching."""

import ast
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.witness import NOTHING, Answers, Callees, Place, Witness
from hybridgym.resolve import DefinitionKey


class Timed(NamedTuple):
    """What a method answers, and what that cost."""

    answers: Answers
    seconds: float
    """Of CPU, all files of the repository read."""


def timed(answer: Callable[[], Answers]) -> Timed:
    """Measure how much CPU an answer costs."""
    before = time.process_time()
    answers = answer()
    return Timed(answers, time.process_time() - before)


def own_answers(witness: Witness) -> Answers:
    """Return hybridgym's resolutions."""
    return {
        path: [frozenset([r.target]) if r.target is not None else NOTHING for r in witness.graph.resolutions(path)]
        for path in witness.sources
    }


def unique_names(witness: Witness) -> Answers:
    """Return the one definition of the package that has the name that is called, if it is the only one."""
    named: dict[str, list[DefinitionKey]] = defaultdict(list)
    ours = frozenset(witness.sources)
    for key in witness.graph.definition_keys():
        if key.path in ours:
            named[witness.graph.definition(key).name].append(key)

    def answer(path: str) -> Callees:
        found = named.get(path.rpartition(".")[2], [])
        return frozenset(found) if len(found) == 1 else NOTHING

    return {path: [answer(r.path) for r in witness.graph.files[path].references] for path in witness.sources}


def has_jedi() -> bool:
    """Say whether jedi is installed."""
    return find_spec("jedi") is not None


def jedi_goto(witness: Witness, root: Path) -> Answers:
    """Return what jedi's `goto` with `follow_imports` gives for the name that is called; one Script per file."""
    jedi: Any = import_module("jedi")  # an optional peer, without types

    roots = [root / folder for folder in ("src", "lib") if (root / folder).is_dir()]
    # without installed packages: one of them may be another version of the package itself
    library = [path for path in sys.path if path and not path.endswith("site-packages") and Path(path) != Path.cwd()]
    project = jedi.Project(root, sys_path=[*(str(path) for path in (*roots, root)), *library])
    rows = {(key.path, witness.graph.definition(key).row + 1): key for key in witness.graph.definition_keys()}
    answers: dict[str, list[Callees]] = {}
    for path in witness.sources:
        text = (root / path).read_text(encoding="utf-8")
        script = jedi.Script(text, path=root / path, project=project, environment=jedi.InterpreterEnvironment())
        names = _name_places(text)
        answers[path] = [
            _keys(_goto(script, names.get(witness.end_of(path, reference))), root, rows)
            for reference in witness.graph.files[path].references
        ]
    return answers


def _goto(script: Any, place: Place | None) -> Iterable[Any]:
    if place is None:
        return ()
    try:
        found: Iterable[Any] = script.goto(place.line, place.column, follow_imports=True)
    except Exception:  # jedi lets its own errors through, of any type: no answer
        return ()
    return found


def _keys(names: Iterable[Any], root: Path, rows: dict[tuple[str, int], DefinitionKey]) -> Callees:
    found = set()
    for name in names:
        if name.type in ("function", "class") and name.module_path is not None:
            path = Path(name.module_path)
            if path.is_relative_to(root):
                key = rows.get((path.relative_to(root).as_posix(), name.line))
                found |= {key} if key is not None else set()
    return frozenset(found)


def _name_places(text: str) -> dict[Place, Place]:
    """Map where a reference ends to where the name that it calls begins, the latter in characters."""
    lines = text.split("\n")
    found: dict[Place, Place] = {}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return found
    whole: ast.expr
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            whole, called = (node, node.func)
        elif isinstance(node, ast.Raise) and node.exc is not None:
            whole, called = (node.exc, node.exc)
        else:
            continue
        line, column = called.lineno, called.col_offset
        if isinstance(called, ast.Attribute):
            assert called.end_lineno is not None and called.end_col_offset is not None
            line, column = called.end_lineno, called.end_col_offset - len(called.attr.encode())
        elif not isinstance(called, ast.Name):
            continue
        assert whole.end_lineno is not None and whole.end_col_offset is not None
        characters = len(lines[line - 1].encode()[:column].decode())
        found.setdefault(Place(whole.end_lineno, whole.end_col_offset), Place(line, characters))
    return found
