from plain import *

try:
    from later import *
except ImportError:
    pass


def uses():
    one()  #> plain.py::one
    two()  #> later.py::two
    both()  #> ?
