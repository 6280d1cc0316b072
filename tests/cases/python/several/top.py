import one
import shared


def use():
    return one.f(), shared.use(), shared.f()  #> one/__init__.py::f ; shared/__init__.py::use ; one/__init__.py::f
