"""What is known of packages outside of a repository, without reading them: the standard library, and the language."""

from functools import cache
from pathlib import Path

STANDARD = Path(__file__).with_name("go_standard.txt")
"""What the standard library of Go 1.27 exports; written by benchmarks/compilers/go/standard.go."""

TYPES = frozenset(
    """
    any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint
    uint8 uint16 uint32 uint64 uintptr
    """.split()
)
FUNCTIONS = frozenset(
    "append cap clear close complex copy delete imag len make max min new panic print println real recover".split()
)
CONSTANTS = frozenset({"true", "false", "iota"})


def written_outside(package: str, name: str) -> str:
    """Return what a package says of a name, empty where nothing is known.

    A type is `concrete`, an `interface`, or `type` or `alias` and what is behind its name; a variable or a field is its
    type; what is called has `()` behind its name and is its results.
    """
    return _standard().get(package, {}).get(name, "")


def is_standard(package: str) -> bool:
    """Say whether all that a package exports is known."""
    return package in _standard()


@cache
def _standard() -> dict[str, dict[str, str]]:
    """Return what packages export, by import path and name."""
    found: dict[str, dict[str, str]] = {}
    own: dict[str, str] = {}
    for line in STANDARD.read_text(encoding="utf-8").splitlines():
        name, _, what = line.partition(" ")
        if name == "package":
            own = found[what] = {}
        else:
            own[name] = what
    return found
