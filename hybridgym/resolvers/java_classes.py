"""The classes of Java files: where their bodies are, those without a name among them."""

from collections.abc import Mapping
from functools import cached_property

from hybridgym.facts import BindingKind, Definition, FileFacts, Kind, ScopeKind, Span
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.java_platform import platform
from hybridgym.resolvers.java_written import ClassId
from hybridgym.resolvers.typed import TypedResolver


class JavaClasses(TypedResolver):
    """Which classes there are, and what lies in which."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files, all_paths, build_files)
        self._platform = platform()
        self._anonymous: dict[str, dict[int, DefinitionKey]] = {}
        self._definitions = {path: self._with_anonymous(path, facts) for path, facts in files.items()}
        self._outermost: dict[DefinitionKey, DefinitionKey] = {}

    def _with_anonymous(self, path: str, facts: FileFacts) -> tuple[Definition, ...]:
        """Return the definitions of a file, and one more for each anonymous class."""
        found: list[Definition] = []
        own = self._anonymous[path] = {}
        bases = {b.scope: b for b in facts.bindings if b.name == "super" and b.kind is BindingKind.OTHER}
        for number, scope in enumerate(facts.scopes):
            if scope.kind is not ScopeKind.CLASS or scope.definition >= 0 or number not in bases:
                continue
            own[number] = DefinitionKey(path, len(facts.definitions) + len(found))
            found.append(
                Definition(
                    name="",
                    qualname="",
                    kind=Kind.CLASS,
                    parent=-1,
                    ordinal=1,
                    start=scope.start,
                    end=scope.end,
                    keyword=scope.start,
                    body=Span(scope.start, scope.end),
                    row=0,
                    first_row=0,
                    end_row=0,
                    documentation=None,
                    bases=(bases[number].annotation,),
                    flags=("extends", "anonymous"),
                )
            )
        return (*facts.definitions, *found)

    def definition(self, key: DefinitionKey) -> Definition:
        return self._definitions[key.path][key.number]

    @cached_property
    def types(self) -> list[DefinitionKey]:
        return [
            DefinitionKey(path, number)
            for path, definitions in self._definitions.items()
            for number, definition in enumerate(definitions)
            if definition.kind is Kind.CLASS
        ]

    @cached_property
    def _body_scopes(self) -> dict[DefinitionKey, int]:
        found = {key: scope for own in self._anonymous.values() for scope, key in own.items()}
        for path, facts in self.files.items():
            for number, scope in enumerate(facts.scopes):
                if scope.definition >= 0:
                    found[DefinitionKey(path, scope.definition)] = number
        return found

    def class_at(self, path: str, scope: int) -> DefinitionKey | None:
        """Return the class whose body a scope is."""
        own = self.files[path].scopes[scope]
        if own.kind is not ScopeKind.CLASS:
            return None
        return DefinitionKey(path, own.definition) if own.definition >= 0 else self._anonymous[path].get(scope)

    def enclosing(self, path: str, scope: int) -> DefinitionKey | None:
        """Return the innermost class around a scope."""
        return next(iter(self.classes_around(path, scope)), None)

    def classes_around(self, path: str, scope: int) -> list[DefinitionKey]:
        """Return the classes around a scope, innermost first."""
        scopes, nearest = self.files[path].scopes, self._class_scopes(path)
        found = []
        while (scope := nearest[scope]) > 0:
            own = self.class_at(path, scope)
            if own is not None:
                found.append(own)
            scope = scopes[scope].parent
        return found

    def _class_scopes(self, path: str) -> list[int]:
        """Return, for each scope, the innermost one around it that is a class body, or 0."""
        found = self._nearest_classes.get(path)
        if found is None:
            found = self._nearest_classes[path] = [0]
            for number, scope in enumerate(self.files[path].scopes[1:], 1):
                found.append(number if scope.kind is ScopeKind.CLASS else found[scope.parent])
        return found

    @cached_property
    def _nearest_classes(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def owners(self) -> dict[DefinitionKey, DefinitionKey]:
        """For each definition that is a member of a class: the class, which may be anonymous."""
        found: dict[DefinitionKey, DefinitionKey] = {}
        for path, facts in self.files.items():
            for binding in facts.bindings:
                if binding.kind is BindingKind.DEFINITION:
                    owner = self.class_at(path, binding.scope)
                    if owner is not None:
                        found[DefinitionKey(path, binding.index)] = owner
            for number, definition in enumerate(facts.definitions):
                key = DefinitionKey(path, number)
                if definition.owner and (owner := self.class_at(path, self.scope_around(key))) is not None:
                    found[key] = owner
        return found

    def scope_around(self, key: DefinitionKey) -> int:
        own = self._body_scopes.get(key)
        if own is not None:
            return self.files[key.path].scopes[own].parent
        facts, start = self.files[key.path], self.definition(key).start
        parent = self.definition(key).parent
        scope = self._body_scopes.get(DefinitionKey(key.path, parent), 0) if parent >= 0 else 0
        if self.definition(key).owner:  # in the body of an anonymous class
            around = [n for n, s in enumerate(facts.scopes) if s.start <= start < s.end]
            scope = max(around, key=lambda n: facts.scopes[n].start)
        return scope

    def outermost(self, key: DefinitionKey) -> DefinitionKey:
        """Return the class of the file that a definition is in, or it is itself."""
        found = self._outermost.get(key)
        if found is None:
            definitions, start = self.files[key.path].definitions, self.definition(key).start
            top = (n for n, d in enumerate(definitions) if d.parent < 0 and d.start <= start < d.end)
            found = self._outermost[key] = DefinitionKey(key.path, next(top, key.number))
        return found

    def is_interface(self, of: ClassId) -> bool:
        """Say whether a class is an interface; of outside classes only those of the platform are."""
        if isinstance(of, str):
            return of in self._platform and self._platform[of].is_interface
        return self.definition(of).form in ("interface", "annotation")
