"""Types outside of the repository: may an object of the one be an object of the other?"""

from functools import lru_cache

from hybridgym.resolvers.python_names import BUILTIN_TYPES, MEMBERLESS_BASES, METACLASSES, STDLIB

FAMILIES = {
    **dict.fromkeys(("dict", "Dict", "defaultdict", "DefaultDict", "OrderedDict"), "dict"),
    **dict.fromkeys(("list", "List"), "list"),
    **dict.fromkeys(("set", "Set"), "set"),
    **dict.fromkeys(("frozenset", "FrozenSet"), "frozenset"),
    **dict.fromkeys(("tuple", "Tuple"), "tuple"),
    **dict.fromkeys(("int", "bool", "float", "complex", "enum.IntEnum", "enum.IntFlag"), "number"),
    **dict.fromkeys(("bytes", "bytearray", "memoryview"), "bytes"),
    **{name: name for name in ("str", "range", "slice", "property")},
    **dict.fromkeys(("collections.OrderedDict", "collections.defaultdict", "collections.Counter"), "dict"),
    **dict.fromkeys(("typing.Dict", "typing.DefaultDict", "typing.OrderedDict", "typing.TypedDict"), "dict"),
    **dict.fromkeys(("collections.namedtuple()", "typing.NamedTuple", "typing.Tuple"), "tuple"),
    **dict.fromkeys(("enum.Enum", "enum.Flag"), "enum"),
    "enum.StrEnum": "str",
    "typing.List": "list",
    **dict.fromkeys(("collections.deque", "deque", "Deque", "typing.Deque"), "deque"),
    **dict.fromkeys(METACLASSES, "type"),
}
"""Types and the families that they belong to; an annotation that names one also means the others of its family."""
PLAIN_MODULES = frozenset(
    {
        *("abc", "argparse", "ast", "asyncio", "concurrent", "contextlib", "html", "io", "logging", "optparse"),
        *("pathlib", "socketserver", "string", "threading", "unittest"),
    }
)
"""Modules of the standard library none of whose classes, exceptions aside, belongs to a family."""


@lru_cache(maxsize=4096)
def may_share_objects(declared: str, base: str) -> bool:
    """Say whether an object declared as one outside type may be of a class that derives from another."""
    if not base:
        return True
    if base in MEMBERLESS_BASES:
        return False
    own, other = _family(declared), _family(base)
    if own and other:
        return own == other
    if not other and base.partition(".")[0] not in STDLIB:
        return True  # somebody else's class may derive from anything
    if own:
        return own == "exception" or base.partition(".")[0] not in PLAIN_MODULES
    module = declared.partition(".")[0]
    return not other or "." not in declared or (module in STDLIB and module not in PLAIN_MODULES)


def _family(name: str) -> str:
    """Return the family of a type, or nothing where it is of none or not known."""
    found = FAMILIES.get(name, "")
    return "exception" if not found and name in BUILTIN_TYPES and name[:1].isupper() else found
