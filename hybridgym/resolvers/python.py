"""Python's scoping and typing rules: what the access path of a call is proven to be."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from hybridgym.facts import AttributeStore, Binding, BindingKind, Definition, FileFacts, Import, Kind, Reference, ScopeKind
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.python_annotations import Annotation, parse_annotation
from hybridgym.resolvers.python_classes import Absent, Classes
from hybridgym.resolvers.python_index import Index
from hybridgym.resolvers.python_modules import Missing
from hybridgym.resolvers.python_names import (
    BUILTIN_TYPES,
    BUILTINS,
    CONTAINER_TYPES,
    DATA_FUNCTIONS,
    DATA_TYPES,
    OBJECT_METHODS,
    PROPERTY_DECORATORS,
    STDLIB_RESULTS,
    TRANSPARENT_DECORATORS,
)
from hybridgym.resolvers.python_values import Sort, Value, Values, union, unknown

OPERATION = re.compile(r"\.[^.()\[\]@]+|\(\)|\[\]|@")
LITERAL_BASES: dict[str, Value] = {
    "''": Value(Sort.DATA, name="str", exact=True),
    "#": Value(Sort.DATA, name="number", exact=True),
    "[": Value(Sort.CONTAINER, name="list", exact=True),
    "{": Value(Sort.CONTAINER, name="dict", exact=True),
    "(": Value(Sort.CONTAINER, name="tuple", exact=True),
    "\\": Value(Sort.LAMBDA),
}
ELEMENT_CONTAINERS = frozenset(
    """list List set Set frozenset FrozenSet Sequence MutableSequence Iterable Iterator Collection AbstractSet
    deque Deque tuple Tuple""".split()
)
CLASS_OF = frozenset({"type", "Type", "typing.Type"})
CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
"""Methods that get the class without a decorator."""
ITERATOR_FUNCTIONS = frozenset({"sorted", "reversed", "enumerate", "zip", "map", "filter", "iter", "vars", "dir"})
REOPENING_DECORATORS = frozenset({"overload", "setter", "deleter", "getter", "register"})
OPEN_ANNOTATIONS = ("typing.", "typing_extensions.", "collections.abc.", "types.SimpleNamespace", "argparse.Namespace", "threading.local", "unittest.mock")
"""External names that say nothing of the object: protocols, type variables, bags of attributes."""
CAUGHT = "caught exception"
ABSENT = "absent"
MODULE_END = 1 << 40
"""A position after all bindings of a file: annotations are looked up when the module is complete."""
MAX_DEPTH = 24


class PythonResolver:
    """Answers for all Python files of one repository."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str]) -> None:
        self.index = Index(files, all_paths)
        self.classes = Classes(self.index, self)
        self._memo: dict[tuple[object, ...], Values] = {}
        self._active: set[tuple[object, ...]] = set()
        self._cut = False
    def resolve(self, path: str) -> list[Resolution]:
        """Return a resolution for each reference of a file, in their order."""
        return [self._resolve(path, reference) for reference in self.index.files[path].references]

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return the classes of the repository that a class directly inherits from."""
        return [b for b in self.classes.bases(key) if isinstance(b, DefinitionKey)]

    def imported_files(self, path: str) -> list[tuple[str, DefinitionKey | None]]:
        """Return what a file imports from the repository: files, and definitions where they are named."""
        found: dict[tuple[str, DefinitionKey | None], None] = {}
        for imported in self.index.files[path].imports:
            module = self._module_of(path, imported)
            if isinstance(module, str) and module in self.index.files:
                found[module, None] = None
            if imported.name not in ("", "*"):
                for value in self._import(path, imported):
                    if value.key is not None and value.sort in (Sort.FUNCTION, Sort.CLASS):
                        found[value.key.path, value.key] = None
                    elif value.sort is Sort.MODULE and value.name in self.index.files:
                        found[value.name, None] = None
        return list(found)

    def infer(self, path: str, scope: int, access: str, position: int) -> Values:
        """Return what an access path may be, looked up in a scope at a byte of a file."""
        if "|" in access:
            return union([self.infer(path, scope, part, position) for part in access.split("|")])
        base, operations = _split(access)
        if base in LITERAL_BASES:
            values: Values = (LITERAL_BASES[base],)
        elif base == "?":
            values = unknown("expression")
        else:
            values = self._name(path, scope, base, position)
        for operation in operations:
            if operation == "()":
                values = union([self._called(v, path, scope) for v in values])
            elif operation == "[]":
                values = union([self._subscripted(v) for v in values])
            elif operation == "@":
                values = union([self._awaited(v) for v in values])
            else:
                values = union([self._attribute(v, operation[1:]) for v in values])
        return values

    def annotated(self, path: str, scope: int, text: str) -> Values:
        """Return what a name with that annotation may hold."""
        alternatives = parse_annotation(text)
        found = union([self._annotation(path, scope, a) for a in alternatives])
        return _without_none(found)

    # one reference

    def _resolve(self, path: str, reference: Reference) -> Resolution:
        values = _without_none(self.infer(path, reference.scope, reference.path, reference.start))
        answers = {self._answer(path, reference, v) for v in values}
        if len(answers) == 1:
            return answers.pop()
        targets = {a.target for a in answers}
        outcomes = {a.outcome for a in answers}
        if Outcome.UNRESOLVED not in outcomes:
            if len(targets) == 1:
                return min(answers)
        return Resolution(Outcome.UNRESOLVED, None, "several targets")

    def _answer(self, path: str, reference: Reference, value: Value) -> Resolution:
        sort = value.sort
        if sort is Sort.UNKNOWN:
            return self._unknown_answer(path, reference, value)
        if sort is Sort.CLASS:
            if not value.exact and value.key is not None and self.classes.descendants(value.key):
                return Resolution(Outcome.UNRESOLVED, None, "class may be a subclass")
            return Resolution(Outcome.RESOLVED, value.key, value.how)
        if reference.raised:
            return Resolution(Outcome.BUILTIN, None, "raised instance")
        if sort is Sort.FUNCTION:
            return Resolution(Outcome.RESOLVED, value.key, value.how)
        if sort is Sort.INSTANCE:
            called = union([self._attribute(value, "__call__")])
            if len(called) == 1 and called[0].sort is Sort.FUNCTION:
                return Resolution(Outcome.RESOLVED, called[0].key, "call")
            if all(v.sort is Sort.EXTERNAL for v in called):
                return Resolution(Outcome.EXTERNAL, None, called[0].name)
            return Resolution(Outcome.UNRESOLVED, None, "instance is called")
        if sort in (Sort.EXTERNAL, Sort.EXTERNAL_INSTANCE):
            return Resolution(Outcome.EXTERNAL, None, value.name)
        if sort in (Sort.MODULE, Sort.COROUTINE):
            return Resolution(Outcome.UNRESOLVED, None, f"{sort} is called")
        return Resolution(Outcome.BUILTIN, None, value.name or sort)

    def _unknown_answer(self, path: str, reference: Reference, value: Value) -> Resolution:
        if reference.raised and value.name == CAUGHT:
            return Resolution(Outcome.BUILTIN, None, "raised instance")
        name = reference.path.rpartition(".")[2]
        if "." in reference.path and name.isidentifier() and self._is_nobodys(path, name):
            return Resolution(Outcome.EXTERNAL, None, f"?.{name}")
        return Resolution(Outcome.UNRESOLVED, None, value.name)

    def _is_nobodys(self, path: str, name: str) -> bool:
        """Say whether no object of the repository can have an attribute of that name."""
        return name not in self.index.bound_names and path not in self.index.object_getattr_files

    # names

    def _name(self, path: str, scope: int, name: str, position: int) -> Values:
        facts = self.index.files[path]
        here = scope
        while here >= 0:
            kind = facts.scopes[here].kind
            if kind is not ScopeKind.CLASS or here == scope:
                bindings = self.index.names(path, here).get(name)
                if bindings is not None:
                    return self._bound(path, here, bindings, scope, position)
            here = facts.scopes[here].parent
        starred = self._starred(path, name)
        if starred is not None:
            return starred
        if name in BUILTINS:
            return (Value(Sort.NOTHING) if name == "None" else Value(Sort.BUILTIN, name=name, exact=True),)
        return unknown("undefined name")

    def _starred(self, path: str, name: str) -> Values | None:
        """Return what a star import of a module gives for a name, or None."""
        for star in self.index.stars(path):
            module = self._module_of(path, star)
            if module is Missing.UNKNOWN:
                return unknown("star import of an unknown module")
            if module is Missing.EXTERNAL:
                if name not in BUILTINS:
                    return (Value(Sort.EXTERNAL, name=f"{star.module}.{name}", how="import"),)
                continue
            if module in self.index.files:
                exports = self.index.files[module].exports
                if name in exports if exports is not None else not name.startswith("_"):
                    found = self._guarded(("star", module, name), lambda m=module: self._member(m, name))  # type: ignore[misc]
                    if found[0].name != ABSENT:
                        return tuple(v.via("import") for v in found)
        return None

    def _bound(self, path: str, scope: int, bindings: list[Binding], use_scope: int, position: int) -> Values:
        reaching = bindings if len(bindings) == 1 else self._reaching(path, scope, bindings, use_scope, position)
        return _without_none(union([self._guarded(("b", path, b.scope, b.name, b.position, b.kind, b.index), lambda b=b: self._binding(path, b)) for b in reaching]))  # type: ignore[misc]

    def _reaching(self, path: str, scope: int, bindings: list[Binding], use_scope: int, position: int) -> list[Binding]:
        """Return the bindings whose value a use may see."""
        facts = self.index.files[path]
        bindings = _without_overloads(bindings, facts.definitions)
        at_once = use_scope == scope or all(
            facts.scopes[s].kind is ScopeKind.COMPREHENSION for s in _climb(facts, use_scope, scope)
        )
        if at_once:
            before = [b for b in bindings if b.position <= position]
            loops = [s for s in facts.loops if s.start <= position < s.end]
            after = [b for b in bindings if b.position > position and any(s.start <= b.position <= s.end for s in loops)]
            return (_from_last_certain(before) + after) or bindings
        if facts.scopes[scope].kind is ScopeKind.FUNCTION:
            return bindings  # a closure may run before, between or after
        return _from_last_certain(bindings)

    def _binding(self, path: str, binding: Binding) -> Values:
        kind = binding.kind
        if kind is BindingKind.DEFINITION:
            definition = self.index.files[path].definitions[binding.index]
            sort = Sort.CLASS if definition.kind is Kind.CLASS else Sort.FUNCTION
            return (Value(sort, DefinitionKey(path, binding.index), exact=True, how="lexical"),)
        if kind is BindingKind.IMPORT:
            return tuple(v.via("import") for v in self._import(path, self.index.files[path].imports[binding.index]))
        if kind is BindingKind.PARAMETER:
            return self._parameter(path, binding)
        if kind is BindingKind.ASSIGNMENT:
            return self._assigned(path, binding.scope, binding.value, binding.annotation, binding.position - 1)
        values = self.infer(path, binding.scope, binding.value, binding.position - 1) if binding.value else ()
        if kind is BindingKind.ITERATION:
            return union([self._subscripted(v, iterated=True) for v in values])
        if kind is BindingKind.CONTEXT:
            return union([self._entered(v) for v in values])
        if kind is BindingKind.EXCEPTION:
            caught = [_instance_of(v, "annotation", exact=False) for v in values]
            return union(caught) if all(v[0].sort is not Sort.UNKNOWN for v in caught) else unknown(CAUGHT)
        return (values[0],) if values and all(v.sort is Sort.DATA for v in values) else unknown("unpacked")

    def _assigned(self, path: str, scope: int, value: str, annotation: str, position: int) -> Values:
        values = self.infer(path, scope, value, position) if value else unknown("declared only")
        if annotation and (values[0].sort in (Sort.UNKNOWN, Sort.NOTHING) or (values[0].sort is Sort.CONTAINER)):
            return self.annotated(path, scope, annotation)
        return tuple(v.via("alias") if v.sort in (Sort.FUNCTION, Sort.CLASS) else v for v in values)

    def _parameter(self, path: str, binding: Binding) -> Values:
        facts = self.index.files[path]
        scope = facts.scopes[binding.scope]
        if scope.definition < 0:
            return unknown("parameter of a lambda")
        definition = facts.definitions[scope.definition]
        parameter = definition.parameters[binding.index]
        if parameter.form in ("*", "**"):
            return (Value(Sort.CONTAINER, name="tuple" if parameter.form == "*" else "dict", exact=True),)
        if binding.index == 0 and definition.kind is Kind.METHOD and "staticmethod" not in definition.decorators:
            return self._receiver(path, definition, parameter.name)
        if parameter.annotation:
            return self.annotated(path, scope.parent, parameter.annotation)
        return unknown("parameter without annotation")

    def _receiver(self, path: str, definition: Definition, name: str) -> Values:
        key = DefinitionKey(path, definition.parent)
        if "classmethod" in definition.decorators or definition.name in CLASS_METHODS:
            return (Value(Sort.CLASS, key, how="self"),)
        if name in ("cls", "mcs", "mcls", "metacls", "klass") or self._is_metaclass(key):
            return unknown("receiver of a metaclass or an unknown decorator")
        return (Value(Sort.INSTANCE, key, how="self"),)

    def _is_metaclass(self, key: DefinitionKey) -> bool:
        return any(getattr(a, "name", "") == "type" for a in self.classes.order(key))

    # imports and modules

    def _module_of(self, path: str, imported: Import) -> str | Missing:
        if imported.level:
            return self.index.modules.relative(imported.module, imported.level, path)
        return self.index.modules.absolute(imported.module, path)

    def _import(self, path: str, imported: Import) -> Values:
        if not imported.name:
            top = imported.module.partition(".")[0]
            whole = imported.alias != top or "." not in imported.module
            module = self.index.modules.absolute(imported.module if whole else top, path)
            return self._module_value(module, imported.module if whole else top)
        module = self._module_of(path, imported)
        if isinstance(module, Missing):
            return self._module_value(module, f"{imported.module}.{imported.name}")
        found = self._guarded(("m", module, imported.name), lambda: self._member(module, imported.name))
        return unknown("not in the module") if found[0].name == ABSENT else found

    def _module_value(self, module: str | Missing, name: str) -> Values:
        if module is Missing.EXTERNAL:
            return (Value(Sort.EXTERNAL, name=name, exact=True),)
        if module is Missing.UNKNOWN:
            return unknown("module is not in the repository")
        return (Value(Sort.MODULE, name=module),)

    def _member(self, module: str, name: str) -> Values:
        """Return an attribute of a module; unknown(ABSENT) where it has none."""
        if module in self.index.files:
            bindings = self.index.names(module, 0).get(name)
            if bindings is not None:
                return self._bound(module, 0, bindings, -1, 0)
        submodule = self.index.modules.submodule(module, name)
        if module in self.index.files and submodule is None:
            starred = self._starred(module, name)
            if starred is not None:
                return starred
        if submodule is not None:
            return (Value(Sort.MODULE, name=submodule, how="module"),)
        return unknown(ABSENT)

    # operations on values

    def _attribute(self, value: Value, name: str) -> Values:
        sort = value.sort
        if sort is Sort.MODULE:
            found = self._guarded(("m", value.name, name), lambda: self._member(value.name, name))
            if found[0].name == ABSENT:
                return unknown("not in the module")
            return tuple(v.via("module") if v.sort in (Sort.FUNCTION, Sort.CLASS) else v for v in found)
        if sort is Sort.EXTERNAL:
            return (Value(Sort.EXTERNAL, name=f"{value.name}.{name}"),)
        if sort in (Sort.CLASS, Sort.INSTANCE):
            return self._guarded(("a", sort, value.key, value.exact, value.how, name), lambda: self._class_attribute(value, name))
        if sort is Sort.SUPER:
            return self._super_attribute(value, name)
        if sort in (Sort.DATA, Sort.CONTAINER, Sort.EXTERNAL_INSTANCE):
            return self._outside_attribute(value, name)
        if sort is Sort.BUILTIN:
            return (Value(Sort.BUILTIN, name=f"{value.name}.{name}"),)
        if sort is Sort.FUNCTION and name in ("__name__", "__qualname__", "__module__", "__doc__"):
            return (Value(Sort.DATA, name="str", exact=True),)
        if sort is Sort.NOTHING:
            return (value,)
        return unknown(value.name or f"attribute of a {sort}")

    def _outside_attribute(self, value: Value, name: str) -> Values:
        if not value.exact and name in self.outside_overrides:
            return unknown("may be overridden in a subclass here")
        if value.sort is Sort.DATA:
            return (value,)
        if value.sort is Sort.CONTAINER:
            return (Value(Sort.BUILTIN, name=f"{value.name}.{name}", items=value.items),)
        if name in self.index.foreign_stores:
            return unknown("attribute is assigned from outside")
        return (Value(Sort.EXTERNAL, name=f"{value.name}.{name}"),)

    @cached_property
    def outside_overrides(self) -> frozenset[str]:
        """Names that classes of the repository define while inheriting from something outside."""
        names: set[str] = set()
        for path, facts in self.index.files.items():
            for index, definition in enumerate(facts.definitions):
                key = DefinitionKey(path, index)
                if definition.kind is Kind.CLASS and definition.bases and self.classes.has_outside_base(key):
                    names.update(self.index.names(path, self.index.body_scope(key)))
        return frozenset(names)

    def _class_attribute(self, value: Value, name: str) -> Values:
        key = value.key
        assert key is not None
        if name == "__class__" and value.sort is Sort.INSTANCE:
            return (Value(Sort.CLASS, key, exact=value.exact, how="self"),)
        if name in ("__name__", "__qualname__", "__module__", "__doc__"):
            return (Value(Sort.DATA, name="str", exact=True),)
        owner = self.classes.owner(key, name)
        if not value.exact and self.classes.is_overridden(key, name):
            return unknown("may be overridden")
        if name in self.index.foreign_stores:
            return unknown("attribute is assigned from outside")
        parts: list[Values] = []
        if isinstance(owner, DefinitionKey):
            parts.append(self._class_member(owner, name, value))
        stores = self.classes.stores(key, name, with_descendants=not value.exact)
        parts += [self._stored(path, store) for path, store in stores]
        if parts:
            return _without_none(union(parts))
        if owner is Absent.OUTSIDE and self._answers_for_any(key):
            return unknown("__getattr__")
        if owner is Absent.OUTSIDE:
            return (Value(Sort.EXTERNAL, name=name),)
        if owner is Absent.NOWHERE and name in OBJECT_METHODS:
            return (Value(Sort.BUILTIN, name=f"object.{name}"),)
        return unknown("no such member" if owner is Absent.NOWHERE else "a base is unknown")

    def _stored(self, path: str, store: AttributeStore) -> Values:
        values = self._assigned(path, store.scope, store.value, store.annotation, store.position)
        return tuple(v.via("attribute") for v in values)

    def _answers_for_any(self, key: DefinitionKey) -> bool:
        return isinstance(self.classes.owner(key, "__getattr__"), DefinitionKey)

    def _class_member(self, owner: DefinitionKey, name: str, receiver: Value) -> Values:
        scope = self.index.body_scope(owner)
        values = self._bound(owner.path, scope, self.index.names(owner.path, scope)[name], -1, 0)
        if receiver.sort is Sort.CLASS:
            return tuple(v.via("self" if receiver.how == "self" else "class") for v in values)
        return union([self._property(v, receiver.how) for v in values])

    def _property(self, value: Value, how: str) -> Values:
        """Return what an instance gives for a member: a property's result, or the member."""
        if value.sort is not Sort.FUNCTION or value.key is None:
            return (value,)
        decorators = self.index.files[value.key.path].definitions[value.key.number].decorators
        if any(d in PROPERTY_DECORATORS or d.endswith(("property", "Property")) for d in decorators):
            return tuple(v.via("attribute") for v in self._result(value.key, through=True))
        return (value.via(how),)

    def _super_attribute(self, value: Value, name: str) -> Values:
        key = value.key
        assert key is not None
        owner = self.classes.owner(key, name, after=key)
        if self.classes.is_overridden(key, name, after=key):
            return unknown("super may reach a sibling class")
        if isinstance(owner, DefinitionKey):
            return self._class_member(owner, name, Value(Sort.INSTANCE, owner, how="super"))
        if owner is Absent.OUTSIDE:
            return (Value(Sort.EXTERNAL, name=f"super().{name}"),)
        if owner is Absent.NOWHERE and name in OBJECT_METHODS:
            return (Value(Sort.BUILTIN, name=f"object.{name}"),)
        return unknown("no such member of a base" if owner is Absent.NOWHERE else "a base is unknown")

    def _called(self, value: Value, path: str, scope: int) -> Values:
        sort = value.sort
        if sort is Sort.CLASS and value.key is not None:
            if not self.classes.makes_itself(value.key):
                return unknown("__new__ decides")
            return (Value(Sort.INSTANCE, value.key, exact=value.exact, how="constructor"),)
        if sort is Sort.FUNCTION and value.key is not None:
            return self._result(value.key)
        if sort is Sort.BUILTIN:
            return self._builtin_result(value, path, scope)
        if sort is Sort.EXTERNAL:
            return _external_result(value.name)
        if sort is Sort.DATA:
            return (value,)
        if sort is Sort.INSTANCE:
            called = self._attribute(value, "__call__")
            return union([self._called(v, path, scope) if v.sort is Sort.FUNCTION else unknown("instance is called") for v in called])
        return unknown(value.name or f"result of a {sort}")

    def _builtin_result(self, value: Value, path: str, scope: int) -> Values:
        name = value.name
        if name == "super":
            key = self.index.enclosing_class(path, scope)
            return (Value(Sort.SUPER, key),) if key is not None else unknown("super outside a class")
        if name in DATA_TYPES or name in DATA_FUNCTIONS or name.partition(".")[0] in DATA_TYPES:
            return (Value(Sort.DATA, name=name, exact=True),)
        if name in CONTAINER_TYPES or name in ITERATOR_FUNCTIONS:
            return (Value(Sort.CONTAINER, name=name, exact=True),)
        if name in BUILTIN_TYPES and name not in ("type", "property", "classmethod", "staticmethod"):
            return (Value(Sort.EXTERNAL_INSTANCE, name=name, exact=True),)
        if name == "open":
            return (Value(Sort.EXTERNAL_INSTANCE, name="io.IOBase", exact=True),)
        return unknown(f"result of {name}()")

    def _result(self, key: DefinitionKey, through: bool = False) -> Values:
        """Return what calling a function gives; `through` a property's decorator."""
        definition = self.index.files[key.path].definitions[key.number]
        if not through and any(d.removesuffix("()") not in TRANSPARENT_DECORATORS for d in definition.decorators):
            return unknown("result of a decorated function")
        if "async" in definition.flags:
            return (Value(Sort.COROUTINE, key),)
        return self._guarded(("r", key), lambda: self._returned(key))

    def _returned(self, key: DefinitionKey) -> Values:
        facts = self.index.files[key.path]
        definition = facts.definitions[key.number]
        body = self.index.body_scope(key)
        returns = [r for r in facts.returns if r.scope == body]
        if any(r.path == "yield" for r in returns):
            return (Value(Sort.CONTAINER, name="generator", exact=True),)
        if definition.returns:
            declared = self.annotated(key.path, facts.scopes[body].parent, definition.returns)
            if declared[0].sort is not Sort.UNKNOWN:
                return tuple(v.via("return") for v in declared)
        found = [self.infer(key.path, body, r.path, definition.end) if r.path else (Value(Sort.NOTHING),) for r in returns]
        return _without_none(tuple(v.via("return") for v in union(found))) if found else (Value(Sort.NOTHING),)

    def _awaited(self, value: Value) -> Values:
        if value.sort is Sort.COROUTINE and value.key is not None:
            key = value.key
            return self._guarded(("r", key), lambda: self._returned(key))
        return unknown("awaited")

    def _subscripted(self, value: Value, iterated: bool = False) -> Values:
        if value.sort is Sort.CONTAINER:
            return value.items or unknown("item of a container")
        if value.sort is Sort.DATA:
            return (value,)
        if value.sort in (Sort.CLASS, Sort.BUILTIN) and not iterated:
            return (value,)
        if value.sort is Sort.EXTERNAL and not iterated:
            return (Value(Sort.EXTERNAL, name=f"{value.name}[]"),)
        return unknown("item")

    def _entered(self, value: Value) -> Values:
        if value.sort is Sort.EXTERNAL_INSTANCE:
            return (value,)
        if value.sort is Sort.INSTANCE:
            return union([self._result(v.key) if v.sort is Sort.FUNCTION and v.key else unknown("entered") for v in self._attribute(value, "__enter__")])
        return unknown("entered")

    # annotations

    def _annotation(self, path: str, scope: int, annotation: Annotation) -> Values:
        name = annotation.name
        last = name.rpartition(".")[2]
        if name == "None":
            return (Value(Sort.NOTHING),)
        if not name:
            return unknown("annotation")
        if last == "Self":
            key = self.index.enclosing_class(path, scope)
            return (Value(Sort.INSTANCE, key, how="annotation"),) if key else unknown("Self outside a class")
        values = self.infer(path, scope, name, MODULE_END)
        if any(v.sort not in (Sort.CLASS, Sort.BUILTIN, Sort.EXTERNAL) for v in values):
            return unknown("annotation")
        inside = all(v.sort is Sort.CLASS for v in values)
        if not inside and name in CLASS_OF and annotation.arguments:
            instances = union([self._annotation(path, scope, a) for a in annotation.arguments[0]])
            return tuple(Value(Sort.CLASS, v.key, how="annotation") if v.sort is Sort.INSTANCE else Value(Sort.UNKNOWN, name="annotation") for v in instances)
        if not inside and last in ELEMENT_CONTAINERS:
            items = union([self._annotation(path, scope, a) for a in annotation.arguments[0]]) if annotation.arguments else ()
            known = items and items[0].sort is not Sort.UNKNOWN
            return (Value(Sort.CONTAINER, name=last, items=_without_none(items) if known else ()),)
        return union([_instance_of(v, "annotation", exact=False) for v in values])

    # cycles

    def _guarded(self, key: tuple[object, ...], compute: Callable[[], Values]) -> Values:
        """Compute once; an answer that needs itself is unknown, and what rests on that is not kept."""
        known = self._memo.get(key)
        if known is not None:
            return known
        if key in self._active or len(self._active) > MAX_DEPTH:
            self._cut = True
            return unknown("defined by itself")
        outer, self._cut = self._cut, False
        self._active.add(key)
        values = compute()
        self._active.discard(key)
        if not self._cut or not self._active:
            self._memo[key] = values
        self._cut = (outer or self._cut) and bool(self._active)
        return values


