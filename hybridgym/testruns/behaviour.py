"""Calls and what becomes of them → a module of plain pytest tests."""

import ast
import builtins
import keyword
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from hybridgym.testruns.calls import Became, Call
from hybridgym.testruns.comparing import Aspect, floats_in

_SINGLE: Final = ("None", "True", "False", "Ellipsis")
_FIRST: Final = 5
"""Of an endless iterator; what `inside_replays` takes."""
_WORDS: Final = {
    "{0} == {1}": "equality",
    "{0} != {1}": "inequality",
    "{1} in {0}": "containment",
    "{0}[{1}]": "item",
}


class Stated(NamedTuple):
    """What a test says: of a call, what becomes of it in these respects."""

    call: Call
    became: Became
    aspects: tuple[Aspect, ...]
    changed: tuple[str, ...] = ()
    """The arguments of which it is said what they are afterwards: `a` and their number."""


def written(stated: Sequence[Stated]) -> tuple[str, tuple[str, ...]]:
    """Return the text of a module, and the name of each test."""
    imports = _Imports(stated)
    names: list[str] = []
    tests = []
    for one in stated:
        names.append(_name(one.call, names))
        lines = [*_lines(one, imports)]
        capture = "capsys" if Aspect.PRINTED in one.aspects else ""
        tests.append("\n".join([f"def {names[-1]}({capture}):", *(f"    {line}" for line in lines)]))
    head = imports.written(any("pytest." in test for test in tests))
    return "\n\n\n".join(["\n".join(head), *tests]) + "\n", tuple(names)


class _Imports:
    """What a module imports, and the names by which it knows it."""

    def __init__(self, stated: Sequence[Stated]) -> None:
        modules = {m for one in stated for m in (*one.call.modules, *one.became.modules)}
        modules |= {m for one in stated for name in one.changed for m in one.became.changed.get(name, ("", ()))[1]}
        self._modules = sorted(modules, key=lambda module: (-len(module), module))
        self._from: dict[str, str] = {}
        """Name → the module that it is imported from."""
        self._whole: set[str] = set()

    def short(self, text: str) -> ast.expr:
        """Return an expression with imported names in place of paths."""
        return _Shortening(self).visit(ast.parse(text, mode="eval").body)  # type: ignore[no-any-return]

    def name_of(self, path: str) -> str:
        """Return how a path of module and name is written; empty where it is none."""
        for module in self._modules:
            if path.startswith(f"{module}."):
                name = path[len(module) + 1 :].partition(".")[0]
                if name == path[len(module) + 1 :]:
                    return self._known(module, name)
                return ""
        return ""

    def _known(self, module: str, name: str) -> str:
        is_free = not hasattr(builtins, name) and not keyword.iskeyword(name) and not name.lower().startswith("test")
        is_free = is_free and name not in ("pytest", "capsys", "argument", "instance")
        if is_free and self._from.setdefault(name, module) == module:
            return name
        self._whole.add(module)
        return f"{module}.{name}"

    def from_module(self, module: str, name: str) -> str:
        self._modules.append(module)
        return self._known(module, name)

    def written(self, needs_pytest: bool) -> list[str]:
        by_module: dict[str, list[str]] = {}
        for name, module in sorted(self._from.items()):
            by_module.setdefault(module, []).append(name)
        whole = sorted(self._whole | ({"pytest"} if needs_pytest else set()))
        lines = [f"import {module}" for module in whole]
        return lines + [f"from {module} import {', '.join(names)}" for module, names in sorted(by_module.items())]


class _Shortening(ast.NodeTransformer):
    def __init__(self, imports: _Imports) -> None:
        self._imports = imports

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        path = _path(node)
        name = self._imports.name_of(path) if path else ""
        if name:
            return ast.parse(name, mode="eval").body
        self.generic_visit(node)
        return node


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        before = _path(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def _lines(one: Stated, imports: _Imports) -> Iterator[str]:
    texts = [*one.call.texts]
    held: dict[str, str] = {}
    for name in one.changed:
        number = int(name[1:])
        is_receiver = bool(one.call.receiver) and not number
        held[name] = "instance" if is_receiver else "argument" if len(one.changed) < 2 else f"argument_{number}"
        yield f"{held[name]} = {_shown(imports, texts[number])}"
        texts[number] = held[name]
    yield from _asserted(one, imports.short(one.call.expression(texts)), imports)
    if Aspect.CHANGED in one.aspects:
        for name, variable in held.items():
            after = one.became.changed.get(name, (one.call.texts[int(name[1:])], ()))[0]
            yield _compared(ast.Name(variable, ast.Load()), after, imports)


def _asserted(one: Stated, call: ast.expr, imports: _Imports) -> Iterator[str]:
    """Yield the lines that make the call, with what is said of its value, exception and output."""
    became, called = one.became, _called("list", call) if one.became.late else call
    if Aspect.RAISES in one.aspects:
        yield f"with pytest.raises({_shown(imports, became.text)}):"
        yield f"    {ast.unparse(called)}"
        return
    if Aspect.VALUE in one.aspects:
        if became.form == "items":
            call = _called("list", call)
        elif became.form == "first":
            name = imports.from_module("itertools", "islice")
            call = _called("list", _called(name, call, ast.Constant(_FIRST)))
        elif became.form == "str":
            call = _called("str", call)
        elif became.form == "strs":
            call = _called("list", _called("map", ast.Name("str", ast.Load()), call))
        yield _compared(call, became.text, imports)
    else:
        yield ast.unparse(_called("list", call) if became.form == "items" else call)
    if Aspect.PRINTED in one.aspects:
        yield f"assert capsys.readouterr().out == {became.printed!r}"


def _compared(left: ast.expr, text: str, imports: _Imports) -> str:
    right = imports.short(text)
    operation: ast.cmpop = ast.Is() if text in _SINGLE else ast.Eq()
    if floats_in(text):
        right = ast.Call(func=ast.parse("pytest.approx", mode="eval").body, args=[right], keywords=[])
    return ast.unparse(ast.Assert(test=ast.Compare(left=left, ops=[operation], comparators=[right]), msg=None))


def _called(name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(func=ast.parse(name, mode="eval").body, args=[*arguments], keywords=[])


def _shown(imports: _Imports, text: str) -> str:
    return ast.unparse(imports.short(text))


def _name(call: Call, taken: Sequence[str]) -> str:
    """Return a name for a test that no other has."""
    word = _WORDS.get(call.form) or call.definition.rpartition("::")[2].replace(".", "_")
    word = re.sub(r"\W|__+", "_", word).strip("_").lower() or "call"
    number, name = 1, f"test_{word}"
    while name in taken:
        number += 1
        name = f"test_{word}_{number}"
    return name
