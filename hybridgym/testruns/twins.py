"""Must-fail twins: copies of tests of which one assertion demands something else.

Right code fails a twin where it passes the test. What passes both has not been tested: it answers whatever it is
asked, or has a hold on the runner. Twins have names that no one can know and stand among the tests.

Which assertions make twins is found by reading (`find_twins`) and proven by running them on right code; a test
without an assertion that can be read has none.
"""

import ast
import random
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from hybridgym.languages.python import COOKIE
from hybridgym.task import REGULAR, File, Tree, Value

_OPPOSITES: Final = {
    "assertTrue": "assertFalse",
    "assertIn": "assertNotIn",
    "assertIs": "assertIsNot",
    "assertIsNone": "assertIsNotNone",
    "assertIsInstance": "assertNotIsInstance",
    "assertNotEqual": "assertEqual",
}
OPPOSITES: Final = {**_OPPOSITES, **{new: old for old, new in _OPPOSITES.items() if new != "assertEqual"}}
"""Methods of unittest that say the opposite; assertEqual is given something else to be equal to."""
_EQUAL: Final = frozenset({"assertEqual", "assertListEqual", "assertDictEqual", "assertTupleEqual", "assertSetEqual"})
_RAISES: Final = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_UNHEARD_OF: Final = ("BlockingIOError", "BufferError", "ChildProcessError", "UnicodeTranslateError")
"""Exceptions that hardly any code raises."""
_DEFINED: Final = re.compile(rb"\bdef\s+([A-Za-z_]\w*)")
_MAX_BASES: Final = 8
"""Steps, to a base or to another file, from a test's class to the one that has its text."""
_MAX_SEEN: Final = 50
"""Assertions of one test that are looked at."""


class Twin(Value, frozen=True, kw_only=True):
    """One assertion of a test that makes a twin."""

    test: str
    """The test's id, without parameters."""
    assertion: int
    """Which of the test's assertions it is, from 0 on, in the order of the text."""
    text: str
    """The id under which its text stands: that of the same test of a base class, where it is inherited."""
    raises: bool = False
    """It demands another exception, so it fails with the one that there is."""


class _Edit(NamedTuple):
    """Bytes [start, end) of a file, and what takes their place."""

    start: int
    end: int
    new: str


class _Place(NamedTuple):
    """Where a test stands."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    start: int
    """Of its first line, decorators included."""
    end: int
    """After its last line."""


def find_twins(files: Tree, tests: Iterable[str]) -> dict[str, tuple[Twin, ...]]:
    """Return what could be twins of tests, the best first; a test without an assertion that can be read has none.

    Ids are without parameters. What only says the opposite comes last: it may be right for somebody who knows what
    the test wants to hear.
    """
    modules = _Modules(files)
    result = {}
    for test in tests:
        text = modules.text_of(test)
        module = modules.get(text.partition("::")[0])
        result[test] = module.twins(test, text) if module is not None else ()
    return result


def plant(files: Tree, twins: Sequence[Twin], seed: int | None = None) -> tuple[Tree, dict[Twin, str]]:
    """Put twins beside their tests; return the files, and each twin's id.

    The seed decides names and what is demanded; without one, nobody can know them. A twin's place, before its test
    or after it, is always the same, because tests may depend on the order. A twin that does not fit is left out.
    """
    chance = random.Random(secrets.randbits(128) if seed is None else seed)
    changed = dict(files)
    ids: dict[Twin, str] = {}
    names = {name.decode() for file in files.values() for name in _DEFINED.findall(file.data)}
    for path in sorted({twin.text.partition("::")[0] for twin in twins}):
        module = _Module.read(files, path)
        if module is not None:
            ids |= module.plant([twin for twin in twins if twin.text.partition("::")[0] == path], names, chance)
            changed[path] = File(module.written(), files[path].mode)
    return changed, ids


def base_of(test: str) -> str:
    """Return a test's id without its parameters."""
    return test.partition("[")[0]


