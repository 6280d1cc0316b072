"""The formats of other tools that a suite can be written in, by name."""

from functools import cache
from importlib import import_module

from hybridgym.errors import UnknownNameError
from hybridgym.exporters.base import Exporter

EXPORTERS: dict[str, str] = {
    "harbor": "harbor.Harbor",
    "hf": "hf.HuggingFace",
    "hybrid-gym": "hybrid_gym.HybridGym",
    "r2e-gym": "r2e_gym.R2EGym",
    "swebench": "swebench.SweBench",
    "verifiers": "verifiers.Verifiers",
}
"""Name → `module.Class` in this package. One is imported when it is asked for."""


@cache
def exporter_named(name: str) -> Exporter:
    """Return the exporter of that name; raises UnknownNameError."""
    if name not in EXPORTERS:
        raise UnknownNameError(what="exporter", name=name, known=list(EXPORTERS))
    module, _, exporter = EXPORTERS[name].partition(".")
    made = getattr(import_module(f"{__name__}.{module}"), exporter)()
    assert isinstance(made, Exporter), name
    return made
