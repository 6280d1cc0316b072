"""Types that JSDoc comments say of JavaScript, as TypeScript would write them."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from hybridgym.facts import Parameter, Span
from hybridgym.languages.comments import BLANKS
from hybridgym.languages.javascript_paths import MAX_TYPE
from hybridgym.languages.reading import SyntaxNode

TAG = re.compile(r"@(param|arg|argument|returns?|type|typedef)[ \t]*\{")
NAME = re.compile(r"\s*\[?([A-Za-z_$][\w$]*)(?![\w$.\[])")
STAR = re.compile(r"\n[ \t]*\* ?")
ANY = frozenset({"", "*", "?"})


class Tag(NamedTuple):
    """A tag with a type."""

    word: str
    written: str
    name: str
    """Of what it is about; empty where the tag is about what stands behind the comment."""


class Jsdoc:
    """The JSDoc comments of one file."""

    def __init__(self, data: bytes, comments: Sequence[SyntaxNode]) -> None:
        """Take the file's comments, in file order."""
        self._data = data
        self._ends: list[int] = []
        self._types: list[str] = []
        self.aliases: list[tuple[str, str, int]] = []
        """Name, written type and place of each `@typedef`."""
        for node in comments if b"@type" in data else ():
            text = data[node.start_byte : node.end_byte]
            if not text.startswith(b"/**") or b"@type" not in text:
                continue
            for tag in tags(text):
                if tag.word == "type":
                    self._ends.append(node.end_byte)
                    self._types.append(tag.written)
                elif tag.word == "typedef" and tag.name:
                    self.aliases.append((tag.name, tag.written, node.start_byte))

    def type_before(self, start: int) -> str:
        """Return the type that a comment right before a byte writes; empty where none does."""
        number = bisect_right(self._ends, start) - 1
        if number < 0 or BLANKS.fullmatch(self._data, self._ends[number], start) is None:
            return ""
        return self._types[number]

    def signature(
        self, documentation: Span | None, parameters: tuple[Parameter, ...]
    ) -> tuple[tuple[Parameter, ...], str]:
        """Return the parameters of a function with the types that its documentation says, and that of its result."""
        if documentation is None:
            return parameters, ""
        found = tags(self._data[documentation.start : documentation.end])
        types = {tag.name: tag.written for tag in found if tag.word in ("param", "arg", "argument")}
        returns = next((tag.written for tag in found if tag.word in ("return", "returns")), "")
        return tuple(_typed(parameter, types.get(parameter.name, "")) for parameter in parameters), returns


def _typed(parameter: Parameter, written: str) -> Parameter:
    is_unlike = parameter.form == "*" and not written.endswith("[]")
    if parameter.annotation or not written or is_unlike:
        return parameter
    return Parameter(parameter.name, parameter.form, written, parameter.default)


def tags(comment: bytes) -> list[Tag]:
    """Return the tags of a comment that write a type."""
    if b"{" not in comment:
        return []
    text = STAR.sub("\n", comment.decode("utf-8", "replace"))
    found: list[Tag] = []
    for match in TAG.finditer(text):
        end = closing(text, match.end())
        if end >= 0:
            name = NAME.match(text, end + 1)
            found.append(Tag(match[1], typescript(text[match.end() : end]), name[1] if name is not None else ""))
    return found


def closing(text: str, start: int) -> int:
    """Return where the brace is closed that is opened before `start`; -1 where that is far away."""
    depth = 1
    for place in range(start, min(len(text), start + MAX_TYPE)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    return -1


def typescript(text: str) -> str:
    """Return a type of JSDoc as TypeScript writes it."""
    text = " ".join(text.split())
    if text.startswith("..."):
        return f"{typescript(text[3:])}[]"
    text = text.lstrip("?!").rstrip("?!=").strip()
    if text in ANY:
        return "any"
    return "Function" if text.startswith("function") else text.replace(".<", "<")
