"""What holds of the checkers for every answer, in languages that document by comments."""

from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checker_corpus import questions, repository, task_named
from hybridgym.diffs import changes
from hybridgym.languages import LANGUAGES, language_of
from hybridgym.parsing import outline_of, parse_file
from hybridgym.resolve import definition_id
from hybridgym.sameness import compare
from hybridgym.task import File, Status, Tree, Verdict
from hybridgym.tasks import kind_named
from hybridgym.tasks.marks import marked
from second_reader import Token, code_tokens


class Subject(NamedTuple):
    """A language, a repository in it, and what is asked there."""

    language: str
    repo: str
    search: str
    """A task with several dependencies."""
    single: str
    """One with a single dependency, …"""
    path: str
    """… which is defined in this file, …"""
    below: tuple[bytes, ...]
    """… and marked by the line above one of these."""
    texts: tuple[str, ...]
    """How documentation is written, `{}` for what it says."""
    joints: frozenset[str] = frozenset()
    """Tokens that a line may be broken before; where all are, the language is free in its lines."""


SUBJECTS = [
    Subject(
        "go",
        "pantry",
        "stock",
        "new_shelf",
        "shelf/shelf.go",
        (b"func (b *base) grow(rows int) { b.rows += rows }",),
        ("// {}", "//{}", "// {}\n//\n// More.", "/* {} */", "/*\n{}\n*/"),
    ),
    Subject(
        "java",
        "teapot",
        "brew",
        "warm",
        "src/main/java/org/teapot/Vessel.java",
        (b"    /** Makes it hotter. */", b"    protected void heat(int degrees) {"),
        ("/** {} */", "/**\n * {}\n */", "/**{}**/", "/** {}\n\n*/"),
        joints=frozenset({"any"}),
    ),
    Subject(
        "javascript",
        "loom",
        "produce",
        "start_loom",
        "bin/loom.js",
        (b"function main() {",),
        ("/** {} */", "/**\n * {}\n */", "/**{}*/", "/** {}\n\n*/"),
        joints=frozenset({"}"}),
    ),
    Subject(
        "typescript",
        "kiln",
        "burn",
        "gas_light",
        "src/kiln.ts",
        (b"  @logged('load')",),
        ("/** {} */", "/**\n * {}\n */", "/**{}*/", "/** {}\n\n*/"),
        joints=frozenset({"}"}),
    ),
    Subject(
        "rust",
        "quarry",
        "work",
        "total",
        "src/lib.rs",
        (b"#[inline]",),
        ("/// {}", "///{}", "/// {}\n///\n/// More.", "/** {} */", "/**\n * {}\n */", "/** /* {} */ */"),
        joints=frozenset({"any"}),
    ),
]
each_language = pytest.mark.parametrize("subject", SUBJECTS, ids=[subject.language for subject in SUBJECTS])
WORDS = st.builds("It {}{}does well{}.".format, *[st.text("ab .,;:()é⚠'\"`{}#<>", max_size=8)] * 3)


def paths_of(subject: Subject) -> list[str]:
    """Return the sources of a repository that a task may be about."""
    languages = {path: language_of(path) for path in sorted(repository(subject.repo))}
    return [path for path, language in languages.items() if language is not None and not language.is_test(path)]


def check(name: str, result: Tree) -> Verdict:
    """Check a state of a repository against a task."""
    task, start = task_named(name), repository(questions()[name].repo)
    return kind_named(task.task_kind).check(task, start, changes(start, result))


def places(path: str, data: bytes) -> list[tuple[str, int]]:
    """Return id and row of what can be documented and is not, with the comments directly above it."""
    outline = outline_of(language_named(path), data)
    definitions = parse_file(LANGUAGES[language_named(path)], data).definitions
    found = []
    for row, number in sorted(outline.first_in_row.items()):
        while row - 1 in outline.comment_rows:
            row -= 1
        if definitions[number].documentation is None:
            found.append((definition_id(path, definitions[number]), row))
    return found


def language_named(path: str) -> str:
    language = language_of(path)
    assert language is not None
    return language.name


def with_lines(data: bytes, row: int, text: str) -> bytes:
    """Put lines above a row, with its indentation and line end."""
    lines = data.split(b"\n")
    end = b"\r" if lines[row].endswith(b"\r") else b""
    indentation = lines[row][: len(lines[row]) - len(lines[row].lstrip())]
    new = [(indentation + line.encode() if line else b"") + end for line in text.split("\n")]
    return b"\n".join([*lines[:row], *new, *lines[row:]])


@each_language
@settings(max_examples=60)
@given(data=st.data())
def test_documentation_of_any_definitions_is_found_and_is_all_that_changed(
    subject: Subject, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(paths_of(subject)))
    before = repository(subject.repo)[path].data
    chosen = data.draw(st.sets(st.sampled_from(places(path, before)), min_size=1))
    after = before
    for _, row in sorted(chosen, key=lambda place: -place[1]):
        text = data.draw(st.sampled_from(subject.texts)).replace("{}", data.draw(WORDS))
        after = with_lines(after, row, text)
    result = compare(LANGUAGES[language_named(path)], before, after)
    assert result.same, result.reason
    found = {f"{path}::{c.qualname}" + (f"#{c.ordinal}" if c.ordinal > 1 else "") for c in result.documentation}
    assert found == {definition for definition, _ in chosen}


