"""What names mean in Rust: items of modules and blocks, imports, globs, other crates, the prelude.

Types and values have names of their own: `shape::area(shape)` may speak of a module and of a variable.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from hybridgym.facts import FileFacts, Import, ScopeKind
from hybridgym.resolvers.rust_crates import OUTSIDE, STANDARD, crates_of
from hybridgym.resolvers.rust_modules import Modules
from hybridgym.resolvers.rust_std import PRELUDE_TYPES, PRELUDE_VALUES, PRIMITIVES
from hybridgym.resolvers.rust_tables import Item, Meaning, Space, Table, Tables, Word, not_known

SEVERAL = not_known("several definitions of the name")
UNKNOWN_NAME = not_known("unknown name")
UNKNOWN_IMPORT = not_known("unknown import")
NEVER = 1 << 30


class Found(NamedTuple):
    """What a name means, and by which rule: lexical, import, module, super or class."""

    meaning: Meaning
    how: str


Question = tuple[int, str, int, Space, str, bool]
"""Module, file, scope, space, name, and whether private names count."""


class Names:
    """The names of a repository."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        self.files = files
        self.modules = Modules(files, crates_of(all_paths, build_files))
        self.tables = Tables(files)
        self._answers: dict[Question, Meaning | None] = {}
        self._asking: dict[Question, int] = {}
        self._lowest = NEVER
        """The outermost question being asked that the current one came back to."""
        self._paths: dict[tuple[str, int, tuple[str, ...], Space], Found] = {}

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Names that macros may define."""
        found = {name for facts in self.files.values() for name in facts.dynamic_names}
        naming = {name[:-2] for name in found if name.endswith("!$")}
        given = (name.partition("!") for name in found if "!" in name)
        return frozenset({n for n in found if "!" not in n} | {n for n, _, macro in given if macro in naming})

    @cached_property
    def macros(self) -> frozenset[str]:
        """The macros of the repository."""
        names = (name for facts in self.files.values() for name in facts.dynamic_names)
        return frozenset(name.partition("!")[0] for name in names if name.endswith(("!", "!$")))

    def path(self, path: str, scope: int, segments: Sequence[str], space: Space) -> Found:
        """Return what a path of names means: all but the last are names of modules and types."""
        key = path, scope, tuple(segments), space
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = self._followed(path, scope, segments, space)
        return found

    def _followed(self, path: str, scope: int, segments: Sequence[str], space: Space) -> Found:
        modules = self.modules.around(path, scope)
        if not modules:
            return Found(not_known("module is not known"), "module")
        answers = [self._path(number, path, scope, segments, space, is_use=False) for number in modules]
        first = answers[0]
        return first if all(a == first for a in answers[1:]) else Found(SEVERAL, "module")

    def member(self, number: int, name: str, space: Space) -> Meaning:
        """Return what a module calls a name."""
        module = self.modules.all[number]
        found = self._answer((number, module.path, module.scope, space, name, True))
        if found is None:
            return UNKNOWN_NAME
        return found

    # scopes

    def _seen_from(self, number: int, path: str, scope: int, name: str, space: Space) -> Found:
        scopes = self.files[path].scopes
        spread: Meaning | None = None
        while scope >= 0:
            table = self.tables.of(path, scope)
            if table is not None:
                meaning = self._answer((number, path, scope, space, name, True))
                if meaning is not None and meaning.word is Word.EXTERNAL and (space, name) not in table.items:
                    spread = spread or meaning  # a glob of something outside may have the name, or not
                elif meaning is not None:
                    found = Found(meaning, "lexical" if table.defines(space, name) else "import")
                    return found if spread is None else Found(not_known("glob of others"), "import")
            if scopes[scope].kind is ScopeKind.MODULE:
                break
            scope = scopes[scope].parent
        return Found(spread or self._outside(number, name, space), "import")

    def _outside(self, number: int, name: str, space: Space) -> Meaning:
        """Return what a name means that no item around gives: another crate, the prelude, the language."""
        crate = self.modules.all[number].crate
        if space is Space.TYPES and (other := self._crate(number, name)) is not None:
            return other
        if name in self.hidden and name not in PRELUDE_VALUES | PRELUDE_TYPES | PRIMITIVES:
            return not_known("a macro may define it")
        if space is Space.TYPES and (name in PRELUDE_TYPES or name in PRIMITIVES):
            return Meaning(Word.EXTERNAL, name=name)
        if space is Space.VALUES and name in PRELUDE_VALUES:
            return Meaning(Word.EXTERNAL, name=name)
        return UNKNOWN_NAME if crate.is_known else not_known("unknown name outside of a package")

    def _crate(self, number: int, name: str) -> Meaning | None:
        """Return the crate that is known by a name in a crate."""
        crate = self.modules.all[number].crate
        root = crate.names.get(name)
        if root is not None and root != OUTSIDE:
            module = self.modules.roots.get(root)
            return Meaning(Word.MODULE, number=module) if module is not None else UNKNOWN_NAME
        if root is not None or name in STANDARD:
            return Meaning(Word.EXTERNAL, name=name)
        return None

    # paths

    def _path(
        self, number: int, path: str, scope: int, segments: Sequence[str], space: Space, *, is_use: bool
    ) -> Found:
        """Follow a path that is written in a module."""
        module = self.modules.all[number]
        first, rest = segments[0], list(segments[1:])
        how = "module"
        if first in ("crate", "self", "super"):
            place = module.root if first == "crate" else number if first == "self" else module.parent
            while rest and rest[0] == "super" and place >= 0:
                place, rest = self.modules.all[place].parent, rest[1:]
            if place < 0:
                return Found(UNKNOWN_NAME, how)
            meaning = Meaning(Word.MODULE, number=place)
            how = "super" if first == "super" else "module"
        elif first == "$" or (is_use and module.crate.edition < 2018):
            meaning, rest = self._from_root(number, rest if first == "$" else list(segments), space)
        elif not rest:
            return self._seen_from(number, path, scope, first, space)
        else:
            meaning = self._seen_from(number, path, scope, first, Space.TYPES).meaning
        for place, name in enumerate(rest):
            if meaning.word is not Word.MODULE:
                return Found(self._beyond(meaning, rest[place:]), how)
            last = place == len(rest) - 1
            answer = self.member(meaning.number, name, space if last else Space.TYPES)
            if answer is UNKNOWN_NAME and name in self.hidden:
                answer = not_known("a macro may define it")
            meaning = answer
        return Found(meaning, how)

    def _from_root(self, number: int, rest: list[str], space: Space) -> tuple[Meaning, list[str]]:
        """Begin a path with the name of a crate, or in the editions before 2018 with an item of the root."""
        module = self.modules.all[number]
        if not rest:
            return Meaning(Word.MODULE, number=module.root), rest
        name, rest = rest[0], rest[1:]
        if module.crate.edition < 2018:
            root = self.modules.all[module.root]
            wanted = Space.TYPES if rest else space
            found = self._answer((root.number, root.path, root.scope, wanted, name, True))
            if found is not None:
                return found, rest
        return self._crate(number, name) or UNKNOWN_NAME, rest

    def _beyond(self, meaning: Meaning, rest: Sequence[str]) -> Meaning:
        """Return what stands behind something that is no module: a variant of an enum, something outside."""
        if meaning.word is Word.EXTERNAL:
            return Meaning(Word.EXTERNAL, name="::".join([meaning.name, *rest]))
        if meaning.word in (Word.DEFINITION, Word.ALIAS) and len(rest) == 1:
            return self.tables.variant(meaning, rest[0]) or meaning._replace(member=rest[0])
        if meaning.word is Word.UNKNOWN:
            return meaning
        return not_known("member of a member")

    # items, imports and globs

    def _answer(self, question: Question) -> Meaning | None:
        """Answer a question once; imports may come back to where they began, and do not count there."""
        if question in self._answers:
            return self._answers[question]
        height = self._asking.get(question)
        if height is not None:
            self._lowest = min(self._lowest, height)
            return None
        own = self._asking[question] = len(self._asking)
        if own > 150:
            del self._asking[question]
            self._lowest = 0
            return not_known("too many imports")
        outer, self._lowest = self._lowest, NEVER
        try:
            answer = self._look(*question)
        finally:
            del self._asking[question]
        if self._lowest >= own:  # nothing that is still being asked for was left out
            self._answers[question] = answer
            self._lowest = outer
        else:
            self._lowest = min(outer, self._lowest)
        return answer

    def _look(self, number: int, path: str, scope: int, space: Space, name: str, private: bool) -> Meaning | None:
        table = self.tables.of(path, scope)
        if table is None:
            return None
        items = [i for i in table.items.get((space, name), ()) if private or i.is_public]
        own = self._one_of([(i, self._item(number, path, scope, i, space)) for i in items])
        if own is not None and not any(i.is_conditional for i in items):
            return own
        spread = self._globs(number, path, scope, table, space, name, private) if table.globs else None
        if own is None or spread is None or spread == own:
            return own or spread
        return SEVERAL

    def _one_of(self, answers: list[tuple[Item, Meaning | None]]) -> Meaning | None:
        """Return the one thing that several items of one name and scope mean."""
        sure: dict[Meaning, None] = {}
        unsure: dict[Meaning, None] = {}
        for item, meaning in answers:
            if meaning is not None:
                # What is imported from elsewhere may be of the other space, or a macro.
                is_unsure = item.imported is not None and meaning.word in (Word.EXTERNAL, Word.UNKNOWN)
                (unsure if is_unsure and not item.is_conditional else sure)[meaning] = None
        found = sure or unsure
        return next(iter(found)) if len(found) == 1 else (SEVERAL if found else None)

    def _item(self, number: int, path: str, scope: int, item: Item, space: Space) -> Meaning | None:
        if item.imported is not None:
            return self._imported(number, path, scope, item.imported, space)
        if item.is_module:
            own = self.modules.all[number]
            children = self.modules.children.get((number, item.name), []) if own.scope == scope else []
            if len(children) == 1 and children[0] >= 0:
                return Meaning(Word.MODULE, number=children[0])
            return not_known("module is not known") if len(children) < 2 else SEVERAL
        return item.meaning

    def _imported(self, number: int, path: str, scope: int, imported: Import, space: Space) -> Meaning | None:
        """Return what an import brings into one space; None where it has nothing there."""
        segments = [s for s in imported.module.split("::") if s]
        if not segments:
            if imported.name in ("self", "super", "crate"):
                return self._path(number, path, scope, [imported.name], Space.TYPES, is_use=True).meaning
            if self.modules.all[number].crate.edition >= 2018:
                seen = self._seen_from(number, path, scope, imported.name, space).meaning
                return None if seen == UNKNOWN_NAME else seen
            return self._known(self._path(number, path, scope, [imported.name], space, is_use=True).meaning)
        if segments == ["$"]:
            if space is Space.VALUES:
                return None
            if imported.name == "self":
                return Meaning(Word.MODULE, number=self.modules.all[number].root)
            return self._crate(number, imported.name) or Meaning(Word.EXTERNAL, name=imported.name)
        before = self._path(number, path, scope, segments, Space.TYPES, is_use=True).meaning
        if before.word is Word.MODULE:
            module = self.modules.all[before.number]
            found = self._answer((before.number, module.path, module.scope, space, imported.name, True))
            if found is None and imported.name in self.hidden:
                return not_known("a macro may define it")
            return found
        if before.word is Word.UNKNOWN:
            return UNKNOWN_IMPORT
        return self._beyond(before, [imported.name])

    @staticmethod
    def _known(meaning: Meaning) -> Meaning | None:
        return None if meaning is UNKNOWN_NAME else meaning

    def _globs(
        self, number: int, path: str, scope: int, table: Table, space: Space, name: str, private: bool
    ) -> Meaning | None:
        """Return what the globs of a scope give a name."""
        found: dict[Meaning, None] = {}
        outside: Meaning | None = None
        for item in table.globs:
            if item.imported is None or not (private or item.is_public):
                continue
            segments = [s for s in item.imported.module.split("::") if s]
            outer, self._lowest = self._lowest, NEVER
            source = self._path(number, path, scope, segments or ["$"], Space.TYPES, is_use=True).meaning
            came_back, self._lowest = self._lowest < NEVER, min(outer, self._lowest)
            if came_back and source.word is Word.UNKNOWN:
                continue  # where it leads is what is being asked for
            if source.word is Word.MODULE:
                module = self.modules.all[source.number]
                own = self.modules.is_within(number, source.number)
                meaning = self._answer((source.number, module.path, module.scope, space, name, own))
            elif source.word is Word.DEFINITION:
                meaning = self.tables.variant(source, name)
            elif source.word is Word.EXTERNAL:
                outside = outside or Meaning(Word.EXTERNAL, name=f"{source.name}::{name}")
                continue
            else:
                outside = UNKNOWN_IMPORT
                continue
            if meaning is not None:
                found[meaning] = None
        if not found:
            return self._from_outside(number, outside, name, space)
        alternatives = sum(item.is_conditional for item in table.globs)
        return next(iter(found)) if len(found) == 1 and alternatives < 2 else SEVERAL

    def _from_outside(self, number: int, outside: Meaning | None, name: str, space: Space) -> Meaning | None:
        """A glob of something outside gives what nothing else does; what is in the prelude is most likely that."""
        if space is Space.VALUES:
            is_common = name in PRELUDE_VALUES
        else:
            is_common = name in PRELUDE_TYPES or name in PRIMITIVES or self._crate(number, name) is not None
        if outside is None or is_common or name in self.hidden:
            return None
        return outside
