"""The values of Python's access paths: names first, then one operation after the other."""

from collections.abc import Callable, Mapping

from hybridgym.facts import FileFacts
from hybridgym.resolvers.python_access import NESTED, Site, arguments, split
from hybridgym.resolvers.python_annotations import Annotations
from hybridgym.resolvers.python_attributes import Attributes
from hybridgym.resolvers.python_calls import Calls
from hybridgym.resolvers.python_classes import Classes
from hybridgym.resolvers.python_decorators import Decorators
from hybridgym.resolvers.python_handed import Handed
from hybridgym.resolvers.python_index import Index
from hybridgym.resolvers.python_items import Items
from hybridgym.resolvers.python_narrowed import Narrowed
from hybridgym.resolvers.python_scopes import Scopes
from hybridgym.resolvers.python_solver import Solver
from hybridgym.resolvers.python_values import Sort, Value, Values, tuple_of, union, unknown

LITERAL_BASES: dict[str, Value] = {
    "''": Value(Sort.DATA, name="str", exact=True),
    "#": Value(Sort.DATA, name="number", exact=True),
    "[": Value(Sort.CONTAINER, name="list", exact=True),
    "{": Value(Sort.CONTAINER, name="dict", exact=True),
    "(": Value(Sort.CONTAINER, name="tuple", exact=True),
    "\\": Value(Sort.LAMBDA),
    "None": Value(Sort.NOTHING),
}


class Inference:
    """What the expressions of one repository are proven to be."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str]) -> None:
        self.index = Index(files, all_paths)
        self.classes = Classes(self.index, self)
        self.scopes = Scopes(self)
        self.decorators = Decorators(self)
        self.annotations = Annotations(self)
        self.attributes = Attributes(self)
        self.items = Items(self)
        self.calls = Calls(self)
        self.handed = Handed(self)
        self.narrowed = Narrowed(self)
        self._solver = Solver()

    def infer(self, path: str, scope: int, access: str, position: int) -> Values:
        """Return what an access path may be, looked up in a scope at a byte of a file."""
        if "|" in access:
            return union([self.infer(path, scope, part, position) for part in access.split("|")])
        base, operations = split(access)
        literal = LITERAL_BASES.get(base)
        if literal is not None:
            values: Values = (literal,)
        elif base[:2] == "(,":
            values = tuple_of([self.infer(path, scope, part, position) for part in arguments(base[2:-1])])
        elif base == "?":
            values = unknown("expression")
        else:
            values = self.scopes.name(path, scope, base, position)
        regions = self.narrowed.regions(path)
        if not operations and base not in regions:
            return values
        site = Site(path, scope, position)
        prefix = base if regions else ""
        if prefix in regions:
            values = self.narrowed.narrowed(site, regions[prefix], values)
        for operation in operations:
            if values[0].sort is Sort.NEVER:
                return values
            if len(values) == 1:
                values = self._operated(values[0], operation, site)
            else:
                values = union([self._operated(v, operation, site) for v in values])
            if prefix:
                prefix = prefix + operation if operation[0] == "." else ""
                if prefix in regions:
                    values = self.narrowed.narrowed(site, regions[prefix], values)
        return values

    def is_same_everywhere(self, path: str, scope: int, access: str) -> bool:
        """Say whether an access path that was looked up in a scope means the same all over it."""
        base = split(access)[0]
        if (
            "|" in access
            or NESTED.search(access)
            or any(r.partition(".")[0] == base for r in self.narrowed.regions(path))
        ):
            return False
        return self.scopes.is_same_everywhere(path, scope, base)

    def is_solving(self) -> bool:
        """Say whether values are being computed that are not final."""
        return self._solver.is_active()

    def _operated(self, value: Value, operation: str, site: Site) -> Values:
        first = operation[0]
        if first == ".":
            return self.attributes.attribute(value, operation[1:])
        if first == "(":
            if operation[1] == ">":
                return self.handed.handed(value, operation[2:-1], site)
            return self.calls.called(value, site, operation[1:-1])
        if first == "[":
            return self.items.subscript(value, operation[1:-1])
        return self.calls.awaited(value)

    def annotated(self, path: str, scope: int, text: str) -> Values:
        """Return what a name with that annotation may hold."""
        return self.annotations.values(path, scope, text)

    def guarded(self, key: tuple[object, ...], compute: Callable[[], Values]) -> Values:
        """Compute once; what needs itself is computed until it gives no more than it was taken to give."""
        return self._solver.solve(key, compute)
