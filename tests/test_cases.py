"""The resolvers' specification: annotated sources in tests/cases/<language>.

A case is a repository: one file, or one folder of files. A comment at the end of a line says what each call
that starts on the line resolves to, in source order and separated by ` ; `:

    #> pkg/util.py::helper [import]     that definition, found by that rule (the rule may be left out)
    #> ?                                unresolved
    #> !requests                        external (the text is optional, and what the detail starts with)
    #> builtin                          of the language

A comment after the head of a function gives all its callees: `#= a.py::f, a.py::C`, `#= none`, or `#= open`.
Other languages write their own comment sign before `>` and `=`.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hybridgym.graph import RepoGraph
from hybridgym.languages import LANGUAGES, is_build_file, language_of
from hybridgym.parsing import parse_file
from hybridgym.resolve import DefinitionKey, Outcome, Resolution

CASES = Path(__file__).parent / "cases"


def mark(prefix: str, sign: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(prefix)}{sign} (.+?)\s*$")


def case_files(case: Path) -> dict[str, Path]:
    """Return the files of a case by their path in its repository."""
    if case.is_file():
        return {case.name: case}
    return {path.relative_to(case).as_posix(): path for path in sorted(case.rglob("*")) if path.is_file()}


def annotated_lines(sign: str) -> Iterator[object]:
    for language in sorted(LANGUAGES):
        folder = CASES / language
        for case in sorted(folder.iterdir()) if folder.is_dir() else ():
            for path, file in case_files(case).items():
                source = language_of(path)
                if source is None:
                    continue
                pattern = mark(source.comment_prefix, sign)
                for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                    if found := pattern.search(line):
                        name = file.relative_to(CASES).as_posix()
                        yield pytest.param(case, path, number, found[1], id=f"{name}:{number}")


@cache
def graph_of(case: Path) -> RepoGraph:
    sources = case_files(case)
    languages = {path: language_of(path) for path in sources}
    facts = {path: parse_file(language, sources[path].read_bytes()) for path, language in languages.items() if language}
    build_files = {path: file.read_bytes() for path, file in sources.items() if is_build_file(path)}
    return RepoGraph(facts, set(sources), build_files)


def written(graph: RepoGraph, resolution: Resolution) -> str:
    """Write an answer down as the cases do, with everything that may be left out."""
    match resolution.outcome:
        case Outcome.RESOLVED:
            assert resolution.target is not None
            return f"{graph.id(resolution.target)} [{resolution.detail}]"
        case Outcome.EXTERNAL:
            return f"!{resolution.detail}"
        case Outcome.BUILTIN:
            return "builtin"
        case Outcome.UNRESOLVED:
            return "?"


def agrees(expected: str, answer: str) -> bool:
    if expected.startswith("!"):
        return answer.startswith(expected)
    return answer == expected or ("[" not in expected and answer.partition(" [")[0] == expected)


def answers_at(graph: RepoGraph, path: str, line: int) -> list[str]:
    pairs = zip(graph.files[path].references, graph.resolutions(path), strict=True)
    here = [(r.start, r.end, answer) for r, answer in pairs if r.row == line - 1]
    return [written(graph, answer) for _, _, answer in sorted(here)]


@pytest.mark.parametrize(("case", "path", "line", "text"), list(annotated_lines(">")))
def test_calls(case: Path, path: str, line: int, text: str) -> None:
    expected = text.split(" ; ")
    answers = answers_at(graph_of(case), path, line)
    assert len(answers) == len(expected), answers
    wrong = [f"{e}: got {a}" for e, a in zip(expected, answers, strict=True) if not agrees(e, a)]
    assert wrong == []


@pytest.mark.parametrize(("case", "path", "line", "text"), list(annotated_lines("=")))
def test_callees(case: Path, path: str, line: int, text: str) -> None:
    graph = graph_of(case)
    numbers = [n for n, definition in enumerate(graph.files[path].definitions) if definition.row == line - 1]
    assert len(numbers) == 1, "the comment belongs on the line of one definition"
    calls = graph.calls(DefinitionKey(path, numbers[0]))
    callees = sorted(graph.id(key) for key, _ in calls.callees)
    if text == "open":
        assert calls.unresolved
    else:
        assert calls.unresolved == ()
        assert callees == ([] if text == "none" else sorted(text.split(", ")))
