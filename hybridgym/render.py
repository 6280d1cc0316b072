"""Template folder + Candidate → text. The only importer of jinja2.

A folder of task_templates is one task kind, or a variant of one: `task.yaml` with version, knobs and
target selection, and `problem_statement.md.j2`.
"""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import jinja2
import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hybridgym.errors import TemplateError, UnknownNameError, UsageError
from hybridgym.task import Candidate, Value

STATEMENT = "problem_statement.md.j2"
DECLARATION = "task.yaml"
SHARED = "_base"
PROMPTS = "_prompts"
"""Folder of what a language model is asked."""
ANY = "any"
"""The value of a selection that lets every target through."""

_SHAPES: dict[type, tuple[Any, str]] = {
    bool: (bool, "true or false"),
    int: (int, "int"),
    float: (float, "float"),
    str: (str, "text"),
    list: (str | list[str], "a text or a list of texts"),
    dict: (dict[Literal["min", "max"], int], "an object of min and max, or one of them"),
}
"""Type of a default → what may be set instead, and how a message says it."""


class Declaration(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of task.yaml."""

    kind: str
    """The task kind whose Python this folder uses."""
    version: int
    """Of the kind: part of every task's id. Wording may change without it, answers may not."""
    description: str
    knobs: dict[str, Any] = msgspec.field(default_factory=dict)
    """Name → default."""
    select: dict[str, Any] = msgspec.field(default_factory=dict)
    """Graph attribute → the value, the list of values, or `{min: …, max: …}` a target must have."""


class Template:
    """One folder of task_templates with its knobs set."""

    def __init__(self, folder: Path, declaration: Declaration, settings: Mapping[str, Any]) -> None:
        self.name = folder.name
        self.folder = folder
        self.declaration = declaration
        self.knobs = {**declaration.knobs, **{k: v for k, v in settings.items() if k in declaration.knobs}}
        self.select = {**declaration.select, **{k: v for k, v in settings.items() if k in declaration.select}}

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Everything that was set or left at its default: what a suite records."""
        return {**self.select, **self.knobs}

    def selects(self, attributes: Mapping[str, Any]) -> str:
        """Return the first attribute that keeps a definition from being a target; empty where none does."""
        for name, wanted in self.select.items():
            if not _matches(attributes[name], wanted):
                return name
        return ""

    def statement(self, candidate: Candidate) -> str:
        """Render the problem statement; a variable that is missing raises TemplateError."""
        return _rendered(f"{self.name}/{STATEMENT}", candidate.context)


def prompt(name: str, **context: object) -> str:
    """Render what a language model is asked; a variable that is missing raises TemplateError."""
    return _rendered(f"{PROMPTS}/{name}.md.j2", context)


def template_named(name: str, settings: Mapping[str, Any] | None = None) -> Template:
    """Load a folder of task_templates; `settings` replace defaults of its knobs and its selection.

    Raises UnknownNameError, TemplateError where the folder is wrong and UsageError where a setting is.
    """
    folder = templates_folder() / name
    if name == SHARED or not (folder / DECLARATION).is_file():
        raise UnknownNameError(what="task kind", name=name, known=template_names())
    declaration = _declaration(folder / DECLARATION)
    known = {**declaration.select, **declaration.knobs}
    checked = {}
    for key, value in (settings or {}).items():
        if key not in known:
            message = f"{name}: no setting named {key!r}; known: {', '.join(sorted(known))}"
            raise UsageError(message)
        is_any = key in declaration.select and value == ANY
        checked[key] = value if is_any else _like(known[key], value, f"{name}.{key}")
    return Template(folder, declaration, checked)


def template_names() -> list[str]:
    """Return the names of all folders of task_templates."""
    return sorted(p.parent.name for p in templates_folder().glob(f"*/{DECLARATION}"))


def _rendered(path: str, context: Mapping[str, Any]) -> str:
    try:
        text = _environment().get_template(path).render(context)
    except jinja2.TemplateError as error:
        message = f"{templates_folder() / path}: {error}"
        raise TemplateError(message) from error
    return text.strip() + "\n"


@cache
def templates_folder() -> Path:
    """Return where task_templates lies: in the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve()
    installed = here.with_name("task_templates")
    return installed if installed.is_dir() else here.parents[1] / "task_templates"


def _like(default: object, value: object, where: str) -> Any:
    """Return a value as the type of a default, so that 1 and 1.0 name one task; raises UsageError."""
    shape, expected = _SHAPES[type(default)]
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError:
        message = f"{where}: expected {expected}, found {value!r}"
        raise UsageError(message) from None


def _declaration(path: Path) -> Declaration:
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return msgspec.convert(content, Declaration)
    except (YAMLError, msgspec.ValidationError) as error:
        message = f"{path}: {error}"
        raise TemplateError(message) from error


@cache
def _environment() -> jinja2.Environment:
    # Statements are Markdown for agents, not HTML: nothing is escaped.
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def _matches(found: object, wanted: object) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, int) and wanted.get("min", found) <= found <= wanted.get("max", found)
    if isinstance(wanted, list):
        return found in wanted
    return wanted == ANY or found == wanted
