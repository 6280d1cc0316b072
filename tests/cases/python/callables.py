"""Functions as values: passed, returned, stored, partial, lambdas, instances that are called."""

import functools
import operator
from functools import partial


def helper(*args):
    return 1


def other():
    return 2


def takes(callback):
    return callback()  #> ?


def takes_with_default(callback=helper):
    return callback()  #> ?


def passes():
    return takes(helper)  #> callables.py::takes


def passes_result():
    return takes(helper())  #> callables.py::takes ; callables.py::helper


def passes_to_builtin(items):
    return sorted(items, key=helper), list(map(helper, items))  #> builtin ; builtin ; builtin


def makes_partial():
    # The partial object is called, and what it calls is helper.
    bound = partial(helper, 1)  #> !functools.partial
    bound()  #> callables.py::helper
    functools.partial(helper)()  #> !functools.partial ; callables.py::helper
    return bound.func()  #> ?


def of_lambda():
    call = lambda: helper()  #> callables.py::helper
    call()  #> builtin
    return (lambda: other())()  #> builtin ; callables.py::other


def of_lambda_parameter():
    return lambda callback: callback()  #> ?


module_lambda = lambda x: helper(x)  #> callables.py::helper


def uses_module_lambda():
    return module_lambda(1)  #> builtin


table = {"a": helper, "b": other}
several = [helper, other]


def from_containers(name):
    table[name]()  #> ?
    table.get(name)()  #> builtin ; ?
    several[0]()  #> ?
    for function in several:
        function()  #> ?
    for function in (helper, helper):
        function()  #> callables.py::helper
    {"a": helper}["a"]()  #> ?


class Callable:
    def __call__(self):
        return 1

    def method(self):
        return self()  #> callables.py::Callable.__call__ [call]


class InheritsCall(Callable):
    pass


class NotCallable:
    pass


class OverriddenCall:
    def __call__(self):
        return 1

    def method(self):
        return self()  #> ?


class OverridesCall(OverriddenCall):
    def __call__(self):
        return 2


def calls_instances(given: Callable, not_callable: NotCallable, overridden: OverriddenCall):
    Callable()()  #> callables.py::Callable ; callables.py::Callable.__call__
    instance = Callable()  #> callables.py::Callable
    instance()  #> callables.py::Callable.__call__
    given()  #> callables.py::Callable.__call__
    InheritsCall()()  #> callables.py::InheritsCall ; callables.py::Callable.__call__
    not_callable()  #> ?
    overridden()  #> ?
    OverriddenCall()()  #> callables.py::OverriddenCall ; callables.py::OverriddenCall.__call__
    given.__call__()  #> callables.py::Callable.__call__


class CallIsAttribute:
    def __init__(self):
        self.run = helper
        self.callback = None

    def use(self):
        self.run()  #> callables.py::helper
        self.callback()  #> ?


def bound_methods(given: Callable):
    method = given.method
    return method()  #> callables.py::Callable.method


def class_as_value(kind):
    made = Callable
    made()  #> callables.py::Callable
    kind()  #> ?
    return made()()  #> callables.py::Callable ; callables.py::Callable.__call__


def function_attributes():
    helper.cached = other
    helper.cached()  #> ?
    helper.__name__.upper()  #> builtin
    return helper.__call__()  #> ?


def higher_order():
    return takes_and_returns(helper)()  #> callables.py::takes_and_returns ; ?


def takes_and_returns(function):
    return function


def closure():
    def inner():
        return helper()  #> callables.py::helper

    return inner


def calls_closure():
    return closure()()  #> callables.py::closure ; callables.py::closure.inner


def operators():
    operator.attrgetter("run")(1)  #> !operator.attrgetter ; ?
    operator.methodcaller("run")(1)  #> !operator.methodcaller ; ?


def immediately():
    return [helper][0](), (helper or other)()  #> ? ; ?


def conditional_call(flag):
    return (helper if flag else other)()  #> ?


def starred(*functions, **named):
    functions[0]()  #> ?
    named["a"]()  #> ?


def calls_own_argument(function):
    def wrapper():
        return function()  #> ?

    return wrapper()  #> callables.py::calls_own_argument.wrapper
