"""Types that are written elsewhere than in an annotation: casts, bounds of type variables, aliases."""

import typing
import typing as t
from typing import Generic, TypeVar, cast


class Thing:
    def run(self):
        return 1


class Other:
    def run(self):
        return 2


class Parent:
    def run(self):
        return 1


class Child(Parent):
    def run(self):
        return 2


Things = list[Thing]
Pair = t.Tuple[Thing, Other]
Either = t.Union[Thing, Other]
Maybe = t.Optional[Thing]
Table = t.Dict[str, Thing]
Nested = t.List[Pair]
Endless = "list[Endless]"
Twice = list[Thing]
Twice = list[Other]
Bound = TypeVar("Bound", bound=Thing)  #> !typing.TypeVar
Quoted = TypeVar("Quoted", bound="Thing")  #> !typing.TypeVar
Overridden = TypeVar("Overridden", bound=Parent)  #> !typing.TypeVar
Free = TypeVar("Free")  #> !typing.TypeVar
Constrained = TypeVar("Constrained", Thing, Other)  #> !typing.TypeVar


def aliases(things: Things, pair: Pair, either: Either, maybe: Maybe, table: Table, nested: Nested, twice: Twice):
    things[0].run()  #> given_types.py::Thing.run
    pair[1].run()  #> given_types.py::Other.run
    either.run()  #> ?
    maybe.run()  #> given_types.py::Thing.run
    table["a"].run()  #> given_types.py::Thing.run
    nested[0][1].run()  #> given_types.py::Other.run
    twice[0].run()  #> ?
    first, second = pair
    first.run(), second.run()  #> given_types.py::Thing.run ; given_types.py::Other.run
    for one, other in nested:
        one.run(), other.run()  #> given_types.py::Thing.run ; given_types.py::Other.run


def endless(value: Endless):
    return value[0].run()  #> ?


def variables(bound: Bound, quoted: Quoted, overridden: Overridden, free: Free, constrained: Constrained):
    bound.run()  #> given_types.py::Thing.run
    quoted.run()  #> given_types.py::Thing.run
    overridden.run()  #> ?
    free.run()  #> ?
    constrained.run()  #> ?


def casts(value, thing: Thing):
    cast(Thing, value).run()  #> !typing.cast ; given_types.py::Thing.run
    typing.cast("Thing", value).run()  #> !typing.cast ; given_types.py::Thing.run
    t.cast("Parent", value).run()  #> !typing.cast ; ?
    cast(Other, thing).run()  #> !typing.cast ; given_types.py::Thing.run
    cast("list[Thing]", value)[0].run()  #> !typing.cast ; ?
    cast(Free, value).run()  #> !typing.cast ; ?
    text = cast(str, value)  #> !typing.cast
    text.upper()  #> builtin


def cast_is_mine(value):
    def cast(kind, value):
        return value

    return cast(Thing, value).run()  #> given_types.py::cast_is_mine.cast ; ?


def attributes_by_name(thing: Thing, value, name):
    getattr(thing, "run")()  #> builtin ; given_types.py::Thing.run
    getattr(thing, "run", None)()  #> builtin ; given_types.py::Thing.run
    getattr(thing, "run", value)()  #> builtin ; ?
    getattr(thing, name)()  #> builtin ; ?
    getattr(value, "run")()  #> builtin ; ?
    getattr(Parent(), "run")()  #> builtin ; given_types.py::Parent.run ; given_types.py::Parent


class Box(Generic[Bound]):
    def __init__(self, content: Bound):
        self.content = content

    def use(self):
        return self.content.run()  #> given_types.py::Thing.run
