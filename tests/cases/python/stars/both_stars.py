from plain import *
from later import *


def uses():
    one()  #> plain.py::one [import]
    two()  #> later.py::two
    both()  #> later.py::both
    _private()  #> ?
    open()  #> plain.py::open
    os.getcwd()  #> !os.getcwd
    undefined()  #> ?
