from numpy import *
from plain import *


def uses():
    one()  #> plain.py::one
    array([1])  #> !numpy.array
