"""Java's written types, taken apart; and what the values of types are."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.typed_values import BUILTIN_VALUE, Sort, Value, unknown

TOKEN = re.compile(r"\s*([\w$]+|\.\.\.|[.<>,\[\]?&|+-])")
MAX_DEPTH = 8
"""Of type arguments in type arguments; deeper ones are unknown."""
MAX_SIZE = 60
"""Of types in a type; larger ones are unknown."""
PRIMITIVES = ("byte", "short", "char", "int", "long", "float", "double", "boolean", "void")
BOXES = {
    "byte": "java.lang.Byte",
    "short": "java.lang.Short",
    "char": "java.lang.Character",
    "int": "java.lang.Integer",
    "long": "java.lang.Long",
    "float": "java.lang.Float",
    "double": "java.lang.Double",
    "boolean": "java.lang.Boolean",
}
UNBOXED = {box: primitive for primitive, box in BOXES.items()}
WIDER = {
    "byte": ("short", "int", "long", "float", "double"),
    "short": ("int", "long", "float", "double"),
    "char": ("int", "long", "float", "double"),
    "int": ("long", "float", "double"),
    "long": ("float", "double"),
    "float": ("double",),
}
OBJECT = Value(Sort.EXTERNAL, name="java.lang.Object")
STRING = Value(Sort.EXTERNAL, name="java.lang.String")
PRIMITIVE_VALUES = {name: Value(Sort.BUILTIN, name=name) for name in PRIMITIVES}
LAMBDA = "lambda"

ClassId = DefinitionKey | str
"""A class of the repository, or the qualified name of another."""
Substitution = Mapping[str, Value]
"""What type variables stand for, by their names."""


class Written(NamedTuple):
    """A written type."""

    names: tuple[str, ...]
    """`a`, `b` and `C` of `a.b.C<D>`; or one of `[]`, `|`, `&`, `extends` and `super`, of `arguments`."""
    arguments: tuple["Written", ...] = ()


@lru_cache(maxsize=65536)
def written(text: str) -> Written | None:
    """Take a written type apart; None where it is none."""
    if text.isidentifier():
        return Written((text,))
    tokens: list[str] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            return None
        tokens.append(found[1])
        place = found.end()
    parser = _Parser(tokens)
    result = parser.alternatives()
    return result if parser.place == len(tokens) and not parser.failed else None


class _Parser:
    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = [*tokens, ""]
        self.place = 0
        self.failed = False
        self._depth = 0

    def alternatives(self) -> Written:
        parts = [self._one()]
        sign = self.tokens[self.place]
        while sign in ("|", "&") and self._taken(sign):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Written((sign,), tuple(parts))

    def _taken(self, token: str) -> bool:
        if self.tokens[self.place] != token:
            return False
        self.place += 1
        return True

    def _one(self) -> Written:
        if self._taken("?"):
            for word in ("extends", "super"):
                if self._taken(word):
                    return Written((word,), (self._named(),))
            return Written(("?",))
        for sign, word in (("+", "extends"), ("-", "super")):
            if self._taken(sign):
                return Written((word,), (self._named(),))
        return self._named()

    def _named(self) -> Written:
        names, arguments = [self._name()], self._arguments()
        while self._taken("."):
            names.append(self._name())
            arguments = self._arguments()  # those of the outer class do not matter
        result = Written(tuple(names), arguments)
        for rank in range(len(self.tokens)):
            if not self._taken("...") and not (self._taken("[") and self._taken("]")):
                break
            self.failed = self.failed or rank > MAX_DEPTH
            result = Written(("[]",), (result,))
        return result

    def _name(self) -> str:
        name = self.tokens[self.place]
        if not name[:1].isidentifier() and name[:1] != "$":
            self.failed = True
            return "?"
        self.place += 1
        return name

    def _arguments(self) -> tuple[Written, ...]:
        if not self._taken("<"):
            return ()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.failed = True
        found: list[Written] = []
        while not self.failed and not self._taken(">"):
            found.append(self._one())
            if not self._taken(",") and self.tokens[self.place] != ">":
                self.failed = True
        self._depth -= 1
        return tuple(found)


def array_of(value: Value) -> Value:
    """Return the type of arrays of a type."""
    return Value(Sort.CONTAINER, name="[]", parts=(value,))


def variable(owner: str, name: str) -> Value:
    """Return the type that a type variable is; `owner` tells variables of one name apart."""
    return Value(Sort.CONTAINER, name=f"{owner}:{name}")


def is_variable(value: Value) -> bool:
    """Say whether a type is a type variable."""
    return value.sort is Sort.CONTAINER and ":" in value.name


def is_array(value: Value) -> bool:
    """Say whether a type is that of an array."""
    return value.sort is Sort.CONTAINER and value.name == "[]"


def is_primitive(value: Value) -> bool:
    """Say whether a type is a primitive one."""
    return value.sort is Sort.BUILTIN and value.name in PRIMITIVE_VALUES


def class_id(value: Value) -> ClassId | None:
    """Return the class that a type or a class's name is of; None for every other value."""
    if value.sort in (Sort.INSTANCE, Sort.TYPE):
        return value.key
    return value.name if value.sort is Sort.EXTERNAL else None