class _Modules:
    """The files of tests, each read once."""

    def __init__(self, files: Tree) -> None:
        self._files = files
        self._read: dict[str, _Module | None] = {}

    def get(self, path: str) -> "_Module | None":
        if path not in self._read:
            self._read[path] = _Module.read(self._files, path)
        return self._read[path]

    def text_of(self, test: str) -> str:
        """Return the id under which a test's text stands; its own where that is not known."""
        path, *classes, name = test.split("::")
        return (classes and self._inherited(path, classes, name, _MAX_BASES)) or test

    def _inherited(self, path: str, classes: Sequence[str], name: str, depth: int) -> str:
        module = self.get(path)
        node = module.class_of(classes) if module is not None else None
        if module is None or not depth:
            return ""
        if node is None:
            imported = self._imported(path, module, classes[0]) if len(classes) == 1 else None
            return self._inherited(imported[0], [imported[1]], name, depth - 1) if imported is not None else ""
        if any(isinstance(inner, _FUNCTIONS) and inner.name == name for inner in node.body):
            return "::".join([path, *classes, name])
        for base in node.bases:
            if isinstance(base, ast.Name) and (found := self._inherited(path, [base.id], name, depth - 1)):
                return found
        return ""

    def _imported(self, path: str, module: "_Module", name: str) -> tuple[str, str] | None:
        """Return the file and the name of what a module imports under a name, if it is a file of tests."""
        for node in module.tree.body:
            for alias in node.names if isinstance(node, ast.ImportFrom) else ():
                if (alias.asname or alias.name) == name:
                    assert isinstance(node, ast.ImportFrom)
                    end = f"{(node.module or '').replace('.', '/')}.py"
                    if node.level:
                        folder = path.split("/")[: -node.level]
                        return "/".join([*folder, end]), alias.name
                    found = [other for other in self._files if f"/{other}".endswith(f"/{end}")]
                    return (found[0], alias.name) if len(found) == 1 else None
        return None