@each_language
@settings(max_examples=60)
@given(data=st.data())
def test_the_reward_of_dependency_search_is_the_f1_of_what_was_marked(subject: Subject, data: st.DataObject) -> None:
    start, question = repository(subject.repo), questions()[subject.search]
    definitions = [
        definition_id(path, outline.definitions[number])
        for path in paths_of(subject)
        for outline in [outline_of(language_named(path), start[path].data)]
        for number in outline.first_in_row.values()
    ]
    ids = data.draw(st.sets(st.sampled_from(definitions)))
    verdict = check(subject.search, marked(start, sorted(ids), question.marker))
    wanted = set(question.wanted)
    assert abs(verdict.reward - 2 * len(ids & wanted) / (len(ids) + len(wanted))) < 1e-4
    assert verdict.resolved == (ids == wanted)


@each_language
@settings(max_examples=150)
@given(data=st.data())
def test_a_marker_on_any_line_counts_only_directly_above_the_dependency(subject: Subject, data: st.DataObject) -> None:
    start = repository(subject.repo)
    path = data.draw(st.sampled_from([subject.path, *paths_of(subject)]))
    lines = start[path].data.split(b"\n")
    row = data.draw(st.integers(0, len(lines) - 1))
    before, behind = data.draw(st.sampled_from(["", " ", "\t\t"])), data.draw(st.sampled_from(["", " ", "\t", "\r"]))
    marker = f"{before}{questions()[subject.single].marker}{behind}".encode()
    result = {**start, path: File(b"\n".join([*lines[:row], marker, *lines[row:]]), start[path].mode)}
    is_right = path == subject.path and lines[row] in subject.below
    assert check(subject.single, result).reward == float(is_right)


def edits_of(token: str) -> list[str]:
    """Return what a token can be made into that is never the same code."""
    return [
        "",
        f"{token} {token}",
        f"({token})",
        f"{token}x",
        f"{token} /* c */",
        f"/* {token} */",
        f"// {token}",
        f"{token};;",
        '"x"',
        "`",
    ]


def a_token(subject: Subject, data: st.DataObject) -> tuple[str, str, list[Token], int]:
    """Draw a token of a file that is not the last one; return path, source, tokens and its number."""
    path = data.draw(st.sampled_from([p for p in paths_of(subject) if b"\r" not in repository(subject.repo)[p].data]))
    source = repository(subject.repo)[path].data.decode()
    tokens = code_tokens(language_named(path), source)
    return path, source, tokens, data.draw(st.integers(0, len(tokens) - 2))


@each_language
@settings(max_examples=150)
@given(data=st.data())
def test_a_token_of_code_that_was_edited_is_refused(subject: Subject, data: st.DataObject) -> None:
    path, source, tokens, number = a_token(subject, data)
    text, start, end = tokens[number]
    edited = source[:start] + data.draw(st.sampled_from(edits_of(text))) + source[end:]
    assume(edited != source)
    gold = marked(repository(subject.repo), questions()[subject.search].wanted, questions()[subject.search].marker)
    assert check(subject.search, {**gold, path: File(edited.encode())}).status is Status.TAMPERED
    assert not compare(LANGUAGES[language_named(path)], source.encode(), edited.encode()).same


@each_language
@settings(max_examples=150)
@given(data=st.data())
def test_a_line_is_broken_only_where_that_means_nothing(subject: Subject, data: st.DataObject) -> None:
    path, source, tokens, number = a_token(subject, data)
    end, start = tokens[number].end, tokens[number + 1].start
    assume("\n" not in source[end:start] and not source[end:start].strip())
    edited = f"{source[:end]}\n{source[start:]}"
    result = compare(LANGUAGES[language_named(path)], source.encode(), edited.encode())
    assert not result.same or tokens[number + 1].text in subject.joints or "any" in subject.joints
    assert result.documentation == ()


@each_language
@settings(max_examples=150)
@given(data=st.data())
def test_a_comment_anywhere_documents_a_definition_or_is_refused(subject: Subject, data: st.DataObject) -> None:
    path, source, tokens, number = a_token(subject, data)
    place = data.draw(st.sampled_from([tokens[number].end, tokens[number + 1].start]))
    text = data.draw(st.sampled_from([*subject.texts, "// {}", "/* {} */", "//! {}", "<!-- {}", "#{}", "/**/"]))
    text = text.replace("{}", "It does well.") + data.draw(st.sampled_from(["", " ", "\n", "\n\n"]))
    edited = source[:place] + data.draw(st.sampled_from(["", " ", "\n"])) + text + source[place:]
    result = compare(LANGUAGES[language_named(path)], source.encode(), edited.encode())
    if result.same:
        known = {d.qualname for d in outline_of(language_named(path), source.encode()).definitions}
        assert {change.qualname for change in result.documentation} <= {*known, ""}
        assert [t.text for t in code_tokens(language_named(path), edited)] == [token.text for token in tokens]
    else:
        assert result.reason
