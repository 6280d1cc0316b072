"""Go: what names mean, and what calls reach.

A call through an interface, a type parameter or a value that holds a function is open. A local variable that is only
ever given one function, or function literals alone, is another name for it.
"""

from collections.abc import Sequence
from functools import cached_property

from hybridgym.facts import AttributeStore, Binding, BindingKind, Definition, Reference, ScopeKind
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.go_members import GoMembers
from hybridgym.resolvers.go_outside import CONSTANTS, FUNCTIONS, TYPES, is_standard, written_outside
from hybridgym.resolvers.go_types import VARIANTS, standard_name
from hybridgym.resolvers.go_values import BASIC, container, function_type, held, outside, renamed, returned, substituted
from hybridgym.resolvers.go_values import FUNCTIONS as CALLABLE
from hybridgym.resolvers.typed_values import NOTHING_VALUE, Sort, Value, unknown

FUNCTION_VALUE = Value(Sort.CONTAINER, name="func", parts=(container("tuple"),))
PARAMETER = "type parameter"
NEVER_OUTSIDE = frozenset({"unknown module", "no such name", VARIANTS})
"""Why a name is unknown that need not be somebody else's."""
FIRST_ARGUMENT = frozenset({"append", "min", "max"})
"""Builtin functions that give what their first argument is."""


