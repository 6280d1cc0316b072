"""A package with what its users import from it."""

from . import late
from .tools import helper, helper as renamed
from .tools import Tool as PublicTool

VERSION = "1"


def own():
    return helper()  #> pkg/tools.py::helper [import]


def uses_submodule():
    return late.helper()  #> pkg/late.py::helper [module]
