"""The witnesses, by the name that the command line gives them."""

from collections.abc import Callable
from functools import partial

from benchmarks.compilers.go import GoTypesWitness
from benchmarks.compilers.typescript import TypeScriptWitness
from benchmarks.compilers.witness import Witness

WITNESSES: dict[str, Callable[[], Witness]] = {
    "go": GoTypesWitness,
    "javascript": partial(TypeScriptWitness, "javascript"),
    "typescript": partial(TypeScriptWitness, "typescript", "tsx"),
}
