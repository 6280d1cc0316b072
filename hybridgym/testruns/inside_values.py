"""Write values as Python source: literals, names that can be imported, and calls of public constructors.

Runs in a runtime, with the project's interpreter, for `inside_calls` and `inside_replays`. What is not a literal is
written only where evaluating the text gives an equal value.
"""

import ast
import builtins
import collections
import dataclasses
import datetime
import enum
import functools
import importlib
import inspect
import io
import linecache
import math
import pathlib
import re
import sys
import types
from typing import Any, NoReturn

_DEPTH = 8
_NODES = 150
_CHARACTERS = 2000
_STRING = 1000
_DIGITS = 60
_LAMBDA = 100
_SAME_DEPTH = 6
_ITERATORS: Any = (type(iter([])), type(iter(())), type(iter("")), type(iter(b"")), type(iter(range(0))))
_BY_REPR = (datetime.date, datetime.datetime, datetime.time, datetime.timedelta, datetime.timezone)
_BY_REDUCTION = frozenset({"decimal", "fractions", "uuid", "operator", "ipaddress"})
_PLAIN = (str, bytes, int, float, list, tuple, dict, set, frozenset)


class RefusedError(Exception):
    """A value cannot be written; the message is a short reason that is counted."""


def refuse(reason: str) -> NoReturn:
    """Say that a value cannot be written, and why."""
    raise RefusedError(reason)


