"""Tests → scripts that a user could run: what one assertion asks for, and the lines that lead to it.

Nothing is run here. A script holds no test, no assertion and nothing private; a test that needs more than that (a
fixture that does something, a helper of the tests, pytest itself) has none. Whether a script shows anything is found
out by running it.
"""

import ast
import builtins
import itertools
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from hybridgym.languages.python import TEST_FILE, TEST_FOLDERS
from hybridgym.task import LINK, Tree
from hybridgym.testruns.assertions import Moment, loaded, moments_of, plainly, reduced, stored

MAX_LINES: Final = 40
"""Of a script."""
_MAX_CHOICES: Final = 40
"""Sets of parameters of one test."""
_OF_TESTING: Final = frozenset(
    {"pytest", "unittest", "mock", "hypothesis", "nose", "freezegun", "conftest", *TEST_FOLDERS}
)
_FOLDERS: Final = TEST_FOLDERS - {"testing"}
"""A package's own `testing` is for its users."""
_APART: Final = (ast.Import, ast.ImportFrom)
_DEFINED: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Script(NamedTuple):
    """A program, and where it comes from."""

    test: str
    line: int
    """Of the assertion in the test's file, 1-based."""
    raises: bool
    """Whether it is meant to raise an exception."""
    text: str
    plain: str
    """The same, but printing texts themselves, not as Python writes them."""


class Scripts:
    """The scripts of the tests of one state of a repository; each file is read once."""

    def __init__(self, files: Tree) -> None:
        self._files = files
        self._modules: dict[str, _Module | None] = {}

    def of(self, test: str) -> Iterator[Script]:
        """Yield the scripts of a test, in the order of its assertions."""
        path, _, rest = test.partition("::")
        names, _, parameters = rest.partition("[")
        module = self._module(path)
        function = module.function(names.split("::")) if module is not None else None
        if module is None or function is None:
            return
        for given in self._given(module, path, function, parameters.removesuffix("]")):
            for moment in moments_of(function):
                for text, plain in self._texts(module, function, given, moment):
                    yield Script(test, moment.line, moment.raises, text, plain)

    def _module(self, path: str) -> "_Module | None":
        if path not in self._modules:
            file = self._files.get(path)
            try:
                self._modules[path] = None if file is None or file.mode == LINK else _Module(ast.parse(file.data))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._modules[path] = None
        return self._modules[path]

    def _texts(
        self, module: "_Module", function: ast.FunctionDef, given: "_Given", moment: Moment
    ) -> Iterator[tuple[str, str]]:
        for shown in moment.shown:
            body = reduced([*given.lines, *function.body], moment.node, shown)
            try:
                before = _before(module, given, body)
                text = _written(before, body)
                compile(text, "script", "exec")
            except (_NoScriptError, SyntaxError, ValueError, RecursionError):
                continue
            if text.count("\n") <= MAX_LINES and _is_a_users([*before, *body]):
                yield text, _written(before, plainly(body))

    # What a test is given

    def _given(self, module: "_Module", path: str, function: ast.FunctionDef, parameters: str) -> Iterator["_Given"]:
        """Yield what assigns a test's arguments; nothing where that cannot be read."""
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args) if a.arg != "self"]
        if function.args.vararg or function.args.kwarg or function.args.kwonlyargs:
            return
        sets = _parameter_sets(function)
        if sets is None:
            return
        own = {name for one in sets for values in one[:1] for name in values.values}
        lines: list[ast.stmt] = []
        homes: list[_Module] = []
        for name in names:
            if name not in own:
                fixture = self._fixture(module, path, name)
                if fixture is None:
                    return
                homes.append(fixture[0])
                lines.append(_assigned(name, fixture[1]))
        chosen = list(itertools.islice(itertools.product(*sets), _MAX_CHOICES))
        fitting = [c for c in chosen if "-".join(values.id for values in reversed(c)) == parameters]
        for choice in fitting or chosen:
            values = {name: value for one in choice for name, value in one.values.items()}
            yield _Given([*lines, *(_assigned(n, values[n]) for n in names if n in values)], homes)

    def _fixture(self, module: "_Module", path: str, name: str) -> tuple["_Module", ast.expr] | None:
        """Find a fixture that does nothing but return something."""
        above = [self._module(f"{parent}/conftest.py".removeprefix("./")) for parent in PurePosixPath(path).parents]
        for place in filter(None, [module, *above]):
            for node in place.tree.body:
                if not isinstance(node, ast.FunctionDef) or not any(map(_is_fixture, node.decorator_list)):
                    continue
                if node.name == name:
                    value = _only_returned(node)
                    return (place, value) if value is not None else None
        return None


class _Given(NamedTuple):
    """Lines that assign a test's arguments, and the modules in which their names mean something."""

    lines: list[ast.stmt]
    homes: "list[_Module]"


class _Values(NamedTuple):
    """One set of a parametrization."""

    id: str
    """What pytest calls it, as far as that is plain."""
    values: dict[str, ast.expr]


class _NoScriptError(Exception):
    """Something is needed that a user does not have."""


