"""What functions give that give back what they are given, or what it holds: iterators, copies, tuples, receivers."""

import collections
import copy
import itertools
from collections import OrderedDict, defaultdict, deque
from functools import partial


class Thing:
    def run(self):
        return 1

    def itself(self):
        return self

    @classmethod
    def make(cls):
        return cls()  #> ?

    def another(self):
        return type(self)()  #> builtin ; ?

    def either(self, flag):
        if flag:
            return self
        return Other()  #> given_back.py::Other


class Child(Thing):
    def only_child(self):
        return 2


class Other:
    def run(self):
        return 3


class Copied:
    def __copy__(self):
        return Other()  #> given_back.py::Other


class Countdown:
    def __iter__(self):
        return self

    def __next__(self):
        return Other()  #> given_back.py::Other


class Sequence:
    def __getitem__(self, index):
        return Other()  #> given_back.py::Other


def thing():
    return Thing()  #> given_back.py::Thing


def both():
    return Thing(), Other()  #> given_back.py::Thing ; given_back.py::Other


def chained():
    Child().itself().only_child()  #> given_back.py::Child ; given_back.py::Thing.itself ; given_back.py::Child.only_child
    Child.make().only_child()  #> given_back.py::Thing.make ; given_back.py::Child.only_child
    Child().either(1).run()  #> given_back.py::Child ; given_back.py::Thing.either ; ?
    Thing().itself().itself().run()  #> given_back.py::Thing ; given_back.py::Thing.itself ; given_back.py::Thing.itself ; given_back.py::Thing.run


def tuples(flag):
    first, second = both()  #> given_back.py::both
    first.run()  #> given_back.py::Thing.run
    second.run()  #> given_back.py::Other.run
    both()[1].run()  #> given_back.py::both ; given_back.py::Other.run
    both()[flag].run()  #> given_back.py::both ; ?
    (a, b), c = both(), thing()  #> given_back.py::both ; given_back.py::thing
    a.run(), b.run(), c.run()  #> given_back.py::Thing.run ; given_back.py::Other.run ; given_back.py::Thing.run
    head, *rest = both()  #> given_back.py::both
    head.run()  #> given_back.py::Thing.run
    rest[0].run()  #> ?
    d, e, f = both()  #> given_back.py::both
    f.run()  #> ?
    x, y = Thing(), Other()  #> given_back.py::Thing ; given_back.py::Other
    x, y = y, x
    x.run()  #> given_back.py::Other.run
    for one, other in [both(), both()]:  #> given_back.py::both ; given_back.py::both
        one.run()  #> ?


def builtins(things: list[Thing], table: dict[str, Thing]):
    next(iter(things)).run()  #> builtin ; given_back.py::Thing.run ; builtin
    next(iter(things), None).run()  #> builtin ; given_back.py::Thing.run ; builtin
    next(iter(things), Other()).run()  #> builtin ; ? ; builtin ; given_back.py::Other
    list(things)[0].run()  #> builtin ; given_back.py::Thing.run
    sorted(set(things))[0].run()  #> builtin ; given_back.py::Thing.run ; builtin
    max(things).run()  #> builtin ; given_back.py::Thing.run
    max(thing(), Other()).run()  #> builtin ; ? ; given_back.py::thing ; given_back.py::Other
    for number, one in enumerate(things):  #> builtin
        one.run()  #> given_back.py::Thing.run
        number.bit_length()  #> builtin
    for one, name in zip(things, table):  #> builtin
        one.run()  #> given_back.py::Thing.run
        name.upper()  #> builtin
    for one in itertools.chain(things, table.values()):  #> !itertools.chain ; builtin
        one.run()  #> given_back.py::Thing.run
    for one in itertools.chain(things, [Other()]):  #> !itertools.chain ; given_back.py::Other
        one.run()  #> ?
    for one in reversed(things):  #> builtin
        one.run()  #> given_back.py::Thing.run
    for one in filter(None, things):  #> builtin
        one.run()  #> given_back.py::Thing.run
    for one in map(Thing, "ab"):  #> builtin
        one.run()  #> given_back.py::Thing.run
    things[1:][0].run()  #> given_back.py::Thing.run
    things.copy().pop().run()  #> builtin ; builtin ; given_back.py::Thing.run
    table.pop("a").run()  #> builtin ; given_back.py::Thing.run
    table.get("a", Other()).run()  #> builtin ; ? ; given_back.py::Other
    table.setdefault("a", thing()).run()  #> builtin ; given_back.py::Thing.run ; given_back.py::thing
    {**table}["a"].run()  #> ?


