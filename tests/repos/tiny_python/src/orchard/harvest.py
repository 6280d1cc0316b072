"""What is picked."""

from orchard import measures
from orchard.trees import Tree as Plant

from .storage import *


class FullError(Exception):
    pass


class Basket:
    """Counts the handfuls that pickers carried until a limit is hit."""

    def __init__(self, capacity=10):
        self.capacity = capacity
        self.content = {}

    def add(self, tree, count):
        """Carry a handful away from one trunk, or complain loudly when nothing more would fit."""
        if self.total() + count > self.capacity:
            raise FullError
        self.content[tree.row] = self.content.get(tree.row, 0) + count

    def total(self):
        return sum(self.content.values())

    @property
    def is_empty(self):
        return not self.content


# Everything below works on many trees at once.
def plan_picking(trees: list[Plant], year: int) -> list[Plant]:
    """Choose which lanes deserve workers tomorrow, heaviest expected yield coming first.

    >>> plan_picking([], 2020)
    []
    """
    def expected(tree: Plant) -> float:
        return tree.fruits * measures.to_kilograms(1, "fruit")

    ready = [tree for tree in trees if Plant.is_mature(tree, year)]
    return sorted(ready, key=expected, reverse=True)


def pick_everything(trees, year, crate=None):
    basket = Basket(capacity=1000)
    for tree in plan_picking(trees, year):
        basket.add(tree, tree.fruits)
    return seal(Crate(basket.total()))


async def weigh(crate: "Crate") -> float:
    return crate.gross() - measures.to_kilograms(2, "pound")
