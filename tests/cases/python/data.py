"""Methods of strings, numbers and containers against methods of the repository of the same name."""


class Text:
    """Its methods have the names of methods of the language."""

    def join(self, parts):
        return parts

    def split(self):
        return []

    def append(self, item):
        return item

    def get(self, key):
        return key

    def read(self):
        return ""

    def copy(self):
        return self

    def items(self):
        return []

    def __mod__(self, other):
        return self

    def __eq__(self, other):
        return self

    def __abs__(self):
        return self


def strings():
    ", ".join([])  #> builtin
    "a b".split()  #> builtin
    f"{1}".join([])  #> builtin
    b"a".join([])  #> builtin
    "a" "b".split()  #> builtin
    ("%s" % 1).split()  #> builtin


def containers():
    [].append(1)  #> builtin
    {}.get(1)  #> builtin
    {1: 2}.items()  #> builtin
    (1, 2).index(1)  #> builtin
    {1, 2}.copy()  #> builtin
    [x for x in "ab"].append(1)  #> builtin


def named_containers():
    items = []
    items.append(1)  #> builtin
    table = {}
    table.get(1)  #> builtin
    built = dict(a=1)  #> builtin
    built.get("a")  #> builtin
    text = str(1)  #> builtin
    text.split()  #> builtin


def chained():
    return "a,b".strip().split(",")  #> builtin ; builtin


def of_unknown(thing):
    thing.append(1)  #> ?
    thing.split()  #> ?
    thing.nobody_defines_this()  #> !?.nobody_defines_this


def of_text():
    Text().join([])  #> data.py::Text ; data.py::Text.join [constructor]
    text = Text()  #> data.py::Text
    text.split()  #> data.py::Text.split
    return text.get(1)  #> data.py::Text.get


def annotated(text: str, table: dict, count: int, own: Text):
    text.split()  #> builtin
    table.get(1)  #> builtin
    count.bit_length()  #> builtin
    own.split()  #> data.py::Text.split [annotation]


def items_are_unknown(table: dict):
    table["a"].append(1)  #> ?
    table.get("a").append(1)  #> builtin ; ?
    [Text()][0].append(1)  #> ? ; data.py::Text


def comparisons(a: Text, b: Text):
    # `==` gives whatever `__eq__` gives.
    (a == b).split()  #> ?
    (a is b).bit_length()  #> builtin


def arithmetic(a: Text):
    (a % 1).split()  #> ?
    abs(a).split()  #> builtin ; ?


def files(path):
    with open(path) as stream:  #> builtin
        stream.read()  #> !io.IOBase.read
    open(path).read()  #> builtin ; !io.IOBase.read


def results_of_builtins(things):
    sorted(things).append(1)  #> builtin ; builtin
    sorted(things)[0].append(1)  #> builtin ; ?
    next(things).append(1)  #> builtin ; ?
    max(things).append(1)  #> builtin ; ?
    repr(things).split()  #> builtin ; builtin


def slices(text: str):
    text[1:].split()  #> builtin
    text[1].split()  #> builtin


def slices_of_lists(rows: list[list[Text]]):
    rows[0][0].split()  #> data.py::Text.split
    rows[1:][0].append(1)  #> builtin
    rows[1:][0][0].append(1)  #> data.py::Text.append


def either(flag):
    value = "a" if flag else "b"
    value.split()  #> builtin
    mixed = "a" if flag else Text()  #> data.py::Text
    return mixed.split()  #> ?


def looping(text: str):
    for char in text:
        char.split()  #> builtin
    for part in text.split():  #> builtin
        part.split()  #> builtin


class Shout(str):
    def upper(self):
        return self


def subclass_overrides(text: str):
    text.upper()  #> ?
    "literal".upper()  #> builtin
    text.lower()  #> builtin


def calls_of_subclass():
    Shout("a").upper()  #> data.py::Shout ; data.py::Shout.upper
    Shout("a").lower()  #> data.py::Shout ; !
