"""What a name means in Python: scopes, the order of bindings, imports, star imports, modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.facts import Binding, BindingKind, Definition, Import, Kind, ScopeKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_modules import Missing
from hybridgym.resolvers.python_names import BUILTINS, PROXIES
from hybridgym.resolvers.python_reaching import MODULE_END, Reaching, for_purpose
from hybridgym.resolvers.python_values import Sort, Value, Values, known, union, unknown, without_none

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
"""Methods that get the class without a decorator."""
CLASS_RECEIVERS = frozenset({"cls", "mcs", "mcls", "metacls", "klass"})
CAUGHT = "caught exception"
ABSENT = "absent"
MAX_ALIASES = 8
"""Modules that a name is imported through."""
FIXED = frozenset({"tuple", "frozenset", "generator", "iterator", "chain", "enumerate", "filter", "map", "zip"})
"""Containers that nothing can be put into."""


class Scopes:
    """Names of all files of a repository."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._index = inference.index
        self._reaching = Reaching(inference.index)
        self._everywhere: dict[tuple[str, int, str], Values] = {}
        """By file, scope and name: what a name means wherever in the scope it stands."""
        self._star_modules: dict[str, list[tuple[Import, bool, str | Missing]]] = {}

    def name(self, path: str, scope: int, name: str, position: int) -> Values:
        """Return what a name may be in a scope at a byte of a file."""
        found = self._everywhere.get((path, scope, name))
        if found is None:
            found, is_same = self._looked_up(path, scope, name, position)
            if is_same and not self._inference.is_solving():
                self._everywhere[path, scope, name] = found
        return found

    def is_same_everywhere(self, path: str, scope: int, name: str) -> bool:
        """Say whether it was found that a name means the same all over a scope."""
        return (path, scope, name) in self._everywhere

    def _looked_up(self, path: str, scope: int, name: str, position: int) -> tuple[Values, bool]:
        """Return what a name may be at a byte, and whether it is the same all over the scope."""
        facts = self._index.files[path]
        parts: list[Values] = []
        is_same = True
        here = scope
        while here >= 0:
            is_class = facts.scopes[here].kind is ScopeKind.CLASS
            bindings = self._index.names(path, here).get(name) if not is_class or here == scope else None
            if bindings is not None:
                is_same = is_same and len(bindings) == 1 and not is_class
                if is_class:  # a name that is not bound yet is looked up outside
                    bindings = [b for b in bindings if b.position <= position]
                if bindings:
                    parts.append(self._bound(path, here, bindings, scope, position))
                    if not is_class or any(not b.conditional for b in bindings):
                        return union(parts) if len(parts) > 1 else parts[0], is_same
            here = facts.scopes[here].parent
        parts.append(self._outermost(path, name))
        return union(parts) if len(parts) > 1 else parts[0], is_same

    def complete(self, path: str, scope: int, name: str) -> Values:
        """Return what a name of a class or module may be once its code has run."""
        return self._bound(path, scope, self._index.names(path, scope)[name], -1, MODULE_END)

    def imported(self, path: str, imported: Import) -> Values:
        """Return what an import binds."""
        modules = self._index.modules
        if not imported.name:
            top = imported.module.partition(".")[0]
            whole = imported.alias != top or "." not in imported.module
            name = imported.module if whole else top
            return _module_value(modules.absolute(name, path), name)
        module = self.module_of(path, imported)
        if isinstance(module, Missing):
            return _module_value(module, f"{imported.module}.{imported.name}")
        found = self._own_member(path, imported) if module == path else self.member(module, imported.name)
        return unknown("not in the module") if found[0].name == ABSENT else found

    def module_of(self, path: str, imported: Import) -> str | Missing:
        """Return the module that an import names."""
        if imported.level:
            return self._index.modules.relative(imported.module, imported.level, path)
        return self._index.modules.absolute(imported.module, path)

    def member(self, module: str, name: str) -> Values:
        """Return an attribute of a module; unknown(ABSENT) where it has none."""
        return self._inference.guarded(("m", module, name), lambda: self._member(module, name))

    def _member(self, module: str, name: str) -> Values:
        if module in self._index.files and name in self._index.names(module, 0):
            return self.complete(module, 0, name)
        submodule = self._index.modules.submodule(module, name)
        if submodule is not None:
            return (Value(Sort.MODULE, name=submodule, how="module"),)
        starred = self._starred(module, name) if module in self._index.files else None
        return unknown(ABSENT) if starred is None else starred

    def alias(self, path: str, scope: int, name: str) -> tuple[str, str] | None:
        """Return the module and the text of the type that a name stands for (`Pair = tuple[C, C]`)."""
        for _ in range(MAX_ALIASES):
            first, _, rest = name.partition(".")
            while scope > 0 and first not in self._index.names(path, scope):
                scope = self._index.files[path].scopes[scope].parent
            bound = self._index.names(path, scope).get(first, [])
            bound = for_purpose(bound, self._index.files[path], typing=True) if len(bound) > 1 else bound
            if len(bound) != 1 or scope:
                return None
            if bound[0].kind is BindingKind.ASSIGNMENT and not rest:
                return (path, bound[0].alias) if bound[0].alias else None
            if bound[0].kind is not BindingKind.IMPORT:
                return None
            imported = self._index.files[path].imports[bound[0].index]
            module: str | Missing | None = self.module_of(path, imported)
            if isinstance(module, str) and imported.name and rest:
                module, name = self._index.modules.submodule(module, imported.name), rest
            else:
                name = imported.name or rest
            if not isinstance(module, str) or module not in self._index.files:
                return None
            path = module
        return None

    def _own_member(self, path: str, imported: Import) -> Values:
        """`from . import name` in a package's own file: what it has bound so far, or else the submodule."""
        earlier = [b for b in self._index.names(path, 0).get(imported.name, ()) if b.position < imported.position]
        if earlier:
            return self._bound(path, 0, earlier, 0, imported.position)
        submodule = self._index.modules.submodule(path, imported.name)
        return unknown(ABSENT) if submodule is None else (Value(Sort.MODULE, name=submodule, how="module"),)

    def _outermost(self, path: str, name: str) -> Values:
        starred = self._starred(path, name)
        if starred is not None:
            return starred
        if name in BUILTINS:
            return (Value(Sort.BUILTIN, name=name, exact=True),)
        return unknown("undefined name")

    # star imports

    def _starred(self, path: str, name: str, after: int = -1) -> Values | None:
        """Return what the star imports behind a byte of a module give for a name, or None."""
        parts: list[Values] = []
        outside: Import | None = None
        for star, conditional, module in self._stars(path):
            if star.position <= after:
                break
            if module is Missing.UNKNOWN:
                return unknown("star import of an unknown module")
            if isinstance(module, Missing):
                outside = star
            elif module in self._index.files:
                found = self._exported(module, name)
                if found is not None:
                    if outside is not None:
                        return unknown("a star import from outside may replace it")
                    parts.append(tuple(v.via("import") for v in found))
                    if not conditional and "computed-exports" not in self._index.files[module].flags:
                        return union(parts)
        if parts:
            return union([*parts, (Value(Sort.BUILTIN, name=name),)] if name in BUILTINS else parts)
        if outside is not None and name not in BUILTINS:
            return (Value(Sort.EXTERNAL, name=f"{outside.module}.{name}", how="import"),)
        return None

    def _stars(self, path: str) -> list[tuple[Import, bool, str | Missing]]:
        """Return the star imports of a module, last first, whether they may not happen, and their modules."""
        found = self._star_modules.get(path)
        if found is None:
            stars = self._index.stars(path)
            found = self._star_modules[path] = [(star, maybe, self.module_of(path, star)) for star, maybe in stars]
        return found

    def _exported(self, module: str, name: str) -> Values | None:
        exports = self._index.exports(module)
        if exports is not None:
            if name not in exports:
                return None
        elif name.startswith("_") and "computed-exports" not in self._index.files[module].flags:
            return None
        found = self.member(module, name)
        return None if found[0].name == ABSENT else found

    # bindings

    def _bound(self, path: str, scope: int, bindings: list[Binding], use_scope: int, position: int) -> Values:
        if scope == 0 and bindings[0].name in self._index.patched_globals:
            return unknown("global is assigned from outside")
        reaching = bindings if len(bindings) == 1 else self._reaching.of_use(path, scope, bindings, use_scope, position)
        parts = [self._value(path, b) for b in reaching]
        if scope == 0:
            parts += self._around_module(path, bindings)
        return without_none(union(parts)) if len(parts) > 1 else parts[0]

    def _around_module(self, path: str, bindings: list[Binding]) -> list[Values]:
        """Return what a global name may be besides its bindings: from a later star import, or builtin."""
        certain = max((b.position for b in bindings if not b.conditional), default=-1)
        parts: list[Values] = []
        if self._stars(path):
            starred = self._starred(path, bindings[0].name, certain)
            if starred is not None:
                parts.append(starred)
        if certain < 0 and bindings[0].name in BUILTINS:
            parts.append((Value(Sort.BUILTIN, name=bindings[0].name, exact=True),))
        return parts

    def _value(self, path: str, binding: Binding) -> Values:
        key = ("b", path, binding.scope, binding.name, binding.position, binding.kind, binding.index)
        values = self._inference.guarded(key, lambda: self._binding(path, binding))
        is_declared = binding.annotation or binding.kind is BindingKind.PARAMETER
        return values if is_declared else self.unless_filled(binding.name, values)

    def unless_filled(self, name: str, values: Values) -> Values:
        """Return what a name or attribute is given, without the items of containers that more is put into."""
        if name not in self._index.filled_names:
            return values
        return tuple(
            v._replace(items=(), parts=()) if v.sort is Sort.CONTAINER and v.exact and v.name not in FIXED else v
            for v in values
        )

    def _binding(self, path: str, binding: Binding) -> Values:
        kind = binding.kind
        if kind is BindingKind.DEFINITION:
            return self._defined(path, binding)
        if kind is BindingKind.IMPORT:
            return tuple(v.via("import") for v in self.imported(path, self._index.files[path].imports[binding.index]))
        if kind is BindingKind.PARAMETER:
            return self._parameter(path, binding)
        if kind is BindingKind.ASSIGNMENT:
            return self.assigned(path, binding.scope, binding.value, binding.annotation, binding.position - 1)
        if not binding.value:
            return unknown("unpacked")
        inference = self._inference
        values = inference.infer(path, self._value_scope(path, binding), binding.value, binding.position - 1)
        if kind is BindingKind.ITERATION:
            return union([inference.items.iterated(v) for v in values])
        if kind is BindingKind.CONTEXT:
            return union([inference.calls.entered(v) for v in values])
        if kind is BindingKind.EXCEPTION:
            caught = [inference.annotations.instance_of(v) for v in values]
            return union(caught) if all(v[0].sort is not Sort.UNKNOWN for v in caught) else unknown(CAUGHT)
        return values

    def _value_scope(self, path: str, binding: Binding) -> int:
        """Return where the value of a binding is looked up: a comprehension's first iterable outside of it."""
        scope = self._index.files[path].scopes[binding.scope]
        if scope.kind is not ScopeKind.COMPREHENSION:
            return binding.scope
        first = min(b.position for bound in self._index.names(path, binding.scope).values() for b in bound)
        return scope.parent if binding.position == first else binding.scope

    def _defined(self, path: str, binding: Binding) -> Values:
        key = DefinitionKey(path, binding.index)
        definition = self._index.files[path].definitions[binding.index]
        if definition.decorators and not self._inference.decorators.keep(key):
            return unknown("replaced by a decorator")
        sort = Sort.CLASS if definition.kind is Kind.CLASS else Sort.FUNCTION
        return (Value(sort, key, exact=True, how="lexical"),)

    def assigned(self, path: str, scope: int, value: str, annotation: str, position: int) -> Values:
        """Return what an assignment gives; its annotation decides where the value says less."""
        values = self._inference.infer(path, scope, value, position) if value else unknown("declared only")
        if annotation and values[0].sort in (Sort.UNKNOWN, Sort.NOTHING, Sort.CONTAINER):
            return _of_declared(values, self._inference.annotated(path, scope, annotation))
        if annotation and values[0].sort is Sort.EXTERNAL_INSTANCE:
            declared = self._inference.annotated(path, scope, annotation)
            if any(v.sort is Sort.INSTANCE for v in declared):
                if all(v.name in PROXIES for v in values):
                    return declared
                return unknown("an outside object stands for one of the repository")
        return tuple(v.via("alias") if v.sort in (Sort.FUNCTION, Sort.CLASS) else v for v in values)

    def _parameter(self, path: str, binding: Binding) -> Values:
        facts = self._index.files[path]
        scope = facts.scopes[binding.scope]
        if scope.definition < 0:
            found = self._inference.infer(path, scope.parent, binding.value, scope.start) if binding.value else ()
            return (found and known(found)) or self._receiver_of_lambda(path, binding)
        definition = facts.definitions[scope.definition]
        parameter = definition.parameters[binding.index]
        if parameter.form in ("*", "**"):
            items = self._inference.annotated(path, scope.parent, parameter.annotation) if parameter.annotation else ()
            is_known = items and items[0].sort is not Sort.UNKNOWN
            name = "tuple" if parameter.form == "*" else "dict"
            return (Value(Sort.CONTAINER, name=name, exact=True, items=items if is_known else ()),)
        is_method = definition.kind is Kind.METHOD and "staticmethod" not in definition.decorators
        if binding.index == 0 and is_method and parameter.form != "keyword":
            return self._receiver(path, definition, parameter.name)
        if parameter.annotation:
            return self._inference.annotated(path, scope.parent, parameter.annotation)
        return unknown("parameter without annotation")

    def _receiver_of_lambda(self, path: str, binding: Binding) -> Values:
        """Return the instance that a lambda in a class's body calls `self`, as methods do."""
        scopes = self._index.files[path].scopes
        around = scopes[scopes[binding.scope].parent]
        first = min(b.position for bound in self._index.names(path, binding.scope).values() for b in bound)
        if around.kind is not ScopeKind.CLASS or binding.name != "self" or binding.position != first:
            return unknown("parameter of a lambda")
        key = DefinitionKey(path, around.definition)
        if self._inference.classes.is_metaclass(key):
            return unknown("receiver of a metaclass or an unknown decorator")
        return (Value(Sort.INSTANCE, key, how="self"),)

    def _receiver(self, path: str, definition: Definition, name: str) -> Values:
        key = DefinitionKey(path, definition.parent)
        if "classmethod" in definition.decorators or definition.name in CLASS_METHODS:
            return (Value(Sort.CLASS, key, how="self"),)
        if name in CLASS_RECEIVERS or self._inference.classes.is_metaclass(key):
            return unknown("receiver of a metaclass or an unknown decorator")
        return (Value(Sort.INSTANCE, key, how="self"),)


def _of_declared(values: Values, declared: Values) -> Values:
    """Return what an annotation says, of the very container that is assigned if there is one."""
    value, said = values[0], declared[0]
    if len(values) > 1 or len(declared) > 1 or value.sort is not Sort.CONTAINER or said.sort is not Sort.CONTAINER:
        return declared
    return (said._replace(exact=value.exact),)


def _module_value(module: str | Missing, name: str) -> Values:
    if module is Missing.EXTERNAL:
        return (Value(Sort.EXTERNAL, name=name, exact=True),)
    if isinstance(module, Missing):
        return unknown("module is not in the repository")
    return (Value(Sort.MODULE, name=module),)