def _split(access: str) -> tuple[str, list[str]]:
    """Return the base of an access path and its operations."""
    if access.isidentifier():
        return access, []
    first = access[:1]
    if first == "'":
        return "''", OPERATION.findall(access, 2)
    if first in "#[{(\\?" or not first:
        return first or "?", OPERATION.findall(access, 1)
    end = next((i for i, c in enumerate(access) if c in ".([@"), len(access))
    return access[:end], OPERATION.findall(access, end)


def _climb(facts: FileFacts, scope: int, until: int) -> list[int]:
    """Return the scopes from one up to, and without, another."""
    climbed = []
    while scope >= 0 and scope != until:
        climbed.append(scope)
        scope = facts.scopes[scope].parent
    return climbed if scope == until else [0]


def _from_last_certain(bindings: list[Binding]) -> list[Binding]:
    """Drop what a later binding that always happens has replaced."""
    last = max((i for i, b in enumerate(bindings) if not b.conditional), default=0)
    return bindings[last:]


def _without_overloads(bindings: list[Binding], definitions: tuple[Definition, ...]) -> list[Binding]:
    """Drop `@overload` stubs and the later halves of properties and dispatchers."""
    kept = []
    for binding in bindings:
        if binding.kind is BindingKind.DEFINITION:
            decorators = definitions[binding.index].decorators
            if any(d.removesuffix("()").rpartition(".")[2] in REOPENING_DECORATORS for d in decorators):
                continue
        kept.append(binding)
    return kept or bindings


