"""Which blocks in braces are scopes."""

from hybridgym.facts import Span
from hybridgym.languages.reading import Captures


def declaring_blocks(captures: Captures) -> list[Span]:
    """Return the blocks in braces that declare names of their own, in file order."""
    blocks = sorted((n.start_byte, n.end_byte) for n in captures.get("block", ()))
    declarations = ("binding.let", "definition.class", "definition.function")
    found: dict[Span, None] = {}
    around: list[Span] = []
    number = 0
    for start in sorted(n.start_byte for capture in declarations for n in captures.get(capture, ())):
        while number < len(blocks) and blocks[number][0] <= start:
            while around and around[-1].end <= blocks[number][0]:
                around.pop()
            around.append(Span(*blocks[number]))
            number += 1
        while around and around[-1].end <= start:
            around.pop()
        if around:
            found[around[-1]] = None
    return list(found)
