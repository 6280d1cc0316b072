"""What calls return: by annotation, by what is returned, by factories and context managers."""

import contextlib
from contextlib import contextmanager


class Thing:
    def run(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *details):
        return None

    @classmethod
    def create(cls):
        return cls()  #> ?

    @classmethod
    def declared(cls) -> "Thing":
        return cls()  #> ?

    @staticmethod
    def fresh():
        return Thing()  #> returns.py::Thing

    def with_other(self):
        return self.run().run()  #> returns.py::Thing.run ; returns.py::Thing.run


class SubThing(Thing):
    def only_sub(self):
        return 1


class Other:
    def run(self):
        return 2

    def __enter__(self):
        return Thing()  #> returns.py::Thing

    def __exit__(self, *details):
        return None


def by_annotation() -> Thing:
    return globals()["thing"]  #> builtin


def by_string_annotation() -> "Thing | None":
    return None


def by_return():
    return Thing()  #> returns.py::Thing


def by_several_returns(flag):
    if flag:
        return Thing()  #> returns.py::Thing
    return Thing()  #> returns.py::Thing


def by_different_returns(flag):
    if flag:
        return Thing()  #> returns.py::Thing
    return Other()  #> returns.py::Other


def or_none(flag):
    if flag:
        return Thing()  #> returns.py::Thing
    return None


def of_parameter(thing):
    return thing


def indirectly():
    return by_return()  #> returns.py::by_return


def itself():
    return itself()  #> returns.py::itself


def returns_function():
    return by_return


def returns_class():
    return Thing


def nothing():
    pass


def uses():
    by_annotation().run()  #> returns.py::by_annotation ; returns.py::Thing.run [return]
    by_string_annotation().run()  #> returns.py::by_string_annotation ; returns.py::Thing.run
    by_return().run()  #> returns.py::by_return ; returns.py::Thing.run
    by_several_returns(1).run()  #> returns.py::by_several_returns ; returns.py::Thing.run
    by_different_returns(1).run()  #> returns.py::by_different_returns ; ?
    or_none(1).run()  #> returns.py::or_none ; returns.py::Thing.run
    of_parameter(1).run()  #> returns.py::of_parameter ; ?
    indirectly().run()  #> returns.py::indirectly ; returns.py::Thing.run
    itself().run()  #> returns.py::itself ; ?


def uses_returned_callables():
    returns_function()()  #> returns.py::returns_function ; returns.py::by_return
    returns_class()()  #> returns.py::returns_class ; returns.py::Thing
    returns_class()().run()  #> returns.py::returns_class ; returns.py::Thing ; returns.py::Thing.run


def uses_factories():
    Thing.create().run()  #> returns.py::Thing.create ; returns.py::Thing.run
    Thing.declared().run()  #> returns.py::Thing.declared ; returns.py::Thing.run
    Thing.fresh().run()  #> returns.py::Thing.fresh ; returns.py::Thing.run
    SubThing.create().only_sub()  #> returns.py::Thing.create ; returns.py::SubThing.only_sub
    Thing().run().run()  #> returns.py::Thing ; returns.py::Thing.run ; returns.py::Thing.run


def uses_contexts():
    with Thing() as thing:  #> returns.py::Thing
        thing.run()  #> returns.py::Thing.run
    with Other() as other:  #> returns.py::Other
        other.run()  #> returns.py::Thing.run
    with Thing() as a, Other() as b:  #> returns.py::Thing ; returns.py::Other
        a.run(), b.run()  #> returns.py::Thing.run ; returns.py::Thing.run
    with by_return() as c:  #> returns.py::by_return
        c.run()  #> returns.py::Thing.run
    with (Thing() as d):  #> returns.py::Thing
        d.run()  #> returns.py::Thing.run
    with Thing() as (e, f):  #> returns.py::Thing
        e.run()  #> ?


@contextmanager
def manager():
    yield Thing()  #> returns.py::Thing


@contextlib.contextmanager
def typed_manager():
    yield Other()  #> returns.py::Other


def uses_managers():
    with manager() as thing:  #> returns.py::manager
        thing.run()  #> returns.py::Thing.run
    manager().run()  #> returns.py::manager ; !contextlib._GeneratorContextManager.run
    with typed_manager():  #> returns.py::typed_manager
        pass


def uses_unknown_context(thing):
    with thing as entered:
        entered.run()  #> ?
    with contextlib.suppress(ValueError):  #> !contextlib.suppress
        thing.run()  #> ?


def generator():
    yield Thing()  #> returns.py::Thing


def uses_generator():
    for thing in generator():  #> returns.py::generator
        thing.run()  #> returns.py::Thing.run
    generator().send(None)  #> returns.py::generator ; builtin


class Maker:
    def build(self) -> Thing:
        return Thing()  #> returns.py::Thing

    def make(self):
        return self.build().run()  #> ? ; ?

    def keep(self):
        return Thing()  #> returns.py::Thing

    def kept(self):
        return self.keep().run()  #> returns.py::Maker.keep ; returns.py::Thing.run


class OtherMaker(Maker):
    def build(self):
        return Other()  #> returns.py::Other


def with_lambda():
    make = lambda: Thing()  #> returns.py::Thing
    return make().run()  #> builtin ; ?


def with_nested_return():
    def inner():
        return Other()  #> returns.py::Other

    return Thing()  #> returns.py::Thing


def uses_nested_return():
    return with_nested_return().run()  #> returns.py::with_nested_return ; returns.py::Thing.run
