"""The shared core of the resolvers of languages whose names and members have declared types.

Access paths (hybridgym/facts.py) are walked to *values*: what is known of an expression without running it.
A language subclasses `TypedResolver` and answers the questions that only it can: what a name means outside
of local scopes, what a written type is, where a type's members come from, and what may be overridden.
"""

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from hybridgym.facts import Binding, BindingKind, Definition, FileFacts, Import, Kind, Reference, ScopeKind
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.typed_types import Member, Types
from hybridgym.resolvers.typed_values import (
    BUILTIN_VALUE,
    NOTHING_VALUE,
    Sort,
    Value,
    external,
    is_member,
    merged,
    split_path,
    unknown,
)


class TypedResolver(Types):
    """Answers for all files of one language (or of languages that import each other) in one repository."""

    ordered_scopes: ClassVar[frozenset[ScopeKind]] = frozenset(
        {ScopeKind.FUNCTION, ScopeKind.BLOCK, ScopeKind.LAMBDA, ScopeKind.COMPREHENSION}
    )
    """Scopes in which a name means what was last bound before its use; elsewhere order does not matter."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files)
        self.all_paths = all_paths
        self.build_files = build_files
        self._bindings: dict[str, dict[tuple[int, str], list[Binding]]] = {}

    # questions to the language

    @abstractmethod
    def global_name(self, path: str, name: str) -> Value:
        """Return what a name means that no scope of the file binds: of the package, of the language, unknown."""

    @abstractmethod
    def imported(self, path: str, imported: Import) -> Value:
        """Return what an import binds."""

    @abstractmethod
    def namespace_member(self, namespace: Value, name: str, path: str) -> Value:
        """Return what a package or module calls `name`; `path` is the file that asks."""

    @abstractmethod
    def written_type(self, path: str, scope: int, text: str, position: int) -> Value:
        """Return a value of the type that is written `text` in a scope: an INSTANCE, a CONTAINER, …"""

    def class_name(self, key: DefinitionKey, name: str) -> Value | None:
        """Return what a name means by itself inside a class, where classes are scopes (inherited members too)."""
        return None

    def written_bases(self, key: DefinitionKey) -> list[Value]:
        """Return the types that a type says it inherits from, in the order in which members are looked for."""
        definition = self.definition(key)
        scope = self.scope_around(key)
        return [self.value_of(key.path, scope, base, definition.start) for base in definition.bases]

    def untyped_parameter(self, path: str, binding: Binding, definition: Definition | None) -> Value:
        """Return the value of a parameter with no written type, such as the receiver."""
        return unknown("parameter")

    def element(self, value: Value) -> Value:
        """Return what indexing a value gives."""
        return unknown("element")

    def iterated(self, value: Value, index: int) -> Value:
        """Return what a loop over a value binds to its variable number `index` (-1: the only one)."""
        return unknown("iteration")

    def part(self, value: Value, index: int) -> Value:
        """Return part number `index` of a value that is taken apart."""
        if value.sort is Sort.CONTAINER and value.name == "tuple" and 0 <= index < len(value.parts):
            return value.parts[index]
        return unknown("unpacking")

    def awaited(self, value: Value) -> Value:
        """Return what awaiting a value gives."""
        return unknown("awaited")

    def bound_otherwise(self, path: str, binding: Binding) -> Value:
        """Return the value of a binding by `with`, `catch`, patterns and the like that has no annotation."""
        return unknown(str(binding.kind))

    def selected(self, value: Value, arguments: str, path: str, scope: int, position: int) -> Value:
        """Return the function that arguments choose of overloaded ones; `arguments` is what `(…)` holds in a path."""
        return unknown("several targets")

    def result(self, function: Value) -> Value:
        """Return what calling a function of the repository gives: a value of the written result type."""
        assert function.key is not None
        definition = self.definition(function.key)
        if not definition.returns:
            return unknown("result without a type")
        scope = self.scope_of(function.key)
        return self.type_at(function.key.path, scope, definition.returns, definition.keyword)

    def called_type(self, value: Value) -> Value:
        """Return what calling a type gives without `new`: a conversion, or an instance."""
        return Value(Sort.INSTANCE, value.key, how=value.how, parts=value.parts)

    def called_otherwise(self, value: Value) -> Value:
        """Return what calling an INSTANCE, a CONTAINER or something EXTERNAL gives."""
        return unknown("result of outside code" if value.sort is Sort.EXTERNAL else f"{value.sort} is called")

    def container_member(self, value: Value, name: str) -> Value:
        """Return a member of a type that is made of others; those of the language are no definitions."""
        return BUILTIN_VALUE

    def is_open(self, function: DefinitionKey, receiver: Value) -> str:
        """Say why a call of a method on a receiver may run another one; empty where it cannot."""
        definition = self.definition(function)
        if "abstract" in definition.flags:
            return "abstract method"
        if receiver.sort is not Sort.INSTANCE or receiver.exact or receiver.key is None:
            return ""
        return "may be overridden" if self.is_overridden(receiver.key, definition.name) else ""

    def type_is_called(self, value: Value) -> Resolution:
        """Answer for a call of a type without `new`."""
        return Resolution(Outcome.BUILTIN, None, "conversion")

    def special_member(self, value: Value, name: str, path: str) -> Value | None:
        """Return a member that no definition or field gives, or None; it is asked first."""
        return None

    def missing_member(self, value: Value, name: str) -> Value:
        """Return what a type's member is that neither it nor its known bases have."""
        assert value.key is not None
        outside = [b for b in self.ancestry(value.key)[1] if b.sort is not Sort.EXTERNAL]
        if outside:
            return unknown("base is not known")
        if self.is_overridden(value.key, name):
            return unknown("may be overridden")
        bases = [b.name for b in self.ancestry(value.key)[1]]
        return external(f"{bases[0]}.{name}") if bases else unknown("no such member")

    # answers

    def resolve(self, path: str) -> list[Resolution]:
        """Return a resolution for each reference of a file, in their order."""
        return [self.answer(path, reference) for reference in self.files[path].references]

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return the types of the repository that a type directly inherits from."""
        return [v.key for v in self.base_values(key) if v.sort is Sort.TYPE and v.key is not None]

    def imported_files(self, path: str) -> list[tuple[str, DefinitionKey | None]]:
        """Return what a file imports from the repository: files, and definitions where they are named."""
        found: dict[tuple[str, DefinitionKey | None], None] = {}
        for imported in self.files[path].imports:
            value = self.steps.apart(lambda i=imported: self.imported(path, i))  # type: ignore[misc]
            if value.key is not None:
                found[value.key.path, value.key] = None
            elif value.sort is Sort.NAMESPACE:
                found.update(dict.fromkeys((file, None) for file in self.files_of(value)))
        return list(found)

    def files_of(self, namespace: Value) -> list[str]:
        """Return the files of a package or module, sorted."""
        return [namespace.name] if namespace.name in self.files else []

    def answer(self, path: str, reference: Reference) -> Resolution:
        """Return the resolution of one reference."""
        created = reference.path.endswith("!")
        text = reference.path[:-1] if created else reference.path
        value = self.steps.apart(lambda: self.value_of(path, reference.scope, text, reference.start))
        if value.sort is Sort.OVERLOADED:
            given = ",".join(reference.arguments)
            value = self.steps.apart(lambda: self.selected(value, given, path, reference.scope, reference.start))
        return self.resolution(path, reference, value, created)

    def resolution(self, path: str, reference: Reference, value: Value, created: bool) -> Resolution:
        """Write a value that is called (or `created` by `new`) down as an answer."""
        match value.sort:
            case Sort.FUNCTION:
                return Resolution(Outcome.RESOLVED, value.key, value.how)
            case Sort.TYPE:
                return Resolution(Outcome.RESOLVED, value.key, value.how) if created else self.type_is_called(value)
            case Sort.EXTERNAL:
                return Resolution(Outcome.EXTERNAL, None, value.name)
            case Sort.BUILTIN:
                return Resolution(Outcome.BUILTIN, None, value.name or "builtin")
            case Sort.UNKNOWN:
                return self.unknown_answer(reference, value)
            case Sort.OVERLOADED:
                return Resolution(Outcome.UNRESOLVED, None, "several targets")
            case _:
                return Resolution(Outcome.UNRESOLVED, None, f"{value.sort} is called")

    def unknown_answer(self, reference: Reference, value: Value) -> Resolution:
        """Answer for a call of which nothing is known; a member that nothing here has is somebody else's."""
        receiver, _, name = reference.path.rpartition(".")
        if receiver and is_member(name) and name not in self.known_names:
            return Resolution(Outcome.EXTERNAL, None, f"?.{name}")
        return Resolution(Outcome.UNRESOLVED, None, value.name)

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Names that a definition, a variable or a field of the repository has."""
        found: set[str] = set()
        for facts in self.files.values():
            found.update(d.name for d in facts.definitions)
            found.update(b.name for b in facts.bindings)
            found.update(s.name for s in facts.stores)
            found.update(facts.dynamic_names)
        return frozenset(found)

    # values

    def value_of(self, path: str, scope: int, text: str, position: int) -> Value:
        """Return the value of an access path that is looked up in a scope, at a byte."""
        if "|" in text and "<" not in text:
            parts = [self.value_of(path, scope, part, position) for part in text.split("|")]
            return merged(parts)
        base, trailers = split_path(text)
        value = self._base_value(path, scope, base, position)
        for trailer in trailers:
            if value.sort is Sort.UNKNOWN:
                return value
            value = self.trailed(value, trailer, path, scope, position)
        return value

    def trailed(self, value: Value, trailer: str, path: str, scope: int, position: int) -> Value:
        """Return the value of an expression with one trailer more."""
        match trailer[0]:
            case "." | ":":
                return self.member(value, trailer.lstrip(".:"), path)
            case "(":
                return self.called(value, trailer[1:-1], path, scope, position)
            case "[":
                return value if trailer == "[:]" else self.element(value)
            case "!":
                return self.created(value)
            case "@":
                return self.awaited(value)
        return unknown("expression")

    def _base_value(self, path: str, scope: int, base: str, position: int) -> Value:
        if base.startswith("<"):
            return self.type_at(path, scope, base[1:-1], position)
        if base == "None":
            return NOTHING_VALUE
        if base in ("''", "#", "[", "{", "("):
            return self.literal(base)
        if base == "\\":
            return Value(Sort.BUILTIN, name="lambda")
        if base in ("", "?"):
            return unknown("expression")
        return self.name_value(path, scope, base, position)

    def literal(self, base: str) -> Value:
        """Return the value of a literal: `''`, `#`, `[`, `{` or `(`."""
        return BUILTIN_VALUE

    def type_at(self, path: str, scope: int, text: str, position: int) -> Value:
        """Return a value of a written type, computed once for each scope."""
        return self.steps.once(("type", path, scope, text), lambda: self.written_type(path, scope, text, position))

    def name_value(self, path: str, scope: int, name: str, position: int) -> Value:
        """Return what a name means in a scope, at a byte: the innermost binding, or what is global."""
        scopes = self.files[path].scopes
        while scope >= 0:
            own = scopes[scope]
            if own.kind is ScopeKind.CLASS:
                if own.definition >= 0:
                    found = self.class_name(DefinitionKey(path, own.definition), name)
                    if found is not None:
                        return found
            else:
                bound = self.bindings_of(path).get((scope, name))
                if bound:
                    visible = self.visible(bound, own.kind, position)
                    if visible:
                        return merged([self.binding_value(path, b) for b in visible])
            scope = own.parent
        return self.global_name(path, name)

    def visible(self, bound: Sequence[Binding], kind: ScopeKind, position: int) -> Sequence[Binding]:
        """Return those bindings of a name in one scope that may hold at a byte; none lets the scope around decide."""
        if kind not in self.ordered_scopes:
            return bound
        last = bisect_right([b.position for b in bound], position)
        return bound[last - 1 : last] if last else ()

    def bindings_of(self, path: str) -> dict[tuple[int, str], list[Binding]]:
        """Return the bindings of a file by scope and name, each in file order."""
        found = self._bindings.get(path)
        if found is None:
            found = self._bindings[path] = {}
            for binding in sorted(self.files[path].bindings, key=lambda b: b.position):
                found.setdefault((binding.scope, binding.name), []).append(binding)
        return found

    def binding_value(self, path: str, binding: Binding) -> Value:
        """Return what a binding gives its name."""
        key = ("binding", path, binding.scope, binding.name, binding.position, binding.kind, binding.index)
        return self.steps.once(key, lambda: self._bound(path, binding))

    def _bound(self, path: str, binding: Binding) -> Value:
        facts = self.files[path]
        if binding.kind is BindingKind.DEFINITION:
            return self.defined(DefinitionKey(path, binding.index), "lexical")
        if binding.kind is BindingKind.IMPORT:
            return self.imported(path, facts.imports[binding.index])
        if binding.annotation:
            return self.type_at(path, binding.scope, binding.annotation, binding.position)
        if binding.kind is BindingKind.PARAMETER:
            number = facts.scopes[binding.scope].definition
            return self.untyped_parameter(path, binding, facts.definitions[number] if number >= 0 else None)
        if not binding.value:
            return self.bound_otherwise(path, binding)
        value = self.value_of(path, binding.scope, binding.value, binding.position - 1)
        if binding.kind is BindingKind.ASSIGNMENT:
            return value
        if value.sort is Sort.UNKNOWN:
            return value
        if binding.kind is BindingKind.ITERATION:
            return self.iterated(value, binding.index)
        if binding.kind is BindingKind.UNPACKING:
            return self.part(value, binding.index)
        return self.bound_otherwise(path, binding)

    def defined(self, key: DefinitionKey, how: str) -> Value:
        """Return the value of a definition's name."""
        is_type = self.definition(key).kind is Kind.CLASS
        return Value(Sort.TYPE if is_type else Sort.FUNCTION, key, how=how)

    def member(self, value: Value, name: str, path: str) -> Value:
        """Return what `.name` of a value is; `path` is the file that asks."""
        special = self.special_member(value, name, path)
        if special is not None:
            return special
        match value.sort:
            case Sort.NAMESPACE:
                return self.namespace_member(value, name, path)
            case Sort.TYPE | Sort.INSTANCE:
                return self.type_member(value, name)
            case Sort.EXTERNAL:
                return external(f"{value.name}.{name}")
            case Sort.BUILTIN:
                return BUILTIN_VALUE
            case Sort.CONTAINER:
                return self.container_member(value, name)
            case _:
                return unknown(f"member of {value.sort}")

    def type_member(self, value: Value, name: str) -> Value:
        """Return a member of a type or of its instance: a method that cannot be another one, or a field's value."""
        assert value.key is not None
        for owner in self.ancestry(value.key)[0]:
            found = self.members(owner).get(name)
            if not found:
                continue
            how = "class" if value.sort is Sort.TYPE else (value.how or "attribute")
            values = [self.member_value(owner, member, how) for member in found]
            if all(v.sort is Sort.FUNCTION for v in values):
                reasons = [self.is_open(v.key, value) for v in values if v.key is not None]
                if any(reasons):
                    return unknown(next(filter(None, reasons)))
                return values[0] if len(values) == 1 else Value(Sort.OVERLOADED, parts=tuple(values), how=how)
            return merged(values)
        return self.missing_member(value, name)

    def member_value(self, owner: DefinitionKey, member: Member, how: str) -> Value:
        """Return the value of a member: a definition, or a field by its declared type or its initializer."""
        if isinstance(member, DefinitionKey):
            return self.defined(member, how)
        return self.binding_value(owner.path, member)

    def created(self, value: Value) -> Value:
        """Return what `new` makes of a value."""
        if value.sort is Sort.TYPE:
            return Value(Sort.INSTANCE, value.key, how="attribute", parts=value.parts, exact=True)
        return value if value.sort in (Sort.EXTERNAL, Sort.BUILTIN) else unknown(f"{value.sort} is created")

    def called(self, value: Value, arguments: str, path: str, scope: int, position: int) -> Value:
        """Return what calling a value gives."""
        if value.sort is Sort.OVERLOADED:
            value = self.selected(value, arguments, path, scope, position)
        match value.sort:
            case Sort.FUNCTION:
                return self.steps.once(("result", value.key, value.parts), lambda: self.result(value))
            case Sort.TYPE:
                return self.called_type(value)
            case Sort.BUILTIN | Sort.UNKNOWN:
                return value
            case _:
                return self.called_otherwise(value)
