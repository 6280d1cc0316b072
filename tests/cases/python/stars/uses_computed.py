from computed import *
from extended import *


def uses():
    three()  #> computed.py::three
    sum([1])  #> ?
    four()  #> extended.py::four
    five()  #> extended.py::five