class Writer:
    """Writes one value; `files` are the project's own, by path, without its tests.

    With `is_outcome`, only what can be compared is written.
    """

    def __init__(self, workspace: Any, files: Any, built: Any = None, is_outcome: bool = False) -> None:
        self.workspace = workspace
        self.files = files
        self.built = built if built is not None else {}
        self.is_outcome = is_outcome
        self.modules = set()  # type: set[str]
        self._nodes = 0

    def write(self, value: Any) -> Any:
        """Return the text of a value; `modules` are then what it needs."""
        try:
            text = self._write(value, 0)
        except RefusedError:
            raise
        except RecursionError:
            refuse("too large")
        except Exception:  # A value's own methods may do anything.
            refuse("not to be written")
        if len(text) > _CHARACTERS:
            refuse("too large")
        return text

    def named(self, value: Any) -> Any:
        """Return the shortest public path by which a class or function can be imported."""
        name, module = getattr(value, "__qualname__", ""), getattr(value, "__module__", "") or ""
        if not name or not module or "<" in name:
            refuse("no name")
        return self.path(module, name, value)

    def path(self, module: Any, name: Any, value: Any = None) -> Any:
        """Return the shortest public path of a name of a module, or that of the same value in a package above."""
        self._check_module(module)
        if value is None:
            value = _reached(module, name)
        if module == "builtins":
            return name
        parts = module.split(".")
        places = [".".join(parts[: n + 1]) for n in range(len(parts))]
        if parts[0].startswith("_"):
            places.append(module.lstrip("_"))
        for place in places:
            if _is_public(place) and place in sys.modules and _reached(place, name) is value and value is not None:
                if not _is_public(name):
                    refuse("private")
                self.modules.add(place)
                return place + "." + name
        refuse("private" if _reached(module, name) is value else "no name")

    def _check_module(self, module: Any) -> None:
        file = getattr(sys.modules.get(module), "__file__", None) or ""
        if module == "__main__" or file.startswith("/hybridgym/tests/"):
            refuse("of a test")
        if file.startswith(self.workspace + "/") and file[len(self.workspace) + 1 :] not in self.files:
            refuse("of a test")

    def _write(self, value: Any, depth: Any) -> Any:
        self._nodes += 1
        if self._nodes > _NODES or depth > _DEPTH:
            refuse("too large")
        kind = type(value)  # type: Any
        if value is None or value is Ellipsis or kind is bool:
            return repr(value)
        plain = getattr(self, "_" + kind.__name__, None) if kind.__module__ == "builtins" else None
        if plain is not None:
            return plain(value, depth)
        if isinstance(value, enum.Enum):
            return self._member(value)
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return self._of_name(value)
        if is_time(value):
            self.modules.add("datetime")
            return repr(value)
        if isinstance(value, re.Pattern):
            return self._pattern(value, depth)
        return self._instance(value, kind, depth)

    # Literals

    def _int(self, value: Any, depth: Any) -> Any:
        if abs(value) >= 10**_DIGITS:
            refuse("too large")
        return repr(value)

    def _float(self, value: Any, depth: Any) -> Any:
        if math.isnan(value) and self.is_outcome:
            refuse("not equal to itself")
        return repr(value) if math.isfinite(value) else f"float({repr(value)!r})"

    def _complex(self, value: Any, depth: Any) -> Any:
        return f"complex({self._float(value.real, depth)}, {self._float(value.imag, depth)})"

    def _str(self, value: Any, depth: Any) -> Any:
        if len(value) > _STRING:
            refuse("too large")
        value.encode()
        return repr(value)

    def _bytes(self, value: Any, depth: Any) -> Any:
        if len(value) > _STRING:
            refuse("too large")
        return repr(value)

    def _bytearray(self, value: Any, depth: Any) -> Any:
        return f"bytearray({self._bytes(bytes(value), depth)})"

    def _list(self, value: Any, depth: Any) -> Any:
        return "[" + self._items(value, depth) + "]"

    def _tuple(self, value: Any, depth: Any) -> Any:
        return "(" + self._items(value, depth) + ("," if len(value) == 1 else "") + ")"

    def _set(self, value: Any, depth: Any) -> Any:
        return "{" + self._sorted(value, depth) + "}" if value else "set()"

    def _frozenset(self, value: Any, depth: Any) -> Any:
        return "frozenset({" + self._sorted(value, depth) + "})" if value else "frozenset()"

    def _dict(self, value: Any, depth: Any) -> Any:
        self._check_size(value)
        return (
            "{"
            + ", ".join(self._write(k, depth + 1) + ": " + self._write(v, depth + 1) for k, v in value.items())
            + "}"
        )

    def _range(self, value: Any, depth: Any) -> Any:
        return f"range({value.stop})" if (value.start, value.step) == (0, 1) else repr(value)

    def _slice(self, value: Any, depth: Any) -> Any:
        return f"slice({self._items((value.start, value.stop, value.step), depth)})"

    def _items(self, values: Any, depth: Any) -> Any:
        self._check_size(values)
        return ", ".join(self._write(value, depth + 1) for value in values)

    def _sorted(self, values: Any, depth: Any) -> Any:
        self._check_size(values)
        return ", ".join(sorted(self._write(value, depth + 1) for value in values))

    def _check_size(self, values: Any) -> None:
        if len(values) > _NODES:
            refuse("too large")

    # Names

    def _member(self, value: Any) -> Any:
        cls = type(value)  # type: Any
        if cls.__members__.get(value.name) is not value:
            refuse("no name")
        return self.named(cls) + "." + value.name

    def _of_name(self, value: Any) -> Any:
        if isinstance(value, types.FunctionType) and value.__name__ == "<lambda>":
            return self._lambda(value)
        return self.named(value)

    def _lambda(self, value: Any) -> Any:
        """Write a lambda that needs nothing around it, where its line has one that is compiled to the same."""
        code = value.__code__
        if self.is_outcome or value.__closure__ or value.__defaults__ or value.__kwdefaults__:
            refuse("a function of a function")
        source = "".join(linecache.getlines(code.co_filename))
        texts = set()
        for node in _lambdas(source):
            if node.lineno != code.co_firstlineno:
                continue
            text = ast.get_source_segment(source, node) or ""
            same = eval(text, {}).__code__
            if [getattr(same, name) for name in _OF_CODE] == [getattr(code, name) for name in _OF_CODE]:
                texts.add(" ".join(text.split()))
        text = texts.pop() if len(texts) == 1 else ""
        known = {node.arg for node in ast.walk(ast.parse(text)) if isinstance(node, ast.arg)}
        used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        if not text or len(text) > _LAMBDA or not used <= known | set(dir(builtins)):
            refuse("a function of a function")
        return "(" + text + ")"

    # Instances

    def _pattern(self, value: Any, depth: Any) -> Any:
        self.modules.add("re")
        flags = int(value.flags & ~re.UNICODE)
        return "re.compile({}{})".format(self._write(value.pattern, depth + 1), f", {flags}" if flags else "")

    def _instance(self, value: Any, kind: Any, depth: Any) -> Any:
        if isinstance(value, _ITERATORS) and not self.is_outcome:
            parts = value.__reduce__()
            if len(parts) == 2 or not parts[2]:
                return f"iter({self._write(parts[1][0], depth + 1)})"
        if kind in (io.StringIO, io.BytesIO) and not self.is_outcome and not value.tell():
            self.modules.add("io")
            return f"io.{kind.__name__}({self._write(value.getvalue(), depth + 1)})"
        if isinstance(value, types.ModuleType):
            refuse("a module")
        if self.is_outcome and not _is_comparable(kind):
            refuse("cannot be compared")
        name = self.named(kind)
        modules, nodes = set(self.modules), self._nodes
        reason = "cannot be built"
        for way in _WAYS:
            try:
                found = way(self, value, kind, depth)
                if found is not None:
                    text = name + "(" + found + ")"
                    if self._gives(text, value):
                        return text
            except RefusedError as error:
                reason = str(error)
            except Exception:  # Its constructor may refuse anything.
                reason = "cannot be built"
            self.modules, self._nodes = set(modules), nodes
        refuse(reason)

    def _gives(self, text: Any, value: Any) -> Any:
        """Say whether evaluating a text gives an equal value."""
        again = evaluated(text, self.modules)
        if type(again) is not type(value):
            return False
        if not _is_comparable(type(value)) or not self.is_outcome:
            return _is_same(again, value, 0)
        return bool(again == value)

    def _of_tuple(self, value: Any, kind: Any, depth: Any) -> Any:
        if isinstance(value, tuple) and hasattr(kind, "_fields"):
            return ", ".join(f + "=" + self._write(getattr(value, f), depth + 1) for f in kind._fields)
        return None

    def _of_fields(self, value: Any, kind: Any, depth: Any) -> Any:
        if dataclasses.is_dataclass(value):
            fields = [(f.name, f.name, f.default) for f in dataclasses.fields(value) if f.init]
        elif hasattr(kind, "__attrs_attrs__"):
            fields = [(a.name.lstrip("_"), a.name, a.default) for a in kind.__attrs_attrs__ if a.init]
        else:
            return None
        given = [(name, getattr(value, attribute), default) for name, attribute, default in fields]
        return ", ".join(n + "=" + self._write(v, depth + 1) for n, v, default in given if not is_default(v, default))

    def _of_reduction(self, value: Any, kind: Any, depth: Any) -> Any:
        if isinstance(value, pathlib.PurePath):
            return self._str(str(value), depth)
        if kind.__module__ in _BY_REDUCTION:
            made = value.__reduce__()
            if len(made) == 2 and made[0] is kind:
                return self._items(made[1], depth)
        if kind is functools.partial:
            named = [f"{k}={self._write(v, depth + 1)}" for k, v in value.keywords.items()]
            return ", ".join([self._items((value.func, *value.args), depth), *named])
        return None

    def _of_record(self, value: Any, kind: Any, depth: Any) -> Any:
        known = self.built.get(id(value))
        if known is None or known[0] is not kind:
            return None
        self.modules |= known[2]
        return known[1]

    def _of_attributes(self, value: Any, kind: Any, depth: Any) -> Any:
        if isinstance(value, _PLAIN):
            return None
        parts = []
        for parameter in inspect.signature(kind).parameters.values():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            name = parameter.name
            held = [a for a in (name, "_" + name) if hasattr(value, a)]
            if not held:
                if parameter.default is parameter.empty:
                    return None
                continue
            is_named = parameter.kind is parameter.KEYWORD_ONLY or parameter.default is not parameter.empty
            given = getattr(value, held[0])
            if not is_default(given, parameter.default):
                parts.append((name + "=" if is_named else "") + self._write(given, depth + 1))
        return ", ".join(parts)

    def _of_plain(self, value: Any, kind: Any, depth: Any) -> Any:
        if isinstance(value, collections.defaultdict):
            return self._items((value.default_factory, dict(value)), depth)
        base = next((base for base in _PLAIN if isinstance(value, base)), None)
        return None if base is None else self._write(base(value), depth + 1)

    def _of_items(self, value: Any, kind: Any, depth: Any) -> Any:
        if isinstance(value, collections.abc.Mapping):
            return self._write(dict(value.items()), depth + 1)
        if isinstance(value, collections.abc.Collection):
            self._check_size(value)
            return self._write(list(value), depth + 1)
        return None

    def _of_arguments(self, value: Any, kind: Any, depth: Any) -> Any:
        if isinstance(value, BaseException) and not self.is_outcome:
            return self._items(value.args, depth)
        return None


