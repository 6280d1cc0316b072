"""References of JavaScript and TypeScript files → resolutions.

The files of both languages import each other, so one resolver answers for all. What types say is believed, as far
as a class's method cannot be another one: no class of the repository overrides it, and nothing is assigned to it.
"""

import re
from functools import cached_property

from hybridgym.facts import (
    Binding,
    BindingKind,
    Definition,
    Kind,
    Reference,
    ScopeKind,
)
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.javascript_builtin import (
    GLOBALS,
    HOSTS,
    PRIMITIVE,
    STANDARD_MEMBERS,
    STANDARD_TYPES,
    builtin_member,
    given_to_callback,
)
from hybridgym.resolvers.javascript_classes import TYPE_ONLY, object_value
from hybridgym.resolvers.javascript_members import Entity
from hybridgym.resolvers.javascript_results import JavaScriptResults
from hybridgym.resolvers.typed_values import (
    BUILTIN_VALUE,
    NOTHING_VALUE,
    Sort,
    Value,
    external,
    merged,
    unknown,
)

MEMBER_NAME = re.compile(r"#?[A-Za-z_$][\w$]*")
FUNCTION_MEMBERS = frozenset({"name", "length", "toString"})


class JavaScriptResolver(JavaScriptResults):
    """Answers for all JavaScript and TypeScript files of one repository."""

    # answers

    def resolve(self, path: str) -> list[Resolution]:
        known: dict[tuple[int, str], Resolution] = {}  # what a name means does not depend on where in a scope it stands
        answers = []
        for reference in self.files[path].references:
            key = (reference.scope, reference.path)
            found = known.get(key)
            if found is None:
                found = known[key] = self.answer(path, reference)
            answers.append(found)
        return answers

    def answer(self, path: str, reference: Reference) -> Resolution:
        if reference.path == "super":
            value = self.steps.apart(lambda: self._base_constructor(path, reference.scope))
            return self.resolution(path, reference, value, created=False)
        return super().answer(path, reference)

    def resolution(self, path: str, reference: Reference, value: Value, created: bool) -> Resolution:
        if value.sort is Sort.FUNCTION and value.key is not None:
            if "ambient" in self.definition(value.key).flags:
                return Resolution(Outcome.UNRESOLVED, None, "declared elsewhere")
            if value.name == TYPE_ONLY:
                return Resolution(Outcome.UNRESOLVED, None, "function value")
            if created and value.how == "self" and self.descendants.get(value.key):
                return Resolution(Outcome.UNRESOLVED, None, "may be overridden")
        if value.sort is Sort.TYPE and value.key is not None:
            return self._of_class(value, created)
        if value.sort is Sort.CONTAINER and value.name == "bound":
            return self.resolution(path, reference, value.parts[0]._replace(how="alias"), created)
        if value.sort is Sort.CONTAINER and value.name == "function":
            return Resolution(Outcome.UNRESOLVED, None, "function value")
        if value.sort is Sort.NAMESPACE:
            return Resolution(Outcome.UNRESOLVED, None, "object is called")
        if value.sort is Sort.EXTERNAL and value.how == "annotation" and not created:
            return Resolution(Outcome.UNRESOLVED, None, "function value")
        return super().resolution(path, reference, value, created)

    def _of_class(self, value: Value, created: bool) -> Resolution:
        assert value.key is not None
        definition = self.definition(value.key)
        if not created:
            return Resolution(Outcome.UNRESOLVED, None, "class is called")
        if definition.form or "ambient" in definition.flags:
            return Resolution(Outcome.UNRESOLVED, None, "declared elsewhere")
        if (value.how == "self" or value.name == TYPE_ONLY) and self.descendants.get(value.key):
            return Resolution(Outcome.UNRESOLVED, None, "may be overridden")
        return Resolution(Outcome.RESOLVED, value.key, value.how)

    def unknown_answer(self, reference: Reference, value: Value) -> Resolution:
        receiver, _, name = reference.path.removesuffix("!").rpartition(".")
        if name in ("call", "apply"):
            receiver, _, name = receiver.rpartition(".")
        is_one = MEMBER_NAME.fullmatch(name) is not None and ("|" not in receiver or "<" in receiver)
        if receiver and is_one and name not in self.known_names:
            return Resolution(Outcome.EXTERNAL, None, f"?.{name}")
        return Resolution(Outcome.UNRESOLVED, None, value.name)

    @cached_property
    def known_names(self) -> frozenset[str]:
        found: set[str] = {"call", "apply"}
        for facts in self.files.values():
            found.update(d.name for d in facts.definitions)
            found.update(s.name for s in facts.stores)
            found.update(b.name for b in facts.bindings if facts.scopes[b.scope].kind is ScopeKind.CLASS)
            found.update(facts.dynamic_names)
        return frozenset(found)

    # names

    def name_value(self, path: str, scope: int, name: str, position: int) -> Value:
        if name == "this":
            bound = self.stores.bound(path, scope, name)
            return self.bound_value(path, bound) if bound else self.this_value(path, scope)
        if name == "super":
            return self._super(path, scope)
        bound = self.stores.bound(path, scope, name)
        return self.bound_value(path, bound) if bound else self.global_name(path, name)

    def bound_value(self, path: str, bound: list[Binding]) -> Value:
        """Return the one value of a name, whatever binds it: a declared type counts for all that is assigned."""
        kept = [b for b in bound if b.value != "declared"] or bound
        annotated = next((b for b in kept if b.annotation), None)
        if annotated is not None:
            declared = self.type_at(path, annotated.scope, annotated.annotation, annotated.position)
            if len(kept) > 1 or not annotated.value or annotated.kind is BindingKind.PARAMETER:
                return declared
            value = self.value_of(path, annotated.scope, annotated.value, annotated.position - 1)
            return value if value.sort in (Sort.FUNCTION, Sort.TYPE, Sort.NAMESPACE) or value.exact else declared
        return merged([self._alias(b, self.binding_value(path, b)) for b in kept])

    def _alias(self, binding: Binding, value: Value) -> Value:
        """Return a value that another name was given for."""
        named = binding.kind is BindingKind.ASSIGNMENT and not binding.value.startswith("<")
        is_alias = named and value.sort in (Sort.FUNCTION, Sort.TYPE) and value.how in ("lexical", "import", "module")
        return value._replace(how="alias") if is_alias else value

    def untyped_parameter(self, path: str, binding: Binding, definition: Definition | None) -> Value:
        own = definition.parameters[binding.index : binding.index + 1] if definition and binding.index >= 0 else ()
        if own and own[0].annotation:  # `...rest`, typed by a comment
            return self.type_at(path, binding.scope, own[0].annotation, binding.position)
        receiver, _, method = binding.value.rpartition(".")
        if not receiver:
            return unknown("parameter")
        around = self.files[path].scopes[binding.scope].parent
        value = self.value_of(path, around, receiver, binding.position)
        return given_to_callback(value, method, binding.index)

    def bound_otherwise(self, path: str, binding: Binding) -> Value:
        if binding.kind is BindingKind.ASSIGNMENT:
            return NOTHING_VALUE  # declared without a value
        if binding.value == "declared":
            return unknown("declared elsewhere")
        return unknown("binding")

    def is_global(self, name: str) -> bool:
        return name in self._script_names

    @cached_property
    def _script_names(self) -> frozenset[str]:
        found: set[str] = set()
        for path, facts in self.files.items():
            is_module = bool(facts.imports) or path in self.stores.exports or path in self.stores.commonjs
            if not is_module and not any(s.receiver in ("exports", "module.exports") for s in facts.stores):
                found.update(name for scope, name in self.stores.names(path) if scope == 0)
                found.update(name for scope, name in self.stores.types(path) if scope == 0)
            found.update(s.name for s in facts.stores if s.receiver in HOSTS)
        return frozenset(found)

    def global_name(self, path: str, name: str) -> Value:
        if name == "undefined":
            return NOTHING_VALUE
        if name == "exports":
            return self.commonjs_value(path)
        if name == "module":
            return Value(Sort.CONTAINER, name="module", key=DefinitionKey(path, 0))
        if name == "arguments":
            return unknown("arguments")
        if name in self._script_names:
            return unknown("global of a script")
        if name in HOSTS:
            return Value(Sort.CONTAINER, name="host")
        if name in GLOBALS or name == "import":
            return Value(Sort.BUILTIN, name=name)
        if name in self._defined_names(path) or "error" in self.files[path].flags:
            return unknown("not in scope")
        return external(name)

    def _defined_names(self, path: str) -> frozenset[str]:
        """Return the names that definitions bind somewhere in a file."""
        found = self._defined.get(path)
        if found is None:
            definitions = self.files[path].definitions
            found = self._defined[path] = frozenset(d.name for d in definitions if "property" not in d.flags)
        return found

    @cached_property
    def _defined(self) -> dict[str, frozenset[str]]:
        return {}

    def literal(self, base: str) -> Value:
        if base == "[":
            return Value(Sort.CONTAINER, name="Array")
        return unknown("object") if base == "{" else PRIMITIVE

    # this and super

    def this_value(self, path: str, scope: int) -> Value:
        entity = self.stores.this(path, scope)
        if entity is None:
            return unknown("this")
        if entity.sort == "object":
            return object_value(path, entity.number)
        if entity.sort == "static":
            return self.defined(entity.key, "self")
        definition = self.definition(entity.key)
        if definition.kind is not Kind.CLASS and not self._makes_instances(entity):
            return unknown("this")
        return Value(Sort.INSTANCE, entity.key, how="self")

    def _makes_instances(self, entity: Entity) -> bool:
        """Say whether a function has a prototype of its own: otherwise its `this` is whatever it is called on."""
        members = self.stores.table.get(entity, {})
        return any(not self._is_own_store(entity, g.member) for given in members.values() for g in given)

    def _is_own_store(self, entity: Entity, member: DefinitionKey | Binding) -> bool:
        """Say whether a member is set on `this` in the function itself."""
        if isinstance(member, DefinitionKey):
            return False
        own = self.definition(entity.key)
        return own.start <= member.position < own.end

    def _super(self, path: str, scope: int) -> Value:
        """Return what `super` is: the base's methods are named, so no derived class has a say."""
        entity = self.stores.this(path, scope)
        if entity is None or entity.sort not in ("instance", "static"):
            return unknown("super")
        base = self._base_of(entity.key)
        if base.sort is Sort.EXTERNAL:
            return base
        if base.sort is not Sort.TYPE:
            return unknown("base is not known")
        sort = Sort.TYPE if entity.sort == "static" else Sort.INSTANCE
        return Value(sort, base.key, how="super", exact=True)

    def _base_of(self, key: DefinitionKey) -> Value:
        bases = self.base_values(key)
        written = self.definition(key).bases
        return bases[0] if bases and written and not written[0].startswith("<") else unknown("no base")

    def _base_constructor(self, path: str, scope: int) -> Value:
        """Return the constructor that `super(…)` runs: the nearest one that is written."""
        entity = self.stores.this(path, scope)
        key = entity.key if entity is not None and entity.sort == "instance" else None
        seen: set[DefinitionKey] = set()
        while key is not None and key not in seen:
            seen.add(key)
            base = self._base_of(key)
            if base.sort is not Sort.TYPE or base.key is None:
                if base.name == "no base" and len(seen) > 1:
                    return BUILTIN_VALUE
                return base
            if self.definition(base.key).kind is not Kind.CLASS:
                return Value(Sort.FUNCTION, base.key, how="super")
            for given in self.members_of("instance", base.key).get("constructor", []):
                if isinstance(given.member, DefinitionKey):
                    return Value(Sort.FUNCTION, given.member, how="super")
            key = base.key
        return unknown("super")

    # members

    def special_member(self, value: Value, name: str, path: str) -> Value | None:
        if name in self.stores.outside and value.sort in (Sort.BUILTIN, Sort.CONTAINER, Sort.EXTERNAL):
            return unknown("may be replaced")
        if value.sort in (Sort.BUILTIN, Sort.EXTERNAL) and f"{value.name}.{name}" in self.stores.globals:
            return unknown("may be replaced")
        is_function = value.name == "lambda" and value.sort is Sort.BUILTIN
        is_standard = value.name in STANDARD_TYPES and value.sort in (Sort.CONTAINER, Sort.EXTERNAL)
        if (is_standard or is_function) and name in self.known_names and name not in STANDARD_MEMBERS:
            return unknown("no such member")  # one that is set on it, or has where something says that it `is Y`
        match value.sort:
            case Sort.FUNCTION:
                return self._function_member(value, name)
            case Sort.TYPE if name == "prototype":
                return Value(Sort.INSTANCE, value.key, how="class", exact=True)
            case Sort.INSTANCE if name == "constructor" and value.key is not None:
                return self.defined(value.key, "self")
            case Sort.BUILTIN:
                return builtin_member(value, name)
            case Sort.CONTAINER if value.name == "module" and name == "exports" and value.key is not None:
                return self.commonjs_value(value.key.path)
            case Sort.CONTAINER if value.name == "host":
                return self.global_name(path, name)
            case Sort.EXTERNAL if value.how == "annotation" and name in self._outside_overrides:
                return unknown("may be overridden")
            case Sort.EXTERNAL if value.how == "annotation" and name in ("call", "apply"):
                return unknown("function value")
        return None

    def _function_member(self, value: Value, name: str) -> Value:
        assert value.key is not None
        if name in ("call", "apply"):
            return value
        if name == "bind":
            return Value(Sort.BUILTIN, name=".bind", parts=(Value(Sort.CONTAINER, name="bound", parts=(value,)),))
        if name == "prototype":
            return Value(Sort.INSTANCE, value.key, how="class", exact=True)
        if name in FUNCTION_MEMBERS:
            return PRIMITIVE
        return self.type_member(value, name)

    @cached_property
    def _outside_overrides(self) -> frozenset[str]:
        """Names of methods of classes that inherit from something outside of the repository, or do not say."""
        found: set[str] = set()
        for key in self.types:
            if self.ancestry(key)[1]:
                found.update(self.members_of("instance", key))
        return frozenset(found)

    def namespace_member(self, namespace: Value, name: str, path: str) -> Value:
        if "\0" in namespace.name:
            return self.object_member(namespace, name)
        return self._of_module(namespace.name, name, "module")
