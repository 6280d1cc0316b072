"""Metaclasses, `__new__`, `__init_subclass__`, `__class_getitem__`."""

import abc
from abc import ABCMeta


class Meta(type):
    def __call__(cls, *args):
        return cls.registered(*args)  #> ?

    def registered(cls):
        return 1

    def __new__(mcs, name, bases, namespace):
        return super().__new__(mcs, name, bases, namespace)  #> builtin ; !


class Made(metaclass=Meta):
    def run(self):
        return self.step()  #> metaclasses.py::Made.step

    def step(self):
        return 1


class InheritsMeta(Made):
    pass


class Plain(metaclass=ABCMeta):
    def run(self):
        return 1


class PlainToo(metaclass=abc.ABCMeta):
    @abc.abstractmethod
    def run(self):
        return 1


class QuietMeta(type):
    def describe(cls):
        return 1


class Quiet(metaclass=QuietMeta):
    def run(self):
        return 1


def uses():
    Made().run()  #> metaclasses.py::Made ; ?
    InheritsMeta().run()  #> metaclasses.py::InheritsMeta ; ?
    Plain().run()  #> metaclasses.py::Plain ; metaclasses.py::Plain.run
    Quiet().run()  #> metaclasses.py::Quiet ; metaclasses.py::Quiet.run
    Quiet.describe()  #> ?


class ByNew:
    def __new__(cls, kind):
        return Plain()  #> metaclasses.py::Plain

    def run(self):
        return 1


class InheritsNew(ByNew):
    pass


def uses_new():
    ByNew(1).run()  #> metaclasses.py::ByNew ; ?
    InheritsNew(1).run()  #> metaclasses.py::InheritsNew ; ?


class Registers:
    def __init_subclass__(cls, **options):
        cls.register()  #> metaclasses.py::Registers.register
        super().__init_subclass__(**options)  #> builtin ; builtin

    @classmethod
    def register(cls):
        return cls


class Registered(Registers, option=1):
    pass


class Subscripted:
    def __class_getitem__(cls, item):
        return Plain

    def run(self):
        return 1


def uses_subscripted():
    Subscripted[int]().run()  #> ? ; ?


class Generic(list[int]):
    def run(self):
        return self.append(1), self.step()  #> ! ; metaclasses.py::Generic.step

    def step(self):
        return 1
