"""Which Python reads a file: from its syntax alone, so that the answer does not depend on who asks."""

from hybridgym.languages.reading import Captures, SyntaxNode

OLDEST = (3, 11)
"""What this package runs on; older syntax is read by all of them."""


def lowest_version(data: bytes, captures: Captures) -> tuple[int, int]:
    """Return the first version that reads a file: 3.12 for PEP 695 and PEP 701, 3.13 for PEP 696."""
    needed = OLDEST
    for node in captures.get("version.parameters", ()):
        has_default = node.type == "type_parameter" and b"=" in data[node.start_byte : node.end_byte]
        needed = max(needed, (3, 13) if has_default else (3, 12))
    if any(_is_free_form(data, node) for node in captures.get("version.interpolation", ())):
        needed = max(needed, (3, 12))
    return needed


def _is_free_form(data: bytes, interpolation: SyntaxNode) -> bool:
    """Say whether an f-string's expression holds what only PEP 701 allows: its own quotes, backslashes, comments."""
    string = interpolation.parent
    if string is None or not string.children:
        return False
    opening = string.children[0]
    quote = data[opening.start_byte : opening.end_byte].lstrip(b"fFrRtT")
    inside = data[interpolation.start_byte : interpolation.end_byte]
    breaks = b"\n" in inside and len(quote) == 1
    return quote in inside or b"\\" in inside or b"#" in inside or breaks
