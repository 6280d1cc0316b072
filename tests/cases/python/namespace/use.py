import space.mod
from google import mine
from google.auth import default
from space import mod
from space.inner import mod as inner_mod
from space.inner.mod import deep


def use():
    space.mod.shallow()  #> space/mod.py::shallow
    mod.shallow()  #> space/mod.py::shallow
    inner_mod.deep()  #> space/inner/mod.py::deep
    deep()  #> space/inner/mod.py::deep
    mine.own()  #> google/mine/__init__.py::own
    # Other parts of a namespace package may be installed.
    default()  #> ?