def _without_none(values: Values) -> Values:
    """Drop None where there is anything else: calling it or its attributes would fail."""
    if len(values) == 1:
        return values
    return tuple(v for v in values if v.sort is not Sort.NOTHING) or values[:1]


def _instance_of(value: Value, how: str, exact: bool) -> Values:
    """Return an instance of a class, a builtin type or an external class."""
    if value.sort is Sort.CLASS:
        return (Value(Sort.INSTANCE, value.key, exact=exact, how=how),)
    last = value.name.rpartition(".")[2]
    if value.sort is Sort.BUILTIN:
        if last in DATA_TYPES:
            return (Value(Sort.DATA, name=last, exact=exact),)
        if last in CONTAINER_TYPES:
            return (Value(Sort.CONTAINER, name=last, exact=exact),)
        if last in BUILTIN_TYPES and last not in ("object", "type"):
            return (Value(Sort.EXTERNAL_INSTANCE, name=last, exact=exact),)
    if value.sort is Sort.EXTERNAL and last[:1].isupper() and not value.name.endswith("[]") and not value.name.startswith(OPEN_ANNOTATIONS):
        return (Value(Sort.EXTERNAL_INSTANCE, name=value.name, exact=exact),)
    return unknown("annotation")


def _external_result(name: str) -> Values:
    """Return what calling something external gives: an instance, where it is a class by Python's naming."""
    made = STDLIB_RESULTS.get(name)
    if made is not None:
        return (Value(Sort.DATA, name="str", exact=True),) if made == "data" else (Value(Sort.EXTERNAL_INSTANCE, name=made, exact=True),)
    last = name.removesuffix("[]").rpartition(".")[2]
    if last[:1].isupper() and not name.startswith(OPEN_ANNOTATIONS):
        return (Value(Sort.EXTERNAL_INSTANCE, name=name, exact=True),)
    return unknown(f"result of {name}()")
