"""How the call graph does on PyCG's micro-benchmark, and on suites of the same form.

    python -m benchmarks.pycg CHECKOUT...

CHECKOUT is a folder with cases below it: a folder is a case if it holds `callgraph.json`, which maps callers to
callees by dotted names (github.com/vitsalis/PyCG, folder micro-benchmark/snippets). Nothing of it is run.

The suite counts more as a call than hybridgym does (docs/dependencies.md): decorators without parentheses, callables
that a builtin is given, lambdas, the protocol methods behind `for`. They are missed here, and count as missed. Callers
that a case does not list are not looked at. An instantiation is written as a call of the `__init__` that a class has
or inherits in its case.

*complete*: cases without a wrong callee; *sound*: cases without a missing one; *exact*: both.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hybridgym.facts import Kind
from hybridgym.graph import RepoGraph
from hybridgym.languages import language_of
from hybridgym.parsing import parse_file
from hybridgym.resolve import DefinitionKey, Outcome, Resolution

Edges = frozenset[tuple[str, str]]
"""Callers and callees."""


class Result(NamedTuple):
    """What was found in one case."""

    name: str
    wrong: Edges
    missing: Edges
    right: int


def edges_of(folder: Path) -> Edges:
    """Return the edges of the Python files of a case."""
    graph = graph_of(folder)
    found = set()
    for path, facts in graph.files.items():
        for reference, resolution in zip(facts.references, graph.resolutions(path), strict=True):
            callee = _callee(graph, reference.path, resolution)
            if callee:
                found.add((_caller(graph, path, reference.start), callee))
    return frozenset(found)


def graph_of(folder: Path) -> RepoGraph:
    """Return the graph of the Python files below a folder."""
    files = {}
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder).as_posix()
        language = language_of(path)
        if language is not None:
            files[path] = parse_file(language, file.read_bytes())
    return RepoGraph(files, set(files))


def compared(name: str, folder: Path) -> Result:
    """Compare a case with what it says of itself."""
    said = json.loads((folder / "callgraph.json").read_text(encoding="utf-8"))
    expected = frozenset((caller, callee) for caller, callees in said.items() for callee in callees)
    found = frozenset((caller, callee) for caller, callee in edges_of(folder) if caller in said)
    return Result(name, found - expected, expected - found, len(found & expected))


def _caller(graph: RepoGraph, path: str, position: int) -> str:
    """Return the definition whose body holds a byte, or the module."""
    around = [d for d in graph.files[path].definitions if d.body.start <= position < d.body.end]
    innermost = max(around, key=lambda d: d.start, default=None)
    return _module(path) if innermost is None else f"{_module(path)}.{innermost.qualname}"


def _callee(graph: RepoGraph, called: str, resolution: Resolution) -> str:
    """Return the dotted name of what is called, or nothing."""
    if resolution.target is not None:
        return _dotted(graph, resolution.target)
    if resolution.outcome is Outcome.BUILTIN and resolution.detail == called:
        return f"<builtin>.{called}"
    if resolution.outcome is Outcome.EXTERNAL and not resolution.detail.startswith("?"):
        return resolution.detail
    return ""


def _dotted(graph: RepoGraph, key: DefinitionKey) -> str:
    definition = graph.definition(key)
    name = f"{_module(key.path)}.{definition.qualname}"
    if definition.kind is not Kind.CLASS:
        return name
    for ancestor in _ancestors(graph, key):
        members = graph.files[ancestor.path].definitions
        made = [d for d in members if d.parent == ancestor.number and d.name == "__init__"]
        if made:
            return f"{_module(ancestor.path)}.{made[-1].qualname}"
    return ""


def _ancestors(graph: RepoGraph, key: DefinitionKey) -> Iterator[DefinitionKey]:
    """Yield a class and what it inherits from, depth first."""
    inherits = graph.networkx()
    waiting, seen = [graph.id(key)], set()
    while waiting:
        current = waiting.pop(0)
        if current not in seen:
            seen.add(current)
            yield graph.by_id[current]
            bases = [base for _, base, kind in inherits.out_edges(current, keys=True) if kind == "inherits"]
            waiting = bases + waiting


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def cases(checkout: Path) -> dict[str, Path]:
    """Return the cases below a folder by their names."""
    return {
        file.parent.relative_to(checkout).as_posix(): file.parent for file in sorted(checkout.rglob("callgraph.json"))
    }


def row(checkout: Path, show: bool) -> str:
    """Measure one suite and return its line of the table."""
    results = [compared(name, folder) for name, folder in cases(checkout).items()]
    if show:
        for result in results:
            for mark, edges in (("+", result.wrong), ("-", result.missing)):
                for caller, callee in sorted(edges):
                    print(f"{result.name}: {mark} {caller} -> {callee}")
    total = Counter[str]()
    for result in results:
        total["complete"] += not result.wrong
        total["sound"] += not result.missing
        total["exact"] += not result.wrong and not result.missing
        total["right"] += result.right
        total["wrong"] += len(result.wrong)
        total["missing"] += len(result.missing)
    expected = total["right"] + total["missing"]
    cells = [
        checkout.name,
        f"{len(results)} / {expected}",
        *(str(total[name]) for name in ("complete", "sound", "exact")),
        f"{total['right'] / max(1, total['right'] + total['wrong']):.3f}",
        f"{total['right'] / max(1, expected):.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print what is wrong (+) and what is missing (-)")
    options = parser.parse_args()
    rows = [row(checkout, options.show) for checkout in options.checkouts]
    print("| suite | cases / edges | complete | sound | exact | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
