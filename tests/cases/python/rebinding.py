"""A name that is bound more than once: on one path it has one target, on several it has none."""

import sys


def one():
    return 1


def two():
    return 2


def straight():
    call = one
    call()  #> rebinding.py::one
    call = two
    return call()  #> rebinding.py::two


def branches(flag):
    if flag:
        call = one
    else:
        call = two
    return call()  #> ?


def same_on_both(flag):
    if flag:
        call = one
    else:
        call = one
    return call()  #> rebinding.py::one


def default_and_exception(flag):
    call = one
    if flag:
        call = two
    return call()  #> ?


def certain_after_branch(flag):
    if flag:
        call = one
    call = two
    return call()  #> rebinding.py::two


def none_first(flag):
    call = None
    if flag:
        call = one
    return call()  #> rebinding.py::one


def loop(items):
    call = one
    for _ in items:
        call()  #> ?
        call = two


def after_loop(items):
    call = one
    for _ in items:
        call = two
    return call()  #> ?


def while_loop(items):
    call = one
    while items.pop():  #> ?
        call()  #> rebinding.py::one


class Popping:
    def pop(self):
        return one


def attempt():
    try:
        call = one
    except ValueError:
        call = two
    return call()  #> ?


def attempt_and_finally():
    try:
        call = one
    finally:
        one()  #> rebinding.py::one
    return call()  #> rebinding.py::one


def matched(value):
    match value:
        case 1:
            call = one
        case _:
            call = two
    return call()  #> ?


def captured(value):
    match value:
        case {"call": one}:
            return one()  #> ?
    return two()  #> rebinding.py::two


def unpacked():
    a, b = one, two
    return a(), b()  #> rebinding.py::one ; rebinding.py::two


def unpacked_pair(pair):
    one, rest = pair
    return one(), rest  #> ?


def starred(items):
    one, *rest = items
    return one()  #> ?


def swapped():
    a, b = one, two
    a, b = b, a
    return a(), b()  #> rebinding.py::two ; rebinding.py::one


def chained():
    a = b = one
    return a(), b()  #> rebinding.py::one ; rebinding.py::one


def augmented(call):
    total = one
    total += call
    return total()  #> ?


def either(flag):
    call = one if flag else two
    return call()  #> ?


def either_of_one(flag):
    call = one if flag else None
    return call()  #> rebinding.py::one


def fallback(given=None):
    call = given or one
    return call()  #> ?


def twice_defined():
    return 1


def twice_defined():
    return 2


def calls_twice_defined():
    return twice_defined()  #> rebinding.py::twice_defined#2


def redefined_later():
    return 1


def calls_between():
    # Called between the two definitions it reaches the first, later the second.
    return redefined_later()  #> ?


between = redefined_later()  #> rebinding.py::redefined_later


def redefined_later():
    return 2


after = redefined_later()  #> rebinding.py::redefined_later#2

if sys.platform == "win32":

    def by_platform():
        return 1

else:

    def by_platform():
        return 2


def calls_by_platform():
    return by_platform()  #> ?


if sys.platform == "win32":

    def only_sometimes():
        return 1


def calls_only_sometimes():
    return only_sometimes()  #> rebinding.py::only_sometimes


alias = one
alias_of_alias = alias


def calls_aliases():
    return alias(), alias_of_alias()  #> rebinding.py::one [alias] ; rebinding.py::one


def current():
    return 1


def install():
    global current
    current = two


def calls_current():
    return current()  #> ?


class Rebound:
    def first(self):
        return 1

    second = first

    def calls(self):
        return self.second()  #> rebinding.py::Rebound.first


class Conditional:
    if sys.maxsize > 2**32:

        def size(self):
            return 8

    else:

        def size(self):
            return 4

    def calls(self):
        return self.size()  #> ?


def closure_over_loop(items):
    found = []
    for item in items:
        call = one

        def inner():
            return call()  #> ?

        found.append(inner)  #> builtin
        call = two
    return found


def closure_over_one():
    call = one

    def inner():
        return call()  #> rebinding.py::one

    return inner


def closure_rebound_later():
    call = one

    def inner():
        return call()  #> ?

    call = two
    return inner


def removed():
    return 3


del removed


def calls_removed():
    return removed()  #> ?


def loop_variable_again(items):
    call = two
    for call in items:
        call()  #> ?
    for call in (one, one):
        call()  #> rebinding.py::one
    return call()  #> ?


def loop_variable_assigned(flag):
    for call in (one, one):
        call()  #> rebinding.py::one
        call = two
    for call in (one, one):
        if flag:
            call = two
        call()  #> ?


def loop_variable_of_an_inner_loop(flag):
    call = two
    for _ in range(3):  #> builtin
        for call in (one, one):
            call()  #> rebinding.py::one
        call()  #> ?
        while flag:
            call()  #> ?
            call = two


def loop_variable_in_an_inner_loop(flag):
    for call in (one, one):
        while flag:
            call()  #> ?
            call = two


def loop_that_may_not_run(flag):
    call = two
    for call in (one, one):
        pass
    else:
        call()  #> ?


def unpacked_loop_variable(items):
    call = two
    for call, _ in items:
        call()  #> ?
    for call, _ in ((one, 1), (one, 2)):
        call()  #> rebinding.py::one
        call, _ = (two, 1)
