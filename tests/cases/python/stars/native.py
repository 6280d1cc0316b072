from stars_missing_native import *
from .absent import *


def uses():
    return one()  #> ?
