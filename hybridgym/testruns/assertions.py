"""What a test asserts, taken out of it: the value that is asked for, printed, and the lines that it depends on."""

import ast
import copy
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_RAISES: Final = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_BLOCKS: Final = (ast.If, ast.For, ast.While, ast.With, ast.Try)
_NAMED: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Moment(NamedTuple):
    """An assertion of a test."""

    node: ast.stmt
    shown: tuple[list[ast.stmt], ...]
    """What stands in its place in a script, the best first."""

    @property
    def line(self) -> int:
        """The assertion's line, 1-based."""
        return self.node.lineno

    @property
    def raises(self) -> bool:
        """Whether an exception is what is asked for."""
        calls = [item.context_expr for item in self.node.items] if isinstance(self.node, ast.With) else []
        if isinstance(self.node, ast.Expr):
            calls = [self.node.value]
        return any(_name(call) in _RAISES for call in calls)


def moments_of(function: ast.FunctionDef) -> Iterator[Moment]:
    """Yield what a test asserts, in the order of the text, but for the functions in it."""
    waiting: list[ast.stmt] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        shown = _shown(node)
        if shown:
            yield Moment(node, tuple(shown))
        elif isinstance(node, _BLOCKS):
            waiting += reversed([line for lines in _parts(node).values() for line in lines])


def reduced(lines: Sequence[ast.stmt], node: ast.stmt, shown: list[ast.stmt]) -> list[ast.stmt]:
    """Return the lines of a test up to an assertion, with what is shown in its place and nothing that it needs not."""
    kept, _ = _up_to(lines, node, shown)
    count = len(shown) if kept[-len(shown) :] == shown else 1
    result = kept[-count:]
    own = {name for line in kept for name in stored(line)}
    used = {name for line in result for name in loaded(line)}
    for line in reversed(kept[:-count]):
        if _matters(line, used, own):
            result.insert(0, line)
            used |= set(loaded(line))
    return result


def plainly(lines: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return lines that print texts themselves, not as Python writes them."""
    return [_Plain().visit(copy.deepcopy(line)) for line in lines]


def stored(node: ast.AST) -> Iterator[str]:
    """Yield the names that something gives a value to."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner.id
        elif isinstance(inner, _NAMED):
            yield inner.name
        elif isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, ast.alias):
            yield inner.asname or inner.name.partition(".")[0]
        elif isinstance(inner, ast.ExceptHandler) and inner.name:
            yield inner.name


def loaded(node: ast.AST) -> list[str]:
    """Return the names that something reads, in the order of the text."""
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    return list(dict.fromkeys(names))


class _Plain(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func) == "print" and len(node.args) == 1:
            inner = node.args[0]
            if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "repr":
                node.args = inner.args
        return node


# What is shown of an assertion


def _shown(node: ast.stmt) -> list[list[ast.stmt]]:
    """Return what can stand in place of a statement that is an assertion; nothing where it is none."""
    if isinstance(node, ast.Assert):
        return [[_printed(asked)] for asked in _asked(node.test)]
    if isinstance(node, ast.With) and any(_name(item.context_expr) in _RAISES for item in node.items):
        *first, last = node.body
        is_value = isinstance(last, ast.Expr) and not isinstance(last.value, ast.Yield | ast.YieldFrom | ast.Await)
        return [[*first, _printed(last.value) if is_value and isinstance(last, ast.Expr) else last]]
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return []
    call, name = node.value, _name(node.value)
    if name in _RAISES:
        at = 2 if name == "assertRaisesRegex" else 1
        if len(call.args) <= at:
            return []
        return [[_printed(ast.Call(func=call.args[at], args=call.args[at + 1 :], keywords=call.keywords))]]
    if not name.startswith("assert") or not call.args:
        return []
    if name in ("assertIn", "assertNotIn") and len(call.args) > 1:
        return [[_printed(call.args[0 if _is_literal(call.args[1]) else 1])]]
    return [[_printed(next((a for a in call.args[:2] if not _is_literal(a)), call.args[0]))]]


def _asked(test: ast.expr) -> list[ast.expr]:
    """Return the expressions whose value shows whether a condition holds, the most telling first."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return [test.operand]
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, right = test.left, test.comparators[0]
        first = right if _is_literal(left) and not _is_literal(right) else left
        return [first, test]
    return [test]


def _printed(value: ast.expr) -> ast.stmt:
    inner = ast.Call(func=ast.Name("repr", ast.Load()), args=[value], keywords=[])
    return ast.Expr(ast.Call(func=ast.Name("print", ast.Load()), args=[inner], keywords=[]))


def _is_literal(node: ast.expr) -> bool:
    return not any(isinstance(inner, ast.Name | ast.Call | ast.Attribute) for inner in ast.walk(node))


def _name(node: ast.expr) -> str:
    """Return the last name of what is called; empty where nothing is."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


# Which lines it needs


def _up_to(lines: Sequence[ast.stmt], node: ast.stmt, shown: list[ast.stmt]) -> tuple[list[ast.stmt], bool]:
    """Return lines without assertions, up to one of them, and whether it was found."""
    kept: list[ast.stmt] = []
    for line in lines:
        if line is node:
            return [*kept, *shown], True
        if _shown(line) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)):
            continue
        if not isinstance(line, _BLOCKS):
            kept.append(line)
            continue
        found, is_in_it = _block_up_to(line, node, shown)
        kept += found
        if is_in_it:
            return kept, True
    return kept, False


def _block_up_to(block: ast.stmt, node: ast.stmt, shown: list[ast.stmt]) -> tuple[list[ast.stmt], bool]:
    parts = {name: _up_to(lines, node, shown) for name, lines in _parts(block).items()}
    is_in_it = any(found for _, found in parts.values())
    body = parts["body"][0]
    if isinstance(block, ast.With) and all(_name(item.context_expr) == "subTest" for item in block.items):
        return body, is_in_it
    if not body and not is_in_it:
        return [], False
    new = copy.copy(block)
    for name, (lines, _) in parts.items():
        setattr(new, name, lines or ([ast.Pass()] if name == "body" else []))
    return [new], is_in_it


def _parts(block: ast.stmt) -> dict[str, list[ast.stmt]]:
    """Return the lists of lines in a statement; those of `except` are kept as they are."""
    return {name: getattr(block, name) for name in ("body", "orelse", "finalbody") if hasattr(block, name)}


def _matters(line: ast.stmt, used: set[str], own: set[str]) -> bool:
    """Say whether what comes after a line may depend on it."""
    if isinstance(line, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom):
        targets = line.targets if isinstance(line, ast.Assign) else []
        changed = {name for target in targets if not isinstance(target, ast.Name) for name in loaded(target)}
        return not used.isdisjoint({*stored(line), *changed})
    if isinstance(line, _NAMED):
        decorators = {name for decorator in line.decorator_list for name in loaded(decorator)}
        return line.name in used or not (used & own).isdisjoint(decorators)
    return not used.isdisjoint({*stored(line)} & own) or not (used & own).isdisjoint(loaded(line))
