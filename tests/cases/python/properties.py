"""Reading a property is no call; what it gives may be called."""

from functools import cached_property


class Engine:
    def start(self):
        return 1

    def __call__(self):
        return 2


def build_engine():
    return Engine()  #> properties.py::Engine


class Car:
    @property
    def engine(self):
        return Engine()  #> properties.py::Engine

    @cached_property
    def spare(self) -> Engine:
        return build_engine()  #> properties.py::build_engine

    @property
    def callback(self):
        return build_engine

    @property
    def replaced(self):
        return Engine()  #> properties.py::Engine

    @property
    def name(self) -> str:
        return "car"

    @property
    def anything(self):
        return globals()["x"]  #> builtin

    @property
    def changing(self):
        return Engine()  #> properties.py::Engine

    @changing.setter
    def changing(self, value):
        self.set_to = value

    def method(self):
        return Engine()  #> properties.py::Engine

    def _get_old(self):
        return Engine()  #> properties.py::Engine

    old_style = property(_get_old)  #> builtin

    @classmethod
    @property
    def of_class(cls):
        return 1

    def drive(self):  #= properties.py::Engine.start, properties.py::Engine.__call__
        self.engine.start()  #> properties.py::Engine.start
        self.spare.start()  #> properties.py::Engine.start
        self.engine()  #> properties.py::Engine.__call__ [call]
        self.changing.start()  #> properties.py::Engine.start
        return self.name.upper()  #> builtin

    def drive_more(self):
        self.callback()  #> properties.py::build_engine
        self.anything()  #> ?
        self.anything.start()  #> ?
        self.method().start()  #> properties.py::Car.method ; properties.py::Engine.start
        self.method.start()  #> ?
        self.old_style.start()  #> properties.py::Engine.start


class Van(Car):
    @property
    def replaced(self):
        return None

    def drive(self):
        return super().drive(), self.engine.start()  #> builtin ; properties.py::Car.drive ; properties.py::Engine.start


def from_outside(car: Car, van: Van):
    car.engine.start()  #> properties.py::Engine.start
    car.spare.start()  #> properties.py::Engine.start
    car.replaced.start()  #> ?
    car.name.upper()  #> builtin
    car.drive()  #> ?
    van.drive()  #> properties.py::Van.drive


class Descriptor:
    def __get__(self, instance, owner):
        return build_engine

    def start(self):
        return 3


class Described:
    field = Descriptor()  #> properties.py::Descriptor

    def use(self):
        # What the attribute gives is up to Descriptor.__get__.
        self.field.start()  #> ?
        return self.field()  #> ?


class Plain:
    part = Engine()  #> properties.py::Engine

    def use(self):
        return self.part.start()  #> properties.py::Engine.start
