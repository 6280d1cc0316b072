"""Written TypeScript types, taken apart."""

import re
from functools import lru_cache
from typing import NamedTuple

from hybridgym.languages.javascript_paths import MAX_TYPE

NAME = re.compile(r"([A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)\s*(<.*>)?", re.DOTALL)
PREDICATE = re.compile(r"(?:asserts\s+)?[\w$]+\s+is\s|asserts\s+[\w$]+$")
LITERAL = re.compile(r"""['"`].*['"`]|-?\d[\w.]*""", re.DOTALL)
IMPORTED = re.compile(r"""import\s*\(\s*["']([^"']+)["']\s*\)(?:\s*\.\s*([\w$.]+))?\s*(<.*>)?""", re.DOTALL)
LABEL = re.compile(r"(?:\.\.\.)?\s*[\w$]+\??\s*:\s*")
MEMBER = re.compile(r"(?:readonly\s+)?([A-Za-z_$#][\w$]*)\??\s*:\s*(.*)", re.DOTALL)
OPENING, CLOSING = "([{<", ")]}>"
MAX_PARTS = 12


class Written(NamedTuple):
    """A written type."""

    kind: str
    """`name`, `array`, `tuple`, `function`, `union`, `object`, `typeof`, `import`, `plain` (primitives) or `other`."""
    name: str = ""
    """Of a `name` or `typeof`, dotted; the module and name of an `import`, parted by a blank (no name: all of it)."""
    parts: tuple[str, ...] = ()
    """Written types: arguments, elements, alternatives, a function's result; of an `object` names and types in turn."""


OTHER = Written("other")
PLAIN = frozenset(
    {"string", "number", "boolean", "bigint", "symbol", "void", "undefined", "null", "never", "true", "false"}
)
EMPTY = frozenset({"undefined", "null", "void", "never"})
"""Alternatives of a value on which nothing can be called."""


@lru_cache(maxsize=65536)
def taken_apart(text: str) -> Written:
    """Return the outermost structure of a written type."""
    text = text.strip().removeprefix("readonly ").strip()
    if not text or len(text) > MAX_TYPE:
        return OTHER
    if text in PLAIN or text.startswith(("keyof ", "unique symbol")) or PREDICATE.match(text):
        return Written("plain")
    if " extends " in text and len(split(text, "?")) > 1:
        return OTHER
    arrow = split(text, "=>")
    if len(arrow) > 1:
        result = text[len(arrow[0]) + 2 :]
        return Written("other" if text.startswith(("new ", "abstract ")) else "function", parts=(result.strip(),))
    parts = [p.strip() for p in split(text, "|") if p.strip()]
    if len(parts) > 1:
        kept = tuple(dict.fromkeys(p for p in parts if p not in EMPTY))
        return taken_apart(kept[0]) if len(kept) == 1 else Written("union", parts=kept[:MAX_PARTS])
    text = parts[0] if parts else ""
    if len(split(text, "&")) > 1:
        return OTHER
    return _single(text)


def _single(text: str) -> Written:
    if LITERAL.fullmatch(text):
        return Written("plain")
    if text.endswith("]") and not text.startswith("["):
        inner, bracket = text[: text.rfind("[")], text[text.rfind("[") :]
        return Written("array", "Array", (inner.strip(),)) if bracket.replace(" ", "") == "[]" else OTHER
    if text.endswith("]") and text.startswith("["):
        if text.endswith("[]") and len(text) > 2:
            return Written("array", "Array", (text[:-2].strip(),))
        items = [LABEL.sub("", i.strip(), count=1).strip() for i in split(text[1:-1], ",") if i.strip()]
        return OTHER if any(i.startswith("...") for i in items) else Written("tuple", parts=tuple(items[:MAX_PARTS]))
    if text.startswith("(") and text.endswith(")"):
        return taken_apart(text[1:-1])
    if text.startswith("{") and text.endswith("}"):
        return _object(text[1:-1])
    if text.startswith("typeof "):
        name = text.removeprefix("typeof ").strip()
        return Written("typeof", name) if NAME.fullmatch(name) and "<" not in name else OTHER
    imported = IMPORTED.fullmatch(text)
    if imported is not None:
        return Written("import", f"{imported[1]} {imported[2] or ''}")
    named = NAME.fullmatch(text)
    if named is None:
        return OTHER
    arguments = split(named[2][1:-1], ",") if named[2] else []
    return Written("name", "".join(named[1].split()), tuple(a.strip() for a in arguments[:MAX_PARTS] if a.strip()))


def _object(text: str) -> Written:
    """Return the properties of an object type; methods and index signatures are none."""
    found: list[str] = []
    for part in split(text.replace("\n", ";"), ";,"):
        matched = MEMBER.fullmatch(part.strip())
        if matched is not None:
            found.extend((matched[1], matched[2].strip()))
    return Written("object", parts=tuple(found[: 4 * MAX_PARTS]))


def split(text: str, separators: str) -> list[str]:
    """Split where no bracket or string is open: at any of the characters, or at `=>`."""
    found: list[str] = []
    depth, start, quote = 0, 0, ""
    whole = separators == "=>"
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[place - 1] != "\\" else quote
        elif character in "'\"`":
            quote = character
        elif character in OPENING:
            depth += 1
        elif character in CLOSING:
            if character == ">" and text[place - 1 : place] == "=":
                if whole and not depth:
                    return [text[: place - 1], text[place + 1 :]]
                continue
            depth -= 1
        elif not whole and not depth and character in separators:
            found.append(text[start:place])
            start = place + 1
    return [*found, text[start:]]
