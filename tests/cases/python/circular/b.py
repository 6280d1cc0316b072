import a


class Root:
    def root(self):
        return 1


def from_b():
    from a import from_a

    return from_a(), a.from_a()  #> a.py::from_a ; a.py::from_a


def make():
    return a.Base().run()  #> a.py::Base ; a.py::Base.run


cycle = a.cycle
from a import shared
