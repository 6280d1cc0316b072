"""Tests are no targets, and what they say is looked up like everything else."""

import pytest

from orchard import Basket, Pear, plan_picking
from orchard.harvest import FullError


def test_a_basket_has_room_for_so_many():
    """Fill a small basket to the brim and see the next handful refused."""
    basket = Basket(capacity=2)
    basket.add(Pear(row=1, planted=2000, fruits=9), 2)
    with pytest.raises(FullError):
        basket.add(Pear(row=1, planted=2000), 1)


def test_nothing_to_pick():
    assert plan_picking([], 2020) == []
