"""render.py: the folders of task_templates, their settings and selections, and the statements they give."""

from pathlib import Path

import pytest

from hybridgym.errors import TemplateError, UnknownNameError, UsageError
from hybridgym.languages import LANGUAGES
from hybridgym.render import Declaration, Template, template_named, template_names
from hybridgym.task import Candidate
from hybridgym.tasks import TASK_KINDS, kind_named

ATTRIBUTES = {
    "kind": "function",
    "lines": 10,
    **dict.fromkeys(("test", "vendored", "example", "generated", "broken", "private", "nested"), False),
}

IN_ALL_LANGUAGES = [
    name
    for name in template_names()
    for kind in [kind_named(template_named(name).declaration.kind)]
    if not kind.needs_tests and not kind.needs_history
]


def candidate(**context: object) -> Candidate:
    return Candidate(
        kind="dependency_search",
        targets=("a.py::f",),
        module="a.py",
        stratum="1",
        language="python",
        context=context,
        answer={},
    )


def test_every_folder_names_a_kind_and_every_kind_has_a_folder() -> None:
    declared = {template_named(name).declaration.kind for name in template_names()}
    assert declared == set(TASK_KINDS)
    assert set(TASK_KINDS) <= set(template_names())


@pytest.mark.parametrize("name", ["nosuch", "_base", "", "..", "dependency_search/.."])
def test_an_unknown_kind_is_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownNameError, match=f"known: {', '.join(sorted(TASK_KINDS))}"):
        template_named(name)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("max_dependencies", 9, 9, id="a number"),
        pytest.param("private", True, True, id="a truth value"),
        pytest.param("private", "any", "any", id="any instead of a truth value"),
        pytest.param("kind", "method", "method", id="one of a list"),
        pytest.param("kind", ["method"], ["method"], id="a list"),
        pytest.param("lines", {"max": 5}, {"max": 5}, id="one end of a range"),
        pytest.param("lines", "any", "any", id="any instead of a range"),
    ],
)
def test_a_setting_replaces_a_default(name: str, value: object, expected: object) -> None:
    settings = template_named("dependency_search", {name: value}).settings
    assert settings[name] == expected
    assert {k: v for k, v in settings.items() if k != name} == {
        k: v for k, v in template_named("dependency_search").settings.items() if k != name
    }


def test_a_whole_number_is_as_good_as_a_fraction() -> None:
    value = template_named("function_localization", {"uniqueness": 1}).knobs["uniqueness"]
    assert (value, type(value)) == (1.0, float)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        pytest.param("nosuch", 1, "no setting named 'nosuch'; known: .*max_dependencies", id="unknown"),
        pytest.param("max_dependencies", "many", "expected int, found 'many'", id="text for a number"),
        pytest.param("max_dependencies", True, "expected int, found True", id="truth value for a number"),
        pytest.param("max_dependencies", "any", "expected int, found 'any'", id="any for a knob"),
        pytest.param("max_dependencies", None, "expected int, found None", id="null"),
        pytest.param("private", "maybe", "expected true or false, found 'maybe'", id="text for a truth value"),
        pytest.param("kind", [1], "expected a text or a list of texts", id="numbers in a list of texts"),
        pytest.param("lines", {"min": "a"}, "expected an object of min and max", id="text in a range"),
        pytest.param("lines", {"least": 1}, "expected an object of min and max", id="unknown end of a range"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_was_expected(name: str, value: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        template_named("dependency_search", {name: value})


@pytest.mark.parametrize(
    ("settings", "attributes", "expected"),
    [
        pytest.param({}, {}, "", id="all as wanted"),
        pytest.param({}, {"test": True}, "test", id="a test"),
        pytest.param({}, {"kind": "class"}, "kind", id="none of the list"),
        pytest.param({"kind": "method"}, {}, "kind", id="not the only kind"),
        pytest.param({}, {"lines": 1}, "lines", id="below the range"),
        pytest.param({}, {"lines": 401}, "lines", id="above the range"),
        pytest.param({}, {"lines": 400}, "", id="at the end of the range"),
        pytest.param({"lines": {"min": 20}}, {"lines": 4000}, "", id="an open range"),
        pytest.param({"private": "any"}, {"private": True}, "", id="any"),
    ],
)
def test_selection_names_the_attribute_that_excludes(
    settings: dict[str, object], attributes: dict[str, object], expected: str
) -> None:
    assert template_named("dependency_search", settings).selects({**ATTRIBUTES, **attributes}) == expected


def test_a_statement_says_what_the_candidate_holds_as_it_is() -> None:
    target = {"kind": "method", "qualname": "A.f<&>", "path": "a b/ü.py", "line": 7}
    statement = template_named("dependency_search").statement(
        candidate(language="python", target=target, marker="# called by <f>")
    )
    assert "the method `A.f<&>` calls directly" in statement
    assert "`a b/ü.py`, at line 7" in statement
    assert "# called by <f>" in statement
    assert statement.endswith("\n")
    assert not statement.startswith("\n")


def test_a_variable_that_is_missing_is_an_error_with_the_file() -> None:
    with pytest.raises(TemplateError, match=r"dependency_search.problem_statement\.md\.j2: 'target' is undefined"):
        template_named("dependency_search").statement(candidate(language="python", marker="# m"))


@pytest.mark.parametrize("name", IN_ALL_LANGUAGES)
def test_a_language_that_a_statement_has_no_words_for_is_an_error(name: str) -> None:
    with pytest.raises(TemplateError, match=rf"{name}.problem_statement\.md\.j2: .*\.cobol\.md\.j2"):
        template_named(name).statement(candidate(language="cobol"))


@pytest.mark.parametrize("language", sorted({named.family or named.name for named in LANGUAGES.values()}))
def test_statements_speak_of_every_language(language: str) -> None:
    target = {
        "kind": "interface",
        "description": "Stirs it.",
        "facts": ["It takes."],
        "qualname": "A.f",
        "path": "a",
        "line": 7,
    }
    for name in IN_ALL_LANGUAGES:
        given = candidate(language=language, target=target, targets=[target], mask="[…]", marker="// called by f")
        statement = template_named(name).statement(given)
        assert "an interface" in statement or "the interface" in statement
        assert "\n\n\n" not in statement


def test_a_variant_is_a_folder_with_other_defaults(tmp_path: Path) -> None:
    declaration = Declaration(
        kind="dependency_search", version=3, description="", knobs={"max_dependencies": 2}, select={"kind": ["method"]}
    )
    template = Template(tmp_path / "small_search", declaration, {"max_dependencies": 1})
    assert (template.name, template.settings) == ("small_search", {"max_dependencies": 1, "kind": ["method"]})
