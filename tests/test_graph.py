"""graph.py: who contains, imports, inherits from and calls whom, and which definitions are closed."""

import io
import json
from collections.abc import Mapping

import networkx
import pytest

from hybridgym.graph import RepoGraph
from tiny import Files, context

SHOP: Files = {
    "shop/__init__.py": "from .till import Till\n",
    "shop/base.py": (
        "class Counter:\n"
        "    def count(self):\n"
        "        return 1\n\n\n"
        "def total(amount: int) -> int:\n"
        "    return amount\n"
    ),
    "shop/till.py": (
        "from .base import Counter, total\n\n\n"
        "class Till(Counter):\n"
        "    def open(self):\n"
        "        return total(self.count())\n"
    ),
    "main.py": "import shop\n\n\ndef main():\n    till = shop.Till()\n    return till.open()\n",
}


def graph_of(files: Files) -> RepoGraph:
    return context(files).graph


def callees(source: str, name: str = "f") -> dict[str, str]:
    """What a definition of a file calls, by qualified name, and how it was resolved."""
    graph = graph_of({"m.py": source})
    return {graph.id(key).partition("::")[2]: how for key, how in graph.calls(graph.by_id[f"m.py::{name}"]).callees}


def unresolved(source: str, name: str = "f") -> tuple[str, ...]:
    graph = graph_of({"m.py": source})
    return graph.calls(graph.by_id[f"m.py::{name}"]).unresolved


def edges(files: Files, kind: str) -> set[tuple[str, str]]:
    return {(a, b) for a, b, key in graph_of(files).networkx().edges(keys=True) if key == kind}


def test_files_contain_definitions_and_these_theirs() -> None:
    assert edges(SHOP, "contains") == {
        ("shop/base.py", "shop/base.py::Counter"),
        ("shop/base.py::Counter", "shop/base.py::Counter.count"),
        ("shop/base.py", "shop/base.py::total"),
        ("shop/till.py", "shop/till.py::Till"),
        ("shop/till.py::Till", "shop/till.py::Till.open"),
        ("main.py", "main.py::main"),
    }


def test_files_import_files_and_what_they_name() -> None:
    assert edges(SHOP, "imports") >= {
        ("main.py", "shop/__init__.py"),
        ("shop/__init__.py", "shop/till.py::Till"),
        ("shop/till.py", "shop/base.py::Counter"),
        ("shop/till.py", "shop/base.py::total"),
    }


def test_classes_inherit() -> None:
    assert edges(SHOP, "inherits") == {("shop/till.py::Till", "shop/base.py::Counter")}


def test_calls_say_how_they_were_resolved() -> None:
    graph = graph_of(SHOP).networkx()
    found = {(a, b): data["how"] for a, b, key, data in graph.edges(keys=True, data=True) if key == "calls"}
    assert found == {
        ("main.py::main", "shop/till.py::Till"): "module",
        ("main.py::main", "shop/till.py::Till.open"): "constructor",
        ("shop/till.py::Till.open", "shop/base.py::total"): "import",
        ("shop/till.py::Till.open", "shop/base.py::Counter.count"): "self",
        # A class calls what the code in it calls.
        ("shop/till.py::Till", "shop/base.py::total"): "import",
        ("shop/till.py::Till", "shop/base.py::Counter.count"): "self",
    }


def test_nodes_say_what_a_selection_filters_by() -> None:
    nodes = graph_of(SHOP).networkx().nodes
    assert nodes["main.py"] == {"kind": "file", "language": "python"}
    node = nodes["shop/till.py::Till.open"]
    expected = {"kind": "method", "name": "open", "line": 5, "lines": 2, "documented": False, "closed": True}
    assert {name: node[name] for name in expected} == expected


CALLS = {
    "lexical": ("def g(): pass\n\ndef f():\n    g()\n", {"g": "lexical"}),
    "super": (
        "class A:\n    def g(self): pass\n\nclass f(A):\n    def g(self):\n        super().g()\n",
        {"A.g": "super"},
    ),
    "annotation": ("class A:\n    def g(self): pass\n\ndef f(a: A):\n    a.g()\n", {"A.g": "annotation"}),
    "an inherited method where it is defined": (
        "class A:\n    def g(self): pass\n\nclass B(A):\n    pass\n\ndef f():\n    B().g()\n",
        {"B": "lexical", "A.g": "constructor"},
    ),
    "the class and not its initializer": (
        "class A:\n    def __init__(self): pass\n\ndef f():\n    A()\n",
        {"A": "lexical"},
    ),
    "a raised class, with and without parentheses": (
        "class A(Exception): pass\nclass B(Exception): pass\n\ndef f(x):\n    if x:\n        raise A\n    raise B()\n",
        {"A": "lexical", "B": "lexical"},
    ),
    "decorator arguments, defaults and annotations of the target": (
        "def d(x): return lambda f: f\ndef e(): pass\n\n@d(1)\ndef f(x=e()):\n    pass\n",
        {"d": "lexical", "e": "lexical"},
    ),
    "not a decorator without parentheses": ("def d(f): return f\n\n@d\ndef f():\n    pass\n", {}),
    "nested functions, lambdas and comprehensions": (
        "def g(): pass\ndef h(): pass\ndef i(): pass\n\ndef f():\n    def inner():\n        g()\n"
        "    return [h() for _ in (lambda: i(),)]\n",
        {"g": "lexical", "h": "lexical", "i": "lexical"},
    ),
    "not itself and not what lies in it": (
        "def f(n):\n    def inner():\n        return f(n - 1)\n    return inner()\n",
        {},
    ),
    "not what is only passed on": ("def g(): pass\n\ndef f():\n    return map(g, [])\n", {}),
    "not properties, operators and protocols": (
        "class A:\n    @property\n    def p(self): return 1\n    def __add__(self, o): return self\n"
        "    def __enter__(self): return self\n    def __exit__(self, *e): pass\n"
        "    def __iter__(self): return iter(())\n"
        "\ndef f(a: A):\n    with a:\n        for x in a:\n            print(x)\n    return a.p, a + a\n",
        {},
    ),
    "each once": ("def g(): pass\n\ndef f():\n    g()\n    g()\n", {"g": "lexical"}),
}


