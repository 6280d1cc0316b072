"""What files that the grammar cannot read as a whole may define."""

import re

from hybridgym.languages.reading import Captures

WRITTEN = re.compile(
    rb"(?m)^[ \t]*(?:(?:export|default|declare|public|protected|private|static|abstract|override|readonly|async|get|set"
    rb"|function|const|let|var)\b[ \t]*)*[*#]?([A-Za-z_$][\w$]*)[ \t]*(?:[(<:=]|\?[.:(])"
)
"""A name at the start of a line that may be that of a function, a method or a property."""
BEFORE_A_DOT = re.compile(rb"\.([A-Za-z_$][\w$]*)[ \t]*=[^=]")
"""A member that is set."""

INHERITED = re.compile(rb"\b(?:extends|implements)\s([^{}()\n]{1,500})")
NAME = re.compile(rb"[A-Za-z_$][\w$]*")


def misread_names(data: bytes, captures: Captures) -> set[str]:
    """Return the names that a file may define, if some of it could not be read, and `extends X` for each base there."""
    node = next((node for nodes in captures.values() for node in nodes), None)
    while node is not None and node.parent is not None:
        node = node.parent
    if node is None or not node.has_error:
        return set()
    bases = {name for found in INHERITED.findall(data) for name in NAME.findall(found)}
    names = {found.decode("ascii") for pattern in (WRITTEN, BEFORE_A_DOT) for found in pattern.findall(data)}
    return names.union(f"extends {name.decode('ascii')}" for name in bases)
