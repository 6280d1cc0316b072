"""A call through a receiver that may be of a subclass has a target only where no subclass has its own."""

from abc import ABC, abstractmethod
from typing import Protocol


class Shape:
    def area(self):
        return 0

    def label(self):
        return "shape"

    def name(self):
        return "name"

    def labelled(self):
        return self.label()  #> ?

    def describe(self):
        return self.area(), self.name()  #> ? ; overriding.py::Shape.name


class Square(Shape):
    def area(self):
        return 1

    def twice(self):
        return self.area()  #> overriding.py::Square.area


class Tagged(Shape):
    label = "a tag"

    def twice(self):
        return self.label.upper()  #> builtin


class Untagged(Shape):
    pass


def through_base(shape: Shape):
    shape.area()  #> ?
    shape.describe()  #> overriding.py::Shape.describe
    Shape().area()  #> overriding.py::Shape ; overriding.py::Shape.area
    Shape.area(shape)  #> overriding.py::Shape.area


def through_leaf(square: Square, untagged: Untagged):
    square.area()  #> overriding.py::Square.area
    square.describe()  #> overriding.py::Shape.describe
    untagged.area()  #> overriding.py::Shape.area [annotation]


def through_either(shape: Square | Untagged):
    return shape.area(), shape.describe()  #> ? ; overriding.py::Shape.describe


class Abstract(ABC):
    @abstractmethod
    def load(self):
        """Nothing here is ever called: a subclass has to replace it."""

    @abstractmethod
    def never_implemented(self):
        """Only code outside the repository can implement it."""

    def template(self):
        return self.load(), self.never_implemented()  #> ? ; ?


class Concrete(Abstract):
    def load(self):
        return super().load()  #> builtin ; overriding.py::Abstract.load


def abstract_receivers(abstract: Abstract, concrete: Concrete):
    abstract.load()  #> ?
    concrete.load()  #> overriding.py::Concrete.load
    abstract.template()  #> overriding.py::Abstract.template


class Closes(Protocol):
    def close(self): ...


class File:
    def close(self):
        return 1


def structural(thing: Closes):
    # Whatever has the method fits: the protocol's own is never the one called.
    return thing.close()  #> ?


class SubProtocol(Closes, Protocol):
    def flush(self): ...


def structural_too(thing: SubProtocol):
    return thing.flush(), thing.close()  #> ? ; ?


class ByAttribute(Shape):
    def __init__(self, size):
        self.scale = size

    def scaled(self):
        return self.scale(2)  #> ?


class Scaling(ByAttribute):
    def scale(self, factor):
        return factor


class InstanceReplaces:
    def __init__(self, fast):
        if fast:
            self.work = self.fast_work

    def work(self):
        return 1

    def fast_work(self):
        return 2

    def run(self):
        return self.work(), self.fast_work()  #> ? ; overriding.py::InstanceReplaces.fast_work


class Ancestor:
    def hook(self):
        return 1

    def run_hook(self):
        return self.hook()  #> ?


class Descendant(Ancestor):
    def __init__(self, hook):
        self.hook = hook


class ClassVariable:
    def handle(self):
        return 1

    def run(self):
        return self.handle()  #> ?


class Replaced(ClassVariable):
    handle = print


class Grand:
    def far(self):
        return 1

    def run(self):
        return self.far()  #> ?


class Parent(Grand):
    pass


class GrandChild(Parent):
    def far(self):
        return 2


def of_parent(parent: Parent, grand_child: GrandChild):
    return parent.far(), grand_child.far()  #> ? ; overriding.py::GrandChild.far


def local_override():
    class Local(Untagged):
        def locally(self):
            return self.label()  #> overriding.py::Shape.label

    return Local().area()  #> overriding.py::local_override.Local ; overriding.py::Shape.area
