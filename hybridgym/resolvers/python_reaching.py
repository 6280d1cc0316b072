"""Which of a Python name's bindings a use may see."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from hybridgym.facts import Binding, BindingKind, Definition, FileFacts, ScopeKind, Span

if TYPE_CHECKING:
    from hybridgym.resolvers.python_index import Index

REOPENING_DECORATORS = frozenset({"overload", "setter", "deleter", "getter", "register"})
MODULE_END = 1 << 40
"""A position after all bindings of a file: annotations are looked up when the module is complete."""
IMMEDIATE = (ScopeKind.CLASS, ScopeKind.COMPREHENSION)
"""Scopes whose code runs where it stands."""


class Reaching:
    """The order in which the bindings of one repository happen."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._starts: dict[str, list[int]] = {}

    def of_use(self, path: str, scope: int, bindings: list[Binding], use_scope: int, position: int) -> list[Binding]:
        """Return the bindings whose value a use may see."""
        facts = self._index.files[path]
        bindings = for_purpose(_without_overloads(bindings, facts.definitions), facts, position == MODULE_END)
        moment = self._first_moment(facts, use_scope, scope)
        if moment is not None and facts.scopes[scope].kind is not ScopeKind.COMPREHENSION:
            after = [b for b in bindings if b.position > moment]
            before = [b for b in bindings if b.position <= moment]
        else:
            loops = [s for s in facts.loops if s.start <= position < s.end]
            before = [b for b in bindings if b.position <= position]
            bound_by = _loop_variable(before, facts.loops, position) if loops else None
            if bound_by is not None:  # bound again each time, whatever was assigned to it
                before = before[before.index(bound_by) :]
                loops = [s for s in loops if s.start >= bound_by.position]
            after = [
                b for b in bindings if b.position > position and any(s.start <= b.position <= s.end for s in loops)
            ]
        reaching = _from_last_certain(before) + after
        kept = {id(b) for b in reaching}
        elsewhere = [b for b in bindings if b.conditional and id(b) not in kept and self._runs_elsewhere(path, b)]
        return reaching + elsewhere or bindings

    def _first_moment(self, facts: FileFacts, use_scope: int, scope: int) -> int | None:
        """Return the byte before which the code of a use cannot run, or None where it runs where it stands."""
        moment = None
        while use_scope >= 0 and use_scope != scope:
            here = facts.scopes[use_scope]
            if here.kind not in IMMEDIATE:
                moment = here.start
            use_scope = here.parent
        return moment

    def _runs_elsewhere(self, path: str, binding: Binding) -> bool:
        """Say whether a binding stands in another function (`global`, `nonlocal`): it may happen at any time."""
        facts = self._index.files[path]
        starts = self._starts.get(path)
        if starts is None:
            starts = self._starts[path] = [s.start for s in facts.scopes]
        position = binding.position - 1 if binding.value else binding.position
        if binding.kind is BindingKind.DEFINITION:
            position = facts.definitions[binding.index].start
        here = bisect_right(starts, position) - 1
        while position >= facts.scopes[here].end or facts.scopes[here].kind in (
            ScopeKind.COMPREHENSION,
            ScopeKind.LAMBDA,
        ):
            here = facts.scopes[here].parent
        return here != binding.scope and facts.scopes[binding.scope].kind is not ScopeKind.LAMBDA


def _loop_variable(before: list[Binding], loops: tuple[Span, ...], position: int) -> Binding | None:
    """Return the last binding that is made each time by a loop around a place."""
    for binding in reversed(before):
        if binding.kind is BindingKind.ITERATION or (
            binding.kind is BindingKind.UNPACKING and "[*][*" in binding.value
        ):
            own = max((s for s in loops if s.start < binding.position), key=lambda s: s.start, default=None)
            if own is not None and binding.position <= position < own.end:
                return binding
    return None


def _from_last_certain(bindings: list[Binding]) -> list[Binding]:
    """Drop what a later binding that always happens has replaced."""
    last = max((i for i, b in enumerate(bindings) if not b.conditional), default=0)
    return bindings[last:]


def for_purpose(bindings: list[Binding], facts: FileFacts, typing: bool) -> list[Binding]:
    """Keep, of imports under `if TYPE_CHECKING` and others, what types mean or what runs."""
    kept = [b for b in bindings if (b.kind is BindingKind.IMPORT and facts.imports[b.index].typing_only) is typing]
    return kept or bindings


def _without_overloads(bindings: list[Binding], definitions: tuple[Definition, ...]) -> list[Binding]:
    """Drop `@overload` stubs, the later halves of properties and dispatchers, what only a variable switches on."""
    kept = []
    for binding in bindings:
        if binding.kind is BindingKind.DEFINITION:
            decorators = definitions[binding.index].decorators
            if any(d.removesuffix("()").rpartition(".")[2] in REOPENING_DECORATORS for d in decorators):
                continue
            if "environment" in definitions[binding.index].flags:
                continue
        kept.append(binding)
    return kept or bindings
