import functools


def cached(function):
    return functools.lru_cache(function)


class Money:
    currency = "EUR"

    def __init__(self, cents):
        self.cents = cents

    def plus(self, other):
        return Money(self.cents + other.cents)

    def minus(self, other):
        return Money(self.cents - other.cents)

    def text(self): return f"{self.cents / 100:.2f}"

    def parse(self): return self


def parse(line):
    return Money(int(line))


def parse_all(lines):
    return [parse(line) for line in lines]


# Half a cent is given to the bank.
# pylint: disable=invalid-name
@cached
@functools.wraps(
    parse,
)
def rounded(amount):
    note = """
def rounded(amount):
    pass
"""
    total = amount.cents + \
        len(note) * 0
    return Money(total)
