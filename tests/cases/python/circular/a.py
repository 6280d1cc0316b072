import b
from b import from_b, shared


def from_a():
    return from_b(), b.from_b()  #> b.py::from_b ; b.py::from_b


class Base(b.Root):
    def run(self):
        return self.root()  #> b.py::Root.root


cycle = b.cycle


def uses_cycle():
    return cycle()  #> ?


def uses_shared():
    return shared()  #> ?
