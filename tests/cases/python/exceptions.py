"""`raise X` makes an X; raising what is an exception already makes nothing."""

import json


class Base(Exception):
    def details(self):
        return "base"


class Special(Base):
    @classmethod
    def of(cls, text):
        return cls(text)  #> exceptions.py::Special [self]


class Unrelated(Exception):
    def details(self):
        return "unrelated"


def build():
    return Base()  #> exceptions.py::Base


def with_parentheses():
    raise Base("a")  #> exceptions.py::Base


def without_parentheses():
    raise Base  #> exceptions.py::Base


def from_cause(error):
    raise Base from error  #> exceptions.py::Base


def with_cause(error):
    raise Base("a") from error  #> exceptions.py::Base


def cause_is_made():
    raise Base("a") from Special("b")  #> exceptions.py::Base ; exceptions.py::Special


def builtin_error():
    raise ValueError("a")  #> builtin


def builtin_class():
    raise ValueError  #> builtin


def external_error():
    raise json.JSONDecodeError("a", "b", 1)  #> !json.JSONDecodeError


def external_class():
    raise json.JSONDecodeError  #> !json.JSONDecodeError


def made_by_function():
    raise build()  #> exceptions.py::build


def made_by_classmethod():
    raise Special.of("a")  #> exceptions.py::Special.of


def raised_again():
    try:
        build()  #> exceptions.py::build
    except Base as error:
        error.details()  #> exceptions.py::Base.details
        raise error  #> builtin
    except (Special, Unrelated) as error:
        error.details()  #> ?
        raise error  #> builtin
    except Exception as error:
        error.details()  #> ?
        raise error  #> builtin
    except:
        raise


def with_traceback():
    try:
        build()  #> exceptions.py::build
    except ValueError as error:
        raise Base().with_traceback(None) from error  #> exceptions.py::Base ; !


def local_instance():
    error = Base()  #> exceptions.py::Base
    raise error  #> builtin


def parameter(error):
    raise error  #> ?


def typed_parameter(error: Base, kind: type[Special]):
    if error:
        raise error  #> builtin
    raise kind  #> exceptions.py::Special


def typed_class_with_subclass(kind: type[Base]):
    raise kind  #> ?


def conditional(flag):
    raise (Base if flag else Unrelated)("a")  #> ?


class Holder:
    error = Base
    instance = Base("a")  #> exceptions.py::Base

    def use(self):
        raise self.error  #> exceptions.py::Base

    def use_instance(self):
        raise self.instance  #> builtin


def rebound(flag):
    error = Base
    if flag:
        error = Unrelated
    raise error  #> ?


def group():
    try:
        build()  #> exceptions.py::build
    except* Base as errors:
        raise errors  #> builtin


def asserts(value):
    assert value, build()  #> exceptions.py::build
