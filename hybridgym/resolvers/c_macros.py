"""The macros of a repository: which names they stand for, and which of them show that they call nothing of it."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from functools import cached_property
from typing import NamedTuple

from hybridgym.facts import Binding, FileFacts
from hybridgym.languages.c import KEYWORDS

TOKEN = re.compile(
    r"\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?|[^\W\d]\w*|\.?\d(?:[\w.]|[eEpP][+-])*|\#\#|\.\.\.|[^\w\s]"
)
NAME = re.compile(r"[^\W\d]\w*")
TYPE_WORDS = frozenset(
    """
    * char const double enum float int long short signed struct union unsigned void volatile _Bool bool size_t ssize_t
    __restrict restrict
    """.split()
)


class Macro(NamedTuple):
    """One `#define`."""

    path: str
    parameters: tuple[str, ...] | None
    """None where it takes no parentheses."""
    tokens: tuple[str, ...]


class Macros:
    """The macros of all files."""

    def __init__(self, files: Mapping[str, FileFacts], sees: Callable[[str, str], bool]) -> None:
        """Take what says whether a macro of one file may hold in another one."""
        self._files = files
        self._sees = sees
        self._all: dict[str, list[Macro]] = {}
        for path, facts in files.items():
            for binding in facts.bindings:
                if binding.value.startswith("#"):
                    self._all.setdefault(binding.name, []).append(_macro(path, binding))

    def seen(self, path: str, name: str) -> list[Macro]:
        """Return the definitions of a macro that may hold in a file."""
        return [macro for macro in self._all.get(name, ()) if self._sees(path, macro.path)]

    def words_of(self, name: str) -> frozenset[str]:
        """Return the words that a macro may stand for, whichever of its definitions holds."""
        return frozenset(token for macro in self._all.get(name, ()) for token in macro.tokens)

    def defined_names(self, functions: Set[str]) -> frozenset[str]:
        """Return the names that macros may give to a function.

        One of the `functions` is written by a macro that stands for the name alone, or the macro holds a body.
        """
        found: set[str] = set()
        for name, macros in self._all.items():
            for macro in macros:
                if len(macro.tokens) == 1 and NAME.fullmatch(macro.tokens[0]) and name in functions:
                    found.add(macro.tokens[0])
                elif "{" in macro.tokens:
                    found.update(_defined_in(macro.tokens))
        return frozenset(found)

    def may_paste(self, name: str) -> bool:
        """Say whether some macro may make a name of parts by `##`."""
        for start, end in self._pastings:
            if start or end:
                if name.startswith(start) and name.endswith(end) and len(name) >= len(start) + len(end):
                    return True
            elif any(name[:i] in self._parts and name[i:] in self._parts for i in range(1, len(name))):
                return True
        return False

    def may_define(self, name: str) -> bool:
        """Say whether some macro may define a function of a name that it is given."""
        return self._defines_arguments and name in self._given

    @cached_property
    def _defines_arguments(self) -> bool:
        return any(
            not {*_defined_in(macro.tokens)}.isdisjoint(macro.parameters or ())
            for macros in self._all.values()
            for macro in macros
        )

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(word for facts in self._files.values() for word in facts.exports or ())

    @cached_property
    def _pastings(self) -> tuple[tuple[str, str], ...]:
        """What the names begin and end with that `##` makes; both are empty where they are made of parameters."""
        pairs = (pair for macros in self._all.values() for macro in macros for pair in _pasted(macro))
        return tuple(dict.fromkeys(pairs))

    @cached_property
    def _parts(self) -> frozenset[str]:
        """What may be given to a macro outside of functions: there, or by another macro."""
        found = set(self._given)
        for macros in self._all.values():
            found.update(token for macro in macros for token in macro.tokens if re.fullmatch(r"\w+", token))
        return frozenset(found)

    def harmless(self, is_outside: Callable[[str], bool]) -> frozenset[tuple[str, bool]]:
        """Return the macros that hide no call of the repository's functions, by name and whether `(` follows.

        `is_outside` says of a function's name whether it is proven not to be of the repository. Macros that stand
        for themselves, directly or not, are none of these.
        """
        needs: dict[tuple[str, bool], set[tuple[str, bool]]] = {}
        for name in self._all:
            for called in (False, True):
                found = self._needed(name, called, is_outside)
                if found is not None:
                    needs[name, called] = found
        needed_by: dict[tuple[str, bool], list[tuple[str, bool]]] = {}
        for one, others in needs.items():
            for other in others:
                needed_by.setdefault(other, []).append(one)
        ready = [one for one, others in needs.items() if not others]
        missing = {one: len(others) for one, others in needs.items()}
        harmless: set[tuple[str, bool]] = set()
        while ready:
            one = ready.pop()
            harmless.add(one)
            for other in needed_by.get(one, ()):
                missing[other] -= 1
                if not missing[other]:
                    ready.append(other)
        return frozenset(harmless)

    def _needed(self, name: str, called: bool, is_outside: Callable[[str], bool]) -> set[tuple[str, bool]] | None:
        """Return the macros that have to be harmless for one to be so; None where it hides a call itself."""
        macros = self._all[name]
        if called and any(macro.parameters is None for macro in macros):
            return None  # whatever it stands for is called
        found: set[tuple[str, bool]] = set()
        for macro in macros:
            if called or macro.parameters is None:
                inside = self._needed_inside(macro, is_outside)
                if inside is None:
                    return None
                found |= inside
        return found

    def _needed_inside(self, macro: Macro, is_outside: Callable[[str], bool]) -> set[tuple[str, bool]] | None:
        tokens = macro.tokens
        given = {"__VA_ARGS__" if p == "..." else p.removesuffix("...") for p in macro.parameters or ()}
        plain = {token for place, token in enumerate(tokens) if not place or tokens[place - 1] != "#"}
        if "##" in tokens or not plain.issuperset(given):
            return None  # a name that is made of parts; an argument that is dropped or quoted, so not called
        found: set[tuple[str, bool]] = set()
        for place, token in enumerate(tokens):
            follows = tokens[place + 1 : place + 2] == ("(",)
            is_member = tokens[place - 1 : place] == (".",) or tokens[max(place - 2, 0) : place] == ("-", ">")
            if follows and (
                is_member or token == "]" or (token == ")" and not _is_cast(tokens, place)) or token in given
            ):
                return None
            if token in given or token in KEYWORDS or not NAME.fullmatch(token):
                continue
            if token in self._all:
                found.add((token, follows))
            elif follows and not token.startswith("__builtin_") and not is_outside(token):
                return None
        return found


def _macro(path: str, binding: Binding) -> Macro:
    parameters = tuple(binding.value[2:-1].split(",")) if binding.value != "#" else None
    if parameters == ("",):
        parameters = ()
    return Macro(path, parameters, tuple(TOKEN.findall(binding.annotation)))


def _defined_in(tokens: tuple[str, ...]) -> Iterator[str]:
    """Yield the names behind which parameters stand and then a brace."""
    opened: list[str] = []
    closed = ""
    for place, token in enumerate(tokens):
        if token == "{" and NAME.fullmatch(closed) and closed not in KEYWORDS:
            yield closed
        closed = ""
        if token == "(":
            opened.append(tokens[place - 1] if place else "")
        elif token == ")" and opened:
            closed = opened.pop()


def _is_cast(tokens: tuple[str, ...], end: int) -> bool:
    """Say whether the parentheses that end at a token hold a written type."""
    inside: list[str] = []
    place = end - 1
    while place >= 0 and tokens[place] not in "()":
        inside.append(tokens[place])
        place -= 1
    if place < 0 or tokens[place] != "(" or not inside:
        return False
    words = [word for word in inside if word not in TYPE_WORDS]
    is_named = len(words) == 1 and (words[0].endswith("_t") or {"struct", "union", "enum"} & {*inside})
    return not words or bool(is_named)


def _pasted(macro: Macro) -> list[tuple[str, str]]:
    """Return what the names begin and end with that a macro makes by `##`."""
    found = []
    tokens, parameters = macro.tokens, {*(macro.parameters or ()), "__VA_ARGS__"}
    place = 0
    while place < len(tokens):
        chain = [tokens[place]]
        while tokens[place + 1 : place + 2] == ("##",) and place + 2 < len(tokens):
            place += 2
            chain.append(tokens[place])
        place += 1
        if len(chain) > 1 and (NAME.fullmatch(chain[0]) or chain[0] == "##"):
            start = "" if chain[0] in parameters else chain[0]
            end = "" if chain[-1] in parameters else chain[-1]
            found.append((start, end if re.fullmatch(r"\w*", end) else ""))
        elif chain == ["##"]:
            found.append(("", ""))
    return found