class GoResolver(GoMembers):
    """Answers for all Go files of one repository."""

    # names

    def global_name(self, path: str, name: str) -> Value:
        found = self._globals.get((path, name))
        if found is None:
            found = self._globals[path, name] = self._global_name(path, name)
        return found

    @cached_property
    def _globals(self) -> dict[tuple[str, str], Value]:
        return {}

    def _global_name(self, path: str, name: str) -> Value:
        found = self.declared(path, name)
        if found is not None:
            return found
        imported = self.imports_of(path).get(name)
        if imported is not None:
            return imported
        if name in FUNCTIONS or name in TYPES:
            return Value(Sort.BUILTIN, name=name)
        if name in CONSTANTS:
            return BASIC
        found = self.dotted(path, name)
        # the package that gives itself that name, where nothing else has it
        return self.package_named(path, name) if found.sort is Sort.UNKNOWN and found.name == "no such name" else found

    def name_value(self, path: str, scope: int, name: str, position: int) -> Value:
        if name in self._local_names(path):
            scopes = self.files[path].scopes
            bindings = self.bindings_of(path)
            while scope > 0:
                own = scopes[scope]
                bound = bindings.get((scope, name), ()) if own.kind is not ScopeKind.CLASS else ()
                visible = [b for b in bound if b.position <= position]
                if visible:
                    return self.variable(path, visible, False)
                scope = own.parent
        return self.global_name(path, name)

    def _local_names(self, path: str) -> frozenset[str]:
        """Return the names that something in a file binds outside of its own scope."""
        found = self._locals.get(path)
        if found is None:
            found = self._locals[path] = frozenset(name for scope, name in self.bindings_of(path) if scope > 0)
        return found

    @cached_property
    def _locals(self) -> dict[str, frozenset[str]]:
        return {}

    def variable(self, path: str, bindings: Sequence[Binding], is_global: bool) -> Value:
        if bindings[0].kind is BindingKind.OTHER:
            return Value(Sort.BUILTIN, name=PARAMETER)
        value = self.binding_value(path, bindings[0])
        if bindings[0].kind is BindingKind.DEFINITION:
            return value
        if value.sort is Sort.EXTERNAL and value.how in ("name", "member"):
            is_changed = is_global or len(bindings) > 1 or bool(self._given(path, bindings[0]))
            return self._held(value) if is_changed else value
        if value.sort is not Sort.FUNCTION and not self._is_function(value):
            return value
        if is_global:
            return self._held(value)
        first = bindings[0]
        key = ("function", path, first.scope, first.name, first.position)
        return self.steps.once(key, lambda: self._only_function(path, first, value))

    def _only_function(self, path: str, declaration: Binding, value: Value) -> Value:
        """Return the function that a local variable always holds, or a function value."""
        given = [self.value_of(path, s.scope, s.value, s.position) for s in self._given(path, declaration)]
        same = self.bindings_of(path)[declaration.scope, declaration.name]
        given += [self.binding_value(path, b) for b in same if b.position > declaration.position]
        values = [value, *given] if declaration.value else given
        if declaration.kind is BindingKind.PARAMETER or not values:
            return self._held(value)
        first = values[0]
        if all(v.sort is Sort.CONTAINER and v.name == "lambda" for v in values):
            return value._replace(name="lambda") if value.sort is Sort.CONTAINER else first
        if all(v.sort is Sort.FUNCTION and v.key == first.key for v in values):
            return first._replace(how="alias")
        return first if all(map(_is_outside, values)) else self._held(value)

    def _held(self, value: Value) -> Value:
        """Return a value that holds some function: one that gives what this one does."""
        return function_type(self.called(value, "", "", 0, 0)) if value.sort is Sort.FUNCTION else held(value)

    def _is_function(self, value: Value) -> bool:
        made = self.underlying(value) if value.sort is Sort.EXTERNAL else value
        return made.sort is Sort.CONTAINER and made.name in CALLABLE

    def _given(self, path: str, declaration: Binding) -> list[AttributeStore]:
        """Return what is assigned to a local variable behind its declaration."""
        return self._stores_of(path).get((declaration.scope, declaration.name), [])

    def _stores_of(self, path: str) -> dict[tuple[int, str], list[AttributeStore]]:
        found = self._stores.get(path)
        if found is None:
            found = self._stores[path] = {}
            bindings, scopes = self.bindings_of(path), self.files[path].scopes
            for store in self.files[path].stores:
                scope = -1 if store.receiver else store.scope
                while scope > 0 and not any(
                    b.position <= store.position for b in bindings.get((scope, store.name), ())
                ):
                    scope = scopes[scope].parent
                if scope > 0:
                    found.setdefault((scope, store.name), []).append(store)
        return found

    @cached_property
    def _stores(self) -> dict[str, dict[tuple[int, str], list[AttributeStore]]]:
        return {}

    def untyped_parameter(self, path: str, binding: Binding, definition: Definition | None) -> Value:
        if definition is None or not 0 <= binding.index < len(definition.parameters):
            return unknown("parameter")
        parameter = definition.parameters[binding.index]
        if parameter.form == "receiver":
            return self.receiver(path, definition)
        value = self.type_at(path, binding.scope, parameter.annotation, binding.position)
        return container("slice", value)._replace(how="annotation")

    def bound_otherwise(self, path: str, binding: Binding) -> Value:
        return unknown("variable")

    def binding_value(self, path: str, binding: Binding) -> Value:
        value = super().binding_value(path, binding)
        return renamed(value, "annotation") if binding.annotation else value

    # expressions

    def trailed(self, value: Value, trailer: str, path: str, scope: int, position: int) -> Value:
        if trailer.startswith("[<") and value.sort in (Sort.FUNCTION, Sort.TYPE):
            arguments = self.type_at(path, scope, f"({trailer[2:-2]})", position)
            is_list = arguments.sort is Sort.CONTAINER and arguments.name == "tuple"
            return value._replace(parts=arguments.parts if is_list else (arguments,))
        if trailer[0] == "[" and value.sort in (Sort.FUNCTION, Sort.TYPE, Sort.EXTERNAL):
            return value
        return super().trailed(value, trailer, path, scope, position)

    def literal(self, base: str) -> Value:
        return BASIC

    def created(self, value: Value) -> Value:
        return value._replace(exact=True) if value.sort is Sort.EXTERNAL else renamed(value, "constructor")

    def called(self, value: Value, arguments: str, path: str, scope: int, position: int) -> Value:
        if value.sort is Sort.BUILTIN:
            return self._builtin_result(value.name, arguments, path, scope, position)
        if value.sort is Sort.FUNCTION:
            return super().called(value, "", path, scope, position)
        if value.sort is Sort.TYPE:
            return renamed(self.as_instance(value), "constructor")
        if value.sort is Sort.EXTERNAL and value.how in ("name", "member"):
            return self._result_outside(value)
        made = self.underlying(value)
        if made.sort is Sort.CONTAINER and made.name in CALLABLE:
            return self.results(made)
        if made.sort is Sort.EXTERNAL:
            return outside(f"{value.name}()", "value")
        return made if made.sort is Sort.UNKNOWN else unknown("call of a value")

    def _result_outside(self, value: Value) -> Value:
        found = self.value_outside(value, "()")
        if found is not None:
            return returned(found)
        written = written_outside(*standard_name(value.name)) if value.how == "name" else ""
        return self.instance(value, value.parts) if written else outside(f"{value.name}()", "value")

    def _builtin_result(self, name: str, arguments: str, path: str, scope: int, position: int) -> Value:
        if name in TYPES:
            return self.instance(Value(Sort.BUILTIN, name=name))
        if name in FIRST_ARGUMENT:
            return self.value_of(path, scope, arguments, position) if arguments else unknown("result of a builtin")
        if name in ("new", "make") and arguments:
            return self.created(self.type_at(path, scope, arguments, position))
        if name == PARAMETER:
            return unknown(PARAMETER)
        return unknown("result of a builtin") if name in ("recover", "new", "make") else BASIC

    def result(self, function: Value) -> Value:
        assert function.key is not None
        key, definition = function.key, self.definition(function.key)
        if not definition.returns:
            return NOTHING_VALUE
        value = self.type_at(key.path, self.scope_of(key), definition.returns, definition.keyword)
        return renamed(substituted(value, self.type_of_method(key) or key, function.parts), "return")

    # answers

    def resolution(self, path: str, reference: Reference, value: Value, created: bool) -> Resolution:
        match value.sort:
            case Sort.BUILTIN:
                return Resolution(Outcome.BUILTIN, None, value.name if value.name in FUNCTIONS else "conversion")
            case Sort.EXTERNAL if value.how == "package":
                return Resolution(Outcome.UNRESOLVED, None, "no such name")
            case Sort.EXTERNAL if value.how == "value" or value.name in self._set_outside:
                return Resolution(Outcome.UNRESOLVED, None, "function value")
            case Sort.EXTERNAL if value.how == "member" and self._may_be_field(value.name):
                return Resolution(Outcome.UNRESOLVED, None, "function value")
            case Sort.CONTAINER:
                return self._container_called(value)
            case Sort.INSTANCE:
                return Resolution(Outcome.UNRESOLVED, None, "function value")
        return super().resolution(path, reference, value, created)

    def unknown_answer(self, reference: Reference, value: Value) -> Resolution:
        if value.name in NEVER_OUTSIDE:
            return Resolution(Outcome.UNRESOLVED, None, value.name)
        return super().unknown_answer(reference, value)

    def _container_called(self, value: Value) -> Resolution:
        if value.name == "lambda":
            return Resolution(Outcome.BUILTIN, None, "lambda")
        if value.name == "outside":
            return Resolution(Outcome.EXTERNAL, None, "function made outside")
        return Resolution(Outcome.UNRESOLVED, None, "interface" if value.how == "interface" else "function value")

    def _may_be_field(self, name: str) -> bool:
        """Say whether a member of a package of which nothing is known may be a field that holds a function of ours."""
        return name.rpartition(".")[2] in self.given_names and not is_standard(standard_name(name)[0])

    @cached_property
    def _set_outside(self) -> frozenset[str]:
        """Variables outside that the repository assigns to."""
        found = set()
        for path, facts in self.files.items():
            for store in facts.stores:
                package = self.imports_of(path).get(store.receiver) if store.receiver else None
                if package is not None and package.sort is Sort.EXTERNAL:
                    found.add(f"{package.name}.{store.name}")
        return frozenset(found)

    def files_of(self, namespace: Value) -> list[str]:
        package = self.packages.by_id[namespace.name]
        return sorted(path for path in package.paths if not path.endswith("_test.go"))

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        values = [self.type_at(key.path, self.scope_of(key), b, 0) for b in self.definition(key).bases]
        return [v.key for v in values if v.sort is Sort.INSTANCE and v.key is not None]


def _is_outside(value: Value) -> bool:
    """Say whether a value is code outside."""
    if value.sort is Sort.EXTERNAL:
        return value.how in ("name", "member", "result")
    return value.sort is Sort.CONTAINER and value.name == "outside"