def collected(things: list[Thing]):
    queue = deque(things)  #> !collections.deque
    queue.popleft().run()  #> builtin ; ?
    queue.append(Other())  #> builtin ; given_back.py::Other
    table = defaultdict(Thing)  #> !collections.defaultdict
    table["a"].run()  #> ?
    OrderedDict().pop("a").run()  #> !collections.OrderedDict ; !collections.OrderedDict.pop ; ?
    collections.Counter().most_common()  #> !collections.Counter ; !collections.Counter.most_common


def filled_elsewhere():
    things = [Thing()]  #> given_back.py::Thing
    things.append(Other())  #> builtin ; given_back.py::Other
    things[0].run()  #> ?


def filled_after_it_was_made(things: list[Thing]):
    copied = list(things)  #> builtin
    copied.append(Other())  #> builtin ; given_back.py::Other
    copied[0].run()  #> ?
    assigned = sorted(generated())  #> builtin ; given_back.py::generated
    assigned[0] = Other()  #> given_back.py::Other
    assigned[0].run()  #> ?
    declared: list[Thing] = list(things)  #> builtin
    declared.append(thing())  #> builtin ; given_back.py::thing
    declared[0].run()  #> given_back.py::Thing.run
    kept = list(things)  #> builtin
    kept[0].run()  #> given_back.py::Thing.run


class Filled:
    def __init__(self, things: list[Thing]):
        self.filled = list(things)  #> builtin

    def first(self):
        return self.filled[0].run()  #> ?


def fills(filled: Filled):
    filled.filled.append(Other())  #> builtin ; given_back.py::Other


def copies(things: list[Thing]):
    copy.copy(thing()).run()  #> !copy.copy ; given_back.py::Thing.run ; given_back.py::thing
    copy.deepcopy(things)[0].run()  #> !copy.deepcopy ; given_back.py::Thing.run
    copy.copy(Copied()).run()  #> !copy.copy ; ? ; given_back.py::Copied


def iterators():
    for other in Countdown():  #> given_back.py::Countdown
        other.run()  #> given_back.py::Other.run
    next(Countdown()).run()  #> builtin ; given_back.py::Other.run ; given_back.py::Countdown
    Sequence()[0].run()  #> given_back.py::Sequence ; given_back.py::Other.run


def partials(flag):
    make = partial(Thing, 1)  #> !functools.partial
    make().run()  #> given_back.py::Thing ; given_back.py::Thing.run
    partial(Thing.run, thing())()  #> !functools.partial ; given_back.py::Thing.run ; given_back.py::thing
    partial(thing if flag else both)()  #> !functools.partial ; ?
    partial(flag)()  #> !functools.partial ; ?


def generated():
    yield Thing()  #> given_back.py::Thing


def generated_both():
    yield Thing()  #> given_back.py::Thing
    yield Other()  #> given_back.py::Other


def delegated():
    yield from generated_both()  #> given_back.py::generated_both


def uses_generators():
    for one in generated():  #> given_back.py::generated
        one.run()  #> given_back.py::Thing.run
    for one in generated_both():  #> given_back.py::generated_both
        one.run()  #> ?
    for one in delegated():  #> given_back.py::delegated
        one.run()  #> ?
    list(generated())[0].run()  #> builtin ; given_back.py::Thing.run ; given_back.py::generated


def nothing_in_it(flag, things: list[Thing]):
    empty = ()
    for one in empty:
        one.run()  #> ?
    for one in things if flag else ():
        one.run()  #> given_back.py::Thing.run


class Doubly:
    stepped = 0

    def __init__(self, things: list[Thing]):
        self.steps = iter(things)  #> builtin
        self.current = next(self.steps)  #> builtin

    def step(self):
        self.current = next(self.steps)  #> builtin
        self.stepped += 1
        return self.current.run()  #> given_back.py::Thing.run

    def close(self):
        self.steps = iter(())  #> builtin
