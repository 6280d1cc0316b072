"""Lambdas: what they are handed by what they are given to, and what a class's body calls `self`."""

from collections.abc import Callable, Iterable
from typing import Optional


class Thing:
    def run(self):
        return 1

    def get(self):
        return Thing()  #> handed.py::Thing


class Other:
    def run(self):
        return 2


Visit = Callable[[Thing, Other], None]


def visits(function: Callable[[Thing], int]):
    return function


def visits_alias(number, function: Visit):
    return function


def visits_maybe(function: Optional[Callable[[Thing], int]] = None, *, key: "Callable[[Other], int] | None" = None):
    return function, key


def visits_anything(function):
    return function


def visits_unwritten(function: Callable[..., int]):
    return function


def visits_items(items: Iterable[Thing], function: Callable[[Other], int]):
    return function


class Walker:
    def __init__(self, function: Callable[[Thing], int]):
        self.function = function

    def walk(self, function: Callable[[Thing], int]):
        return function

    @staticmethod
    def walk_statically(function: Callable[[Other], int]):
        return function

    @classmethod
    def walk_class(cls, function: Callable[[Other], int]):
        return function


def uses(walker: Walker):
    visits(lambda thing: thing.run())  #> handed.py::visits ; handed.py::Thing.run
    visits(function=lambda thing: thing.run())  #> handed.py::visits ; handed.py::Thing.run
    visits(lambda thing, more: more.run())  #> handed.py::visits ; ?
    visits(lambda *things: things.run())  #> handed.py::visits ; ?
    visits_alias(1, lambda a, b: (a.run(), b.run()))  #> handed.py::visits_alias ; handed.py::Thing.run ; handed.py::Other.run
    visits_maybe(lambda a: a.run())  #> handed.py::visits_maybe ; handed.py::Thing.run
    visits_maybe(key=lambda a: a.run())  #> handed.py::visits_maybe ; handed.py::Other.run
    visits_anything(lambda a: a.run())  #> handed.py::visits_anything ; ?
    visits_unwritten(lambda a: a.run())  #> handed.py::visits_unwritten ; ?
    visits_items([], lambda a: a.run())  #> handed.py::visits_items ; handed.py::Other.run
    walker.walk(lambda a: a.run())  #> handed.py::Walker.walk ; handed.py::Thing.run
    walker.walk_statically(lambda a: a.run())  #> handed.py::Walker.walk_statically ; handed.py::Other.run
    walker.walk_class(lambda a: a.run())  #> handed.py::Walker.walk_class ; handed.py::Other.run
    Walker.walk_class(lambda a: a.run())  #> handed.py::Walker.walk_class ; handed.py::Other.run
    Walker.walk(walker, lambda a: a.run())  #> handed.py::Walker.walk ; handed.py::Thing.run
    Walker(lambda a: a.run())  #> handed.py::Walker ; handed.py::Thing.run


def after_a_splat(arguments):
    visits_items(*arguments, lambda a: a.run())  #> handed.py::visits_items ; ?


def of_builtins(things: list[Thing], table: dict[Other, Thing]):
    sorted(things, key=lambda a: a.run())  #> builtin ; handed.py::Thing.run
    min(things, key=lambda a: a.run())  #> builtin ; handed.py::Thing.run
    min(Other(), Other(), key=lambda a: a.run())  #> builtin ; handed.py::Other ; handed.py::Other ; ?
    list(filter(lambda a: a.run(), things))  #> builtin ; builtin ; handed.py::Thing.run
    list(map(lambda a: a.run(), things))  #> builtin ; builtin ; handed.py::Thing.run
    list(map(lambda a, b: b.run(), things, table))  #> builtin ; builtin ; ?
    things.sort(key=lambda a: a.run())  #> builtin ; handed.py::Thing.run
    sorted(table, key=lambda a: a.run())  #> builtin ; handed.py::Other.run
    return [t.run() for t in map(lambda a: a.get(), things)]  #> ? ; builtin ; handed.py::Thing.get


def shadowed(things: list[Thing]):
    return lambda things: things.run()  #> ?


class Methods:
    run = lambda self: self.own()  #> handed.py::Methods.own
    table = {"a": lambda self, other: (self.own(), other.run())}  #> handed.py::Methods.own ; ?
    own_property = property(lambda self: self.own())  #> builtin ; handed.py::Methods.own
    not_first = lambda other, self: self.own()  #> ?
    overridden = lambda self: self.replaced()  #> ?

    def own(self):
        return sorted([], key=lambda self: self.own())  #> builtin ; ?

    def replaced(self):
        return lambda self: self.own()  #> ?


class Replacing(Methods):
    table = {**Methods.table, "b": lambda self: self.own()}  #> handed.py::Methods.own

    def replaced(self):
        return 2


class Meta(type):
    make = lambda self: self.made()  #> ?

    def made(cls):
        return 1


module_level = lambda self: self.own()  #> ?
