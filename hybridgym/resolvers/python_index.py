"""What is known of a Python repository before anything is inferred: names per scope, stores, bound names."""

from collections import defaultdict
from collections.abc import Mapping

from hybridgym.facts import AttributeStore, Binding, BindingKind, FileFacts, Import, Kind, ScopeKind
from hybridgym.languages.python import Python
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_access import is_tuple
from hybridgym.resolvers.python_modules import Modules

LITERALS = frozenset({"''", "#", "[", "{", "(", "None"})
"""Values that cannot be called."""
ANSWERING = frozenset({"__getattr__", "__getattribute__"})
DELEGATING = LITERALS | {
    "",
    "getattr()",
    "super().__getattr__()",
    "super().__getattribute__()",
    "object.__getattribute__()",
    "object.__getattr__()",
}
FILLING = tuple(f".{method}" for method in "add append appendleft extend extendleft insert setdefault update".split())
"""Methods that put something into a container."""
PlacedStore = tuple[str, AttributeStore]
"""The file and the store."""


def is_literal(path: str) -> bool:
    """Say whether an access path is that of a value that cannot be called."""
    return path in LITERALS or is_tuple(path)


def _last_name(path: str) -> str:
    """Return the last name of an access path, without what follows it."""
    return path.partition("[")[0].rpartition(".")[2]


class Index:
    """Lookups over the facts of all files of a repository."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str]) -> None:
        self.files = files
        self.all_paths = all_paths
        self.modules = Modules(files)
        self._names: dict[str, list[dict[str, list[Binding]]]] = {}
        self._bodies: dict[str, dict[int, int]] = {}
        self._exports: dict[str, frozenset[str] | None] = {}
        self.self_stores: dict[DefinitionKey, dict[str, list[PlacedStore]]] = defaultdict(lambda: defaultdict(list))
        self.foreign_stores: dict[str, list[PlacedStore]] = {}
        """What non-test code assigns on something other than `self` or `cls`, by attribute name."""
        self.patched_globals: set[str] = set()
        """Attribute names that non-test code assigns on something it imported."""
        self.given_names: set[str] = set()
        """Names under which the repository hands objects to others: keyword arguments and the like."""
        self.filled_names: set[str] = set()
        """Names and attributes under which something is put into a container."""
        self.has_getattribute = False
        """Whether any class of the repository defines `__getattribute__`."""
        self.bound_names: set[str] = set()
        """Names that anything in the repository defines or gives to an object."""
        self.members: dict[str, tuple[str, int] | None] = {}
        """For the names that classes bind, the only class body that does (file and scope), or None if several do."""
        self.answering_files: set[str] = set()
        """Files with a class that answers for any attribute with more than another object's attributes."""
        for path, facts in files.items():
            self._collect(path, facts)

    def names(self, path: str, scope: int) -> dict[str, list[Binding]]:
        """Return the bindings of a scope by name, each list in the order of position."""
        table = self._names.get(path)
        if table is None:
            facts = self.files[path]
            table = [{} for _ in facts.scopes]
            for binding in sorted(facts.bindings, key=lambda b: b.position):
                table[binding.scope].setdefault(binding.name, []).append(binding)
            self._names[path] = table
        return table[scope]

    def stars(self, path: str) -> list[tuple[Import, bool]]:
        """Return the star imports of a module, last first, and whether they may not happen."""
        imports = self.files[path].imports
        bound = self.names(path, 0).get("*", ()) if any(i.name == "*" for i in imports) else ()
        return [(imports[b.index], b.conditional) for b in reversed(bound)]

    def exports(self, path: str) -> frozenset[str] | None:
        """Return what a module's literal `__all__` holds, or None."""
        if path not in self._exports:
            written = self.files[path].exports
            self._exports[path] = None if written is None else frozenset(written)
        return self._exports[path]

    def body_scope(self, key: DefinitionKey) -> int:
        """Return the scope that is a definition's body."""
        bodies = self._bodies.get(key.path)
        if bodies is None:
            scopes = self.files[key.path].scopes
            bodies = self._bodies[key.path] = {s.definition: i for i, s in enumerate(scopes) if s.definition >= 0}
        return bodies[key.number]

    def enclosing_class(self, path: str, scope: int) -> DefinitionKey | None:
        """Return the class whose body, or whose method's body, a scope lies in."""
        facts = self.files[path]
        while scope >= 0:
            here = facts.scopes[scope]
            if here.kind is ScopeKind.CLASS:
                return DefinitionKey(path, here.definition)
            scope = here.parent
        return None

    def method_of(self, path: str, scope: int, receiver: str) -> DefinitionKey | None:
        """Return the class whose method has `receiver` as its first parameter and holds a scope."""
        facts = self.files[path]
        while scope > 0:
            here = facts.scopes[scope]
            if here.definition >= 0 and here.kind is ScopeKind.FUNCTION:
                definition = facts.definitions[here.definition]
                names = [p.name for p in definition.parameters]
                if receiver in names:
                    is_first = definition.kind is Kind.METHOD and names[0] == receiver
                    return DefinitionKey(path, definition.parent) if is_first else None
            scope = here.parent
        return None

    def _only_delegates(self, facts: FileFacts, number: int) -> bool:
        """Say whether all that `__getattr__` gives are attributes that another object has under some name, or data."""
        scope = next(i for i, s in enumerate(facts.scopes) if s.definition == number)
        return all(r.path in DELEGATING for r in facts.returns if r.scope == scope)

    def _collect(self, path: str, facts: FileFacts) -> None:
        is_test = Python.is_test(path)
        self.bound_names.update(d.name for d in facts.definitions)
        self.bound_names.update(facts.dynamic_names)
        self.given_names.update(facts.dynamic_names)
        class_scopes = {i for i, s in enumerate(facts.scopes) if s.kind is ScopeKind.CLASS}
        if class_scopes:
            self._collect_members(path, [b for b in facts.bindings if b.scope in class_scopes])
        aliases = (BindingKind.ASSIGNMENT, BindingKind.IMPORT)  # a module that is passed around has them too
        self.bound_names.update(
            b.name for b in facts.bindings if b.scope == 0 and b.kind in aliases and not is_literal(b.value)
        )
        for number, definition in enumerate(facts.definitions):
            if definition.name in ANSWERING and definition.kind is Kind.METHOD:
                self.has_getattribute |= definition.name == "__getattribute__"
                if not self._only_delegates(facts, number):
                    self.answering_files.add(path)
        imported = {i.alias for i in facts.imports} if facts.stores else set()
        self.filled_names.update(
            _last_name(r.path.rpartition(".")[0]) for r in facts.references if r.path.endswith(FILLING)
        )
        for store in facts.stores:
            if store.name == "[]":
                self.filled_names.add(_last_name(store.receiver))
                continue
            if not is_literal(store.value):
                self.bound_names.add(store.name)
            owner = self.method_of(path, store.scope, store.receiver) if store.receiver.isidentifier() else None
            if owner is not None:
                self.self_stores[owner][store.name].append((path, store))
            elif not is_test:
                self.foreign_stores.setdefault(store.name, []).append((path, store))
                if store.receiver.partition(".")[0] in imported:
                    self.patched_globals.add(store.name)

    def _collect_members(self, path: str, bindings: list[Binding]) -> None:
        for binding in bindings:
            body = (path, binding.scope)
            if self.members.setdefault(binding.name, body) != body:
                self.members[binding.name] = None
        self.bound_names.update(b.name for b in bindings)