def instance_of(value: Value, arguments: tuple[Value, ...] = (), how: str = "") -> Value:
    """Return the type that a class's name is written for."""
    if value.sort is Sort.TYPE:
        return Value(Sort.INSTANCE, value.key, how=how, parts=arguments)
    if value.sort is Sort.EXTERNAL:
        return Value(Sort.EXTERNAL, name=value.name, how=how, parts=arguments)
    return value


def boxed(value: Value) -> Value:
    """Return the class of a primitive type; every other type is itself."""
    if is_primitive(value) and value.name != "void":
        return Value(Sort.EXTERNAL, name=BOXES[value.name])
    return value


def unboxed(value: Value) -> Value:
    """Return the primitive type of a class that boxes one; every other type is itself."""
    if value.sort is Sort.EXTERNAL and value.name in UNBOXED:
        return PRIMITIVE_VALUES[UNBOXED[value.name]]
    return value


def upper(value: Value) -> Value:
    """Return what is known of an expression whose type is a type argument: of wildcards, the upper bound."""
    if value.sort is Sort.CONTAINER and value.name in ("extends", "super", "?"):
        return value.parts[0] if value.name == "extends" else unknown("wildcard")
    return value


def substituted(value: Value, by: Substitution) -> Value:
    """Return a type with what its type variables stand for; types that grow too large become unknown."""
    if not by or (value.sort is Sort.CONTAINER and not value.parts and value.name not in by):
        return value
    if not value.parts and value.sort is not Sort.CONTAINER:
        return value
    return _Substituting(by).of(value, 0)


class _Substituting:
    def __init__(self, by: Substitution) -> None:
        self._by = by
        self._size = 0

    def of(self, value: Value, depth: int) -> Value:
        self._size += 1
        if depth > MAX_DEPTH or self._size > MAX_SIZE:
            return unknown("type is too large")
        if is_variable(value):
            known = self._by.get(value.name)
            if known is None:
                return value
            self._size += _size(known)
            return known
        if not value.parts:
            return value
        parts = tuple(self.of(part, depth + 1) for part in value.parts)
        return value if parts == value.parts else value._replace(parts=parts)


def _size(value: Value) -> int:
    return 1 + sum(_size(part) for part in value.parts)


def same_type(one: Value, other: Value) -> bool:
    """Say whether two types are proven to be the same."""
    plain = one._replace(how="", exact=False), other._replace(how="", exact=False)
    return plain[0] == plain[1] and plain[0] != BUILTIN_VALUE and one.sort is not Sort.UNKNOWN
