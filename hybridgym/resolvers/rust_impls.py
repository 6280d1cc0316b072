"""Rust's methods: impl blocks and traits of the repository, and which method a call on a type means."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from hybridgym.facts import Binding, BindingKind, Kind, ScopeKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.rust_crates import STANDARD
from hybridgym.resolvers.rust_std import DERIVED, NOT_HOLDING, OWN_METHODS, SMART
from hybridgym.resolvers.rust_tables import Space, Word
from hybridgym.resolvers.rust_types import OPEN, UNKNOWN_TYPE, RustTypes, found_by
from hybridgym.resolvers.rust_written import written
from hybridgym.resolvers.typed_values import Sort, Value, external, unknown

POINTING = frozenset({"PathBuf", "OsString", "CString", "IoSlice", "IoSliceMut"})
"""Types of std that give the methods of others, and are not followed."""
CONSTANTS = frozenset({"const", "pub const"})
MAX_STEPS = 8
"""How often a value is dereferenced in search of a method."""


class Impl(NamedTuple):
    """An impl block."""

    path: str
    scope: int
    own: Value
    """A value of its type."""
    trait: DefinitionKey | None
    """The trait, where it is one of the repository."""
    trait_name: str
    """Last name of the trait; empty where the block is inherent."""
    methods: Mapping[str, tuple[DefinitionKey, ...]]
    is_reference: bool
    """Whether it is for `&T`, not for `T`."""
    is_partial: bool
    """Whether a macro gives it more methods."""


class Candidate(NamedTuple):
    """A method that a call may mean."""

    method: DefinitionKey
    impl: Impl


class RustImpls(RustTypes):
    """The part of the resolver that knows methods."""

    @cached_property
    def impls(self) -> list[Impl]:
        """All impl blocks of the repository."""
        found: list[Impl] = []
        for path, facts in self.files.items():
            methods: dict[int, dict[str, list[DefinitionKey]]] = {}
            for number, scope in ((s.definition, s.parent) for s in facts.scopes if s.definition >= 0):
                definition = facts.definitions[number]
                if definition.kind is Kind.METHOD:
                    named = methods.setdefault(scope, {})
                    named.setdefault(definition.name, []).append(DefinitionKey(path, number))
            partial = {r.scope for r in facts.references if r.path.endswith("!")}
            for scope, region in enumerate(facts.scopes):
                if region.kind is ScopeKind.CLASS and region.definition < 0:
                    found.append(self._impl(path, scope, methods.get(scope, {}), scope in partial))
        return found

    def _impl(self, path: str, scope: int, methods: Mapping[str, list[DefinitionKey]], partial: bool) -> Impl:
        own = self.steps.apart(lambda: self.self_type(path, scope))
        trait, name = None, ""
        binding = self.other(path, scope, "Self", "trait")
        if binding is not None:
            names = written(binding.annotation).names
            name = names[-1] if names else "?"
            around = self.files[path].scopes[scope].parent
            meaning = self.names.path(path, around, names, Space.TYPES).meaning if names else None
            if meaning is not None and meaning.word is Word.DEFINITION and not meaning.member:
                trait = DefinitionKey(meaning.path, meaning.number)
            elif meaning is None or meaning.word is not Word.EXTERNAL:
                name = "?"
        written_own = self.other(path, scope, "Self", "impl")
        is_reference = written_own is not None and written_own.annotation.startswith("&")
        named = {n: tuple(keys) for n, keys in methods.items()}
        return Impl(path, scope, own, trait, name, named, is_reference, partial)

    @cached_property
    def impls_of(self) -> dict[DefinitionKey | str, list[Impl]]:
        """Impl blocks by type: a definition, the name of a type of std, or `*` for those of every type."""
        found: dict[DefinitionKey | str, list[Impl]] = {}
        for impl in self.impls:
            found.setdefault(self.head(impl.own), []).append(impl)
        return found

    @staticmethod
    def head(value: Value) -> DefinitionKey | str:
        """Return what impl blocks of a value's type are found by."""
        if value.key is not None and value.sort is Sort.INSTANCE:
            return value.key
        if value.sort is Sort.UNKNOWN or value.name == "open":
            return "*"
        return value.name.rpartition("::")[2]

    @cached_property
    def trait_methods(self) -> dict[DefinitionKey, dict[str, DefinitionKey]]:
        """The methods of each trait of the repository."""
        found: dict[DefinitionKey, dict[str, DefinitionKey]] = {}
        for path, facts in self.files.items():
            for number, definition in enumerate(facts.definitions):
                is_inside = definition.parent >= 0 and facts.definitions[definition.parent].form == "trait"
                if is_inside and definition.kind is Kind.METHOD and not definition.owner:
                    own = found.setdefault(DefinitionKey(path, definition.parent), {})
                    own.setdefault(definition.name, DefinitionKey(path, number))
        return found

    @cached_property
    def open_names(self) -> frozenset[str]:
        """Names of methods that traits of the repository have, or that blocks for every type give."""
        names = {name for methods in self.trait_methods.values() for name in methods}
        return frozenset(names)

    @cached_property
    def method_names(self) -> frozenset[str]:
        """Names of all that can be called as a method, by what the repository says."""
        names = {name for impl in self.impls for name in impl.methods}
        return frozenset(names | self.open_names | self.names.hidden)

    @cached_property
    def outside_traits(self) -> frozenset[str]:
        """Names of the traits of others that types of the repository have."""
        return frozenset(impl.trait_name for impl in self.impls if impl.trait is None and impl.trait_name)

    @cached_property
    def offers(self) -> dict[tuple[DefinitionKey | str, str], list[Candidate]]:
        """Methods by the head of their block's type and by name."""
        found: dict[tuple[DefinitionKey | str, str], list[Candidate]] = {}
        for head, impls in self.impls_of.items():
            for impl in impls:
                for name, method in self._offered(impl):
                    found.setdefault((head, name), []).append(Candidate(method, impl))
        return found

    @cached_property
    def given_names(self) -> frozenset[str]:
        """Names of methods that the repository gives to types of others."""
        return frozenset(name for head, name in self.offers if isinstance(head, str))

    @cached_property
    def _everywhere(self) -> dict[str, list[Candidate]]:
        """Methods by name that blocks for every type give."""
        found: dict[str, list[Candidate]] = {}
        for impl in self.impls_of.get("*", ()):
            for name, method in self._offered(impl):
                found.setdefault(name, []).append(Candidate(method, impl))
        return found

    def _offered(self, impl: Impl) -> Iterator[tuple[str, DefinitionKey]]:
        """Yield what methods a block gives its type: its own, and those of its trait that it leaves as they are."""
        for name, keys in impl.methods.items():
            for key in keys:
                yield name, key
        if impl.trait is not None:
            for name, key in self.trait_methods.get(impl.trait, {}).items():
                if name not in impl.methods:
                    yield name, key

    # lookups

    def method(self, value: Value, name: str) -> Value:
        """Return the method that `.name()` on a value means."""
        receiver = shown = value
        for _ in range(MAX_STEPS):
            found = self._method_here(receiver, name)
            if found is not None:
                return found._replace(how=value.how or "attribute") if found.sort is Sort.FUNCTION else found
            below = self.dereferenced(receiver)
            if below is None:
                return self._missing(shown, name)
            shown = receiver if receiver.name in ("Vec", "String") else below
            receiver = below
        return unknown("too many pointers")

    def _method_here(self, value: Value, name: str) -> Value | None:
        """Return the method of a type itself, not of what it stands for; None where it has none."""
        if value.sort is Sort.UNKNOWN:
            return value
        if value.sort is Sort.CONTAINER and value.name == "open":
            return self._open_method(value, name)
        found = self.associated(value, name, as_method=True)
        if found is None and value.sort is Sort.INSTANCE and value.key is not None:
            return self._implied(value, value.key, name)
        if found is None and value.sort is Sort.CONTAINER and value.name in SMART and name in OWN_METHODS:
            if name in self.method_names and name != "clone":
                return unknown("method of a pointer")
            return self.of_outside(value, name)
        return found

    def _implied(self, value: Value, key: DefinitionKey, name: str) -> Value | None:
        """Return a method that a type has through a derived trait, or through a trait that every type has."""
        definition = self.definition(key)
        if any(name in DERIVED.get(trait, ()) for trait in definition.decorators):
            return Value(Sort.EXTERNAL, name=f"{definition.name}.{name}", parts=(value,))
        if name in OWN_METHODS and name not in self.method_names and self.dereferenced(value) is not None:
            return external(f"{definition.name}.{name}")
        return None

    def _open_method(self, value: Value, name: str) -> Value:
        if name in self.method_names:
            return unknown("generic or dyn")
        return self.of_outside(value, name)

    @staticmethod
    def of_outside(value: Value, name: str) -> Value:
        """Return a method that is no definition of the repository; what it gives depends on what it is called on."""
        shown = value.name or "?"
        return Value(Sort.EXTERNAL, name="?." + name if shown == "open" else f"{shown}.{name}", parts=(value,))

    def of_trait(self, value: Value, trait: DefinitionKey, name: str) -> Value:
        """Return `<T as Trait>::name`."""
        found = {
            candidate.method: candidate
            for candidate in self.offers.get((self.head(value), name), ())
            if candidate.impl.trait == trait and self.unified(candidate.impl.own, value, {})
        }
        everywhere = any(c.impl.trait == trait for c in self._everywhere.get(name, ()))
        if len(found) != 1 or everywhere or any(c.impl.is_partial for c in found.values()):
            return unknown("generic or dyn")
        return self._function(next(iter(found.values())), value)

    def associated(self, value: Value, name: str, *, as_method: bool = False) -> Value | None:
        """Return the function `name` of a type, which its blocks give; None where they give none."""
        inherent: list[Candidate] = []
        of_traits: dict[DefinitionKey, Candidate] = {}
        for candidate in self.offers.get((self.head(value), name), ()):
            if not self.unified(candidate.impl.own, value, {}):
                continue
            if candidate.impl.trait_name:
                of_traits.setdefault(candidate.method, candidate)
            else:
                inherent.append(candidate)
        if as_method:
            inherent = [c for c in inherent if self.receiver(c.method)]
            of_traits = {k: c for k, c in of_traits.items() if self.receiver(k)}
        if value.sort is not Sort.INSTANCE and (of_traits or name in self._everywhere):
            return unknown("method of an outside type")  # a method of its own would go first
        if len(inherent) > 1:
            return unknown("several impls")
        if inherent:
            forms = {self.receiver(c.method) for c in of_traits.values()}
            by_value = forms - {"&Self"} and self.receiver(inherent[0].method) == "&Self"
            return unknown("several methods") if by_value and as_method else self._function(inherent[0], value)
        if name in self._everywhere:
            return unknown("impl for every type")
        found = list(of_traits.values())
        if len(found) > 1:
            found = [c for c in found if not c.impl.is_reference]
            if len(found) != 1 or (as_method and self.receiver(found[0].method) != "&Self"):
                return unknown("several traits")
        for candidate in found:
            is_default = candidate.method not in candidate.impl.methods.get(name, ())
            if is_default and candidate.impl.is_partial:
                return unknown("a macro may define it")
            return self._function(candidate, value)
        return None

    def receiver(self, method: DefinitionKey) -> str:
        """Return how a method takes what it is called on: `Self`, `&Self`, another type, or empty for none."""
        parameters = self.definition(method).parameters
        return parameters[0].annotation if parameters and parameters[0].name == "self" else ""

    def _function(self, candidate: Candidate, value: Value) -> Value:
        if len(self._duplicates(candidate)) > 1:
            return unknown("several definitions of the name")
        return Value(Sort.FUNCTION, candidate.method, parts=(value,))

    def _duplicates(self, candidate: Candidate) -> tuple[DefinitionKey, ...]:
        name = self.definition(candidate.method).name
        return candidate.impl.methods.get(name, (candidate.method,))

    def dereferenced(self, value: Value) -> Value | None:
        """Return what `*value` is, where the value stands for another; None where it does not."""
        if value.sort is Sort.CONTAINER:
            if value.name == "Pin" and value.parts and value.parts[0].name in SMART:
                return self.dereferenced(value.parts[0])
            if value.name in SMART:
                return value.parts[0] if value.parts else UNKNOWN_TYPE
            if value.name == "Vec":
                return Value(Sort.CONTAINER, name="slice", parts=value.parts)
            return None
        if value.sort is Sort.EXTERNAL:
            return external("str") if value.name == "String" else None
        if value.key is None:
            return None
        for impl in self.impls_of.get(value.key, ()):
            if impl.trait_name == "Deref" and impl.trait is None:
                return self._target(impl, value)
        return None

    def _target(self, impl: Impl, value: Value) -> Value:
        binding = self.other(impl.path, impl.scope, "Target", "type")
        given: dict[str, Value] = {}
        if binding is None or not self.unified(impl.own, value, given):
            return UNKNOWN_TYPE
        declared = self.type_at(impl.path, impl.scope, binding.annotation, binding.position)
        return found_by(self.substituted(declared, given), value.how)

    def _missing(self, value: Value, name: str) -> Value:
        """Return a method that nothing in the repository is seen to give a type."""
        if value.sort is Sort.INSTANCE and value.key is not None:
            definition = self.definition(value.key)
            derived = any(name in DERIVED.get(trait, ()) for trait in definition.decorators)
            if not derived and (name in self.open_names or name in self._everywhere or name in self.names.hidden):
                return unknown("no such method")
            return Value(Sort.EXTERNAL, name=f"{definition.name}.{name}", parts=(value,))
        if value.sort is Sort.CONTAINER and value.name == "function" and name in self.method_names:
            return unknown("method of a function")
        last = value.name.rpartition("::")[2]
        is_standard = value.name == last or value.name.partition("::")[0] in STANDARD
        if value.sort is Sort.EXTERNAL and name in self.given_names and (last in POINTING or not is_standard):
            return unknown("may stand for another type")
        if value.parts and last not in NOT_HOLDING and name in self.method_names and not self._is_outside(value):
            return unknown("may stand for its arguments")
        return self.of_outside(value, name)

    def _is_outside(self, value: Value) -> bool:
        """Say whether all arguments of a type are types of others."""
        return all(p.sort is Sort.EXTERNAL and self._is_outside(p) for p in value.parts)

    # constants

    @cached_property
    def _constants(self) -> dict[tuple[DefinitionKey, str], list[tuple[str, Binding]]]:
        found: dict[tuple[DefinitionKey, str], list[tuple[str, Binding]]] = {}
        owners = {(impl.path, impl.scope): impl.own.key for impl in self.impls if impl.own.key is not None}
        for path, facts in self.files.items():
            for binding in facts.bindings:
                owner = owners.get((path, binding.scope))
                if owner is not None and binding.kind is BindingKind.OTHER and binding.value in CONSTANTS:
                    found.setdefault((owner, binding.name), []).append((path, binding))
        return found

    def constant(self, value: Value, name: str) -> Value | None:
        """Return an associated constant of a type, or None where it has none of that name."""
        found = self._constants.get((value.key, name)) if value.key is not None else None
        if not found:
            return None
        if len(found) > 1:
            return OPEN
        path, binding = found[0]
        return found_by(self.type_at(path, binding.scope, binding.annotation, binding.position), "attribute")

    # results

    def result(self, function: Value) -> Value:
        assert function.key is not None
        definition = self.definition(function.key)
        scope = self.scope_of(function.key)
        if not definition.returns:
            return Value(Sort.CONTAINER, name="tuple")
        declared = self.type_at(function.key.path, scope, definition.returns, definition.keyword)
        given: dict[str, Value] = {}
        if function.parts:
            given["Self"] = function.parts[0]
            around = self.self_scope(function.key.path, self.files[function.key.path].scopes[scope].parent)
            if around >= 0 and self.other(function.key.path, around, "Self", "impl") is not None:
                self.unified(self.self_type(function.key.path, around), function.parts[0], given)
        value = self.substituted(declared, given)
        if "async" in definition.flags:
            return Value(Sort.CONTAINER, name="future", parts=(value,))
        return found_by(value, "return")
