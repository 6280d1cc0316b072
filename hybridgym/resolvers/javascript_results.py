"""What calling, creating, awaiting and taking apart gives in JavaScript."""

from functools import cached_property

from hybridgym.facts import (
    Return,
    ScopeKind,
)
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.javascript_builtin import (
    part_of,
    result_of_builtin,
)
from hybridgym.resolvers.javascript_classes import TYPE_ONLY
from hybridgym.resolvers.javascript_exports import JavaScriptExports
from hybridgym.resolvers.typed_values import (
    NOTHING_VALUE,
    Sort,
    Value,
    merged,
    unknown,
)

WRAPPING = frozenset({"Proxy", "Object", "Function"})
"""What `new` makes of these may be anything."""


class JavaScriptResults(JavaScriptExports):
    """What calls, loops and `await` give; what names mean is the resolver's."""

    def created(self, value: Value) -> Value:
        if value.sort in (Sort.TYPE, Sort.FUNCTION) and value.key is not None:
            if (value.how == "self" or value.name == TYPE_ONLY) and self.descendants.get(value.key):
                return Value(Sort.INSTANCE, value.key, how="constructor")
            return Value(Sort.INSTANCE, value.key, how="constructor", exact=True)
        if value.sort is Sort.BUILTIN:
            if value.name in WRAPPING:
                return unknown("created by the language's own")
            return Value(Sort.CONTAINER, name=value.name) if value.name in ("Map", "Set", "Array", "Promise") else value
        return super().created(value)

    def called(self, value: Value, arguments: str, path: str, scope: int, position: int) -> Value:
        if value.sort is Sort.BUILTIN:
            if value.name == "lambda":
                return unknown("result of a function without a name")
            return value.parts[0] if value.name == ".bind" and value.parts else result_of_builtin(value)
        if value.sort is Sort.CONTAINER and value.name in ("function", "bound") and value.parts:
            bound = value.parts[0]
            return self.called(bound, arguments, path, scope, position) if value.name == "bound" else bound
        return super().called(value, arguments, path, scope, position)

    def called_type(self, value: Value) -> Value:
        return unknown("class is called")

    def result(self, function: Value) -> Value:
        assert function.key is not None
        key, definition = function.key, self.definition(function.key)
        if "generator" in definition.flags:
            return self._declared_result(function) if definition.returns else unknown("generator")
        if definition.returns:
            return self._declared_result(function)
        found = [r for r in self._returns.get(key, []) if r.path not in ("", "None")]
        if not found:
            return NOTHING_VALUE
        values = []
        for returned in found:
            value = self.value_of(key.path, returned.scope, returned.path, definition.end)
            values.append(self._received(function, value))
        value = merged(values)
        if value.sort is Sort.BUILTIN and value.name == "lambda":
            return unknown("function without a name")
        if "async" in definition.flags:
            return Value(Sort.CONTAINER, name="Promise", parts=(self.awaited(value),))
        return value._replace(how="return") if value.sort in (Sort.INSTANCE, Sort.FUNCTION, Sort.TYPE) else value

    def _declared_result(self, function: Value) -> Value:
        assert function.key is not None
        definition = self.definition(function.key)
        scope = self.scope_of(function.key)
        value = self.type_at(function.key.path, scope, definition.returns, definition.keyword)
        value = self._received(function, value)
        return value._replace(how="return") if value.sort is Sort.INSTANCE else value

    def _received(self, function: Value, value: Value) -> Value:
        """Return what a method gives where that is `this`: what it was called on."""
        receiver = function.parts[0] if function.parts else None
        if receiver is None or value.how != "self" or value.sort is not receiver.sort or receiver.key is None:
            return value
        return receiver if value.key in self.ancestry(receiver.key)[0] else value

    @cached_property
    def _returns(self) -> dict[DefinitionKey, list[Return]]:
        """What the functions that are definitions give back."""
        found: dict[DefinitionKey, list[Return]] = {}
        for path, facts in self.files.items():
            for returned in facts.returns:
                scope = returned.scope
                while facts.scopes[scope].kind is ScopeKind.BLOCK:
                    scope = facts.scopes[scope].parent
                if facts.scopes[scope].definition >= 0:
                    found.setdefault(DefinitionKey(path, facts.scopes[scope].definition), []).append(returned)
        return found

    def iterated(self, value: Value, index: int) -> Value:
        if index < 0:
            return self.element(value)
        if value.sort is Sort.CONTAINER and value.name in ("Map", "ReadonlyMap") and len(value.parts) == 2 > index:
            return value.parts[index]
        return part_of(self.element(value), index)

    def part(self, value: Value, index: int) -> Value:
        return part_of(value, index)

    def awaited(self, value: Value) -> Value:
        if value.sort is Sort.CONTAINER and value.name == "Promise":
            return value.parts[0] if value.parts else unknown("awaited")
        return value if value.sort is not Sort.EXTERNAL else unknown("awaited")
