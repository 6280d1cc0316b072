"""Python annotations: their text taken apart (`Optional["a.B"]` → alternatives of names), and what they promise."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from hybridgym.resolvers.python_names import BUILTIN_TYPES, CONTAINER_TYPES, DATA_TYPES
from hybridgym.resolvers.python_values import NOTHING, Sort, Value, Values, known, union, unknown, without_none

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

ELEMENT_CONTAINERS = frozenset(
    """list List set Set frozenset FrozenSet Sequence MutableSequence Iterable Iterator Collection AbstractSet
    deque Deque tuple Tuple""".split()
)
VALUE_CONTAINERS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"})
TUPLES = frozenset({"tuple", "Tuple"})
CLASS_OF = frozenset({"type", "Type", "typing.Type", "t.Type"})
OPEN_ANNOTATIONS = (
    "typing.",
    "typing_extensions.",
    "collections.abc.",
    "types.SimpleNamespace",
    "argparse.Namespace",
    "threading.local",
    "unittest.mock",
)
"""External names that say nothing of the object: protocols, type variables, bags of attributes."""
NOMINAL = {"typing.Pattern": "re.Pattern", "typing.Match": "re.Match"}
"""What `typing` calls other modules' classes."""
FILES = frozenset({"typing.IO", "typing.TextIO", "typing.BinaryIO"})
FILE = "annotated as a file"
"""Why a receiver is unknown that has the methods of a file, whatever it is."""
LOWERCASE_CLASSES = frozenset(
    """datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone datetime.tzinfo
    socket.socket array.array mmap.mmap os.stat_result time.struct_time""".split()
)
TYPE_VARIABLES = frozenset({"typing.TypeVar", "typing_extensions.TypeVar"})
COMPLETE = 1 << 40
"""A position after all bindings of a file: annotations are looked up when the module is complete."""
TOKEN = re.compile(r"\s*(?:([^\W\d][\w.]*)|([\[\]|,()])|(\.\.\.)|(['\"])|(\S))")
MAX_LENGTH = 400


class Annotation(NamedTuple):
    """A name (dotted; `None` for None; empty where it cannot be read) with its arguments in brackets."""

    name: str
    arguments: tuple[tuple[Annotation, ...], ...] = ()
    """For each argument its alternatives."""


UNREADABLE = (Annotation(""),)


@lru_cache(maxsize=65536)
def parse_annotation(text: str) -> tuple[Annotation, ...]:
    """Return the alternatives of an annotation (`X | None`, `Union[…]` and `Optional[…]` are taken apart)."""
    if len(text) > MAX_LENGTH:
        return UNREADABLE
    # Strings are forward references: the same expression, quoted.
    reader = _Reader([m.group().strip() for m in TOKEN.finditer(text) if m.group(4) is None])
    try:
        found = reader.alternatives()
    except (_UnreadableError, RecursionError):
        return UNREADABLE
    return found if reader.at_end() else UNREADABLE