_OF_CODE = ("co_code", "co_names", "co_varnames", "co_consts")
_WAYS = (
    Writer._of_tuple,
    Writer._of_fields,
    Writer._of_reduction,
    Writer._of_record,
    Writer._of_attributes,
    Writer._of_plain,
    Writer._of_items,
    Writer._of_arguments,
)


def evaluated(text: Any, modules: Any, names: Any = None) -> Any:
    """Return the value of a text that needs modules."""
    space = {"__builtins__": builtins}  # type: dict[str, Any]
    for module in sorted(modules):
        importlib.import_module(module)
        top = module.partition(".")[0]
        space[top] = sys.modules[top]
    space.update(names or {})
    return eval(compile(text, "<call>", "eval"), space)


def is_time(value: Any) -> Any:
    """Say whether a value is one of module datetime; those of a clock that was moved have other classes."""
    kind = type(value)
    return isinstance(value, _BY_REPR) and (kind.__module__ == "datetime" or kind.__name__.startswith("datetime."))


def is_default(value: Any, default: Any) -> Any:
    """Say whether a parameter need not be given."""
    if value is default:
        return True
    return type(value) in (int, str, float, bytes, tuple) and type(value) is type(default) and bool(value == default)


def _is_comparable(kind: Any) -> Any:
    return kind.__eq__ is not object.__eq__