class _Module:
    """A file of tests, and the copies that go into it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tree = ast.parse(data)
        self._lines = [0]
        for line in data.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._inserts: list[tuple[int, bytes]] = []

    @classmethod
    def read(cls, files: Tree, path: str) -> "_Module | None":
        """Read a file of tests; None where it cannot be read as this Python reads files."""
        file = files.get(path)
        # Line ends and encodings of other kinds would make other positions of the same text.
        if file is None or file.mode != REGULAR or re.search(rb"\r(?!\n)|\f|\A\xef\xbb\xbf", file.data):
            return None
        cookies = filter(None, map(COOKIE.match, file.data.split(b"\n", 2)[:2]))
        if any(cookie[1].lower().replace(b"_", b"-") not in (b"utf-8", b"utf8", b"ascii") for cookie in cookies):
            return None
        try:
            file.data.decode()
            return cls(file.data)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def place(self, test: str) -> _Place | None:
        """Find a function of the module or of a class in it."""
        *classes, name = test.split("::")[1:] or [""]
        holder = self.class_of(classes) if classes else self.tree
        body = holder.body if holder is not None else []
        found = [node for node in body if isinstance(node, _FUNCTIONS) and node.name == name]
        if len(found) != 1:
            return None
        node = found[0]
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        end = self._lines[node.end_lineno or node.lineno]
        alone = not self.data[self.at(node.end_lineno, node.end_col_offset) : end].strip()
        return _Place(node, self._lines[first - 1], end) if alone else None

    def class_of(self, names: Sequence[str]) -> ast.ClassDef | None:
        body, found = self.tree.body, None
        for name in names:
            found = next((node for node in body if isinstance(node, ast.ClassDef) and node.name == name), None)
            body = found.body if found is not None else []
        return found

    def at(self, line: int | None, column: int | None) -> int:
        assert line is not None
        assert column is not None
        return self._lines[line - 1] + column

    def span(self, node: ast.expr) -> tuple[int, int]:
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def twins(self, test: str, text: str) -> tuple[Twin, ...]:
        place = self.place(text)
        found = list(_assertions(place.node))[:_MAX_SEEN] if place is not None else []
        fits = [n for n, node in enumerate(found) if next(self.changed(node, random.Random(0)), None)]
        fits.sort(key=lambda number: not _is_equation(found[number]))
        return tuple(Twin(test=test, text=text, assertion=n, raises=_demands_an_exception(found[n])) for n in fits)

    # Copies

    def plant(self, twins: Sequence[Twin], names: set[str], chance: random.Random) -> dict[Twin, str]:
        """Copy tests; the new names are added to those that are taken."""
        ids = {}
        for twin in twins:
            place = self.place(twin.text)
            found = list(_assertions(place.node))[:_MAX_SEEN] if place is not None else []
            if place is None or twin.assertion >= len(found):
                continue
            edits = list(self.changed(found[twin.assertion], chance))
            name = _new_name(place.node.name, names, chance)
            if not edits:
                continue
            is_before = random.Random(f"{twin.assertion} {twin.test}").random() < 0.5
            self._insert(place, [*edits, self._renaming(place.node, name)], is_before)
            ids[twin] = f"{twin.test.rpartition('::')[0]}::{name}"
        return ids

    def written(self) -> bytes:
        data = self.data
        for position, text in sorted(self._inserts, reverse=True):
            data = data[:position] + text + data[position:]
        return data

    def _insert(self, place: _Place, edits: Sequence[_Edit], is_before: bool) -> None:
        text, end = b"", place.start
        for edit in sorted(edits):
            text += self.data[end : edit.start] + edit.new.encode()
            end = edit.end
        text += self.data[end : place.end]
        # A file may end without a line's end, and nothing can be put after that.
        is_before = is_before or not text.endswith(b"\n")
        self._inserts.append((place.start if is_before else place.end, text.rstrip(b"\n") + b"\n\n"))

    def _renaming(self, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> _Edit:
        start = self.at(node.lineno, node.col_offset)
        found = re.compile(rb"(?:async\s+)?def\s+" + node.name.encode() + rb"\b").match(self.data, start)
        assert found is not None
        return _Edit(found.end() - len(node.name.encode()), found.end(), name)

    # What an assertion demands, and what else it could

    def changed(self, node: ast.Assert | ast.Call, chance: random.Random) -> Iterator[_Edit]:
        """Yield the edit after which an assertion demands something else; nothing where that is not known."""
        if isinstance(node, ast.Assert):
            yield self._other_condition(node.test, chance)
        elif (name := _name(node.func)) in _EQUAL and len(node.args) >= 2:
            yield self._other_side(node.args[0], node.args[1], chance)
        elif name in _RAISES and node.args:
            start, end = self.span(node.args[0])
            yield _Edit(start, end, chance.choice(_UNHEARD_OF))
        elif name in OPPOSITES and isinstance(node.func, ast.Attribute):
            end = self.span(node.func)[1]
            yield _Edit(end - len(name), end, OPPOSITES[name])

    def _other_condition(self, test: ast.expr, chance: random.Random) -> _Edit:
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            left, right = test.left, test.comparators[0]
            if isinstance(test.ops[0], ast.Eq):
                return self._other_side(left, right, chance)
            if isinstance(test.ops[0], ast.Is) and isinstance(right, ast.Constant):
                return _Edit(*self.span(right), repr(right.value is not True))
        start, end = self.span(test)
        return _Edit(start, end, f"not ({self.data[start:end].decode()})")

    def _other_side(self, left: ast.expr, right: ast.expr, chance: random.Random) -> _Edit:
        """Make one side of an equation something else: a literal if there is one, so that it looks like a test."""
        for side in (right, left):
            try:
                value = ast.literal_eval(side)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            start, end = self.span(side)
            # A literal of many pieces may stand between parentheses that are not its own.
            return _Edit(start, end, repr(_other(value, chance)))
        start, end = self.span(right)
        return _Edit(start, end, f"[{self.data[start:end].decode()}, {chance.randrange(2, 100)}]")


def _new_name(name: str, taken: set[str], chance: random.Random) -> str:
    """Make a name of words that tests have, which none of them has."""
    first = name.partition("_")[0] if "_" in name else "test" if name.startswith("test") else name
    words = sorted({word for other in taken for word in other.split("_")[1:] if word.isalpha()})
    for count in range(2, 100):
        new = "_".join([first, *chance.sample(words, min(len(words), count % 3 + 1))])
        if new not in taken and new != first:
            break
    else:
        new = f"{first}_{chance.randrange(10**9)}"
    taken.add(new)
    return new


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _assertions(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Assert | ast.Call]:
    """Yield what a function asserts, in the order of the text, but for the functions inside it."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and _asserts(node)):
            yield node
        if not isinstance(node, (*_FUNCTIONS, ast.Lambda, ast.ClassDef, ast.Assert)):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _is_equation(node: ast.Assert | ast.Call) -> bool:
    if isinstance(node, ast.Call):
        return _name(node.func) in _EQUAL
    return isinstance(node.test, ast.Compare) and isinstance(node.test.ops[0], ast.Eq) and len(node.test.ops) == 1


def _demands_an_exception(node: ast.Assert | ast.Call) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in _RAISES


def _asserts(node: ast.Call) -> bool:
    name = _name(node.func)
    return name in _EQUAL or name in _RAISES or name in OPPOSITES


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) and function.id == "raises" else ""


def _other(value: Any, chance: random.Random) -> Any:
    """Return another value of the same type."""
    number = chance.randrange(2, 100)
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float, complex)):
        return value + number
    if isinstance(value, str):
        return value + chance.choice("abcdefghijklmnopqrstuvwxyz")
    if isinstance(value, bytes):
        return value + bytes([97 + number % 26])
    if isinstance(value, list):
        return _with_another(value, chance)
    if isinstance(value, tuple):
        return tuple(_with_another(list(value), chance))
    if isinstance(value, (set, frozenset)):
        return value | {number}
    if isinstance(value, Mapping):
        key = next(iter(value), None)
        return {**value, key: _other(value[key], chance)} if key is not None else {number: number}
    return number


def _with_another(values: list[Any], chance: random.Random) -> list[Any]:
    """Change the last value, or add one where there is none."""
    return [*values[:-1], _other(values[-1], chance)] if values else [chance.randrange(2, 100)]
