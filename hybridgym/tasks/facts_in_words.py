"""What the facts say of a definition, in words that do not name it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from hybridgym.facts import Definition, Kind, Parameter, Reference
from hybridgym.resolve import Outcome, Resolution

if TYPE_CHECKING:
    from hybridgym.resolve import DefinitionKey
    from hybridgym.tasks.base import RepoContext

LEVELS = ("brief", "parameters", "returns", "calls")
"""What the knob `details` may be; each adds to the ones before it."""
PLAIN_TYPES = frozenset(["str", "bytes", "int", "float", "bool", "list", "dict", "set", "tuple", "None", "object"])
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MAX_EXTERNAL_CALLS = 5


def facts_in_words(repo: RepoContext, key: DefinitionKey, details: str) -> list[str]:
    """Return sentences on parameters, result and calls of a definition, as many as `details` asks for."""
    level = LEVELS.index(details)
    definition = repo.graph.definition(key)
    facts: list[str] = []
    if level >= LEVELS.index("parameters"):
        facts.append(_members(repo, key) if definition.kind is Kind.CLASS else _parameters(definition))
    if level >= LEVELS.index("returns"):
        facts += _result(repo, key) if definition.kind is not Kind.CLASS else []
    if level >= LEVELS.index("calls"):
        facts += _calls(repo, key)
    return facts


def _members(repo: RepoContext, key: DefinitionKey) -> str:
    definition = repo.graph.definition(key)
    methods = sum(d.parent == key.number and d.kind is Kind.METHOD for d in repo.graph.files[key.path].definitions)
    bases = [b for b in definition.bases if b != "object"]
    inherits = f"It inherits from {_count(len(bases), 'class', 'classes')}" if bases else "It names no base class"
    return f"{inherits} and defines {_count(methods, 'method')} in its body."


def _parameters(definition: Definition) -> str:
    parameters = list(definition.parameters)
    besides = ""
    if definition.kind is Kind.METHOD and "staticmethod" not in definition.decorators and parameters:
        besides = " besides the class" if "classmethod" in definition.decorators else " besides the instance"
        parameters = parameters[1:]
    required = [p for p in parameters if not p.default and p.form not in ("*", "**")]
    optional = [p for p in parameters if p.default]
    parts = [_kind_of(required, "required"), _kind_of(optional, "optional")]
    parts += ["any further positional arguments" for p in parameters if p.form == "*"]
    parts += ["any further keyword arguments" for p in parameters if p.form == "**"]
    said = [p for p in parts if p]
    takes = _listed(said) if said else "no parameters"
    return f"It takes {takes}{besides}."


def _kind_of(parameters: list[Parameter], word: str) -> str:
    if not parameters:
        return ""
    types = sorted({p.annotation for p in parameters if p.annotation in PLAIN_TYPES})
    keyword_only = sum(p.form == "keyword" for p in parameters)
    notes = [f"{_count(keyword_only, 'of them')} by keyword only"] if keyword_only else []
    notes += [f"annotated {_listed([f'`{t}`' for t in types])}"] if types and len(parameters) == 1 else []
    return f"{_count(len(parameters), f'{word} parameter')}" + (f" ({', '.join(notes)})" if notes else "")


def _result(repo: RepoContext, key: DefinitionKey) -> list[str]:
    definition, facts = repo.graph.definition(key), repo.graph.files[key.path]
    body = next((i for i, s in enumerate(facts.scopes) if s.definition == key.number), -1)
    returns = [r.path for r in facts.returns if r.scope == body]
    said = []
    if any("property" in d for d in definition.decorators):
        said.append("It is read like an attribute.")
    if "async" in definition.flags:
        said.append("It is asynchronous.")
    if "yield" in returns:
        said.append("It is a generator.")
    elif definition.returns in PLAIN_TYPES - {"object", "None"}:
        said.append(f"Its result is annotated `{definition.returns}`.")
    elif not any(returns):
        said.append("It returns nothing.")
    raised = sorted({r.path for r, x in _references(repo, key) if x.detail == r.path and r.path.endswith("Error")})
    if raised:
        said.append(f"It names {_listed([f'`{e}`' for e in raised])} among its errors.")
    return said


def _calls(repo: RepoContext, key: DefinitionKey) -> list[str]:
    pairs = _references(repo, key)
    outside = sorted(
        {
            x.detail
            for _, x in pairs
            if x.outcome is Outcome.EXTERNAL and "." in x.detail and not x.detail.startswith(("?", "super"))
        }
    )[:MAX_EXTERNAL_CALLS]
    inside = len(repo.graph.calls(key).callees)
    said = [f"It calls {_count(inside, 'definition')} of this repository."] if inside else []
    if outside:
        said.append(f"It uses {_listed([f'`{name}`' for name in outside])}.")
    return said


def _references(repo: RepoContext, key: DefinitionKey) -> list[tuple[Reference, Resolution]]:
    definition, references = repo.graph.definition(key), repo.graph.files[key.path].references
    first = bisect_left(references, definition.start, key=lambda r: r.start)
    last = bisect_left(references, definition.end, key=lambda r: r.start)
    return list(zip(references[first:last], repo.graph.resolutions(key.path)[first:last], strict=True))


def _count(number: int, singular: str, plural: str = "") -> str:
    word = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{word} {singular if number == 1 or singular.startswith('of ') else plural or singular + 's'}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
