"""What follows from asking a name for its type: where it holds, and until when."""


class Thing:
    def run(self):
        return 1


class Special(Thing):
    def special(self):
        return 2


class Other:
    def run(self):
        return 3

    def special(self):
        return 4


class Holder:
    def __init__(self, part):
        self.part = part

    def of_attribute(self):
        if isinstance(self.part, Other):  #> builtin
            self.part.run()  #> narrowing.py::Other.run
            self.part = make()  #> narrowing.py::make
            self.part.run()  #> ?
        return self.part.run()  #> ?


def make():
    return Thing()  #> narrowing.py::Thing


def of_parameter(thing):
    if isinstance(thing, Other):  #> builtin
        thing.run()  #> narrowing.py::Other.run
    else:
        thing.run()  #> ?
    return thing.run()  #> ?


def of_one_of_several(thing):
    if isinstance(thing, (Thing, Other)):  #> builtin
        thing.run()  #> ?
    elif isinstance(thing, (Other, Other)):  #> builtin
        thing.run()  #> narrowing.py::Other.run


def may_be_overridden(thing):
    if isinstance(thing, Overridden):  #> builtin
        thing.run()  #> ?
    if isinstance(thing, Overriding):  #> builtin
        thing.run()  #> narrowing.py::Overriding.run


class Overridden:
    def run(self):
        return 1


class Overriding(Overridden):
    def run(self):
        return 2


def not_one(thing):
    if not isinstance(thing, Other):  #> builtin
        thing.run()  #> ?
        return None
    return thing.run()  #> narrowing.py::Other.run


def not_one_and_goes_on(thing):
    if not isinstance(thing, Other):  #> builtin
        print(thing)  #> builtin
    return thing.run()  #> ?


def not_one_and_assigned(thing):
    if not isinstance(thing, Other):  #> builtin
        thing = Other()  #> narrowing.py::Other
    return thing.run()  #> ?


def raises(thing):
    if not isinstance(thing, Other):  #> builtin
        raise TypeError(thing)  #> builtin
    return thing.run()  #> narrowing.py::Other.run


def asserted(thing):
    assert isinstance(thing, Other)  #> builtin
    return thing.run()  #> narrowing.py::Other.run


def with_and(thing, flag):
    if flag and isinstance(thing, Other) and thing.run():  #> builtin ; narrowing.py::Other.run
        thing.run()  #> narrowing.py::Other.run
    return isinstance(thing, Other) and thing.run()  #> builtin ; narrowing.py::Other.run


def with_or(thing, flag):
    if flag or isinstance(thing, Other):  #> builtin
        thing.run()  #> ?
    if isinstance(thing, Other) or thing.run():  #> builtin ; ?
        thing.run()  #> ?
    if not isinstance(thing, Other) or thing.run():  #> builtin ; narrowing.py::Other.run
        thing.run()  #> ?


def not_and(thing, flag):
    if not (flag and isinstance(thing, Other)):  #> builtin
        return None
    return thing.run()  #> narrowing.py::Other.run


def not_or(thing, flag):
    if not (isinstance(thing, Other) or flag):  #> builtin
        return None
    return thing.run()  #> ?


def chosen(thing):
    return thing.run() if isinstance(thing, Other) else thing.run()  #> narrowing.py::Other.run ; builtin ; ?


def while_it_is(thing):
    while isinstance(thing, Other):  #> builtin
        thing.run()  #> narrowing.py::Other.run
        thing = thing.run()  #> narrowing.py::Other.run
        thing.run()  #> ?


def assigned_inside(thing, other):
    if isinstance(thing, Other):  #> builtin
        thing.run()  #> narrowing.py::Other.run
        thing = other
        thing.run()  #> ?


def assigned_in_a_loop_inside(thing, others):
    if isinstance(thing, Other):  #> builtin
        for other in others:
            thing.run()  #> ?
            thing = other


def asked_in_a_loop(things):
    for thing in things:
        if isinstance(thing, Other):  #> builtin
            thing.run()  #> narrowing.py::Other.run
        thing.run()  #> ?


def goes_on_in_a_loop(things):
    for thing in things:
        if not isinstance(thing, Other):  #> builtin
            continue
        thing.run()  #> narrowing.py::Other.run


def in_a_comprehension(things):
    return [thing.run() for thing in things if isinstance(thing, Other)]  #> narrowing.py::Other.run ; builtin


def not_in_a_comprehension(things):
    return [thing.run() for thing in things if not isinstance(thing, Other)]  #> ? ; builtin


def later(thing):
    if isinstance(thing, Other):  #> builtin
        return lambda: thing.run()  #> ?

    def nested():
        return thing.run()  #> ?

    return nested


def of_computed_type(thing, types):
    if isinstance(thing, types):  #> builtin
        thing.run()  #> ?
    if isinstance(thing, type(types)):  #> builtin ; builtin
        thing.run()  #> ?


def narrower_than_declared(thing: Thing):
    if isinstance(thing, Special):  #> builtin
        thing.special()  #> narrowing.py::Special.special
    if isinstance(thing, Thing):  #> builtin
        thing.run()  #> narrowing.py::Thing.run


def wider_than_declared(thing: Special):
    if isinstance(thing, Thing):  #> builtin
        thing.special()  #> narrowing.py::Special.special


def besides_what_is_declared(thing: Thing):
    if isinstance(thing, Other):  # a class that inherits from both  #> builtin
        thing.run()  #> ?


def of_a_union(thing: "Thing | Other"):
    if isinstance(thing, Other):  #> builtin
        thing.run()  #> ?
    if isinstance(thing, str):  #> builtin
        thing.upper()  #> !?.upper


def of_type_itself(thing):
    if type(thing) is Other:  #> builtin
        thing.run()  #> ?
    if issubclass(thing, Other):  #> builtin
        thing().run()  #> ? ; ?


def isinstance_is_mine(thing):
    def isinstance(one, other):
        return True

    if isinstance(thing, Other):  #> narrowing.py::isinstance_is_mine.isinstance
        thing.run()  #> ?


def of_another_name(thing, other):
    if isinstance(other, Other):  #> builtin
        thing.run()  #> ?


def of_text_or_bytes(text):
    if isinstance(text, (str, bytes)):  #> builtin
        text.strip()  #> builtin
    if isinstance(text, dict):  #> builtin
        text.items()  #> builtin


def in_a_try(thing):
    try:
        assert isinstance(thing, Other)  #> builtin
    except AssertionError:
        thing.run()  #> ?
    thing.run()  #> ?


def in_another_branch(thing, flag):
    if flag:
        assert isinstance(thing, Other)  #> builtin
    thing.run()  #> ?


def deleted(thing):
    if isinstance(thing, Other):  #> builtin
        with thing as thing:
            thing.run()  #> ?


def given_up(thing):
    global Other
    if isinstance(thing, Other):  #> builtin
        return thing.run()  #> narrowing.py::Other.run
    return None
