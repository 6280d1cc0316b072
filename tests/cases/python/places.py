"""Where calls stand: decorators, defaults, annotations, f-strings, class bodies, conditions; and whose they are."""

import functools


def helper(*args):
    return 1


def other(*args):
    return 2


def decorate(argument):
    def decorator(function):
        return function

    return decorator


@decorate(helper())  #> places.py::decorate ; places.py::helper
def decorated(value=other()):  #= places.py::decorate, places.py::helper, places.py::other
    return value


def annotated(value: helper(), *rest: other()) -> helper():  #> places.py::helper ; places.py::other ; places.py::helper
    return value


def in_text():
    f"{helper()} and {other():>{helper()}}"  #> places.py::helper ; places.py::other ; places.py::helper
    f"{', '.join(str(helper(x)) for x in 'ab')}"  #> builtin ; builtin ; places.py::helper
    "helper() is not called here"
    # nor is helper() here
    return f"{helper!r}"


def in_conditions(items):
    if helper() and not other():  #> places.py::helper ; places.py::other
        return None
    while helper():  #> places.py::helper
        break
    assert helper(), other()  #> places.py::helper ; places.py::other
    with helper(), other():  #> places.py::helper ; places.py::other
        pass
    del items[helper()]  #> places.py::helper
    items[helper()] = other()  #> places.py::helper ; places.py::other
    items.attribute = helper()  #> places.py::helper
    for item in helper():  #> places.py::helper
        yield other(item)  #> places.py::other
    match helper():  #> places.py::helper
        case 1 if other():  #> places.py::other
            pass
    return helper() if other() else helper()  #> places.py::helper ; places.py::other ; places.py::helper


def multiple_lines():
    return helper(  #> places.py::helper
        other(),  #> places.py::other
        key=helper,
        **dict(a=other()),  #> builtin ; places.py::other
    )


def semicolons():
    helper(); other()  #> places.py::helper ; places.py::other


class Body(functools.partial if helper() else object):  #> places.py::helper
    value = helper()  #> places.py::helper
    other = other()  #> places.py::other
    if helper():  #> places.py::helper

        def method(self):
            return 1


class WithKeyword(metaclass=type, option=helper()):  #> places.py::helper
    pass


def closed_one():  #= places.py::helper
    return helper()


def closed_none():  #= none
    return len("abc")


def closed_two(flag):  #= places.py::helper, places.py::other
    return helper() if flag else other()


def open_one(callback):  #= open
    return helper(callback())


def open_in_nested():  #= open
    def inner(callback):
        return callback()

    return inner


def nested_counts():  #= places.py::helper
    def inner():
        return helper()

    return inner()


def lambda_counts():  #= places.py::other
    return lambda: other()


def recursion_does_not(n):  #= none
    return recursion_does_not(n - 1)


def instantiation():  #= places.py::WithKeyword
    return WithKeyword()


def passing_does_not():  #= none
    return sorted([1], key=helper)


def raising():  #= places.py::Failure
    raise Failure


class Failure(Exception):
    def __init__(self):  #= places.py::helper
        super().__init__(helper())


class Inherits(Failure):
    def use(self):  #= places.py::Failure.__init__
        self.__init__()


def property_does_not(thing: "HasProperty"):  #= none
    return thing.value


class HasProperty:
    @property
    def value(self):  #= places.py::other
        return other()


def comprehension_counts(items):  #= places.py::helper, places.py::other
    return [helper(x) for x in items if other(x)]


def several_times():  #= places.py::helper
    return helper(helper(helper()))


def with_does_not():  #= places.py::Managed
    with Managed():
        return None


class Managed:
    def __enter__(self):  #= none
        return self

    def __exit__(self, *details):  #= none
        return None


def external_only(path):  #= none
    with open(path) as stream:
        return stream.read()


def operators_do_not(a: HasProperty, b: HasProperty):  #= none
    return a + b
