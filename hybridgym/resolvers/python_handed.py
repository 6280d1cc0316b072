"""What is handed to a lambda by the function that it is given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.facts import Definition, Kind, Parameter
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_access import Site
from hybridgym.resolvers.python_values import Sort, Value, Values, union, unknown

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

ITEM_TAKERS = frozenset({"sorted", "min", "max", "filter", "map"})
"""Builtins that call the function that they are given on the items of what else they are given."""
NOBODY_KNOWS = "parameter of a lambda"


class Handed:
    """Parameters of the lambdas of one repository."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def handed(self, value: Value, which: str, site: Site) -> Values:
        """Return what calling a value hands to a parameter of an argument, as access paths write it."""
        place, number, *other = which.split(">", 2)
        if value.sort is Sort.NEVER:
            return (value,)
        if value.sort is Sort.BUILTIN:
            return self._item(value, number, other, site)
        key = value.key
        if value.sort is Sort.CLASS and key is not None:
            owner = self._inference.classes.owner(key, "__init__")
            if not isinstance(owner, DefinitionKey):
                return unknown(NOBODY_KNOWS)
            scope = self._inference.index.body_scope(owner)
            made = self._inference.scopes.complete(owner.path, scope, "__init__")
            return union([self._of_function(v, place, number) for v in made])
        return self._of_function(value, place, number)

    def _item(self, value: Value, number: str, other: list[str], site: Site) -> Values:
        """Return the items that a builtin calls its function on."""
        if number != "0":
            return unknown(NOBODY_KNOWS)
        if value.name == "list.sort":
            return value.items or unknown(NOBODY_KNOWS)
        if value.name not in ITEM_TAKERS or not other:
            return unknown(NOBODY_KNOWS)
        items = self._inference.items
        values = self._inference.infer(site.path, site.scope, other[0], site.position)
        return union([items.iterated(v) for v in values])

    def _of_function(self, value: Value, place: str, number: str) -> Values:
        if value.sort is not Sort.FUNCTION or value.key is None:
            return unknown(NOBODY_KNOWS)
        facts = self._inference.index.files[value.key.path]
        definition = facts.definitions[value.key.number]
        parameter = _parameter(definition, place, value.how)
        if parameter is None or not parameter.annotation:
            return unknown(NOBODY_KNOWS)
        scope = facts.scopes[self._inference.index.body_scope(value.key)].parent
        return self._inference.annotations.parameter(value.key.path, scope, parameter.annotation, int(number))


def _parameter(definition: Definition, place: str, how: str) -> Parameter | None:
    """Return the parameter that takes an argument."""
    if not place.isdecimal():
        return next((p for p in definition.parameters if p.name == place and p.form in ("plain", "keyword")), None)
    positional = [p for p in definition.parameters if p.form in ("plain", "positional")]
    is_method = definition.kind is Kind.METHOD and "staticmethod" not in definition.decorators
    if is_method and (how != "class" or "classmethod" in definition.decorators):
        positional = positional[1:]
    return positional[int(place)] if int(place) < len(positional) else None
