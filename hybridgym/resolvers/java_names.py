"""Java's names of types: packages, imports, and what stands in classes."""

from collections.abc import Mapping
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from hybridgym.facts import BindingKind, FileFacts, Import, Kind, ScopeKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.java_classes import JavaClasses
from hybridgym.resolvers.java_platform import PlatformType, platform_packages
from hybridgym.resolvers.java_written import PRIMITIVE_VALUES, ClassId, variable, written
from hybridgym.resolvers.typed_values import Sort, Value, external, unknown

TYPE, STATIC, PACKAGE = 0, 1, 2
"""What `Import.level` says (hybridgym/languages/java_facts.py)."""
MAX_NESTING = 30
"""Of classes in classes, whose bases are asked for together."""
IMPLIED = {"enum": "java.lang.Enum", "record": "java.lang.Record", "annotation": "java.lang.annotation.Annotation"}
"""What classes of these forms inherit from."""
NOTHING = unknown("name is not known")


class Lineage(NamedTuple):
    """The classes that a class inherits from by name alone, without type arguments."""

    known: tuple[ClassId, ...]
    """Itself, its superclasses and then its interfaces, nearest first."""
    outside: tuple[str, ...]
    """Superclasses of which nothing is known: any member may come from them."""
    outer_interfaces: tuple[str, ...]
    """Interfaces of which nothing is known."""


