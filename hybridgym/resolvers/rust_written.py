"""Rust's types as they are written, taken apart."""

import re
from functools import lru_cache
from typing import NamedTuple

TOKEN = re.compile(r"'\w+(?!')|(?:r#)?[^\W\d]\w*|\d\w*|::|->|=>|\.\.\.|\"[^\"]*\"|[<>(){}\[\],;=&*+?!:#|.-]|\S")
MODIFIERS = frozenset({"mut", "const", "unsafe", "extern", "async", "ref", "pub"})
ITERATORS = frozenset({"Iterator", "DoubleEndedIterator", "ExactSizeIterator"})
MAX_DEPTH = 40
MAX_LENGTH = 2000


class Written(NamedTuple):
    """A type. `word` is path, tuple, slice, function, open (dyn, impl), qualified or unknown."""

    word: str
    names: tuple[str, ...] = ()
    """Of a path; of a qualified one what stands behind the `>`."""
    parts: tuple["Written", ...] = ()
    """Arguments, elements, the result of a function; type and trait of a qualified path; of an open type the
    `Item` of an `Iterator`."""


UNKNOWN = Written("unknown")


@lru_cache(maxsize=65536)
def written(text: str) -> Written:
    """Take a type apart; what is not understood is unknown."""
    if len(text) > MAX_LENGTH:
        return UNKNOWN
    return _Reader(TOKEN.findall(text)).type(0)


@lru_cache(maxsize=4096)
def alias(text: str) -> tuple[tuple[str, ...], str]:
    """Return the parameters of an alias, and what it stands for: `<T, E> = Result<T, E>`."""
    if not text.startswith("for<"):
        return (), text
    names: list[str] = []
    depth, expected = 0, False
    for match in TOKEN.finditer(text, 3):
        token = match[0]
        if token == "<":
            depth, expected = depth + 1, depth == 0
        elif token == ">":
            depth -= 1
            if not depth:
                return tuple(names), text[match.end() :]
        elif depth == 1 and token == ",":
            expected = True
        elif expected and depth == 1 and not token.startswith("'"):
            names.append(token)
            expected = False
        elif token.startswith("'"):
            expected = False
    return (), ""


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._item: Written | None = None

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self, token: str) -> bool:
        if self._next() == token:
            self._place += 1
            return True
        return False

    def type(self, depth: int) -> Written:
        """Read one type."""
        if depth > MAX_DEPTH:
            self._place = len(self._tokens)
            return UNKNOWN
        token = self._next()
        while token in ("&", "*") or token in MODIFIERS or token.startswith(("'", '"')):
            self._place += 1
            token = self._next()
        if token == "for":  # for<'a> fn(&'a T)
            self._place += 1
            self._arguments(depth)
            return self.type(depth + 1)
        if token in ("dyn", "impl"):
            self._place += 1
            return self._bounds(depth)
        if token == "(":
            self._place += 1
            return self._tuple(depth)
        if token == "[":
            return self._slice(depth)
        if token == "fn":
            self._place += 1
            return self._function("function", depth)
        if token == "<":
            return self._qualified(depth)
        if token == "?" or not (token == "::" or token[:1].isalpha() or token[:1] == "_"):
            self._place += 1
            return UNKNOWN
        return self._path(depth)

    def _path(self, depth: int) -> Written:
        names: list[str] = ["$"] if self._next() == "::" else []
        parts: tuple[Written, ...] = ()
        while True:
            self._take("::")
            token = self._next()
            if token == "<":
                parts = self._arguments(depth)
            elif token[:1].isalpha() or token[:1] == "_":
                if token == "as":
                    break
                names.append(token.removeprefix("r#"))
                self._place += 1
                parts = ()
                if self._next() == "(" and names[-1].startswith("Fn"):
                    return self._function("open", depth)
            else:
                break
            if self._next() not in ("::", "<"):
                break
        return Written("path", tuple(names), parts) if names else UNKNOWN

    def _arguments(self, depth: int) -> tuple[Written, ...]:
        """Read `<…>`; lifetimes are left out, and of associated types all but an iterator's `Item`."""
        found: list[Written] = []
        self._item = None
        self._take("<")
        while self._next() and not self._take(">"):
            if self._next().startswith("'"):
                self._place += 1
            elif self._place + 1 < len(self._tokens) and self._tokens[self._place + 1] in ("=", ":"):
                is_item = self._next() == "Item" and self._tokens[self._place + 1] == "="
                self._place += 2
                bound = self.type(depth + 1) if is_item else self._bounds(depth + 1)
                self._item = bound if is_item else None
            elif self._next() == "{" or self._next()[:1].isdigit():
                self._skip()
                found.append(UNKNOWN)
            else:
                before = self._place
                found.append(self.type(depth + 1))
                if self._place == before:
                    self._place += 1
            self._take(",")
        return tuple(found)

    def _bounds(self, depth: int) -> Written:
        """Read `A + B + 'a`."""
        parts: tuple[Written, ...] = ()
        while self._next():
            self._take("?")
            self._take("(")
            self._item = None
            bound = self.type(depth + 1)
            self._take(")")
            if bound.names[-1:] and bound.names[-1] in ITERATORS and self._item is not None:
                parts = (self._item,)
            if not self._take("+"):
                break
        return Written("open", parts=parts)

    def _tuple(self, depth: int) -> Written:
        found: list[Written] = []
        comma = False
        while self._next() and not self._take(")"):
            before = self._place
            found.append(self.type(depth + 1))
            self._take("+")
            comma |= self._take(",")
            if self._place == before:
                self._place += 1
        return found[0] if len(found) == 1 and not comma else Written("tuple", parts=tuple(found))

    def _slice(self, depth: int) -> Written:
        self._take("[")
        inner = self.type(depth + 1)
        while self._next() and not self._take("]"):
            self._skip()
        return Written("slice", parts=(inner,))

    def _function(self, word: str, depth: int) -> Written:
        if self._next() == "(":
            self._skip()
        if self._take("->"):
            return Written(word, parts=(self.type(depth + 1),))
        return Written(word)

    def _qualified(self, depth: int) -> Written:
        self._take("<")
        inner = self.type(depth + 1)
        trait: tuple[Written, ...] = ()
        if self._take("as"):
            trait = (self.type(depth + 1),)
        self._take(">")
        names: list[str] = []
        while self._take("::") and (self._next()[:1].isalpha() or self._next()[:1] == "_"):
            names.append(self._next())
            self._place += 1
        if not names and not trait:
            return inner
        return Written("qualified", tuple(names), (inner, *trait))

    def _skip(self) -> None:
        """Skip a token, or all of a bracket."""
        depth = 0
        while self._next():
            token = self._next()
            self._place += 1
            depth += token in ("(", "[", "{")
            depth -= token in (")", "]", "}")
            if depth <= 0:
                return
