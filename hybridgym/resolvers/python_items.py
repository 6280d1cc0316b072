"""What the items of Python values are: by subscript, by iterating, by taking apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.resolvers.python_values import Sort, Value, Values, known, union, unknown

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"})
"""Their items are the values; iterating gives keys."""
TEXTS = frozenset({"os.environ", "sys.argv", "sys.path"})
"""Outside objects that hold nothing but text."""


class Items:
    """Items of the values of one repository."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._classes = inference.classes

    def subscript(self, value: Value, index: str) -> Values:
        """Return what stands at an index, as access paths write it."""
        if value.sort is Sort.NEVER:
            return (value,)
        if index == ":":
            return self._slice(value)
        if index.startswith("*"):
            return self._taken_apart(value, index[1:])
        if index and value.sort is Sort.CONTAINER and value.name not in MAPPINGS and value.parts:
            return value.parts[int(index)] if int(index) < len(value.parts) else unknown("no such item")
        return self._item(value)

    def iterated(self, value: Value) -> Values:
        """Return what iterating a value gives."""
        if value.sort is Sort.CONTAINER:
            if value.name in MAPPINGS:
                return value.parts[0] if value.parts else unknown("key of a mapping")
            return value.items or unknown("item of a container")
        if value.sort in (Sort.DATA, Sort.NEVER):
            return (value,)
        if value.sort is Sort.CLASS and value.key is not None and self._classes.is_enum(value.key):
            return (Value(Sort.INSTANCE, value.key, exact=True, how="class"),)
        if value.sort is Sort.INSTANCE:
            return union([self._iterator_item(v) for v in self._special(value, "__iter__")])
        return unknown("item")

    def next(self, value: Value) -> Values:
        """Return what `next(value)` gives."""
        return self._special(value, "__next__") if value.sort is Sort.INSTANCE else self.iterated(value)

    def _iterator_item(self, iterator: Value) -> Values:
        return self.next(iterator) if iterator.sort in (Sort.INSTANCE, Sort.CONTAINER, Sort.NEVER) else unknown("item")

    def _special(self, value: Value, name: str) -> Values:
        """Return what a special method of an instance gives."""
        inference = self._inference
        methods = inference.attributes.attribute(value, name)
        return union([inference.calls.bound_result(v) if v.sort is Sort.FUNCTION else unknown("item") for v in methods])

    def _taken_apart(self, value: Value, number: str) -> Values:
        if number and value.sort is Sort.CONTAINER and value.name not in MAPPINGS and value.parts:
            return value.parts[int(number)] if int(number) < len(value.parts) else unknown("unpacked")
        found = self.iterated(value)
        return found if known(found) or not number else unknown("unpacked")

    def _slice(self, value: Value) -> Values:
        if value.sort is Sort.CONTAINER and value.name not in MAPPINGS:
            return (value._replace(parts=()),)
        return (value,) if value.sort is Sort.DATA else unknown("slice")

    def _item(self, value: Value) -> Values:
        """Return what subscripting a value may give."""
        sort = value.sort
        if sort is Sort.CONTAINER:
            return value.items or unknown("item of a container")
        if sort in (Sort.DATA, Sort.BUILTIN):
            return (value,)
        if sort is Sort.CLASS and value.key is not None:
            if self._classes.is_enum(value.key):
                return (Value(Sort.INSTANCE, value.key, exact=True, how="class"),)
            # `C[int]` is C, unless C says otherwise
            custom = self._classes.has_special(value.key, "__class_getitem__", of_repository=True)
            return unknown("__class_getitem__") if custom else (value,)
        if sort is Sort.INSTANCE:
            return self._special(value, "__getitem__")
        if sort is Sort.EXTERNAL and value.name in TEXTS:
            return (Value(Sort.DATA, name="str", exact=True),)
        is_generic = value.name.startswith("collections.") or value.name.rpartition(".")[2][:1].isupper()
        if sort is Sort.EXTERNAL and is_generic:  # `Generic[T]`; any other may hold what is the repository's
            return (Value(Sort.EXTERNAL, name=f"{value.name}[]"),)
        return unknown("item")
