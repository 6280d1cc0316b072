from one import f


def use():
    # Beside this package, in the same root, stands the nearer `one`.
    return f()  #> two/one/__init__.py::f
