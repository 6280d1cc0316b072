"""The syntax of a source file as `tracer` needs it: where its calls, raises and decorated definitions are."""

import ast
import dis
import types
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

MAX_OBJECTS = 200
"""Callables that one site keeps; after that one of each code object or type is enough."""
IN_C = (
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
)
SEEN = "__fidelity_seen__"
"""Name of the builtin that `StarCalls` puts in; it returns its argument."""
MOST_ARGUMENTS = 14
"""Calls with more are compiled like those with `*`."""
EXITS = frozenset({"__exit__", "__aexit__"})
CALL_INSTRUCTIONS = frozenset({"CALL", "CALL_KW", "CALL_FUNCTION_EX"})

Span = tuple[int, int, int, int]
"""Line, column, end line, end column: lines from 1, columns in bytes."""
Location = tuple[str, int, str]
"""File below the root, first line (decorators included) and name of a definition or `<lambda>`."""


class Site:
    """One call expression or `raise` of a name, and what it reached."""

    __slots__ = ("end", "is_context", "is_decorator", "kinds", "objects", "outside", "ran")

    def __init__(self, end: tuple[int, int]) -> None:
        self.end = end
        self.is_decorator = False
        self.is_context = False
        self.ran = False
        self.outside = False
        self.objects: dict[int, object] = {}
        self.kinds: set[int] = set()

    def saw(self, called: Any) -> None:
        """Note one call."""
        self.ran = True
        if type(called) is types.MethodType:  # made anew for each call
            called = called.__func__
        kind = type(called)
        if kind in IN_C:
            self.outside = True
            return
        if id(called) in self.objects:
            return
        if len(self.objects) >= MAX_OBJECTS:
            alike = id(called.__code__) if kind is types.FunctionType else id(kind)
            if alike in self.kinds:
                return
            self.kinds.add(alike)
        self.objects[id(called)] = called


class Raised(NamedTuple):
    """`raise X` with a name or a dotted name."""

    site: Site
    names: tuple[str, ...]


class Decorated(NamedTuple):
    """A definition with decorators that a module or a class holds."""

    names: tuple[str, ...]
    location: Location


class Tables:
    """What one source file says of its calls, raises and decorated definitions."""

    def __init__(self, path: str, data: bytes) -> None:
        tree = ast.parse(data)
        self.calls: dict[Span, Site] = {}
        self.raises: dict[Span, Raised] = {}
        self.sites: list[Site] = []
        decorators, contexts = _decorators(tree), _contexts(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                site = self._site(node)
                site.is_decorator, site.is_context = node in decorators, node in contexts
                for span in _call_spans(node):
                    self.calls[span] = site
            elif isinstance(node, ast.Raise) and node.exc is not None:
                names = _dotted(node.exc)
                if names:
                    self.raises[_span(node)] = Raised(self._site(node.exc), names)
        self.decorated = list(_decorated(path, tree))
        self.decorated_lines = {first for n in ast.walk(tree) if (first := _first_decorator(n))}

    def _site(self, node: ast.expr) -> Site:
        _, _, line, column = _span(node)
        site = Site((line, column))
        self.sites.append(site)
        return site


class StarCalls(ast.NodeTransformer):
    """Writes `f(*a)` as `SEEN(f)(*a)`, at the same position."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Rewrite one call."""
        self.generic_visit(node)
        starred = any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
        if starred or len(node.args) + len(node.keywords) > MOST_ARGUMENTS:
            seen = ast.copy_location(ast.Name(SEEN, ast.Load()), node)
            node.func = ast.copy_location(ast.Call(seen, [node.func], []), node)
        return node


def instructions(code: types.CodeType, tables: Tables) -> tuple[dict[int, Site], dict[int, Raised]]:
    """Return the call and raise instructions of a code object by offset."""
    positions = list(code.co_positions())
    calls: dict[int, Site] = {}
    raises: dict[int, Raised] = {}
    decorators: set[int] = set()
    for instruction in dis.get_instructions(code):
        span: Any = positions[instruction.offset // 2]
        if instruction.opname in CALL_INSTRUCTIONS:
            span_of = (span[0], span[2], span[1], span[3])
            site = tables.calls.get(span_of)
            # the first call of a decorator's span is written there, the last applies what it gave
            if site is not None and not (site.is_decorator and id(site) in decorators):
                calls[instruction.offset] = site
                decorators.add(id(site))
        elif instruction.opname == "RAISE_VARARGS":
            raised = tables.raises.get((span[0], span[2], span[1], span[3]))
            if raised is not None:
                raises[instruction.offset] = raised
    return calls, raises


def _span(node: Any) -> Span:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _call_spans(node: ast.Call) -> Iterator[Span]:
    """Yield the positions that the instruction of a call may have."""
    yield _span(node)
    callee = node.func
    if isinstance(callee, ast.Attribute) and callee.end_lineno != node.lineno:
        # the compiler moves the call of a method to the line of its name (update_start_location_to_match_attr)
        assert callee.end_lineno is not None and callee.end_col_offset is not None and node.end_lineno is not None
        start = callee.end_col_offset - len(callee.attr)
        yield callee.end_lineno, start, node.end_lineno, callee.end_col_offset
        yield callee.end_lineno, start, node.end_lineno, _span(node)[3]


def _dotted(node: ast.expr) -> tuple[str, ...]:
    """Return the names of `a.b.c`; empty for any other expression."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        names = _dotted(node.value)
        return (*names, node.attr) if names else ()
    return ()


def _decorators(tree: ast.AST) -> set[ast.AST]:
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {d for node in ast.walk(tree) if isinstance(node, definitions) for d in node.decorator_list}


def _contexts(tree: ast.AST) -> set[ast.AST]:
    """Return what is entered by `with`, but where that is itself a call of an exit method."""
    entered = (i.context_expr for n in ast.walk(tree) if isinstance(n, (ast.With, ast.AsyncWith)) for i in n.items)
    return {e for e in entered if not (isinstance(e, ast.Call) and getattr(e.func, "attr", "") in EXITS)}


def _decorated(path: str, tree: ast.Module) -> Iterator[Decorated]:
    """Yield the decorated definitions that are the only ones of their name, overloads aside."""
    by_name: dict[tuple[str, ...], list[Any]] = defaultdict(list)

    def collect(body: list[Any], outer: tuple[str, ...]) -> None:
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                if not any(_dotted(d)[-1:] == ("overload",) for d in node.decorator_list):
                    by_name[*outer, node.name].append(node)
                if isinstance(node, ast.ClassDef):
                    collect(node.body, (*outer, node.name))
            else:
                for field in ("body", "orelse", "handlers", "finalbody"):
                    collect(getattr(node, field, []), outer)

    collect(tree.body, ())
    for names, nodes in by_name.items():
        if len(nodes) == 1 and nodes[0].decorator_list:
            yield Decorated(names, (path, _first_decorator(nodes[0]), nodes[0].name))


def _first_decorator(node: ast.AST) -> int:
    """Return the line of the first decorator of a definition, or 0."""
    return min((d.lineno for d in getattr(node, "decorator_list", ())), default=0)
