"""Dataclasses, enums, NamedTuples and their like: classes with generated members."""

import dataclasses
import enum
from collections import namedtuple
from dataclasses import dataclass, field
from enum import Enum, auto
from types import SimpleNamespace
from typing import Callable, ClassVar, NamedTuple, Optional, TypedDict


class Part:
    def run(self):
        return 1


def default_action():
    return 1


@dataclass
class Record:
    part: Part
    optional: Optional[Part] = None
    several: list[Part] = field(default_factory=list)  #> !dataclasses.field
    action: Callable[[], int] = default_action
    shared: ClassVar[Part] = Part()  #> dataclass_like.py::Part
    text: str = ""

    def __post_init__(self):
        self.made = Part()  #> dataclass_like.py::Part

    def use(self):
        self.part.run()  #> dataclass_like.py::Part.run
        self.optional.run()  #> dataclass_like.py::Part.run
        self.several[0].run()  #> dataclass_like.py::Part.run
        # The default is only a default.
        self.action()  #> ?
        self.shared.run()  #> dataclass_like.py::Part.run
        self.made.run()  #> dataclass_like.py::Part.run
        self.text.upper()  #> builtin

    @classmethod
    def build(cls):
        return cls(Part())  #> dataclass_like.py::Record ; dataclass_like.py::Part


@dataclasses.dataclass(frozen=True)  #> !dataclasses.dataclass
class Frozen:
    record: Record

    def use(self):
        return self.record.use()  #> dataclass_like.py::Record.use


def makes_records():
    Record(Part()).use()  #> dataclass_like.py::Record ; dataclass_like.py::Record.use ; dataclass_like.py::Part
    Record.build().use()  #> dataclass_like.py::Record.build ; dataclass_like.py::Record.use
    dataclasses.replace(Record(Part())).use()  #> !dataclasses.replace ; ? ; dataclass_like.py::Record ; dataclass_like.py::Part
    Frozen(None).record.use()  #> dataclass_like.py::Frozen ; dataclass_like.py::Record.use


class Color(Enum):
    RED = 1
    GREEN = auto()  #> !enum.auto
    BLUE = default_action()  #> dataclass_like.py::default_action

    def describe(self):
        return self.label()  #> dataclass_like.py::Color.label

    def label(self):
        return self.name.lower()  #> !

    @classmethod
    def parse(cls, text):
        return cls(text)  #> dataclass_like.py::Color

    @property
    def shade(self):
        return Part()  #> dataclass_like.py::Part


class Operation(enum.Enum):
    ADD = (default_action,)

    def apply(self):
        # The value may be a function.
        return self.value()  #> ?


def uses_enums():
    Color.RED.describe()  #> dataclass_like.py::Color.describe
    Color("red").describe()  #> dataclass_like.py::Color ; dataclass_like.py::Color.describe
    Color["RED"].label()  #> dataclass_like.py::Color.label
    Color.parse("red").label()  #> dataclass_like.py::Color.parse ; dataclass_like.py::Color.label
    for color in Color:
        color.describe()  #> dataclass_like.py::Color.describe
    Color.GREEN.shade.run()  #> dataclass_like.py::Part.run


class Point(NamedTuple):
    part: Part
    action: Callable[[], int] = default_action

    def use(self):
        self.part.run()  #> dataclass_like.py::Part.run
        self.action()  #> ?
        return self._replace(part=None)  #> !

    def moved(self):
        return Point(self.part)  #> dataclass_like.py::Point


Pair = namedtuple("Pair", "first second")  #> !collections.namedtuple


class Triple(namedtuple("Triple", "first second third")):  #> !collections.namedtuple
    def total(self):
        return self.helper()  #> dataclass_like.py::Triple.helper

    def helper(self):
        return 1

    def copied(self):
        return self._replace(first=1)  #> !


def uses_tuples(pair: Pair, triple: Triple):
    Pair(1, 2)  #> !collections.namedtuple
    pair.first.run()  #> ?
    triple.total()  #> dataclass_like.py::Triple.total
    Triple(1, 2, 3).helper()  #> dataclass_like.py::Triple ; dataclass_like.py::Triple.helper
    Point(Part()).use()  #> dataclass_like.py::Point ; dataclass_like.py::Point.use ; dataclass_like.py::Part


class Options(TypedDict):
    part: Part


def uses_typed_dict(options: Options):
    return options["part"].run(), Options(part=Part())  #> ? ; dataclass_like.py::Options ; dataclass_like.py::Part


def uses_namespace():
    space = SimpleNamespace(run=default_action)  #> !types.SimpleNamespace
    space.run()  #> ?
    other = SimpleNamespace(given=default_action)  #> !types.SimpleNamespace
    return other.given()  #> ?


def made_class():
    made = type("Made", (Part,), {})  #> builtin
    made().run()  #> ? ; ?
    return type("Made", (), {"helper": default_action})().helper()  #> builtin ; ? ; ?
