"""What JavaScript's modules give each other: exports, re-exports, and what CommonJS assigns."""

from functools import cached_property

from hybridgym.facts import (
    AttributeStore,
    Import,
)
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.javascript_members import Entity
from hybridgym.resolvers.javascript_types import JavaScriptTypes
from hybridgym.resolvers.typed_values import (
    Sort,
    Value,
    external,
    merged,
    unknown,
)

MAX_STARS = 200
"""Modules that are looked through for names that `export *` may bring."""


class JavaScriptExports(JavaScriptTypes):
    """Modules; what names and calls mean is not told here."""

    def imported(self, path: str, imported: Import) -> Value:
        name = imported.name
        if name in ("", "=", "*"):
            value = self.module_value(path, imported.module, commonjs=name == "=")
        else:
            found = self.modules.find(path, imported.module)
            if found.outside:
                return external(f"{found.outside}.{name}" if name != "default" else found.outside)
            value = self._of_module(found.path, name, "import") if found.path else unknown("module is not found")
        return value._replace(how="import") if value.sort in (Sort.FUNCTION, Sort.TYPE) else value

    def module_value(self, path: str, specifier: str, *, commonjs: bool) -> Value:
        found = self.modules.find(path, specifier)
        if found.outside:
            return external(found.outside)
        if not found.path:
            return unknown("module is not found")
        if found.path in self.stores.exports:
            return Value(Sort.NAMESPACE, name=found.path)
        value = self.commonjs_value(found.path)
        return value._replace(how="import") if value.sort in (Sort.FUNCTION, Sort.TYPE) else value

    def commonjs_value(self, path: str) -> Value:
        stores = self.stores.commonjs.get(path)
        if not stores:
            return Value(Sort.NAMESPACE, name=path)
        key = ("module.exports", path)
        return self.steps.once(key, lambda: merged([self.value_of(path, s.scope, s.value, s.position) for s in stores]))

    def _of_module(self, path: str, name: str, how: str) -> Value:
        """Return what a module exports under a name."""
        if path not in self.stores.exports:
            return self._of_commonjs(path, name)
        origin, store = self.exported(path, name)
        if store is None:
            return external(f"{origin}.{name}") if origin else unknown("not exported")
        value = self.steps.once(
            ("export", origin, name, store.position),
            lambda: self.value_of(origin, store.scope, store.value, store.position),
        )
        if value.sort is Sort.BUILTIN and value.name == "lambda":
            return unknown("function without a name")
        return value._replace(how=how) if value.sort in (Sort.FUNCTION, Sort.TYPE) else value

    def _of_commonjs(self, path: str, name: str) -> Value:
        value = self.commonjs_value(path)
        if value.sort is not Sort.NAMESPACE or value.name != path:
            return value if name == "default" else self.member(value, name, path)
        if name == "default":
            return value
        members = self.stores.table.get(Entity("module", path, 0), {})
        if "*" in members or "[]" in members:
            return unknown("members are assigned")
        found = members.get(name)
        if not found:
            return unknown("not exported")
        given = self.given_value(found, "module", value)
        return unknown("may be replaced") if len(found) > 1 and name in self.replaced else given

    def exported(self, path: str, name: str) -> tuple[str, AttributeStore | None]:
        own = self.stores.exports.get(path)
        if own is None:
            return "", None
        if name in own:
            return only(path, own[name])
        if name == "default" or "*" not in own:
            return "", None
        known = self._starred.get(path)
        if known is None:
            known = self._starred[path] = self._brought(path)
        return known[0].get(name) or (known[1], None)

    @cached_property
    def _starred(self) -> dict[str, tuple[dict[str, tuple[str, AttributeStore | None]], str]]:
        return {}

    def _brought(self, path: str) -> tuple[dict[str, tuple[str, AttributeStore | None]], str]:
        """Return what `export *` brings to a module, nearest first, and the outside module that has all other names."""
        found: dict[str, tuple[str, AttributeStore | None]] = {}
        outside: list[str] = []
        seen: dict[str, None] = {}
        pending = [path]
        while pending and len(seen) < MAX_STARS:
            module = pending.pop(0)
            if module in seen:
                continue
            seen[module] = None
            stores = self.stores.exports.get(module)
            if stores is None:
                return found, ""
            for name, given in stores.items():
                if name not in found and name not in ("*", "default"):
                    found[name] = only(module, given)
            for store in stores.get("*", []):
                specifier = store.value.removeprefix('<require "').removesuffix('">')
                place = self.modules.find(module, specifier)
                if place.path:
                    pending.append(place.path)
                else:
                    outside.append(place.outside)
        return found, outside[0] if outside and all(outside) else ""

    def imported_files(self, path: str) -> list[tuple[str, DefinitionKey | None]]:
        found: dict[tuple[str, DefinitionKey | None], None] = {}
        for imported in self.files[path].imports:
            file = self.modules.find(path, imported.module).path
            if not file:
                continue
            value = self.steps.apart(lambda i=imported: self.imported(path, i))  # type: ignore[misc]
            is_named = imported.name not in ("", "=", "*") and value.key is not None
            found[(value.key.path, value.key) if is_named and value.key is not None else (file, None)] = None
        return list(found)


def only(path: str, stores: list[AttributeStore]) -> tuple[str, AttributeStore | None]:
    """Return a module and the store that it exports a name by; nothing where it exports different things by it."""
    return (path, stores[0]) if len({s.value for s in stores}) == 1 else ("", None)
