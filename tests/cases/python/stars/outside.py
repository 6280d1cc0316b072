from plain import *
from numpy import *


def uses():
    one()  #> ?
    array([1])  #> !numpy.array
