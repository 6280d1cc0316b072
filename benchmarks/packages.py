"""The packages that fidelity is measured on, and what their tests need."""

from benchmarks.oracle import Setup

TUNED = (
    "click==8.1.7",
    "flask==3.1.2",
    "jinja2==3.1.6",
    "more-itertools==10.5.0",
    "networkx==3.4.2",
    "toolz==1.0.0",
)
"""Packages that the resolver's rules were made with."""

HELD_OUT = (
    "cachetools==5.5.0",
    "jsonschema==4.23.0",
    "lark==1.2.2",
    "markdown==3.7",
    "marshmallow==3.23.1",
    "mistune==3.0.2",
    "pyparsing==3.2.0",
    "sqlglot==25.32.0",
    "tenacity==9.0.0",
    "tornado==6.4.1",
    "werkzeug==3.1.3",
)
"""Packages whose figures are published; their disagreements may have been looked at."""

RESERVE = (
    "beautifulsoup4==4.12.3",
    "boltons==24.1.0",
    "docutils==0.21.2",
    "pluggy==1.5.0",
)
"""Packages of which only the figures are looked at: once a disagreement is, a package belongs to HELD_OUT."""

FRESH = (
    "mako==1.3.5",
    "parso==0.8.4",
    "prompt_toolkit==3.0.47",
    "simpy==4.1.1",
    "sqlparse==0.5.1",
    "tomlkit==0.13.2",
    "traitlets==5.14.3",
    "wtforms==3.1.2",
)
"""Packages that were measured for the first time when the rules stood; of these, too, only figures are looked at."""

_NETWORKX = [
    "approximation",
    "assortativity",
    "bipartite",
    "centrality",
    "coloring",
    "components",
    "connectivity",
    "flow",
    "isomorphism",
    "operators",
    "shortest_paths",
    "traversal",
    "tree",
]

SETUPS = {
    "beautifulsoup4": Setup(("lxml", "html5lib")),
    "boltons": Setup(),
    "flask": Setup(("asgiref", "python-dotenv", "greenlet")),
    "jinja2": Setup(("trio",)),
    "jsonschema": Setup(("jsonpath-ng", "rfc3339-validator", "pyrsistent")),
    "lark": Setup(("regex", "interegular", "atomicwrites"), ("tests",)),
    "mako": Setup(("mock",)),
    "markdown": Setup(("pyyaml",)),
    "marshmallow": Setup(("simplejson", "pytz")),
    "networkx": Setup(
        ("numpy", "scipy"),
        (
            "networkx/classes",
            "networkx/generators",
            "networkx/utils",
            *(f"networkx/algorithms/{folder}" for folder in _NETWORKX),
        ),
    ),
    "pyparsing": Setup(("railroad-diagrams", "jinja2", "matplotlib"), ("tests",)),
    "sqlglot": Setup(("duckdb", "numpy", "pandas", "python-dateutil", "pytz"), ("tests",)),
    "tenacity": Setup(("tornado", "typeguard")),
    "tornado": Setup(("pycurl",), ("tornado/test",)),
    "werkzeug": Setup(
        ("cryptography", "ephemeral-port-reserve", "pytest-timeout", "watchdog"),
        ("--ignore=tests/test_serving.py",),
    ),
}
"""What is not here needs nothing but pytest and finds its tests by itself."""
