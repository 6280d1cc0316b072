"""What grows."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(order=True)
class Tree:
    """A plant of the plantation: the lane it stands in, its birth year and the bounty counted last autumn."""

    row: int
    planted: int
    fruits: int = 0

    def age(self, year):
        return year - self.planted

    def patience(self):
        return 4

    def is_mature(self, year):
        """Tell whether enough seasons passed since planting that a ladder is worth bringing."""
        waited = self.age(year)
        return waited >= self.patience()


class Pear(Tree):
    def patience(self):
        base = super().patience()
        return base + 2

    @classmethod
    def seedling(cls, year):
        young = Pear(row=0, planted=year)
        return young


class Quince(Pear):
    def label(self, year):
        """Compose the enamel sign that visitors read beside the trunk.

        Parameters
        ----------
        year : int
            When the sign is painted.
        """
        kind = type(self).__name__
        years = self.age(year)
        return shorten(f"{kind}, {years} years, {'ripe' if self.is_mature(year) else 'green'}")


@lru_cache(maxsize=None)
def shorten(text):
    # A plate has room for that much.
    return text[:32]


def replanted(tree: Tree, year: int) -> Tree:
    if tree.is_mature(year):
        return Tree(tree.row, year)
    return tree
