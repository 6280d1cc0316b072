from .. import helper, own as package_own
from .. import tools as parent_tools
from ..tools import Tool
from . import sibling
from .sibling import neighbour
from ... import beyond
from .missing import nothing


def uses():
    helper()  #> pkg/tools.py::helper [import]
    package_own()  #> pkg/__init__.py::own
    parent_tools.helper()  #> pkg/tools.py::helper [module]
    Tool.make()  #> pkg/tools.py::Tool.make [class]
    sibling.neighbour()  #> pkg/sub/sibling.py::neighbour
    neighbour()  #> pkg/sub/sibling.py::neighbour
    beyond()  #> ?
    nothing()  #> ?