class JavaNames(JavaClasses):
    """What the name of a type means where it is written."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files, all_paths, build_files)
        self._type_names: dict[tuple[str, int, str], Value] = {}
        self._lineages: dict[ClassId, Lineage] = {}
        self._deriving: dict[ClassId, None] = {}
        self._is_circular = False

    # packages

    @cached_property
    def packages(self) -> dict[str, str]:
        """The package of each file."""
        return {
            path: next((i.module for i in facts.imports if i.level == PACKAGE), "")
            for path, facts in self.files.items()
        }

    @cached_property
    def roots(self) -> dict[str, str]:
        """The folder of each file in which its package begins, whatever the folders are called."""
        found = {}
        for path, package in self.packages.items():
            folder, tail = path.rpartition("/")[0], package.replace(".", "/")
            is_there = folder == tail or folder.endswith(f"/{tail}") or not tail
            found[path] = folder[: len(folder) - len(tail)].rstrip("/") if is_there else folder
        return found

    @cached_property
    def _top(self) -> dict[tuple[str, str], list[DefinitionKey]]:
        """The classes that lie in no other, by package and name."""
        found: dict[tuple[str, str], list[DefinitionKey]] = {}
        for path, facts in self.files.items():
            for number, definition in enumerate(facts.definitions):
                if definition.kind is Kind.CLASS and definition.parent < 0:
                    found.setdefault((self.packages[path], definition.name), []).append(DefinitionKey(path, number))
        return found

    @cached_property
    def _class_names(self) -> frozenset[str]:
        return frozenset(self.definition(key).name for key in self.types)

    @cached_property
    def _own_packages(self) -> frozenset[str]:
        return frozenset(self.packages.values())

    def in_package(self, path: str, package: str, name: str, how: str) -> Value | None:
        """Return the class that a package has for a file: that of its own root, else of the nearest one."""
        found = self._top.get((package, name))
        if found is None:
            own = self._platform.get(f"{package}.{name}")
            return external(own.name) if own is not None else None
        if not package:
            found = [key for key in found if self.roots[key.path] == self.roots[path]]
            if not found:
                return None
        if len(found) > 1:
            near = [(self._nearness(key.path, path), key) for key in found]
            best = max(distance for distance, _ in near)
            found = [key for distance, key in near if distance == best]
        if len(found) > 1:
            return unknown("several classes of one name")
        return Value(Sort.TYPE, found[0], how=how)

    def _nearness(self, one: str, other: str) -> tuple[bool, int]:
        roots = self.roots[one], self.roots[other]
        common = takewhile(lambda pair: pair[0] == pair[1], zip(*(root.split("/") for root in roots), strict=False))
        return roots[0] == roots[1], len(list(common))

    def qualified(self, path: str, name: str, how: str) -> Value:
        """Return the class of a qualified name."""
        parts = name.split(".")
        for length in range(len(parts) - 1, -1, -1):
            found = self.in_package(path, ".".join(parts[:length]), parts[length], how)
            if found is None:
                continue
            for part in parts[length + 1 :]:
                found = self.member_type(found, part, how) or unknown("no such class")
            return found
        package = name.rpartition(".")[0]
        if package in self._own_packages or not package:
            return unknown("class is not in the sources")
        return external(name)

    def is_foreign(self, name: str) -> bool:
        """Say whether an outside class may be derived from one of the repository: it is not known to be somebody's."""
        return name.startswith("?.") or name.rpartition(".")[0] in self._own_packages

    def global_name(self, path: str, name: str) -> Value:
        found = self._in_file(path, name)
        return found if found is not NOTHING else Value(Sort.NAMESPACE, name=name)

    def imported(self, path: str, imported: Import) -> Value:
        if imported.level == PACKAGE or (imported.name == "*" and imported.level == TYPE):
            return Value(Sort.NAMESPACE, name=imported.module)
        name = imported.module if imported.level == STATIC else f"{imported.module}.{imported.name}"
        return self.qualified(path, name, "import")

    def static_imports(self, path: str) -> dict[str, list[Value]]:
        """Return the classes whose static members a file imports, by the member's name or `*`."""
        found = self._static_imports.get(path)
        if found is None:
            found = self._static_imports[path] = {}
            for imported in self.files[path].imports:
                if imported.level == STATIC:
                    found.setdefault(imported.name, []).append(self.imported(path, imported))
        return found

    @cached_property
    def _static_imports(self) -> dict[str, dict[str, list[Value]]]:
        return {}

    def files_of(self, namespace: Value) -> list[str]:
        return []

    def namespace_member(self, namespace: Value, name: str, path: str) -> Value:
        full = f"{namespace.name}.{name}"
        found = self.in_package(path, namespace.name, name, "module")
        if found is not None:
            return found
        inner = f"{full}."
        if any(package == full or package.startswith(inner) for package in self._all_packages):
            return Value(Sort.NAMESPACE, name=full)
        if namespace.name in self._own_packages:
            return unknown("class is not in the sources")
        return Value(Sort.NAMESPACE, name=full) if name[:1].islower() else external(full)

    @cached_property
    def _all_packages(self) -> list[str]:
        return sorted(self._own_packages | platform_packages())

    # names of types

    def type_name(self, path: str, scope: int, name: str) -> Value:
        """Return what the simple name of a type means in a scope: TYPE, EXTERNAL, a type variable, or UNKNOWN."""
        primitive = PRIMITIVE_VALUES.get(name)
        if primitive is not None:
            return primitive
        scope = self._naming_scopes(path)[scope]
        key = (path, scope, name)
        found = self._type_names.get(key)
        if found is None:
            found = self._found(path, scope, name)
            if not self._is_circular:  # the answer may not be the whole one
                self._type_names[key] = found
        return found

    def _naming_scopes(self, path: str) -> list[int]:
        """Return, for each scope, the innermost one around it that may give names to types."""
        found = self._naming.get(path)
        if found is None:
            facts = self.files[path]
            naming = {b.scope for b in facts.bindings if b.kind is BindingKind.DEFINITION}
            found = self._naming[path] = []
            for number, scope in enumerate(facts.scopes):
                of = facts.definitions[scope.definition] if scope.definition >= 0 else None
                has_own = number in naming or scope.kind in (ScopeKind.CLASS, ScopeKind.MODULE)
                has_variables = of is not None and any(flag.startswith("type ") for flag in of.flags)
                found.append(number if has_own or has_variables else found[scope.parent])
        return found

    @cached_property
    def _naming(self) -> dict[str, list[int]]:
        return {}

    def _found(self, path: str, scope: int, name: str) -> Value:
        scopes = self.files[path].scopes
        while scope > 0:
            own = scopes[scope]
            here = self.class_at(path, scope)
            if here is not None:
                member = self.member_type(Value(Sort.TYPE, here), name, "lexical")
                if member is not None:
                    return member
            else:
                for binding in self.bindings_of(path).get((scope, name), ()):
                    if binding.kind is BindingKind.DEFINITION:
                        key = DefinitionKey(path, binding.index)
                        if self.definition(key).kind is Kind.CLASS:
                            return Value(Sort.TYPE, key, how="lexical")
            if own.definition >= 0:
                of = self.variable_of(DefinitionKey(path, own.definition), name)
                if of is not None:
                    return of
            scope = own.parent
        return self._in_file(path, name)

    def variable_of(self, key: DefinitionKey, name: str) -> Value | None:
        """Return the type variable that a definition calls by a name."""
        for flag in self.definition(key).flags:
            if flag.startswith("type ") and flag.split(" ", 2)[1] == name:
                return variable(f"{key.path}#{key.number}", name)
        return None

    def _in_file(self, path: str, name: str) -> Value:
        facts = self.files[path]
        for binding in self.bindings_of(path).get((0, name), ()):
            if binding.kind is BindingKind.DEFINITION:
                return Value(Sort.TYPE, DefinitionKey(path, binding.index), how="lexical")
        for imported in facts.imports:
            if imported.name == name and imported.level == TYPE:
                return self.qualified(path, f"{imported.module}.{name}", "import")
            if imported.name == name and imported.level == STATIC:
                of = self.qualified(path, imported.module, "import")
                member = self.member_type(of, name, "import")
                if member is not None:
                    return member
        own = self.in_package(path, self.packages[path], name, "package")
        if own is not None:
            return own
        return self._by_star(path, name)

    def _by_star(self, path: str, name: str) -> Value:
        """Return the class that an import on demand brings; java.lang is always imported."""
        found: list[Value] = []
        for imported in self.files[path].imports:
            if imported.name != "*" or imported.level == PACKAGE:
                continue
            of: Value | None
            if imported.level == TYPE and (imported.module in self._own_packages | platform_packages()):
                of = self.in_package(path, imported.module, name, "import")
            else:
                around = self.qualified(path, imported.module, "import")
                is_known = around.sort is not Sort.EXTERNAL or around.name in self._platform
                of = self.member_type(around, name, "import") if is_known else None
            if of is not None and of not in found:
                found.append(of)
        lang = self._platform.get(f"java.lang.{name}")
        if lang is not None and not found:
            return external(lang.name)
        if len(found) == 1:
            return found[0]
        if found:
            return unknown("several classes of one name")
        if name in self._class_names:
            return NOTHING
        return external(f"?.{name}") if name[:1].isupper() else NOTHING

    def member_type(self, of: Value, name: str, how: str) -> Value | None:
        """Return a class's member class of a name, its own or an inherited one; None where it has none."""
        if of.sort is Sort.EXTERNAL:
            return self._platform_member(of.name, name)
        if of.sort is not Sort.TYPE or of.key is None:
            return unknown("class is not known") if of.sort is Sort.UNKNOWN and how != "lexical" else None
        own = self._member_types.get(of.key, {}).get(name)
        if own is not None:
            return Value(Sort.TYPE, own, how=how)
        for base in self.lineage(of.key).known[1:]:
            if isinstance(base, str):
                found = self._platform.get(f"{base}.{name}")
                if found is not None:
                    return external(found.name)
            elif (own := self._member_types.get(base, {}).get(name)) is not None:
                return Value(Sort.TYPE, own, how=how)
        return None

    def _platform_member(self, owner: str, name: str) -> Value | None:
        pending = [owner]
        for of in pending:
            if f"{of}.{name}" in self._platform:
                return external(f"{of}.{name}")
            if of in self._platform:
                pending.extend(b for b in self.platform_bases(self._platform[of]) if b not in pending)
            else:
                return external(f"{of}.{name}")
        return None

    @cached_property
    def _member_types(self) -> dict[DefinitionKey, dict[str, DefinitionKey]]:
        found: dict[DefinitionKey, dict[str, DefinitionKey]] = {}
        for key, owner in self.owners.items():
            if self.definition(key).kind is Kind.CLASS:
                found.setdefault(owner, {}).setdefault(self.definition(key).name, key)
        return found

    def platform_bases(self, of: PlatformType) -> list[str]:
        """Return the names of what a platform type inherits from."""
        return [self.platform_name(of.package, base.partition("<")[0]) for base in of.bases]

    def platform_name(self, package: str, name: str) -> str:
        """Return the qualified name of a type as a type of a package of the platform writes it."""
        for candidate in (f"{package}.{name}", f"java.lang.{name}"):
            if candidate in self._platform:
                return candidate
        return name

    # what is inherited from

    def named_class(self, path: str, scope: int, names: tuple[str, ...]) -> Value:
        """Return the class that a written name means: TYPE, EXTERNAL, a type variable, or UNKNOWN."""
        found = self.type_name(path, scope, names[0])
        if found is NOTHING and len(names) > 1:
            return self.qualified(path, ".".join(names), "module")
        for name in names[1:]:
            found = self.member_type(found, name, "class") or unknown("no such class")
        return found

    def named_bases(self, key: DefinitionKey) -> list[Value]:
        """Return the classes that a class names as its bases, without type arguments."""
        scope = self.scope_around(key)
        found = []
        for text in self.definition(key).bases:
            base = written(text)
            named = base is not None and self.variable_of(key, base.names[0]) is None
            value = self.named_class(key.path, scope, base.names) if base is not None and named else NOTHING
            found.append(value if value.sort in (Sort.TYPE, Sort.EXTERNAL) else NOTHING)
        return found

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        return [base.key for base in self.named_bases(key) if base.key is not None]

    def lineage(self, of: ClassId) -> Lineage:
        """Return what a class inherits from."""
        found = self._lineages.get(of)
        if found is None:
            if of in self._deriving or len(self._deriving) > MAX_NESTING:
                self._is_circular = True
                return Lineage((of, "java.lang.Object"), ("?",), ())
            self._deriving[of] = None
            found = self._derived(of)
            del self._deriving[of]
            if not self._is_circular or not self._deriving:
                self._lineages[of] = found
            self._is_circular = self._is_circular and bool(self._deriving)
        return found

    def _derived(self, of: ClassId) -> Lineage:
        known: dict[ClassId, None] = {of: None}
        outside: dict[str, None] = {}
        interfaces: dict[str, None] = {}
        pending: list[ClassId] = []
        own: ClassId | None = of
        while own is not None:  # superclasses come before interfaces
            superclass, others = self._direct(own, outside, interfaces)
            pending.extend(others)
            own = superclass if superclass not in known else None
            if superclass is not None:
                known[superclass] = None
        for interface in pending:
            if interface not in known:
                known[interface] = None
                superclass, others = self._direct(interface, outside, interfaces)
                pending.extend(others)
        known.pop("java.lang.Object", None)
        return Lineage((*known, "java.lang.Object"), tuple(outside), tuple(interfaces))

    def _direct(
        self, of: ClassId, outside: dict[str, None], interfaces: dict[str, None]
    ) -> tuple[ClassId | None, list[ClassId]]:
        """Return superclass and interfaces of a class; those of which nothing is known are added to the others."""
        if isinstance(of, str):
            own = self._platform.get(of)
            if own is None:
                if of != "java.lang.Object":
                    outside[of] = None
                return None, []
            bases: list[ClassId] = list(self.platform_bases(own))
            first = bool(bases) and not own.is_interface and not self.is_interface(bases[0])
        else:
            definition = self.definition(of)
            bases = []
            first = "extends" in definition.flags
            for number, value in enumerate(self.named_bases(of)):
                found = value.key or value.name
                is_first = first and not number
                if value.key is None and value.name not in self._platform:
                    (outside if is_first else interfaces)[value.name if value.sort is Sort.EXTERNAL else "?"] = None
                    first = first and not is_first
                else:
                    bases.append(found)
                    first = first and not (is_first and self.is_interface(found))
            implied = IMPLIED.get(definition.form)
            if implied is not None:
                bases.insert(0, implied)
                first = definition.form != "annotation"
        return (bases[0], bases[1:]) if first else (None, bases)