class _Module:
    """A file of tests: its functions, and what its names are bound to."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.bound: dict[str, ast.stmt] = {}
        for node in tree.body:
            for name in _binds(node):
                self.bound[name] = node

    def function(self, names: Sequence[str]) -> ast.FunctionDef | None:
        body: Sequence[ast.stmt] = self.tree.body
        for wanted in names[:-1]:
            body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == wanted), [])
        found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == names[-1]]
        return found[0] if len(found) == 1 else None


def _before(module: _Module, given: _Given, body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the imports and helpers that lines need; raises where one of them is not a user's."""
    imports: set[str] = set()
    helpers: list[ast.stmt] = []
    known = {name for line in body for name in stored(line)}
    waiting = [name for line in body for name in loaded(line)]
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        node = next((home.bound[name] for home in (module, *given.homes) if name in home.bound), None)
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.add(_import_of(node, name))
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.ClassDef):
            if isinstance(node, ast.FunctionDef) and any(map(_is_fixture, node.decorator_list)):
                raise _NoScriptError
            helpers.append(node)
            known.update(stored(node))
            waiting += loaded(node)
        elif node is not None or not hasattr(builtins, name):
            raise _NoScriptError
    helpers.sort(key=lambda node: node.lineno)
    first = sorted(imports, key=lambda line: (line.startswith("from "), line))
    return [*ast.parse("\n".join(first)).body, *dict.fromkeys(helpers)]


def _import_of(node: ast.Import | ast.ImportFrom, name: str) -> str:
    alias = next((a for a in node.names if (a.asname or a.name.partition(".")[0]) == name), None)
    if alias is None or (isinstance(node, ast.ImportFrom) and (node.level or not node.module)):
        raise _NoScriptError
    module = node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
    parts = module.split(".")
    if parts[0] in _OF_TESTING or any(TEST_FILE.fullmatch(f"{part}.py") or part in _FOLDERS for part in parts):
        raise _NoScriptError
    renamed = f" as {alias.asname}" if alias.asname else ""
    return (
        f"from {module} import {alias.name}{renamed}"
        if isinstance(node, ast.ImportFrom)
        else f"import {module}{renamed}"
    )


def _parameter_sets(function: ast.FunctionDef) -> list[list[_Values]] | None:
    """Return the sets of each parametrization of a test; None where they cannot be read."""
    found = []
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        written = ast.unparse(call.func if call else decorator)
        if not written.startswith("pytest.mark."):
            return None
        if call is None or written != "pytest.mark.parametrize":
            continue
        sets = _sets(call)
        if not sets:
            return None
        found.append(sets)
    return found


def _sets(call: ast.Call) -> list[_Values]:
    if len(call.args) != 2 or any(k.arg != "ids" for k in call.keywords):
        return []
    try:
        said = ast.literal_eval(call.args[0])
    except ValueError:
        return []
    names = [n.strip() for n in said.split(",")] if isinstance(said, str) else list(said)
    rows = call.args[1].elts if isinstance(call.args[1], ast.List | ast.Tuple) else []
    found = []
    for number, row in enumerate(rows):
        marked = isinstance(row, ast.Call) and ast.unparse(row.func) == "pytest.param"
        cells = row.args if marked and isinstance(row, ast.Call) else [row]
        if not marked and len(names) > 1:
            cells = row.elts if isinstance(row, ast.Tuple | ast.List) else []
        if len(cells) != len(names):
            return []
        ids = [
            str(c.value) if isinstance(c, ast.Constant) else f"{n}{number}" for n, c in zip(names, cells, strict=True)
        ]
        found.append(_Values("-".join(ids), dict(zip(names, cells, strict=True))))
    return found


def _written(before: Sequence[ast.stmt], body: Sequence[ast.stmt]) -> str:
    """Return the text of a program, with an empty line after imports and around functions and classes."""
    text = ""
    last: ast.stmt | None = None
    for line in [*before, *body]:
        apart = isinstance(last, _APART) != isinstance(line, _APART) or isinstance(line, _DEFINED)
        text += "\n" if last is not None and (apart or isinstance(last, _DEFINED)) else ""
        text += ast.unparse(ast.fix_missing_locations(line)).strip("\n") + "\n"
        last = line
    return text


def _is_a_users(lines: Sequence[ast.stmt]) -> bool:
    """Say whether a script uses nothing that is private, and asserts nothing."""
    for node in (node for line in lines for node in ast.walk(line)):
        names: list[str] = []
        if isinstance(node, ast.Assert):
            return False
        if isinstance(node, ast.Attribute) and not (
            isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        ):
            names = [node.attr]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [part for alias in node.names for part in alias.name.split(".")]
            names += (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
        if any(name.startswith("_") and not name.endswith("__") for name in names):
            return False
    return True


def _only_returned(function: ast.FunctionDef) -> ast.expr | None:
    """Return what a function without arguments returns that does nothing else."""
    arguments = {argument.arg for argument in function.args.args} - {"request"}
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if arguments or len(body) != 1 or not isinstance(body[0], ast.Return):
        return None
    return body[0].value


def _is_fixture(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).partition("(")[0] in ("pytest.fixture", "fixture")


def _assigned(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign(targets=[ast.Name(name, ast.Store())], value=value, lineno=0)


def _binds(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a line of a module binds, where it is clear what to."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign):
        yield from stored(node)
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
