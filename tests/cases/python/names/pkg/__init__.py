"""A function and a submodule of one name: the function has been bound last."""

from .run import run
from .other import helper as tool
