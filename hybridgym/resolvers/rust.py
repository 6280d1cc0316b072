"""Rust: references to definitions (docs/dependencies.md says what counts)."""

from typing import ClassVar

from hybridgym.facts import Binding, BindingKind, Definition, Kind, Reference, ScopeKind
from hybridgym.languages.rust_tokens import PLAIN_MACROS, SILENT_MACROS
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.rust_names import Found
from hybridgym.resolvers.rust_outside import RustOutside
from hybridgym.resolvers.rust_tables import Meaning, Space, Word
from hybridgym.resolvers.rust_types import OPEN, container, found_by
from hybridgym.resolvers.rust_written import written
from hybridgym.resolvers.typed_values import BUILTIN_VALUE, Sort, Value, external, is_member, split_path, unknown

LOCAL = frozenset({BindingKind.ASSIGNMENT, BindingKind.PARAMETER})
MACRO_CRATES = frozenset({"std", "core", "alloc", "log", "tracing", "anyhow"})
"""Crates whose macros take plain expressions."""
OUTSIDE_MACROS = frozenset({"trace", "debug", "info", "warn", "error", "log", "anyhow", "bail", "ensure"})


class RustResolver(RustOutside):
    """Answers for all Rust files of one repository."""

    ordered_scopes: ClassVar[frozenset[ScopeKind]] = frozenset({ScopeKind.FUNCTION, ScopeKind.BLOCK, ScopeKind.LAMBDA})

    # answers

    def answer(self, path: str, reference: Reference) -> Resolution:
        text = reference.path
        if text.endswith("!"):
            return self._macro(path, reference, text[:-1])
        value = self.steps.apart(lambda: self.expression(path, reference.scope, text, reference.start, called=True))
        match value.sort:
            case Sort.TYPE:
                return Resolution(Outcome.RESOLVED, value.key, value.how)
            case Sort.CONTAINER:
                return Resolution(Outcome.UNRESOLVED, None, "function value")
            case Sort.INSTANCE | Sort.NAMESPACE:
                return Resolution(Outcome.UNRESOLVED, None, "value is called")
        return self.resolution(path, reference, value, created=False)

    def unknown_answer(self, reference: Reference, value: Value) -> Resolution:
        receiver, _, name = reference.path.rpartition(".")
        if receiver and is_member(name) and name not in self.method_names and "::" not in name:
            return Resolution(Outcome.EXTERNAL, None, f"?.{name}")
        return Resolution(Outcome.UNRESOLVED, None, value.name)

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        found: dict[DefinitionKey, None] = {}
        for impl in self.impls_of.get(key, ()):
            if impl.trait is not None:
                found[impl.trait] = None
        for text in self.definition(key).bases:
            scope = self.scope_around(key)
            names = text.partition("<")[0].split("::")
            meaning = self.names.path(key.path, scope, [n for n in names if n] or ["?"], Space.TYPES).meaning
            if meaning.word is Word.DEFINITION and not meaning.member:
                found[DefinitionKey(meaning.path, meaning.number)] = None
        return list(found)

    def written_bases(self, key: DefinitionKey) -> list[Value]:
        return []

    # macros

    def _macro(self, path: str, reference: Reference, text: str) -> Resolution:
        first, _, rest = text.partition("::")
        name = text.rpartition("::")[2]
        if name not in self.names.macros:
            if name in OUTSIDE_MACROS:
                crate = first if rest else self._macro_crate(path, reference.scope, name)
                if crate in MACRO_CRATES:
                    return Resolution(Outcome.EXTERNAL, None, f"{crate}::{name}!")
            elif (name in PLAIN_MACROS or name in SILENT_MACROS) and (not rest or first in MACRO_CRATES):
                return Resolution(Outcome.BUILTIN, None, f"{name}!")
        return Resolution(Outcome.UNRESOLVED, None, "macro")

    def _macro_crate(self, path: str, scope: int, name: str) -> str:
        """Return the crate that a macro is imported from, or that gives all its macros to this one."""
        meaning = self.names.path(path, scope, [name], Space.TYPES).meaning
        if meaning.word is Word.EXTERNAL:
            return meaning.name.partition("::")[0]
        modules = self.names.modules
        roots = [modules.all[modules.all[n].root].path for n in modules.around(path, scope)]
        declared = {i.name for root in roots for i in self.files[root].imports if i.module == "$"}
        return next((crate for crate in sorted(MACRO_CRATES) if crate in declared), "")

    # expressions

    def value_of(self, path: str, scope: int, text: str, position: int) -> Value:
        return self.expression(path, scope, text, position, called=False)

    def expression(self, path: str, scope: int, text: str, position: int, *, called: bool) -> Value:
        """Return the value of an access path; where it is `called`, a member at its end is a method."""
        if "|" in text:  # all are of one type
            values = [self.expression(path, scope, part, position, called=False) for part in text.split("|")]
            known = next((v for v in values if v.sort is not Sort.UNKNOWN), values[0])
            is_callable = known.sort in (Sort.FUNCTION, Sort.TYPE, Sort.BUILTIN) or known.name == "function"
            return unknown("one of several functions") if is_callable else known
        base, trailers = split_path(text)
        if not trailers and base != "self":
            return self._base(path, scope, [base], position)
        place = 0
        names = [base]
        while place < len(trailers) and trailers[place].startswith("::"):
            names.append(trailers[place][2:])
            place += 1
        value = self._base(path, scope, names, position)
        if value.sort is Sort.UNKNOWN and place < len(trailers) and trailers[place].startswith(".$"):  # a pattern
            value = self._named(self.names.path(path, scope, names, Space.TYPES), path)
        if names == ["self"] and value.sort is Sort.INSTANCE:
            value = value._replace(how="self")
        while place < len(trailers):
            trailer = trailers[place]
            following = trailers[place + 1] if place + 1 < len(trailers) else "(" if called else ""
            if names == ["self"] and not place and self._is_twice_referred(path, scope, trailer[1:]):
                value = unknown("reference to a reference")
            elif trailer[0] == "." and not trailer.startswith(".$") and following[:1] == "(":
                value = self.method(self._as_instance(value), trailer[1:])
            elif trailer[0] == "." and following.startswith(".$given"):
                value = self.given(self._as_instance(value), trailer[1:], following)
                place += 1
            elif value.sort is Sort.UNKNOWN:
                return value
            elif trailer.startswith(".$in_"):
                value = self._held(path, scope, value, trailer[5:])
            else:
                value = self.trailed(value, trailer, path, scope, position)
            place += 1
        return value

    def _is_twice_referred(self, path: str, scope: int, name: str) -> bool:
        """Say whether `self` is a reference to a reference, for which traits may have methods of their own."""
        if name not in self.open_names:
            return False
        around = self.self_scope(path, scope)
        binding = self.other(path, around, "Self", "impl") if around >= 0 else None
        return binding is not None and binding.annotation.startswith("&")

    def trailed(self, value: Value, trailer: str, path: str, scope: int, position: int) -> Value:
        match trailer[0]:
            case "(":
                return self.called(value, "", path, scope, position)
            case "!":
                is_unwrapped = value.sort is Sort.CONTAINER and value.name in ("Option", "Result") and value.parts
                return self._instance_by(value.parts[0], value.how) if is_unwrapped else unknown("result of `?`")
            case "@":
                is_future = value.sort is Sort.CONTAINER and value.name == "future"
                return found_by(value.parts[0], "return") if is_future else unknown("awaited")
            case "[":
                return value if trailer == "[:]" else self.element(value)
        name = trailer[1:]
        if name == "$deref":
            below = self.dereferenced(value)
            return value if below is None else below
        if name == "$each":
            return self.each(value)
        if name == "$err":
            is_result = value.sort is Sort.CONTAINER and value.name == "Result" and len(value.parts) > 1
            return value.parts[1] if is_result else unknown("error of unknown type")
        if name.startswith("$"):
            return self.field(value, f"{value.name}.{name[1:]}" if value.name else name[1:])
        return self.field_of(self._as_instance(value), name)

    def _base(self, path: str, scope: int, names: list[str], position: int) -> Value:
        base = names[0]
        if base.startswith("<"):
            return self._typed(path, scope, base[1:-1], names[1:], position)
        if len(names) == 1:
            if base in ("''", "#", "[", "(", "\\", "?", "{"):
                return self._literal(base)
            variable = self._variable(path, scope, base, position)
            if variable is not None:
                return variable
            if base == "Self":
                return self._self_called(path, scope)
        elif base == "Self":
            value = self.self_type(path, scope)
            found = self._associated(value, names[1]) if len(names) == 2 else OPEN
            return found._replace(how="self") if found.sort in (Sort.FUNCTION, Sort.TYPE) else found
        elif self.is_parameter(path, scope, base):
            return self._open_associated(names[-1])
        return self._named(self.names.path(path, scope, names, Space.VALUES), path)

    def _literal(self, base: str) -> Value:
        if base == "\\":
            return BUILTIN_VALUE._replace(name="closure")
        known = {"''": external("str"), "[": container("slice"), "(": container("tuple"), "#": external("number")}
        return known.get(base, unknown("expression"))

    def _typed(self, path: str, scope: int, text: str, names: list[str], position: int) -> Value:
        """Return `<T>`, a value of a type, or a function of it."""
        type_, _, trait = text.rpartition(" as ") if " as " in text else (text, "", "")
        value = self.type_at(path, scope, type_, position)
        if not names:
            return found_by(value, "constructor")
        if len(names) > 1:
            return unknown("associated type")
        if not trait:
            return self._associated(value, names[0])
        segments = written(trait).names
        meaning = self.names.path(path, scope, segments, Space.TYPES).meaning if segments else None
        if meaning is None or meaning.word is not Word.DEFINITION or value.sort is Sort.UNKNOWN:
            return self._open_associated(names[0])
        return found_by(self.of_trait(value, DefinitionKey(meaning.path, meaning.number), names[0]), "class")

    def _self_called(self, path: str, scope: int) -> Value:
        value = self.self_type(path, scope)
        if value.sort is Sort.INSTANCE:
            return value._replace(sort=Sort.TYPE, how="self")
        return unknown("Self is not known")

    def _named(self, found: Found, path: str) -> Value:
        """Return the value that an item is."""
        meaning, how = found
        match meaning.word:
            case Word.DEFINITION if not meaning.member:
                key = DefinitionKey(meaning.path, meaning.number)
                if how == "lexical" and meaning.path != path:
                    how = "import"
                return self.defined(key, how)
            case Word.VARIANT:
                key = DefinitionKey(meaning.path, meaning.number)
                return Value(Sort.TYPE, key, name=meaning.member, how="import" if how == "import" else "class")
            case Word.DEFINITION:
                if self.definition(DefinitionKey(meaning.path, meaning.number)).form == "trait":
                    return self._open_associated(meaning.member)
                return self._associated(self.instance(meaning._replace(member=""), ()), meaning.member)
            case Word.ALIAS:
                value = self.instance(meaning._replace(member=""), ())
                if meaning.member:
                    return self._associated(value, meaning.member)
                return value._replace(sort=Sort.TYPE) if value.sort is Sort.INSTANCE else unknown("alias is called")
            case Word.CONST:
                binding = self.files[meaning.path].bindings[meaning.number]
                value = self.type_at(meaning.path, binding.scope, binding.annotation, binding.position)
                return found_by(value, "annotation")
            case Word.EXTERNAL:
                return self._outside(meaning)
        return unknown(meaning.name or str(meaning.word))

    def _outside(self, meaning: Meaning) -> Value:
        """Return something outside: a function of a trait or type of others may be one that the repository gives it."""
        before, _, name = meaning.name.rpartition("::")
        last = before.rpartition("::")[2]
        if last in self.outside_traits and name in self.method_names:
            return unknown("trait of others")
        if (last, name) in self.offers:
            return unknown("method of an outside type")
        return external(meaning.name)

    def _open_associated(self, name: str) -> Value:
        return unknown("generic or dyn") if name in self.method_names else external(f"?::{name}")

    def _associated(self, value: Value, name: str) -> Value:
        """Return `T::name`: a variant, a function, a constant."""
        if value.sort is Sort.UNKNOWN:
            return value
        if value.sort is Sort.CONTAINER and value.name == "open":
            return self._open_associated(name)
        if value.key is not None:
            meaning = Meaning(Word.DEFINITION, value.key.path, value.key.number)
            if self.names.tables.variant(meaning, name) is not None:
                return Value(Sort.TYPE, value.key, name=name, how="class", parts=value.parts)
        found = self.associated(value, name) or self.constant(value, name)
        if found is not None:
            return found._replace(how="class") if found.sort is Sort.FUNCTION else found
        if value.key is None:
            return Value(Sort.EXTERNAL, name=f"{value.name}::{name}", parts=(value,))
        missing = self._missing(value, name)
        return missing if self.dereferenced(value) is None else unknown("no such function")

    # variables

    def _variable(self, path: str, scope: int, name: str, position: int) -> Value | None:
        """Return the value of a local variable; None where a name is none."""
        scopes, bindings = self.files[path].scopes, self.bindings_of(path)
        while scope >= 0:
            own = scopes[scope]
            if own.kind is ScopeKind.MODULE:
                return None
            bound = bindings.get((scope, name)) if own.kind is not ScopeKind.CLASS else None
            if bound:
                local = [b for b in bound if b.kind in LOCAL and b.position <= position]
                if local:
                    return self._local(path, local[-1])
                if any(b.kind not in LOCAL for b in bound):
                    return None  # an item of the block
            scope = own.parent
        return None

    def _local(self, path: str, binding: Binding) -> Value:
        value = self.binding_value(path, binding)
        if binding.annotation:
            return found_by(value, "annotation")
        if value.sort is Sort.FUNCTION and not value.parts:
            return value._replace(how="alias")
        return value

    def untyped_parameter(self, path: str, binding: Binding, definition: Definition | None) -> Value:
        return unknown("parameter")

    def _as_instance(self, value: Value) -> Value:
        """A unit struct and a variant without fields are values as they are written."""
        if value.sort is Sort.EXTERNAL and value.name.startswith("?::"):
            return unknown("generic or dyn")
        if value.sort is Sort.TYPE and value.key is not None and self.definition(value.key).kind is Kind.CLASS:
            return value._replace(sort=Sort.INSTANCE, name="")
        return value

    def _instance_by(self, value: Value, how: str) -> Value:
        return found_by(value, how or "return")

    # results of calls

    def called_type(self, value: Value) -> Value:
        return Value(Sort.INSTANCE, value.key, how="constructor", parts=value.parts)

    def called(self, value: Value, arguments: str, path: str, scope: int, position: int) -> Value:
        match value.sort:
            case Sort.FUNCTION:
                return self.steps.once(("result", value.key, value.parts), lambda: self.result(value))
            case Sort.TYPE:
                return self.called_type(value)
            case Sort.EXTERNAL:
                return self.outside_result(value)
            case Sort.CONTAINER if value.name == "function":
                return found_by(value.parts[0], "return") if value.parts else container("tuple")
            case Sort.UNKNOWN:
                return value
        return unknown("result of a closure" if value.sort is Sort.BUILTIN else "result of a value")

    def _held(self, path: str, scope: int, value: Value, name: str) -> Value:
        """Return `Box::new(value)` and the like, where that is what std calls so."""
        space = Space.VALUES if name in ("Some", "Ok") else Space.TYPES
        meaning = self.names.path(path, scope, [name], space).meaning
        if meaning.word is not Word.EXTERNAL:
            return unknown("holder of unknown type")
        return container({"Some": "Option", "Ok": "Result"}.get(name, name), self._as_instance(value))
