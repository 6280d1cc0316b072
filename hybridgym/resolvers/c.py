"""C: calls by name → the one function that the name can mean.

A name means a function of the file itself, or one that an `#include` brings, or the only function of that name
in the repository that is not `static`, where a declaration of it is seen. Everything that could make it another
one leaves the call unresolved: macros, values that are called, a second definition, what a linker may replace.
"""

import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property

from hybridgym.facts import BindingKind, Definition, FileFacts, Kind, Reference
from hybridgym.languages.base import is_example, is_vendored
from hybridgym.languages.c import KEYWORDS, C
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.c_library import LIBRARY
from hybridgym.resolvers.c_macros import Macros

BUILTIN = Resolution(Outcome.BUILTIN, None, "builtin")
BUILTIN_PREFIXES = ("__builtin_", "__sync_", "__atomic_", "__c11_atomic_", "_mm_", "_mm256_", "_mm512_")
OTHER_LANGUAGES = (".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".mm", ".cu", ".inl", ".tcc")
MAX_HEADERS = 20
"""Headers of one name that an `#include` may mean."""


def unresolved(reason: str) -> Resolution:
    """Return the answer for a call whose target is not known."""
    return Resolution(Outcome.UNRESOLVED, None, reason)


class CResolver:
    """Answers for all C files of one repository."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        self.files = files
        self.all_paths = all_paths
        self._macros = Macros(files, self._sees)
        self._closures: dict[str, tuple[str, ...]] = {}
        self._has_other_languages = any(path.endswith(OTHER_LANGUAGES) for path in all_paths)

    # answers

    def resolve(self, path: str) -> list[Resolution]:
        """Return a resolution for each reference of a file, in their order."""
        known: dict[str, Resolution] = {}
        return [self._answer(path, reference, known) for reference in self.files[path].references]

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return nothing: no type of C inherits."""
        return []

    def imported_files(self, path: str) -> list[tuple[str, DefinitionKey | None]]:
        """Return the files of the repository that a file includes itself."""
        return [(found, None) for found in self._included[path] if found in self.files]

    def _answer(self, path: str, reference: Reference, known: dict[str, Resolution]) -> Resolution:
        name = reference.path
        if name == "#":
            hidden = next((n for n in reference.arguments if self._hides_calls(path, n, called=False)), None)
            return BUILTIN if hidden is None else unresolved("macro")
        if name.startswith("#0"):
            return unresolved("never compiled")
        if name.startswith("?"):
            return unresolved("function pointer")
        if name in KEYWORDS or name.startswith(BUILTIN_PREFIXES):
            return BUILTIN
        local = self._local(path, reference)
        if local is not None:
            return local
        if name not in known:
            known[name] = self._global(path, name)
        return known[name]

    def _local(self, path: str, reference: Reference) -> Resolution | None:
        """Answer for a name that a function binds; None where it does not, or declares the function."""
        facts = self.files[path]
        scope = reference.scope
        while scope > 0:
            for value, position in self._locals.get(path, {}).get((scope, reference.path), ()):
                if position <= reference.start:
                    return None if value == "()" else BUILTIN if value == "<>" else unresolved("function pointer")
            scope = facts.scopes[scope].parent
        return None

    def _global(self, path: str, name: str) -> Resolution:
        if self._macros.seen(path, name):
            may_be_function = name in self._linked or name in self._static_names or name in self._declared_names
            return unresolved("macro") if may_be_function or self._hides_calls(path, name, called=True) else BUILTIN
        if path.endswith(".h") and self._has_other_languages:
            return unresolved("may be another language")
        own = self._live(path, name)
        around = self._closure(path)
        if own:
            others = [key for f in around for key in self._live(f, name)]
            if any(self._is_chosen(key) for key in (*own, *others)):
                own = [*own, *others]  # each may keep the other one out
            return self._checked(path, name, own, "lexical")
        if any(name in self._variables[f] for f in (path, *around)):
            return unresolved("function pointer")
        brought = [key for f in around for key in self._live(f, name) if self._is_static(key) is not False]
        linked = [key for key in self._linked.get(name, ()) if key not in brought]
        if brought or linked:
            return self._one_of(path, name, brought, linked)
        if any(name in self._types[f] for f in (path, *around)):
            return BUILTIN  # a conversion, whose parentheses look like a call's
        return self._without_definition(path, name)

    def _one_of(self, path: str, name: str, brought: list[DefinitionKey], linked: list[DefinitionKey]) -> Resolution:
        if brought and not linked:
            return self._checked(path, name, brought, "import")
        if len(brought) + len(linked) > 1:
            return unresolved("several definitions")
        target = linked[0]
        if any(name in self.files[f].dynamic_names for f in self._misread if f != target.path):
            return unresolved("several definitions")
        if (C.is_test(target.path) or is_example(target.path)) and not (C.is_test(path) or is_example(path)):
            return unresolved("only defined for tests")
        if name in LIBRARY:
            return unresolved("may be the library's")  # a build chooses which one it links
        is_declared = target.path in self._closure(path) or self._is_declared(path, name)
        if is_declared:
            return self._checked(path, name, linked, "import")
        is_near = posixpath.dirname(path) == posixpath.dirname(target.path)
        if not is_near or is_vendored(target.path):
            return unresolved("not declared")
        return self._checked(path, name, linked, "module")

    def _checked(self, path: str, name: str, found: list[DefinitionKey], how: str) -> Resolution:
        """Answer with the only one of some functions, if nothing can replace it."""
        if len(found) > 1:
            return unresolved("several definitions")
        key = found[0]
        definition = self._definition(key)
        if name in self._weak or "weak" in self._words(definition):
            return unresolved("weak")
        if name in self._defined_by_macros:
            return unresolved("may be made by a macro")
        conditions = " ".join(flag for flag in definition.flags if flag.startswith("if "))
        if conditions and (name in LIBRARY or name.upper() in conditions.upper() or "VERSION" in conditions.upper()):
            return unresolved("may be the library's")
        if how == "import" and key.path.endswith(".h") and key.path != path and self._is_left_out(key):
            return unresolved("may be the library's")  # of a version that has it
        return Resolution(Outcome.RESOLVED, key, how)

    def _without_definition(self, path: str, name: str) -> Resolution:
        """Answer for a name that no function of the repository has: it is external where nothing can make one."""
        if name in LIBRARY and name not in self._misread_names and not self._reads_unknown(path):
            return Resolution(Outcome.EXTERNAL, None, name)
        if name in self._declared_names:
            return unresolved("declared and not defined")
        if name in self._static_names:
            return unresolved("only defined for other files")
        if self._reads_unknown(path):
            return unresolved("may be in an included file that is not read")
        return Resolution(Outcome.EXTERNAL, None, name) if self._is_outside(name) else unresolved("may be made here")

    def _is_outside(self, name: str) -> bool:
        """Say whether a name is proven to be that of no function of the repository."""
        if name in self._linked or name in self._static_names or name in self._misread_names:
            return False
        if name in LIBRARY:
            return True
        if name in self._declared_names or name in self._variable_names or name in self._defined_by_macros:
            return False
        return not self._macros.may_paste(name) and not self._macros.may_define(name)

    # macros

    def _hides_calls(self, path: str, name: str, *, called: bool) -> bool:
        return (name, called) not in self._harmless and any(
            called or macro.parameters is None for macro in self._macros.seen(path, name)
        )

    @cached_property
    def _harmless(self) -> frozenset[tuple[str, bool]]:
        return self._macros.harmless(self._is_outside)

    @cached_property
    def _defined_by_macros(self) -> frozenset[str]:
        return self._macros.defined_names({name for own in self._functions.values() for name in own})

    def _sees(self, path: str, other: str) -> bool:
        """Say whether a macro of another file may hold in a file: those of headers may hold anywhere."""
        return path == other or not other.endswith(".c") or path in self._closure(other) or bool(self._includers[other])

    # functions

    def _definition(self, key: DefinitionKey) -> Definition:
        return self.files[key.path].definitions[key.number]

    def _is_chosen(self, key: DefinitionKey) -> bool:
        """Say whether a function stands below a condition of the preprocessor."""
        return any(flag.startswith("if ") for flag in self._definition(key).flags)

    def _is_left_out(self, key: DefinitionKey) -> bool:
        """Say whether some builds do not have a function of a header: what guards one does not count."""
        guards = {"if #ifdef __cplusplus"}
        guards.update(f"if #ifndef {b.name}" for b in self.files[key.path].bindings if b.value.startswith("#"))
        return any(flag.startswith("if ") and flag.strip() not in guards for flag in self._definition(key).flags)

    def _live(self, path: str, name: str) -> list[DefinitionKey]:
        return self._functions.get(path, {}).get(name, [])

    @cached_property
    def _functions(self) -> dict[str, dict[str, list[DefinitionKey]]]:
        """The functions of each file by name, without those that are never compiled."""
        found: dict[str, dict[str, list[DefinitionKey]]] = {}
        for path, facts in self.files.items():
            own = found.setdefault(path, {})
            for number, definition in enumerate(facts.definitions):
                if definition.kind is Kind.FUNCTION and "never" not in definition.flags:
                    own.setdefault(definition.name, []).append(DefinitionKey(path, number))
        return found

    @cached_property
    def _linked(self) -> dict[str, list[DefinitionKey]]:
        """The functions that other files can link with, by name: those that are not surely `static`."""
        found: dict[str, list[DefinitionKey]] = {}
        for own in self._functions.values():
            for name, keys in own.items():
                outer = [key for key in keys if self._is_static(key) is not True]
                if outer:
                    found.setdefault(name, []).extend(outer)
        return found

    @cached_property
    def _static_names(self) -> frozenset[str]:
        return frozenset(name for own in self._functions.values() for name in own if name not in self._linked)

    def _is_static(self, key: DefinitionKey) -> bool | None:
        """Say whether only the files that hold a function see it; None where a macro decides."""
        definition = self._definition(key)
        if "static" in definition.decorators or f"static {definition.name}" in self._static_declarations[key.path]:
            return True
        return None if "static" in self._words(definition) else False

    @cached_property
    def _static_declarations(self) -> dict[str, frozenset[str]]:
        return {
            path: frozenset(
                f"static {b.name}" for b in facts.bindings if b.value == "()" and "static" in b.annotation.split()
            )
            for path, facts in self.files.items()
        }

    def _words(self, definition: Definition) -> frozenset[str]:
        """Return the words of a function's head, and those that macros among them may stand for."""
        expanded = [self._macros.words_of(word) for word in definition.decorators]
        return frozenset(definition.decorators).union(*expanded)

    @cached_property
    def _weak(self) -> frozenset[str]:
        """Names that some declaration calls weak, or another name of something."""
        found: set[str] = set()
        for facts in self.files.values():
            for binding in facts.bindings:
                if binding.value == "()":
                    words = {w for word in binding.annotation.split() for w in (word, *self._macros.words_of(word))}
                    if words & {"weak", "alias", "ifunc", "weakref", "__weak__", "__alias__"}:
                        found.add(binding.name)
        return frozenset(found)

    # names

    @cached_property
    def _locals(self) -> dict[str, dict[tuple[int, str], list[tuple[str, int]]]]:
        """For each file, what is bound in its functions: by scope and name, last first, what it is and from where."""
        found: dict[str, dict[tuple[int, str], list[tuple[str, int]]]] = {}
        for path, facts in self.files.items():
            own = found.setdefault(path, {})
            for binding in sorted(facts.bindings, key=lambda b: -b.position):
                if binding.scope and binding.kind is not BindingKind.DEFINITION:
                    own.setdefault((binding.scope, binding.name), []).append((binding.value, binding.position))
        return found

    def _module_names(self, value: str) -> dict[str, frozenset[str]]:
        return {
            path: frozenset(
                b.name
                for b in facts.bindings
                if b.scope == 0 and b.value == value and b.kind in (BindingKind.ASSIGNMENT, BindingKind.OTHER)
            )
            for path, facts in self.files.items()
        }

    @cached_property
    def _variables(self) -> dict[str, frozenset[str]]:
        return self._module_names("")

    @cached_property
    def _types(self) -> dict[str, frozenset[str]]:
        return self._module_names("<>")

    @cached_property
    def _declarations(self) -> dict[str, frozenset[str]]:
        return self._module_names("()")

    @cached_property
    def _variable_names(self) -> frozenset[str]:
        return frozenset().union(*self._variables.values())

    @cached_property
    def _declared_names(self) -> frozenset[str]:
        return frozenset().union(*self._declarations.values())

    @cached_property
    def _misread(self) -> list[str]:
        """The files in which functions may stand that the grammar did not find."""
        return [path for path, facts in self.files.items() if facts.dynamic_names]

    @cached_property
    def _misread_names(self) -> frozenset[str]:
        return frozenset(name for path in self._misread for name in self.files[path].dynamic_names)

    def _is_declared(self, path: str, name: str) -> bool:
        return any(name in self._declarations[f] for f in (path, *self._closure(path)))

    # files

    def _closure(self, path: str) -> tuple[str, ...]:
        """Return the files of the repository that a file includes, directly or not, in that order."""
        found = self._closures.get(path)
        if found is None:
            seen: dict[str, None] = {}
            pending = [path]
            while pending:
                for included in self._included.get(pending.pop(), ()):
                    if included not in seen and included != path and included in self.files:
                        seen[included] = None
                        pending.append(included)
            found = self._closures[path] = tuple(seen)
        return found

    def _reads_unknown(self, path: str) -> bool:
        """Say whether a file includes one of the repository that is not read as C."""
        return any(f not in self.files for p in (path, *self._closure(path)) for f in self._included[p])

    @cached_property
    def _included(self) -> dict[str, tuple[str, ...]]:
        """For each file, what of the repository its `#include`s may mean."""
        return {
            path: tuple(
                dict.fromkeys(
                    found
                    for imported in facts.imports
                    for found in self._found(path, imported.module, imported.level == 0)
                )
            )
            for path, facts in self.files.items()
        }

    @cached_property
    def _includers(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {path: [] for path in self.files}
        for path, included in self._included.items():
            for other in included:
                if other in found and other != path:
                    found[other].append(path)
        return {path: tuple(others) for path, others in found.items()}

    def _found(self, path: str, written: str, quoted: bool) -> Iterator[str]:
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
        if quoted and beside in self.all_paths:
            yield beside
            return
        place = posixpath.normpath(written)
        same_name = self._by_name.get(posixpath.basename(place), ())
        while place.startswith("../"):
            place = place[3:]
        found = [other for other in same_name if other == place or other.endswith(f"/{place}")]
        yield from found[:MAX_HEADERS]

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.all_paths):
            found.setdefault(posixpath.basename(path), []).append(path)
        return found
