"""Types as Go writes them → trees of tuples."""

import re
from functools import lru_cache
from typing import NamedTuple

TOKEN = re.compile(
    r"(\n)|[^\S\n]+|//[^\n]*|/\*.*?\*/"
    r"|(`[^`]*`|\"(?:[^\"\\\n]|\\.)*\"|\.\.\.|<-|[^\W\d]\w*|\d[\w.]*|.)",
    re.DOTALL,
)
KEYWORDS = frozenset({"map", "chan", "func", "struct", "interface"})
MAX_DEPTH = 30


class Written(NamedTuple):
    """A type: what it is made with, a name where it has one, and the types that it is made of."""

    form: str
    """`name`, `pointer`, `slice`, `map`, `chan`, `func`, `lambda`, `tuple`, `struct`, `interface` or `unknown`."""
    name: str = ""
    """Of a `name`, with its package; of a member, where it stands in a struct or an interface."""
    parts: tuple["Written", ...] = ()
    """A name's arguments; a map's key and value; a function's parameters as a tuple, then its results; members, in
    which an embedded type has the form `embedded`."""


UNKNOWN = Written("unknown")


class _UnreadableError(Exception):
    """Not a type, or nothing that is read here."""


@lru_cache(maxsize=65536)
def read_type(text: str) -> Written:
    """Return a written type; several results in parentheses are a tuple."""
    is_lambda = text.startswith("\\")
    reader = _Reader(_tokens(text[1:] if is_lambda else text))
    try:
        written = reader.results(0) if text.startswith("(") else reader.type(0)
    except _UnreadableError:
        return UNKNOWN
    if not reader.is_at_end():
        return UNKNOWN
    return written._replace(form="lambda") if is_lambda else written


class _Reader:
    """One pass over the tokens of a type."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._place = 0

    def is_at_end(self) -> bool:
        return self._place >= len(self._tokens)

    def _peek(self, ahead: int = 0) -> str:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self._peek()
        if not token or (expected and token != expected):
            raise _UnreadableError
        self._place += 1
        return token

    def _skips(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._place += 1
        return True

    def type(self, depth: int) -> Written:
        """Read one type."""
        if depth > MAX_DEPTH:
            raise _UnreadableError
        token = self._take()
        match token:
            case "*":
                return Written("pointer", parts=(self.type(depth + 1),))
            case "(":
                inner = self.type(depth + 1)
                self._take(")")
                return inner
            case "[":
                self._until_bracket()
                return Written("slice", parts=(self.type(depth + 1),))
            case "..." | "~":
                inner = self.type(depth + 1)
                return Written("slice", parts=(inner,)) if token == "..." else inner
            case "<-":
                self._take("chan")
                return Written("chan", parts=(self.type(depth + 1),))
            case "chan":
                self._skips("<-")
                return Written("chan", parts=(self.type(depth + 1),))
            case "map":
                self._take("[")
                key = self.type(depth + 1)
                self._take("]")
                return Written("map", parts=(key, self.type(depth + 1)))
            case "func":
                return self._function(depth + 1)
            case "struct" | "interface":
                return self._members(token, depth + 1)
        if not _is_identifier(token) or token in KEYWORDS:
            raise _UnreadableError
        return self._named(token, depth + 1)

    def _named(self, name: str, depth: int) -> Written:
        if self._skips("."):
            name = f"{name}.{self._take()}"
        arguments: list[Written] = []
        if self._peek() == "[" and self._peek(1) != "]":
            self._take("[")
            arguments.append(self.type(depth))
            while self._skips(","):
                if self._peek() != "]":
                    arguments.append(self.type(depth))
            self._take("]")
        return Written("name", name, tuple(arguments))

    def _until_bracket(self) -> None:
        """Skip the length of an array."""
        open_brackets = 1
        while open_brackets:
            token = self._take()
            open_brackets += (token == "[") - (token == "]")

    def _function(self, depth: int) -> Written:
        parameters = self._parameters(depth)
        if self._peek() == "(":
            return Written("func", parts=(parameters, *self._parameters(depth).parts))
        if self._peek() in ("", ")", "}", "]", ",", ";", "|") or _is_string(self._peek()):
            return Written("func", parts=(parameters,))
        return Written("func", parts=(parameters, self.type(depth)))

    def results(self, depth: int) -> Written:
        """Read what stands in the parentheses of a result."""
        found = self._parameters(depth)
        return found.parts[0] if len(found.parts) == 1 else found

    def _parameters(self, depth: int) -> Written:
        """Read parameters: all have names, or none has."""
        self._take("(")
        entries: list[tuple[str, Written | None]] = []
        while not self._skips(")"):
            if _is_identifier(self._peek()) and self._peek(1) in (",", ")"):
                entries.append((self._take(), None))
            elif self._is_name((",", ")")):
                entries.append((self._take(), self.type(depth)))
            else:
                entries.append(("", self.type(depth)))
            if self._peek() != ")":
                self._take(",")
        is_named = any(name and written is not None for name, written in entries)
        types: list[Written] = []
        for name, written in reversed(entries):
            if written is None:
                written = types[-1] if is_named and types else Written("name", name)
            types.append(written)
        return Written("tuple", parts=tuple(reversed(types)))

    def _is_name(self, ends: tuple[str, ...]) -> bool:
        """Say whether the next token is a name and what follows it a type, up to one of `ends`."""
        token, following = self._peek(), self._peek(1)
        if not _is_identifier(token) or token in KEYWORDS or following == "." or following in ends:
            return False
        if following != "[":
            return True
        place, open_brackets = self._place + 2, 1
        while open_brackets and place < len(self._tokens):
            open_brackets += (self._tokens[place] == "[") - (self._tokens[place] == "]")
            place += 1
        behind = self._tokens[place] if place < len(self._tokens) else ""
        return behind not in ends and not _is_string(behind)

    def _members(self, form: str, depth: int) -> Written:
        """Read the members of a struct or an interface."""
        self._take("{")
        found: list[Written] = []
        while not self._skips("}"):
            if self._skips(";"):
                continue
            found += self._fields(depth) if form == "struct" else [self._element(depth)]
            if _is_string(self._peek()):
                self._take()
            if self._peek() != "}":
                self._take(";")
        return Written(form, parts=tuple(found))

    def _fields(self, depth: int) -> list[Written]:
        if not (self._peek(1) == "," or self._is_name((";", "}"))) or _is_string(self._peek(1)):
            return [Written("embedded", parts=(self.type(depth),))]
        names = [self._take()]
        while self._skips(","):
            names.append(self._take())
        written = self.type(depth)
        return [Written("member", name, (written,)) for name in names]

    def _element(self, depth: int) -> Written:
        if self._peek(1) == "(" and _is_identifier(self._peek()):
            return Written("member", self._take(), (self._function(depth),))
        first = self.type(depth)
        is_union = False
        while self._skips("|"):
            self.type(depth)
            is_union = True
        return Written("embedded", parts=(UNKNOWN if is_union else first,))


def _tokens(text: str) -> list[str]:
    """Return the tokens of a type; a line's end is `;` where Go says so."""
    found: list[str] = []
    for line_end, token in TOKEN.findall(text):
        if token:
            found.append(token)
        elif (
            line_end and found and (found[-1] in (")", "]", "}") or _is_identifier(found[-1]) or _is_string(found[-1]))
        ):
            found.append(";")
    return found


def _is_identifier(token: str) -> bool:
    return token[:1].isalpha() or token[:1] == "_"


def _is_string(token: str) -> bool:
    return token[:1] in ("`", '"') and token != ""
