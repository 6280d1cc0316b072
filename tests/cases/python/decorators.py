"""A decorated name means its definition where the decorators give it back or declare to stand for it."""

import functools
from functools import cache, lru_cache, partial, singledispatch, update_wrapper, wraps

import flask
from typing import no_type_check


def same(function):
    return function


def registering(function):
    REGISTRY.append(function)  #> builtin
    return function


REGISTRY = []


def wrapping(function):
    @wraps(function)
    def wrapper(*args):
        return function(*args)  #> ?

    return wrapper


def wrapping_by_hand(function):
    def wrapper(*args):
        return function(*args)  #> ?

    wrapper.__wrapped__ = function
    return wrapper


def updating(function):
    def wrapper(*args):
        return function(*args)  #> ?

    return update_wrapper(wrapper, function)  #> !functools.update_wrapper


def replacing(function):
    def wrapper(*args):
        return 1

    return wrapper


def swapping(function):
    return helper


def rebinding(function):
    function = helper
    return function


def configured(option):
    def decorator(function):
        return function

    return decorator


def configured_wrapping(option):
    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args)  #> ?

        return wrapper

    return decorator


def configured_replacing(option):
    def decorator(function):
        return option

    return decorator


def both_ways(function=None, *, option=None):
    def decorator(function):
        return function

    if function is None:
        return decorator
    return decorator(function)  #> decorators.py::both_ways.decorator


def both_ways_by_partial(function=None, **options):
    if function is None:
        return partial(both_ways_by_partial, **options)  #> !functools.partial
    return function


class Instance:
    """Its instances stand for the functions they are made of."""

    def __init__(self, function):
        self.__wrapped__ = function

    def __call__(self, *args):
        return self.__wrapped__(*args)  #> ?


class Opaque:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args):
        return self.function(*args)  #> ?


class Keeping:
    def __call__(self, function):
        return function


keeping = Keeping()  #> decorators.py::Keeping


def helper():
    return 1


@same
def by_same():
    return helper()  #> decorators.py::helper


@registering
def by_registering():
    return 1


@wrapping
def by_wrapping():
    return 1


@wrapping_by_hand
def by_hand():
    return 1


@updating
def by_updating():
    return 1


@replacing
def by_replacing():
    return 1


@swapping
def by_swapping():
    return 1


@rebinding
def by_rebinding():
    return 1


@configured("a")  #> decorators.py::configured
def by_configured():
    return 1


@configured_wrapping(helper())  #> decorators.py::configured_wrapping ; decorators.py::helper
def by_configured_wrapping():
    return 1


@configured_replacing(1)  #> decorators.py::configured_replacing
def by_configured_replacing():
    return 1


@both_ways
def by_bare():
    return 1


@both_ways(option=1)  #> decorators.py::both_ways
def by_optioned():
    return 1


@both_ways_by_partial
def by_bare_partial():
    return 1


@both_ways_by_partial(option=1)  #> decorators.py::both_ways_by_partial
def by_optioned_partial():
    return 1


@Instance
def by_instance():
    return 1


@Opaque
def by_opaque():
    return 1


@keeping
def by_keeping():
    return 1


@Keeping()  #> decorators.py::Keeping
def by_new_keeping():
    return 1


@cache
def by_cache():
    return helper()  #> decorators.py::helper


@lru_cache(maxsize=None)  #> !functools.lru_cache
def by_lru_cache():
    return 1


@flask.Flask("a").route("/")  #> !flask.Flask ; !flask.Flask.route
def by_external():
    return 1


@same
@cache
@no_type_check
def by_several():
    return 1


@same
@replacing
def by_one_bad():
    return 1


@undefined
def by_undefined():
    return 1


@singledispatch
def dispatched(value):
    return 1


@dispatched.register(int)  #> !?.register
def _(value):
    return 2


def uses_kept():
    by_same()  #> decorators.py::by_same
    by_registering()  #> decorators.py::by_registering
    by_wrapping()  #> decorators.py::by_wrapping
    by_hand()  #> decorators.py::by_hand
    by_updating()  #> decorators.py::by_updating
    by_configured()  #> decorators.py::by_configured
    by_configured_wrapping()  #> decorators.py::by_configured_wrapping
    by_bare()  #> decorators.py::by_bare
    by_optioned()  #> decorators.py::by_optioned
    by_bare_partial()  #> decorators.py::by_bare_partial
    by_optioned_partial()  #> decorators.py::by_optioned_partial
    by_instance()  #> decorators.py::by_instance
    by_keeping()  #> decorators.py::by_keeping
    by_new_keeping()  #> decorators.py::by_new_keeping
    by_cache()  #> decorators.py::by_cache
    by_lru_cache()  #> decorators.py::by_lru_cache
    by_several()  #> decorators.py::by_several


def uses_replaced():
    by_replacing()  #> ?
    by_swapping()  #> ?
    by_rebinding()  #> ?
    by_configured_replacing()  #> ?
    by_opaque()  #> ?
    by_external()  #> ?
    by_one_bad()  #> ?
    by_undefined()  #> ?
    # Which of the registered functions is called depends on the argument.
    dispatched(1)  #> ?


class Methods:
    @wrapping
    def wrapped(self):
        return 1

    @replacing
    def replaced(self):
        return 1

    @staticmethod
    @cache
    def static():
        return 1

    @classmethod
    @wrapping
    def of_class(cls):
        return 1

    def use(self):
        self.wrapped()  #> decorators.py::Methods.wrapped
        self.replaced()  #> ?
        self.static()  #> decorators.py::Methods.static
        self.of_class()  #> decorators.py::Methods.of_class


@same
class Kept:
    def run(self):
        return 1


@replacing
class Lost:
    def run(self):
        return 1


def uses_classes():
    Kept().run()  #> decorators.py::Kept ; decorators.py::Kept.run
    Lost().run()  #> ? ; ?


def nested():
    @wrapping
    def inner():
        return 1

    return inner()  #> decorators.py::nested.inner
