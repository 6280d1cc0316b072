"""self, cls and super() through the method resolution order."""


class Base:
    def shared(self):
        return self.step()  #> ?

    def step(self):
        return 1

    def only_here(self):
        return 2

    @classmethod
    def build(cls):
        return cls()  #> ?

    @staticmethod
    def utility():
        return 3

    def calls_utility(self):
        return self.utility()  #> classes.py::Base.utility [self]

    def calls_class(self):
        return Base.utility(), Base.only_here(self)  #> classes.py::Base.utility [class] ; classes.py::Base.only_here


class Child(Base):
    def step(self):
        return super().step()  #> builtin ; classes.py::Base.step [super]

    def inherited(self):
        return self.only_here()  #> classes.py::Base.only_here

    def explicit(self):
        return super(Child, self).only_here()  #> builtin ; classes.py::Base.only_here

    def other_super(self):
        # super(Base, self) goes on behind Base.
        return super(Base, self).step()  #> builtin ; ?

    def __init__(self):
        super().__init__()  #> builtin ; builtin

    def nested(self):
        def inner():
            return self.only_here()  #> classes.py::Base.only_here

        return inner()  #> classes.py::Child.nested.inner

    def comprehension(self):
        return [self.only_here() for _ in "ab"]  #> classes.py::Base.only_here

    def lambda_(self):
        return lambda: self.only_here()  #> classes.py::Base.only_here

    def rebound_self(self, other):
        self = other
        return self.only_here()  #> ?

    def unknown_member(self):
        return self.nothing_has_this()  #> !?.nothing_has_this

    def of_class(self):
        return self.__class__.utility(), type(self).utility()  #> classes.py::Base.utility ; builtin ; classes.py::Base.utility


class Leaf(Child):
    @classmethod
    def make(cls):
        return cls()  #> classes.py::Leaf [self]

    @classmethod
    def make_and_use(cls):
        return cls().step(), cls.make()  #> classes.py::Leaf ; ? ; classes.py::Leaf.make

    def __new__(cls):
        return super().__new__(cls)  #> builtin ; builtin

    def through_two(self):
        return super().only_here()  #> builtin ; classes.py::Base.only_here


class NoSelf:
    def method(this):
        return this.other()  #> classes.py::NoSelf.other

    def other(this):
        return 1

    @staticmethod
    def static(first):
        return first.other()  #> ?

    def keyword(self, *, first):
        return first.other()  #> ?


# A diamond: Left's super() is Right in the order of Bottom.
class Top:
    def run(self):
        return 0

    def only_top(self):
        return 0


class Left(Top):
    def run(self):
        return super().run()  #> builtin ; ?

    def other(self):
        return super().only_top()  #> builtin ; classes.py::Top.only_top


class Right(Top):
    def run(self):
        return super().run()  #> builtin ; classes.py::Top.run


class Bottom(Left, Right):
    def run(self):
        return super().run()  #> builtin ; classes.py::Left.run

    def asks(self):
        return self.only_top()  #> classes.py::Top.only_top


class Mixin:
    """Gets its other methods from the classes it is mixed into."""

    def greet(self):
        return self.name_of()  #> ?

    def helped(self):
        return self.greet()  #> classes.py::Mixin.greet


class Named:
    def name_of(self):
        return "n"

    def described(self):
        return "d"


class Person(Mixin, Named):
    def speak(self):
        return self.greet(), self.name_of(), self.described()  #> classes.py::Mixin.greet ; classes.py::Named.name_of ; classes.py::Named.described


class FirstWins:
    def pick(self):
        return 1


class SecondLoses:
    def pick(self):
        return 2


class Picks(FirstWins, SecondLoses):
    def use(self):
        return self.pick()  #> classes.py::FirstWins.pick


class Outer:
    class Inner:
        def run(self):
            return 1

    def make(self):
        return self.Inner(), Outer.Inner().run()  #> classes.py::Outer.Inner ; classes.py::Outer.Inner ; classes.py::Outer.Inner.run

    def run(self):
        return Inner()  #> ?


class Unbound:
    def method(self):
        return 1

    def calls(self, other):
        return Unbound.method(other)  #> classes.py::Unbound.method


def makes_instances():
    Base()  #> classes.py::Base
    Base().only_here()  #> classes.py::Base ; classes.py::Base.only_here
    Base().shared()  #> classes.py::Base ; classes.py::Base.shared
    Child().step()  #> classes.py::Child ; classes.py::Child.step
    Base.build()  #> classes.py::Base.build
    Base.utility()  #> classes.py::Base.utility


class Computed(makes_instances()):  #> classes.py::makes_instances
    def method(self):
        return self.own()  #> classes.py::Computed.own

    def own(self):
        return self.method()  #> classes.py::Computed.method


class InheritsItself(InheritsItself):
    def method(self):
        return self.method()  #> classes.py::InheritsItself.method


class Sized:
    def __len__(self):
        return 1

    def calls(self):
        return len(self), self.__len__()  #> builtin ; classes.py::Sized.__len__


class Silent:
    def calls(self):
        return self.__repr__(), self.__class__.__name__.upper()  #> builtin ; builtin