def _is_public(name: Any) -> Any:
    return not any(part.startswith("_") and not part.endswith("__") for part in name.split("."))


def _reached(module: Any, name: Any) -> Any:
    """Return what a dotted name of a loaded module means, or None."""
    found = sys.modules.get(module)  # type: Any
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


@functools.lru_cache(maxsize=64)
def _lambdas(source: Any) -> Any:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Lambda)]


def _is_same(a: Any, b: Any, depth: Any) -> Any:
    """Say whether two values are made of the same; deeper than a few levels, they are not compared."""
    if a is b:
        return True
    if type(a) is not type(b) or depth > _SAME_DEPTH:
        return False
    if isinstance(a, dict):
        return len(a) == len(b) and all(k in b and _is_same(v, b[k], depth + 1) for k, v in a.items())
    if isinstance(a, (list, tuple, collections.deque)):
        return (
            len(a) == len(b) and all(_is_same(x, b[n], depth + 1) for n, x in enumerate(a)) and _has_same(a, b, depth)
        )
    if isinstance(a, pathlib.PurePath):
        return a == b
    if isinstance(a, functools.partial):
        parts = [(p.func, p.args, p.keywords) for p in (a, b)]
        return _is_same(parts[0], parts[1], depth)
    if isinstance(a, float) and a != a and b != b:
        return True
    if _is_comparable(type(a)) and type(a).__module__ in (
        "builtins",
        "datetime",
        "decimal",
        "fractions",
        "re",
        "uuid",
    ):
        return bool(a == b)
    if isinstance(a, (str, bytes, int, float, set, frozenset)):
        return bool(a == b) and _has_same(a, b, depth)
    attributes = _attributes(a)
    if not attributes:
        return _is_comparable(type(a)) and bool(a == b)
    return _has_same(a, b, depth)


def _has_same(a: Any, b: Any, depth: Any) -> Any:
    one, other = _attributes(a), _attributes(b)
    return one.keys() == other.keys() and all(_is_same(v, other[k], depth + 1) for k, v in one.items())


def _attributes(value: Any) -> Any:
    found = dict(getattr(value, "__dict__", {}))
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in [slots] if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found[name] = getattr(value, name)
    return found
