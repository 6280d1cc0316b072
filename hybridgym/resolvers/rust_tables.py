"""The items of Rust's modules and blocks, by name, as they are written."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from hybridgym.facts import Binding, BindingKind, FileFacts, Import, Kind, Scope, ScopeKind

ITEM_SCOPES = frozenset({ScopeKind.MODULE, ScopeKind.FUNCTION, ScopeKind.BLOCK, ScopeKind.LAMBDA})


class Space(StrEnum):
    """What kind of thing a name is asked for."""

    TYPES = "types"
    VALUES = "values"


class Word(StrEnum):
    """What a name can mean."""

    DEFINITION = "definition"
    VARIANT = "variant"
    """Of an enum, which is the definition; `member` is its name."""
    MODULE = "module"
    """`number` is that of the module."""
    ALIAS = "alias"
    """`type X = …`: `number` is that of the binding."""
    CONST = "const"
    """A constant or a static: `number` is that of the binding."""
    EXTERNAL = "external"
    """`name` is its path."""
    UNKNOWN = "unknown"
    """`name` says why."""


class Meaning(NamedTuple):
    """What a name means."""

    word: Word
    path: str = ""
    number: int = -1
    name: str = ""
    member: str = ""
    """What of a definition is meant that is not it: an associated function, a variant."""


def not_known(reason: str) -> Meaning:
    """Return the meaning of a name of which nothing is known."""
    return Meaning(Word.UNKNOWN, name=reason)


class Item(NamedTuple):
    """An entry of a scope."""

    name: str
    meaning: Meaning
    imported: Import | None
    is_module: bool
    is_public: bool
    is_conditional: bool


NOTHING = not_known("")


class Table(NamedTuple):
    """The items of one module or block."""

    items: dict[tuple[Space, str], list[Item]]
    globs: list[Item]

    def defines(self, space: Space, name: str) -> bool:
        """Say whether the scope itself defines a name, and does not import it."""
        return any(item.imported is None for item in self.items.get((space, name), ()))


Adder = Callable[[int, Item, tuple[Space, ...]], None]


class Tables:
    """The items of all scopes of a repository."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._files = files
        self._tables: dict[str, dict[int, Table]] = {}
        self._variants: dict[str, dict[int, frozenset[str]]] = {}

    def of(self, path: str, scope: int) -> Table | None:
        """Return the items of a scope."""
        tables = self._tables.get(path)
        if tables is None:
            tables = self._tables[path] = self._read(path)
        return tables.get(scope)

    def variant(self, meaning: Meaning, name: str) -> Meaning | None:
        """Return the variant of an enum that has a name."""
        if meaning.word is not Word.DEFINITION:
            return None
        found = self._variants.get(meaning.path)
        if found is None:
            found = self._variants[meaning.path] = self._read_variants(self._files[meaning.path])
        if name not in found.get(meaning.number, ()):
            return None
        return meaning._replace(word=Word.VARIANT, member=name)

    @staticmethod
    def _read_variants(facts: FileFacts) -> dict[int, frozenset[str]]:
        found: dict[int, set[str]] = {}
        for binding in facts.bindings:
            if binding.kind is BindingKind.OTHER and binding.value == "pub variant":
                found.setdefault(facts.scopes[binding.scope].definition, set()).add(binding.name)
        return {number: frozenset(names) for number, names in found.items()}

    def _read(self, path: str) -> dict[int, Table]:
        facts, tables = self._files[path], dict[int, Table]()
        scopes = facts.scopes

        def add(scope: int, item: Item, spaces: tuple[Space, ...]) -> None:
            if scopes[scope].kind in ITEM_SCOPES:
                table = tables.setdefault(scope, Table({}, []))
                for space in spaces:
                    table.items.setdefault((space, item.name), []).append(item)

        fields: dict[int, str] = {}
        for binding in facts.bindings:
            if binding.kind is BindingKind.ASSIGNMENT and scopes[binding.scope].kind is ScopeKind.CLASS:
                fields.setdefault(binding.scope, binding.name)
        for number, scope in enumerate(scopes):
            if scope.definition >= 0:
                self._define(path, number, scope, fields.get(number, "0"), add)
        for number, binding in enumerate(facts.bindings):
            if binding.kind is BindingKind.OTHER:
                self._bind(path, number, binding, add)
            elif binding.kind is BindingKind.IMPORT:
                imported = facts.imports[binding.index]
                item = Item(binding.name, NOTHING, imported, False, imported.level == 1, binding.conditional)
                if imported.name == "*":
                    if scopes[binding.scope].kind in ITEM_SCOPES:
                        tables.setdefault(binding.scope, Table({}, [])).globs.append(item)
                elif binding.name != "_":
                    add(binding.scope, item, (Space.TYPES, Space.VALUES))
        return tables

    def _define(self, path: str, number: int, scope: Scope, first_field: str, add: Adder) -> None:
        definition = self._files[path].definitions[scope.definition]
        if definition.kind is Kind.METHOD:
            return
        meaning = Meaning(Word.DEFINITION, path, scope.definition)
        is_public, is_conditional = "pub" in definition.flags, "conditional" in definition.flags
        spaces: tuple[Space, ...] = (Space.TYPES,) if definition.kind is Kind.CLASS else (Space.VALUES,)
        if definition.form == "struct" and first_field == "0":  # it is a function, or a constant, of that name too
            spaces = (Space.TYPES, Space.VALUES)
        add(scope.parent, Item(definition.name, meaning, None, False, is_public, is_conditional), spaces)

    @staticmethod
    def _bind(path: str, number: int, binding: Binding, add: Adder) -> None:
        what = binding.value.removeprefix("pub ")
        meaning = {
            "mod": NOTHING,
            "type": Meaning(Word.ALIAS, path, number),
            "const": Meaning(Word.CONST, path, number),
            "extern": Meaning(Word.EXTERNAL, name=binding.name),
        }.get(what)
        if meaning is not None:
            spaces = (Space.TYPES,) if what in ("mod", "type") else (Space.VALUES,)
            item = Item(binding.name, meaning, None, what == "mod", what != binding.value, binding.conditional)
            add(binding.scope, item, spaces)
