"""libclang as a witness of C calls; `pip install libclang` brings it, and `cc` in PATH its headers."""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from ctypes import byref, c_uint
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.compilers.witness import Reach, WitnessedCall, WitnessError
from hybridgym.errors import MissingDependencyError

DETAILED, KEEP_GOING = 0x01, 0x200
"""Options of libclang: macros are recorded, and a missing header ends nothing."""
ERROR = 3
DATABASES = (".", "build")
"""Where a build leaves compile_commands.json."""


class Place(NamedTuple):
    """A byte of a file; the path is relative to the folder."""

    path: str
    offset: int
    row: int


class Seen(NamedTuple):
    """A call as one translation unit sees it."""

    path: str
    start: int
    end: int
    called: Any
    """The cursor of what is called, or None."""


class Clang:
    """libclang on each `.c` file of a folder, with what its compile_commands.json says or with every folder of
    headers searched."""

    languages = ("c",)

    def facts(self, folder: Path) -> Iterator[WitnessedCall]:
        """Return what each call reaches; raises WitnessError and MissingDependencyError."""
        reading = _Reading(folder)
        for path in sorted(folder.rglob("*.c")):
            if path.is_file():
                reading.read(path)
        return reading.calls()


class _Reading:
    """What the translation units of a folder say together."""

    def __init__(self, folder: Path) -> None:
        try:
            from clang import cindex
        except ImportError as error:
            message = "benchmarks.compilers c: no libclang; `pip install libclang` brings one"
            raise MissingDependencyError(message) from error
        self._cindex = cindex
        self._folder = folder.resolve()
        self._index = cindex.Index.create()
        self._arguments = _arguments(self._folder)
        self._databases = [
            cindex.CompilationDatabase.fromDirectory(str(folder / place))
            for place in DATABASES
            if (folder / place / "compile_commands.json").is_file()
        ]
        self._paths: dict[str, str] = {}
        self._read: set[tuple[str, int]] = set()
        self._linked: dict[str, set[tuple[str, int, str]]] = defaultdict(set)
        self._found: dict[tuple[str, int, int], WitnessedCall | None] = {}
        self._is_wrong = False
        self._pending: list[tuple[tuple[str, int, int], str, str, bool]] = []

    def read(self, path: Path) -> None:
        """Read one file with all that it includes."""
        try:
            unit = self._index.parse(str(path), self._flags(path), options=DETAILED | KEEP_GOING)
        except self._cindex.TranslationUnitLoadError as error:
            message = f"{path}: libclang: {error}"
            raise WitnessError(message) from error
        wrong = [self._place(d.location) for d in unit.diagnostics if d.severity >= ERROR]
        self._is_wrong = bool(wrong)
        macros: dict[str, dict[int, int]] = defaultdict(dict)
        kinds = self._cindex.CursorKind
        for cursor in unit.cursor.get_children():
            if cursor.kind == kinds.MACRO_INSTANTIATION:
                start, end = self._place(cursor.extent.start), self._place(cursor.extent.end)
                if start.path and start.path == end.path:
                    macros[start.path][start.offset] = end.offset
            elif cursor.kind == kinds.FUNCTION_DECL and cursor.is_definition():
                self._function(cursor, wrong, macros)

    def calls(self) -> Iterator[WitnessedCall]:
        """Return what was found, now that all definitions are known."""
        for (path, start, end), usr, name, is_ours in self._pending:
            targets = sorted(self._linked.get(usr, ()))
            if len(targets) == 1:
                self._keep(_reaching(path, start, end, *targets[0]))
            elif targets:
                self._keep(WitnessedCall(path, start, end, Reach.OPEN, why="several definitions", name=name))
            elif is_ours:
                self._found[path, start, end] = None
            else:
                self._keep(WitnessedCall(path, start, end, Reach.OUTSIDE, name=name))
        return (call for _, call in sorted(self._found.items()) if call is not None)

    def _function(self, cursor: Any, wrong: list[Place], macros: dict[str, dict[int, int]]) -> None:
        name, start, end = map(self._place, (cursor.location, cursor.extent.start, cursor.extent.end))
        if not name.path or name.path != end.path:
            return
        if cursor.linkage == self._cindex.LinkageKind.EXTERNAL:
            self._linked[cursor.get_usr()].add((name.path, name.row, cursor.spelling))
        if (name.path, name.offset) in self._read:
            return
        self._read.add((name.path, name.offset))
        if any(w.path == name.path and start.offset <= w.offset < end.offset for w in wrong):
            return
        own = macros[name.path]
        for first, last in own.items():
            if start.offset <= first < end.offset:
                self._keep(WitnessedCall(name.path, first, last, Reach.BUILTIN, why="macro"))
        # Where hybridgym asks whether a macro of the body hides a call: those that do are calls of their own here.
        self._keep(WitnessedCall(name.path, end.offset - 1, end.offset, Reach.BUILTIN, why="macros"))
        hidden: dict[int, int] = defaultdict(int)
        for call in self._seen(cursor):
            if call.path != name.path:
                continue
            last = own.get(call.start, -1)
            if call.end > last:
                self._call(call)
                continue
            hidden[call.start] += 1  # all calls of a macro stand in one place; each gets an empty one in it
            place = call.start + hidden[call.start]
            self._call(Seen(call.path, place, place, call.called))

    def _seen(self, function: Any) -> Iterator[Seen]:
        kinds = self._cindex.CursorKind
        for cursor in function.walk_preorder():
            if cursor.kind == kinds.CALL_EXPR:
                start, end = self._place(cursor.extent.start), self._place(cursor.extent.end)
                yield Seen(start.path, start.offset, end.offset, cursor.referenced)

    def _call(self, call: Seen) -> None:
        kinds, where = self._cindex.CursorKind, (call.path, call.start, call.end)
        called = call.called
        if called is None and self._is_wrong:
            return  # what it is may be what is missing
        if called is None or called.kind != kinds.FUNCTION_DECL:
            self._keep(WitnessedCall(*where, Reach.OPEN, why="function pointer"))
            return
        if called.location.file is None:
            if called.spelling.startswith("__"):
                self._keep(WitnessedCall(*where, Reach.BUILTIN, name=called.spelling))
            return
        definition = called.get_definition()
        place = self._place(definition.location) if definition is not None else None
        if place is not None and place.path:
            self._keep(_reaching(*where, place.path, place.row, called.spelling))
        elif place is not None:
            self._keep(WitnessedCall(*where, Reach.OUTSIDE, name=called.spelling))
        else:
            is_ours = bool(self._place(called.canonical.location).path)
            self._pending.append((where, called.get_usr(), called.spelling, is_ours))

    def _keep(self, call: WitnessedCall) -> None:
        """Add a call; units that say different things leave it open."""
        where = call.path, call.start, call.end
        known = self._found.setdefault(where, call)
        if known is not None and known != call and known.why != "macro":
            self._found[where] = WitnessedCall(*where, Reach.OPEN, why="several builds")
        elif known is not None and known.why == "macro":
            self._found[where] = call

    def _place(self, location: Any) -> Place:
        """Return where something stands in a file; of an argument of a macro, where it is written."""
        file, line, column, offset = self._cindex.c_object_p(), c_uint(), c_uint(), c_uint()
        library = self._cindex.conf.lib
        library.clang_getFileLocation(location, byref(file), byref(line), byref(column), byref(offset))
        if not file:
            return Place("", 0, 0)
        name = self._cindex.File(file).name
        path = self._paths.get(name)
        if path is None:
            whole = Path(name).resolve()
            inside = whole.is_relative_to(self._folder)
            path = self._paths[name] = whole.relative_to(self._folder).as_posix() if inside else ""
        return Place(path, offset.value, line.value - 1)

    def _flags(self, path: Path) -> list[str]:
        for database in self._databases:
            for command in database.getCompileCommands(str(path)) or ():
                flags = [f for f in list(command.arguments)[1:] if f not in ("-c", "--", str(path))]
                if "-o" in flags:
                    del flags[flags.index("-o") : flags.index("-o") + 2]
                return [*flags, f"-working-directory={command.directory}", *self._arguments]
        return self._arguments


def _arguments(folder: Path) -> list[str]:
    """Return what every file is read with: the compiler's own headers, and the folder's where nothing else has any."""
    cc = shutil.which("cc")
    if cc is None:
        message = "benchmarks.compilers c: no `cc` in PATH"
        raise MissingDependencyError(message)
    done = subprocess.run([cc, "-print-file-name=include"], capture_output=True, text=True, check=True)
    around = {place for path in folder.rglob("*.h") for place in path.parents if place.is_relative_to(folder)}
    places = sorted(around, key=lambda p: (len(p.parts), p))
    return ["-xc", "-std=gnu11", "-ferror-limit=0", "-isystem", done.stdout.strip()] + [
        f"-idirafter{place}" for place in places
    ]


def _reaching(path: str, start: int, end: int, target: str, row: int, name: str) -> WitnessedCall:
    return WitnessedCall(path, start, end, Reach.REPOSITORY, target, row, name)