@pytest.mark.parametrize(("source", "expected"), CALLS.values(), ids=CALLS.keys())
def test_what_counts_as_a_call(source: str, expected: dict[str, str]) -> None:
    assert callees(source) == expected
    assert unresolved(source) == ()


OPEN = {
    "a receiver of unknown type whose method somebody defines": (
        "class A:\n    def g(self): pass\n\ndef f(a):\n    a.g()\n"
    ),
    "a parameter is called": "def f(callback):\n    callback()\n",
    "a method that a subclass overrides": (
        "class A:\n    def f(self):\n        self.g()\n    def g(self): pass\n\n"
        "class B(A):\n    def g(self): pass\n\ndef f(a: A):\n    a.g()\n"
    ),
    "a name that is bound twice": "def g(): pass\nif input():\n    def g(): pass\n\ndef f():\n    g()\n",
    "a syntax error somewhere in the file": "def f():\n    return 1\n\ndef broken(:\n    pass\n",
}


@pytest.mark.parametrize("source", OPEN.values(), ids=OPEN.keys())
def test_what_is_not_proven_opens_a_definition(source: str) -> None:
    assert unresolved(source) != ()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import os\n\ndef f():\n    os.getcwd()\n", id="another package"),
        pytest.param("def f():\n    print(len([]))\n", id="builtins"),
        pytest.param("def f(text: str):\n    return text.strip()\n", id="a method of a builtin type"),
        pytest.param("def f(thing):\n    return thing.unheard_of()\n", id="a method name that nothing here binds"),
    ],
)
def test_what_leaves_the_repository_keeps_a_definition_closed(source: str) -> None:
    assert callees(source) == {}
    assert unresolved(source) == ()


def test_no_edge_by_name_alone() -> None:
    files = {"a.py": "def g(): pass\n", "b.py": "def f(x):\n    x.g()\n    h()\n", "c.py": "def h(): pass\n"}
    assert edges(files, "calls") == set()


def test_a_definition_that_stands_twice_has_two_ids() -> None:
    graph = graph_of({"m.py": "class A:\n    def f(self): pass\n    def f(self): return 1\n"})
    assert set(graph.by_id) == {"m.py::A", "m.py::A.f", "m.py::A.f#2"}


def test_the_summary_counts_what_the_graph_holds() -> None:
    summary = graph_of({**SHOP, "odd.py": "def f(x):\n    x()\n"}).summary()
    assert (summary.files, summary.definitions, summary.references) == (5, 7, 5)
    assert summary.outcomes == {"resolved": 4, "unresolved": 1}
    assert sum(summary.how.values()) == 4
    assert sum(summary.unresolved.values()) == 1
    assert (summary.functions, summary.closed) == (5, 4)


@pytest.mark.parametrize("form", ["node-link", "graphml"])
def test_networkx_reads_an_export_back(form: str) -> None:
    graph = graph_of({**SHOP, "ü & <x>.py": "def größe(): pass\n"})
    exported = graph.export(form)
    if form == "node-link":
        read = networkx.node_link_graph(json.loads(exported), edges="edges")
    else:
        read = networkx.read_graphml(io.BytesIO(exported), force_multigraph=True)
    whole = graph.networkx()
    assert read.is_directed()
    assert read.is_multigraph()
    assert {name: read.nodes[name] for name in read} == {name: whole.nodes[name] for name in whole}
    assert {name: hows(read[name]) for name in read} == {name: hows(whole[name]) for name in whole}


def hows(targets: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[tuple[str, str], str | None]:
    """What leads from one node: target and kind of edge → how it was resolved."""
    return {(target, key): data.get("how") for target, keys in targets.items() for key, data in keys.items()}


def test_an_empty_repository_has_an_empty_graph() -> None:
    graph = graph_of({"README": "nothing"})
    assert graph.summary().definitions == 0
    assert len(graph.networkx()) == 0
