"""Attributes typed where they are assigned."""


class Part:
    def run(self):
        return 1

    def other(self):
        return 2


class Spare:
    def run(self):
        return 3


class Machine:
    shared = Part()  #> attributes.py::Part

    def __init__(self, given: Part, unknown):
        self.part = Part()  #> attributes.py::Part
        self.given = given
        self.unknown = unknown
        self.declared: Part = unknown
        self.optional = None
        self.parts: list[Part] = []
        self.items = []
        self.name = "n"
        self.factory = Part
        self.function = make_part
        self.either = given or Part()  #> attributes.py::Part
        self.mixed = Part()  #> attributes.py::Part
        self.left, self.right = Part(), Spare()  #> attributes.py::Part ; attributes.py::Spare
        self.table = {}

    def prepare(self):
        self.optional = Part()  #> attributes.py::Part
        self.mixed = Spare()  #> attributes.py::Spare

    def use(self):
        self.part.run()  #> attributes.py::Part.run
        self.given.run()  #> attributes.py::Part.run
        self.unknown.run()  #> ?
        self.declared.run()  #> attributes.py::Part.run
        self.optional.run()  #> attributes.py::Part.run
        self.mixed.run()  #> ?
        self.either.run()  #> attributes.py::Part.run
        self.shared.run()  #> attributes.py::Part.run
        self.left.run()  #> attributes.py::Part.run
        self.right.run()  #> attributes.py::Spare.run

    def use_more(self):
        for part in self.parts:
            part.run()  #> attributes.py::Part.run
        self.parts[0].run()  #> attributes.py::Part.run
        self.items.append(1)  #> builtin
        self.items[0].run()  #> ?
        self.name.upper()  #> builtin
        self.factory()  #> attributes.py::Part
        self.factory().run()  #> attributes.py::Part ; attributes.py::Part.run
        self.function()  #> attributes.py::make_part
        self.function().run()  #> attributes.py::make_part ; attributes.py::Part.run
        self.table["run"]()  #> ?

    def nested_store(self):
        def inner():
            self.late = Spare()  #> attributes.py::Spare

        inner()  #> attributes.py::Machine.nested_store.inner
        return self.late.run()  #> attributes.py::Spare.run


class Derived(Machine):
    def use_inherited(self):
        return self.part.run(), super().use()  #> attributes.py::Part.run ; builtin ; attributes.py::Machine.use


def make_part():
    return Part()  #> attributes.py::Part


def from_outside(machine: Machine):
    machine.part.run()  #> attributes.py::Part.run
    machine.shared.run()  #> attributes.py::Part.run
    Machine.shared.run()  #> attributes.py::Part.run


class Base:
    def __init__(self):
        self.tool = Part()  #> attributes.py::Part
        self.kept = Part()  #> attributes.py::Part

    def use(self):
        self.tool.run()  #> ?
        self.kept.run()  #> attributes.py::Part.run


class Changes(Base):
    def __init__(self):
        super().__init__()  #> builtin ; attributes.py::Base.__init__ [super]
        self.tool = Spare()  #> attributes.py::Spare

    def use_changed(self):
        return self.tool.run()  #> ?


class Patched:
    def __init__(self):
        self.engine = Part()  #> attributes.py::Part

    def use(self):
        return self.engine.run()  #> ?


def patch(patched):
    patched.engine = Spare()  #> attributes.py::Spare


class WithClassStore:
    registry = None

    @classmethod
    def install(cls):
        cls.registry = Part()  #> attributes.py::Part

    @classmethod
    def use(cls):
        return cls.registry.run()  #> attributes.py::Part.run

    def use_instance(self):
        return self.registry.run()  #> attributes.py::Part.run


class Chain:
    def __init__(self):
        self.machine = Machine(Part(), 1)  #> attributes.py::Machine ; attributes.py::Part

    def use(self):
        return self.machine.part.run()  #> attributes.py::Part.run


class Slots:
    __slots__ = ("part",)

    def __init__(self, part):
        self.part = part

    def use(self):
        return self.part.run()  #> ?


class Loops:
    def __init__(self, parts: list[Part]):
        self.parts = parts
        for self.current in parts:
            pass
        with open("x") as self.stream:  #> builtin
            pass

    def use(self):
        self.current.run()  #> ?
        self.stream.run()  #> ?
        return [p.run() for p in self.parts]  #> attributes.py::Part.run


class SelfReference:
    def __init__(self, parent=None):
        self.parent = parent or self
        self.again = self.again

    def use(self):
        return self.parent.use(), self.again.use()  #> ? ; ?


instance = Part()  #> attributes.py::Part


def of_module_variable():
    return instance.run()  #> attributes.py::Part.run