class Annotations:
    """What the annotations of one repository promise. They are taken to be true."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def values(self, path: str, scope: int, text: str) -> Values:
        """Return what a name annotated in a scope may hold."""
        return without_none(union([self._one(path, scope, a) for a in parse_annotation(text)]))

    def instance_of(self, value: Value) -> Values:
        """Return an instance of a class, or of a subclass: of the repository, builtin or external."""
        if value.sort is Sort.CLASS:
            return (Value(Sort.INSTANCE, value.key, how="annotation"),)
        last = value.name.rpartition(".")[2]
        if value.sort is Sort.BUILTIN:
            if last in DATA_TYPES:
                return (Value(Sort.DATA, name=last),)
            if last in CONTAINER_TYPES:
                return (Value(Sort.CONTAINER, name=last),)
            if last in BUILTIN_TYPES and last not in ("object", "type"):
                return (Value(Sort.EXTERNAL_INSTANCE, name=last),)
        name = value.name.removesuffix("[]")
        if value.sort is Sort.EXTERNAL and name in FILES:
            return unknown(FILE)
        name = NOMINAL.get(name, value.name)
        is_class = last[:1].isupper() and not name.endswith("[]")
        if value.sort is Sort.EXTERNAL and (is_class or name in LOWERCASE_CLASSES or name in NOMINAL.values()):
            return unknown("annotation") if name.startswith(OPEN_ANNOTATIONS) else (_outside(name),)
        return unknown("annotation")

    def parameter(self, path: str, scope: int, text: str, number: int) -> Values:
        """Return what is handed to a parameter of a function that an annotation tells of: `Callable[[A, B], C]`."""
        parts: list[Values] = []
        for annotation in parse_annotation(text):
            aliased = self._inference.scopes.alias(path, scope, annotation.name)
            if annotation.name.rpartition(".")[2] == "Callable" and annotation.arguments:
                taken = annotation.arguments[0][0]
                given = taken.arguments if taken.name == "[" else ()
                parts.append(self._item(path, scope, given[number]) if number < len(given) else unknown("annotation"))
            elif aliased is not None:
                key = ("p", *aliased, number)
                module, written = aliased
                again = partial(self.parameter, module, 0, written, number)
                parts.append(self._inference.guarded(key, again))
            elif annotation.name != "None":
                return unknown("annotation")
        return union(parts)

    def _one(self, path: str, scope: int, annotation: Annotation) -> Values:
        name = annotation.name
        last = name.rpartition(".")[2]
        if name == "None":
            return (NOTHING,)
        if name in ("", "["):
            return unknown("annotation")
        if last == "Self":
            key = self._inference.index.enclosing_class(path, scope)
            return (Value(Sort.INSTANCE, key, how="annotation"),) if key else unknown("Self outside a class")
        found = self._named(path, scope, annotation)
        says_little = found[0].sort is Sort.CONTAINER and not found[0].items and not annotation.arguments
        if says_little or not known(found):
            aliased = self._inference.scopes.alias(path, scope, name)
            if aliased is not None:
                module, written = aliased
                return self._inference.guarded(("t", *aliased), partial(self.values, module, 0, written))
        return found

    def _named(self, path: str, scope: int, annotation: Annotation) -> Values:
        name = annotation.name
        last = name.rpartition(".")[2]
        values = self._inference.infer(path, scope, name, COMPLETE)
        if len(values) == 1 and values[0].name in TYPE_VARIABLES and values[0].items:
            return values[0].items  # whatever stands for a type variable is of its bound
        if any(v.sort not in (Sort.CLASS, Sort.BUILTIN, Sort.EXTERNAL) for v in values):
            return unknown("annotation")
        if all(v.sort is not Sort.CLASS for v in values):
            if name in CLASS_OF and annotation.arguments:
                return self._class_of(path, scope, annotation.arguments[0])
            if last in ELEMENT_CONTAINERS or last in VALUE_CONTAINERS:
                return self._container(path, scope, last, annotation.arguments)
        return union([self.instance_of(v) for v in values])

    def _class_of(self, path: str, scope: int, alternatives: tuple[Annotation, ...]) -> Values:
        instances = union([self._one(path, scope, a) for a in alternatives])
        classes = self._inference.classes
        if any(v.sort is not Sort.INSTANCE or v.key is None or classes.is_protocol(v.key) for v in instances):
            return unknown("annotation")
        return tuple(Value(Sort.CLASS, v.key, how="annotation") for v in instances)

    def _container(self, path: str, scope: int, name: str, arguments: tuple[tuple[Annotation, ...], ...]) -> Values:
        """Return a container with its items: the values of a mapping, all items of a tuple."""
        parts: list[Values] = []
        if name in VALUE_CONTAINERS:
            if arguments:
                parts = [self._item(path, scope, arguments[0])]
            arguments = arguments[1:2]
        elif name not in TUPLES:
            arguments = arguments[:1]
        found = [self._item(path, scope, a) for a in arguments if a[0].name != "..."]
        if name in TUPLES and len(found) == len(arguments):
            parts = found
        return (Value(Sort.CONTAINER, name=name, items=known(union(found)) if found else (), parts=tuple(parts)),)

    def _item(self, path: str, scope: int, alternatives: tuple[Annotation, ...]) -> Values:
        return without_none(union([self._one(path, scope, a) for a in alternatives]))


def _outside(name: str) -> Value:
    return Value(Sort.EXTERNAL_INSTANCE, name=name)


class _UnreadableError(Exception):
    pass


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0

    def at_end(self) -> bool:
        return self._next >= len(self._tokens)

    def alternatives(self) -> tuple[Annotation, ...]:
        found = list(self._one())
        while self._peek() == "|":
            self._next += 1
            found += self._one()
        return tuple(found)

    def _one(self) -> tuple[Annotation, ...]:
        name = self._take()
        if name == "[":  # the first argument of Callable
            return (Annotation(name, self._arguments()),)
        if not (name[0].isalpha() or name[0] == "_" or name == "..."):
            raise _UnreadableError
        arguments: tuple[tuple[Annotation, ...], ...] = ()
        if self._peek() == "[":
            self._next += 1
            arguments = self._arguments()
        last = name.rpartition(".")[2]
        if last == "Union":
            return tuple(a for argument in arguments for a in argument)
        if last == "Optional":
            return (*(arguments[0] if arguments else UNREADABLE), Annotation("None"))
        if last in ("Annotated", "Final", "ClassVar", "Required", "NotRequired") and arguments:
            return arguments[0]
        return (Annotation(name, arguments),)

    def _arguments(self) -> tuple[tuple[Annotation, ...], ...]:
        arguments = []
        while self._peek() != "]":
            arguments.append(self.alternatives())
            if self._peek() == ",":
                self._next += 1
            elif self._peek() != "]":
                raise _UnreadableError
        self._next += 1
        return tuple(arguments)

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        if not token:
            raise _UnreadableError
        self._next += 1
        return token
