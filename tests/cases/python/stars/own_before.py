def both():
    return 3


def mine():
    return 4


from plain import *


def uses():
    # The star import has replaced the definition above.
    return both(), mine()  #> ? ; own_before.py::mine
