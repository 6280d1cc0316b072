"""What cannot be known before it runs: getattr, globals, monkey-patching, __getattr__, setattr."""

import importlib
import sys


def helper():
    return 1


def other():
    return 2


def by_name(thing, name):
    getattr(thing, name)()  #> builtin ; ?
    getattr(thing, "run")()  #> builtin ; ?
    globals()[name]()  #> builtin ; ?
    globals()["helper"]()  #> builtin ; ?
    locals()["helper"]()  #> builtin ; ?
    vars(thing)["helper"]()  #> builtin ; ?
    eval("helper")()  #> builtin ; ?
    eval("helper()")  #> builtin
    __import__("x").helper()  #> builtin ; ?
    importlib.import_module("x").helper()  #> !importlib.import_module ; ?
    sys.modules["x"].helper()  #> ?


class Patched:
    def method(self):
        return 1

    def untouched(self):
        return 2

    def by_setattr(self):
        return 3

    def use(self):
        self.method()  #> ?
        self.untouched()  #> dynamic.py::Patched.untouched
        self.by_setattr()  #> ?
        return Patched().method()  #> dynamic.py::Patched ; ?


class Inherits(Patched):
    def use_inherited(self):
        return self.method(), super().method()  #> ? ; builtin ; ?


def patch():
    Patched.method = helper
    setattr(Patched, "by_setattr", helper)  #> builtin


class Answers:
    """Has any attribute."""

    def __getattr__(self, name):
        return helper

    def known(self):
        return self.unknown_one()  #> ?

    def unknown(self):
        return self.known()  #> dynamic.py::Answers.known


class Intercepts:
    def __getattribute__(self, name):
        return helper

    def known(self):
        return self.other_known()  #> ?

    def other_known(self):
        return 1


def of_unknown(thing):
    # Some object of this file answers for any name.
    thing.nobody_defines_this()  #> ?


def of_answers(answers: Answers):
    answers.known()  #> dynamic.py::Answers.known
    answers.anything()  #> ?
    Answers.known(answers)  #> dynamic.py::Answers.known


def dunder_of_unknown(thing):
    thing.__class__()  #> ?
    type(thing)()  #> builtin ; ?
    thing.__init__()  #> ?


def local_functions():
    def inner():
        return 1

    inner.attribute = helper
    inner.attribute()  #> ?
    return inner()  #> dynamic.py::local_functions.inner


def exec_code():
    exec("def helper(): pass")  #> builtin


class Stores:
    def __init__(self, **options):
        for name, value in options.items():  #> builtin
            setattr(self, name, value)  #> builtin

    def use(self):
        return self.option()  #> ?

    def kept(self):
        return self.use()  #> dynamic.py::Stores.use


class ReplacesInInit:
    def __init__(self):
        self.work = self._wrap(self.work)  #> dynamic.py::ReplacesInInit._wrap

    def _wrap(self, function):
        return function

    def work(self):
        return 1

    def use(self):
        return self.work()  #> ?


def subclass_at_run_time(base):
    class Made(base):
        def run(self):
            return self.helper(), self.own()  #> ? ; dynamic.py::subclass_at_run_time.Made.own

        def own(self):
            return 1

    return Made
