"""Receivers typed by annotation."""

from __future__ import annotations

import collections
import typing
from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar, Dict, Final, List, Optional, Tuple, Type, TypeVar, Union

import requests

T = TypeVar("T")  #> !typing.TypeVar


class Item:
    def run(self):
        return 1

    def get(self):
        return 2


class Special(Item):
    def special(self):
        return 3


class Unrelated:
    def run(self):
        return 4

    @staticmethod
    def make():
        return 5


def plain(item: Item):
    return item.run()  #> annotations.py::Item.run [annotation]


def string(item: "Item"):
    return item.run()  #> annotations.py::Item.run


def optional(item: Optional[Item]):
    return item.run()  #> annotations.py::Item.run


def with_none(item: Item | None = None):
    return item.run()  #> annotations.py::Item.run


def string_with_none(item: "Item | None"):
    return item.run()  #> annotations.py::Item.run


def half_string(item: Optional["Item"]):
    return item.run()  #> annotations.py::Item.run


def union(item: Union[Item, Unrelated]):
    return item.run()  #> ?


def union_of_same(item: Union[Item, None]):
    return item.run()  #> annotations.py::Item.run


def union_of_family(item: Item | Special):
    return item.run()  #> annotations.py::Item.run


def annotated(item: Annotated[Item, "note"]):
    return item.run()  #> annotations.py::Item.run


def qualified(item: typing.Optional[Item]):
    return item.run()  #> annotations.py::Item.run


def list_items(items: list[Item]):
    items.append(1)  #> builtin
    for item in items:
        item.run()  #> annotations.py::Item.run
    items[0].run()  #> annotations.py::Item.run
    return [item.run() for item in items]  #> annotations.py::Item.run


def old_list_items(items: List[Item]):
    return [item.run() for item in items if item.get()]  #> annotations.py::Item.run ; annotations.py::Item.get


def iterable_items(items: Iterable["Item"]):
    return {item.run() for item in items}  #> annotations.py::Item.run


def tuple_items(pair: Tuple[Item, Unrelated], many: tuple[Item, ...]):
    pair[0].run()  #> annotations.py::Item.run
    many[0].run()  #> annotations.py::Item.run
    first, second = pair
    first.run()  #> annotations.py::Item.run


def either_list(flag, items: list[Item], others: list[Unrelated]):
    chosen = items if flag else others
    chosen.append(1)  #> builtin
    return chosen[0].run()  #> ?


def dict_items(table: dict[str, Item], old: Dict[str, Item]):
    table["a"].run()  #> annotations.py::Item.run
    old["a"].run()  #> annotations.py::Item.run
    table.get("a").run()  #> builtin ; annotations.py::Item.run
    for key in table:
        key.run()  #> builtin
    for item in table.values():  #> builtin
        item.run()  #> annotations.py::Item.run
    for key, item in table.items():  #> builtin
        item.run()  #> annotations.py::Item.run


def nested_lists(rows: list[list[Item]]):
    for row in rows:
        row.append(1)  #> builtin
        for item in row:
            item.run()  #> annotations.py::Item.run


def popped(items: list[Item]):
    items.pop().run()  #> builtin ; annotations.py::Item.run
    items.copy()[0].run()  #> builtin ; annotations.py::Item.run


def classes(kind: type[Unrelated], old: Type[Unrelated], base: type[Item]):
    kind()  #> annotations.py::Unrelated
    kind.make()  #> annotations.py::Unrelated.make
    old().run()  #> annotations.py::Unrelated ; annotations.py::Unrelated.run
    base()  #> ?
    base().run()  #> ? ; annotations.py::Item.run


def callables(callback: Callable[[], Item], anything: Any, thing: object, variable: T):
    callback()  #> ?
    callback().run()  #> ? ; ?
    anything.run()  #> ?
    thing.run()  #> ?
    variable.run()  #> ?


def external(session: requests.Session, counter: collections.Counter):
    session.post("x")  #> !requests.Session.post
    counter.most_common()  #> !collections.Counter.most_common


def local_annotation(source):
    item: Item = source
    item.run()  #> annotations.py::Item.run
    later: Item
    later = source
    return later.run()  #> ?


def value_wins():
    item: Item = Special()  #> annotations.py::Special
    return item.special()  #> annotations.py::Special.special


def rebound(item: Item):
    item = Unrelated()  #> annotations.py::Unrelated
    return item.run()  #> annotations.py::Unrelated.run


def starred(*items: Item, **named: Item):
    return [item.run() for item in items]  #> annotations.py::Item.run


def defaulted(item: Item = None, *, other: Unrelated = Unrelated()):  #> annotations.py::Unrelated
    return item.run(), other.run()  #> annotations.py::Item.run ; annotations.py::Unrelated.run


def of_nothing(item: Missing):
    return item.run()  #> ?


def of_function(item: plain):
    return item.run()  #> ?


def computed(item: globals()["Item"]):  #> builtin
    return item.run()  #> ?


Alias = Item
MaybeItem = Optional[Item]


def aliased(item: Alias, maybe: MaybeItem):
    return item.run(), maybe.run()  #> annotations.py::Item.run ; annotations.py::Item.run


class Holder:
    declared: Item
    constant: ClassVar[Item]
    final: Final[Item] = Special()  #> annotations.py::Special
    several: list[Item] = []
    optional: Optional["Item"] = None

    def use(self):
        self.declared.run()  #> annotations.py::Item.run
        self.constant.run()  #> annotations.py::Item.run
        self.final.run()  #> annotations.py::Item.run
        self.optional.run()  #> annotations.py::Item.run
        for item in self.several:
            item.run()  #> annotations.py::Item.run

    def itself(self, other: Holder):
        return other.use()  #> annotations.py::Holder.use

    def run(self) -> typing.Self:
        return self

    def chain(self):
        return self.run().use()  #> annotations.py::Holder.run ; annotations.py::Holder.use


global_item: Item = globals()["x"]  #> builtin


def of_global():
    return global_item.run()  #> annotations.py::Item.run


def type_parameter[U](item: U):
    return item.run()  #> ?


class U:
    def run(self):
        return 6


class Generic[Item]:
    def use(self, item: Item):
        return item.run()  #> ?


def quoted_brackets(item: "list[Item]"):
    return item[0].run()  #> annotations.py::Item.run


def literal(mode: typing.Literal["Item"]):
    return mode.run()  #> ?


def narrowed(item: Item):
    if isinstance(item, Special):  #> builtin
        return item.special()  #> annotations.py::Special.special
    return None
