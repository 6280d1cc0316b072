"""What the functions and methods of Python itself, and of what lies outside, give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.resolvers.python_access import Site, arguments
from hybridgym.resolvers.python_annotations import COMPLETE, OPEN_ANNOTATIONS, TYPE_VARIABLES
from hybridgym.resolvers.python_items import MAPPINGS
from hybridgym.resolvers.python_names import (
    BUILTIN_TYPES,
    CONTAINER_TYPES,
    DATA_FUNCTIONS,
    DATA_TYPES,
    STDLIB_RESULTS,
)
from hybridgym.resolvers.python_values import TEXT, Sort, Value, Values, container, known, tuple_of, union, unknown

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

NUMBER = Value(Sort.DATA, name="number", exact=True)
ITERATOR_FUNCTIONS = frozenset({"sorted", "reversed", "enumerate", "zip", "map", "filter", "vars", "dir"})
KEEPING_FUNCTIONS = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed"})
"""Functions whose results hold the items of their argument."""
ITEM_METHODS = frozenset({"pop", "popleft", "get", "setdefault"})
"""They give an item, their second argument, or fail."""
COPYING = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__")
COPIED = (Sort.INSTANCE, Sort.DATA, Sort.CONTAINER, Sort.NOTHING, Sort.NEVER)
CALLABLE_SORTS = (Sort.FUNCTION, Sort.CLASS, Sort.LAMBDA, Sort.NEVER)


class Builtins:
    """Results of what is not defined in the repository."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def builtin(self, value: Value, site: Site, given: str) -> Values:
        """Return what calling a builtin gives."""
        name = value.name
        if name == "super":
            return self._super(site, given)
        kind, _, method = name.partition(".")
        if name == "object.__new__" and given:
            return self._instance_made(site, arguments(given)[0])
        if name == "dict.fromkeys":
            return container("dict", ())
        if method and kind not in DATA_TYPES:
            found = self._of_container(value, kind, method, site, given)
            if found:
                return found
        paths = arguments(given)
        if paths and not method:
            found = self._passed(name, site, paths)
            if found:
                return found
        if name in DATA_TYPES or name in DATA_FUNCTIONS or kind in DATA_TYPES:
            return (Value(Sort.DATA, name=name, exact=True),)
        if name in CONTAINER_TYPES or name in ITERATOR_FUNCTIONS:
            return (Value(Sort.CONTAINER, name=name, exact=True),)
        if name in BUILTIN_TYPES and name not in ("type", "property", "classmethod", "staticmethod", "super"):
            return (Value(Sort.EXTERNAL_INSTANCE, name=name, exact=True),)
        if name == "open":
            return (Value(Sort.EXTERNAL_INSTANCE, name="io.IOBase", exact=True),)
        return unknown(f"result of {name}()")

    def external(self, name: str, site: Site, given: str) -> Values:
        """Return what calling something external gives: an instance, where it is a class by Python's naming."""
        made = STDLIB_RESULTS.get(name)
        if made is not None:
            return (TEXT,) if made == "data" else (Value(Sort.EXTERNAL_INSTANCE, name=made, exact=True),)
        paths = arguments(given)
        if name in ("collections.deque", "collections.defaultdict"):
            items = self._iterated(site, paths[0]) if paths and name.endswith("deque") else ()
            return container(name.rpartition(".")[2], items)
        if len(paths) == 2 and name in ("typing.cast", "typing_extensions.cast"):
            return self._cast(site, *paths)
        if name in TYPE_VARIABLES:
            bound = known(self._instances(site, given)) if given else ()
            return (Value(Sort.EXTERNAL_INSTANCE, name=name, exact=True, items=bound),)
        if paths and name == "super().__new__":
            return self._instance_made(site, paths[0])
        if paths and name in ("copy.copy", "copy.deepcopy"):
            return self._copied(site, paths[0])
        if paths and name == "functools.partial":
            made_of = self._infer(site, paths[0])
            return made_of if all(v.sort in CALLABLE_SORTS for v in made_of) else unknown(f"result of {name}()")
        if paths and name == "itertools.chain":
            return container("chain", known(union([self._iterated(site, p) or unknown("item") for p in paths])))
        last = name.removesuffix("[]").rpartition(".")[2]
        if last[:1].isupper() and not name.startswith(OPEN_ANNOTATIONS):
            return (Value(Sort.EXTERNAL_INSTANCE, name=name, exact=True),)
        if last == "namedtuple":
            return (Value(Sort.EXTERNAL, name=f"{name}()"),)
        return unknown(f"result of {name}()")

    def _super(self, site: Site, given: str) -> Values:
        """Return `super()`, or `super(C, self)` with the class behind which is looked."""
        key = self._inference.index.enclosing_class(site.path, site.scope)
        if key is None:
            return unknown("super outside a class")
        named = self._infer(site, given) if given else ()
        if any(v.sort is not Sort.CLASS for v in named) or len(named) > 1:
            return unknown("super of another class")
        return (Value(Sort.SUPER, key, items=named),)

    def _infer(self, site: Site, access: str) -> Values:
        return self._inference.infer(site.path, site.scope, access, site.position)

    def _iterated(self, site: Site, access: str) -> Values:
        """Return what iterating an argument gives, or nothing where that is not known."""
        return known(union([self._inference.items.iterated(v) for v in self._infer(site, access)]))

    def _of_container(self, value: Value, kind: str, method: str, site: Site, given: str) -> Values:
        """Return what a container's method gives, or nothing where that is not known."""
        items, parts = value.items, value.parts
        if method in ITEM_METHODS and items and (kind in MAPPINGS or method in ("pop", "popleft")):
            default = arguments(given)[1:]
            return union([items, *(self._infer(site, access) for access in default)])
        if method == "copy":
            return (Value(Sort.CONTAINER, name=kind, exact=True, items=items, parts=parts),)
        if kind not in MAPPINGS:
            return ()
        keys = parts[0] if parts else unknown("key of a mapping")
        if method == "values":
            return container("list", items)
        if method == "keys":
            return container("list", known(keys))
        if method == "items":
            return container("list", tuple_of([keys, items or unknown("item of a container")]))
        return ()

    def _passed(self, name: str, site: Site, paths: tuple[str, ...]) -> Values:
        """Return what a function gives that gives back its arguments or their items; nothing where it does not."""
        first = paths[0]
        if name in KEEPING_FUNCTIONS:
            return container(name, self._iterated(site, first))
        if name == "next":
            items = [self._inference.items.next(v) for v in self._infer(site, first)]
            return union([*items, *(self._infer(site, p) for p in paths[1:])])
        if name == "iter":
            return self._iterator(site, first)
        if name == "enumerate":
            return container(name, tuple_of([(NUMBER,), self._iterated(site, first) or unknown("item")]))
        if name == "zip":
            return container(name, tuple_of([self._iterated(site, p) or unknown("item") for p in paths]))
        if name == "filter" and len(paths) == 2:
            return container(name, self._iterated(site, paths[1]))
        if name == "map":
            calls = self._inference.calls
            return container(name, known(union([calls.called(v, site, "") for v in self._infer(site, first)])))
        if name in ("max", "min"):
            several = [self._infer(site, p) for p in paths]
            return union(several) if len(paths) > 1 else self._iterated(site, first)
        if name == "type" and len(paths) == 1:
            return union([_class_of(v) for v in self._infer(site, first)])
        if name == "property":
            return (Value(Sort.BUILTIN, name=name, items=self._infer(site, first)),)
        if name in ("staticmethod", "classmethod", "getattr"):
            found = self._infer(site, first)
            return found if name == "getattr" or all(v.sort is Sort.FUNCTION for v in found) else ()
        return ()

    def _iterator(self, site: Site, access: str) -> Values:
        values = self._infer(site, access)
        if all(v.sort is Sort.CONTAINER for v in values):
            return container("iterator", self._iterated(site, access))
        return ()

    def _instances(self, site: Site, access: str) -> Values:
        """Return instances of the classes that an expression names."""
        classes = self._inference.infer(site.path, site.scope, access, COMPLETE)
        return union([self._inference.annotations.instance_of(v) for v in classes])

    def _cast(self, site: Site, written: str, access: str) -> Values:
        """Return what a cast value is, or what it is said to be where that is not known."""
        values = self._infer(site, access)
        return values if known(values) else self._instances(site, written)

    def _instance_made(self, site: Site, access: str) -> Values:
        """Return what `__new__` of `object`, or of an outside base, makes of a class."""
        classes = self._inference.classes
        made = [v for v in self._infer(site, access) if v.key is not None and v.sort is Sort.CLASS]
        if len(made) != 1 or any(v.key is not None and classes.is_metaclass(v.key) for v in made):
            return unknown("__new__")
        return (made[0]._replace(sort=Sort.INSTANCE, how="constructor"),)

    def _copied(self, site: Site, access: str) -> Values:
        values = self._infer(site, access)
        classes = self._inference.classes
        for value in values:
            own = value.sort is Sort.INSTANCE and value.key is not None
            if own and any(classes.has_special(value.key, n, of_repository=True) for n in COPYING if value.key):
                return unknown("result of copy.copy()")
        return values if all(v.sort in COPIED for v in values) else unknown("result of copy.copy()")


def _class_of(value: Value) -> Values:
    if value.sort is Sort.INSTANCE:
        return (Value(Sort.CLASS, value.key, exact=value.exact, how="self"),)
    return (value,) if value.sort is Sort.NEVER else unknown("result of type()")
