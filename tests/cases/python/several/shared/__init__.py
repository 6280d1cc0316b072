from one import f


def use():
    return f()  #> one/__init__.py::f
