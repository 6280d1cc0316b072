"""What the facts say of a definition, in words that do not name it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from hybridgym.facts import Definition, Kind, Parameter, Reference
from hybridgym.languages.base import Language, Wording
from hybridgym.resolve import Outcome, Resolution
from hybridgym.tasks.base import source_language

if TYPE_CHECKING:
    from hybridgym.resolve import DefinitionKey
    from hybridgym.tasks.base import RepoContext

LEVELS = ("brief", "parameters", "returns", "calls")
"""What the knob `details` may be; each adds to the ones before it."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MAX_EXTERNAL_CALLS = 5


def facts_in_words(repo: RepoContext, key: DefinitionKey, details: str) -> list[str]:
    """Return sentences on parameters, result and calls of a definition, as many as `details` asks for."""
    level = LEVELS.index(details)
    definition, language = repo.graph.definition(key), source_language(key.path)
    facts: list[str] = []
    if level >= LEVELS.index("parameters"):
        if definition.kind is not Kind.CLASS:
            facts.append(_parameters(definition, language))
        elif language.wording.types_have_methods:
            facts.append(_members(repo, key, language.wording))
    if level >= LEVELS.index("returns"):
        facts += _result(repo, key, language.wording) if definition.kind is not Kind.CLASS else []
    if level >= LEVELS.index("calls"):
        facts += _calls(repo, key)
    return facts


def _members(repo: RepoContext, key: DefinitionKey, wording: Wording) -> str:
    definition, others = repo.graph.definition(key), repo.graph.files[key.path].definitions
    inside = sum(d.parent == key.number and d.kind is Kind.METHOD for d in others)
    bases = [b for b in definition.bases if b != "object"]
    named = f"{wording.inherits} {_count(len(bases), wording.base, wording.bases)}"
    if wording.methods_are_inside:
        inherits = named if bases else f"names no base {wording.base}"
        return f"It {inherits} and defines {_count(inside, 'method')} in its body."
    methods = _count(inside + sum(d.owner == definition.qualname for d in others), "method")
    return f"It {named}, and its file defines {methods} of it." if bases else f"Its file defines {methods} of it."


def _parameters(definition: Definition, language: type[Language]) -> str:
    bound = language.bound_parameter(definition)
    parameters = list(definition.parameters[1:] if bound else definition.parameters)
    required = [p for p in parameters if not p.default and p.form not in ("*", "**")]
    optional = [p for p in parameters if p.default]
    wording = language.wording
    parts = [_kind_of(required, wording.parameter, wording), _kind_of(optional, "optional parameter", wording)]
    parts += [wording.more_arguments for p in parameters if p.form == "*"]
    parts += ["any further keyword arguments" for p in parameters if p.form == "**"]
    said = [p for p in parts if p]
    takes = _listed(said) if said else "no parameters"
    return f"It takes {takes}{f' besides the {bound}' if bound else ''}."


def _kind_of(parameters: list[Parameter], word: str, wording: Wording) -> str:
    if not parameters:
        return ""
    types = sorted({p.annotation for p in parameters if p.annotation in wording.plain_types})
    keyword_only = sum(p.form == "keyword" for p in parameters)
    notes = [f"{_count(keyword_only, 'of them')} by keyword only"] if keyword_only else []
    if types and len(parameters) == 1:
        notes.append(f"{wording.of_type} {_listed([f'`{t}`' for t in types])}")
    return _count(len(parameters), word) + (f" ({', '.join(notes)})" if notes else "")


def _result(repo: RepoContext, key: DefinitionKey, wording: Wording) -> list[str]:
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
    elif definition.returns in wording.plain_results:
        said.append(f"Its result is {wording.of_type} `{definition.returns}`.")
    elif definition.returns in wording.no_results or not (wording.results_are_declared or any(returns)):
        said.append("It returns nothing.")
    names = {r.path.removesuffix("!") for r, x in _references(repo, key) if x.detail == r.path.removesuffix("!")}
    raised = sorted(name for name in names if name.endswith(wording.errors))
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
