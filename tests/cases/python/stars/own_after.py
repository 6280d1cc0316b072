from plain import *


def both():
    return 3


def uses():
    return both(), one()  #> own_after.py::both ; plain.py::one
