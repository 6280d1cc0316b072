"""Which binding a name means: module, class, function, lambda and comprehension scopes."""


def helper():
    return 1


def other():
    return 2


def from_function():
    return helper()  #> scopes.py::helper [lexical]


class Owner:
    def helper(self):
        return 3

    def method(self):
        return helper()  #> scopes.py::helper

    def nested(self):
        def inner():
            return helper()  #> scopes.py::helper

        return inner()  #> scopes.py::Owner.nested.inner

    first = other()  #> scopes.py::other
    second = helper(None)  #> scopes.py::Owner.helper
    third = [helper() for _ in range(3)]  #> scopes.py::helper ; builtin


class Late:
    # In a class body a name is looked up in the class, and when it is not bound there yet, outside.
    early = other()  #> scopes.py::other

    def other(self):
        return 4

    late = other(None)  #> scopes.py::Late.other


class Perhaps:
    if helper():  #> scopes.py::helper
        other = print
    value = other()  #> ?


def parameter_shadows(helper):
    return helper()  #> ?


def keyword_parameter_shadows(*, helper):
    return helper()  #> ?


def default_sees_outside(helper=helper()):  #> scopes.py::helper
    return helper


def local_shadows():
    helper = other
    return helper()  #> scopes.py::other [alias]


def local_before_assignment():
    def inner():
        return helper()  #> scopes.py::other

    helper = other
    return inner()  #> scopes.py::local_before_assignment.inner


def loop_variable_shadows(callbacks):
    for helper in callbacks:
        helper()  #> ?


def comprehension_variable_shadows(callbacks):
    results = [helper() for helper in callbacks]  #> ?
    return results, helper()  #> scopes.py::helper


def generator_variable_shadows(callbacks):
    return sum(helper() for helper in callbacks)  #> builtin ; ?


def dict_comprehension(callbacks):
    return {helper(): other() for helper in callbacks}  #> ? ; scopes.py::other


def nested_comprehension(rows):
    return [[helper(cell) for cell in row] for row in rows]  #> scopes.py::helper


def comprehension_condition(rows):
    return [row for row in rows if helper()]  #> scopes.py::helper


def first_iterable_is_outside():
    # The first iterable is evaluated in the scope around the comprehension.
    return [helper for helper in helper()]  #> scopes.py::helper


class FirstIterable:
    def other():
        return [1]

    values = [value for value in other()]  #> scopes.py::FirstIterable.other
    inner = [value for _ in (1, 2) for value in other()]  #> scopes.py::other


def walrus_shadows(data):
    if (helper := data.get("helper")) is not None:  #> !?.get
        return helper()  #> ?


def walrus_leaves_comprehension(items):
    found = [helper := item for item in items]
    return found, helper()  #> ?


def lambda_parameter_shadows():
    return lambda helper: helper()  #> ?


def lambda_body():
    return (lambda x: helper(x))(1)  #> builtin ; scopes.py::helper


def lambda_default():
    return lambda x=helper(): x  #> scopes.py::helper


def uses_global():
    global replaced
    replaced = helper
    return replaced()  #> ?


def replaced():
    return 5


def counter():
    step = helper

    def change():
        nonlocal step
        step = other

    change()  #> scopes.py::counter.change
    return step()  #> ?


def counter_of_one():
    step = None

    def set_it():
        nonlocal step
        step = other

    set_it()  #> scopes.py::counter_of_one.set_it
    return step()  #> scopes.py::other


def enclosing_function():
    def helper():
        return 6

    class Local:
        def method(self):
            return helper()  #> scopes.py::enclosing_function.helper

    return Local().method()  #> scopes.py::enclosing_function.Local ; scopes.py::enclosing_function.Local.method


def sibling_scope_is_not_seen():
    return inner()  #> ?


def deleted():
    from os import getcwd as helper

    del helper
    return other()  #> scopes.py::other


def len(sequence):
    return 7


def shadowed_builtin(values):
    return len(values), max(values)  #> scopes.py::len ; builtin


class Recursive:
    def walk(self, depth):
        return self.walk(depth - 1)  #> scopes.py::Recursive.walk [self]


def recursive(depth):
    return recursive(depth - 1)  #> scopes.py::recursive


def mutual_a(n):
    return mutual_b(n)  #> scopes.py::mutual_b


def mutual_b(n):
    return mutual_a(n)  #> scopes.py::mutual_a
