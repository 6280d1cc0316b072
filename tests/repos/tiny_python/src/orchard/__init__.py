"""The books of an orchard."""

from .harvest import Basket, plan_picking
from .trees import Pear, Tree

__all__ = ["Basket", "Pear", "Tree", "plan_picking"]
