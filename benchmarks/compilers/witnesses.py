"""The witnesses, by the name that the command line gives them."""

from collections.abc import Callable
from functools import partial

from benchmarks.compilers.c import Clang
from benchmarks.compilers.go import GoTypesWitness
from benchmarks.compilers.java import JavacWitness
from benchmarks.compilers.rust import Rustc
from benchmarks.compilers.typescript import TypeScriptWitness
from benchmarks.compilers.witness import Witness

WITNESSES: dict[str, Callable[[], Witness]] = {
    "c": Clang,
    "go": GoTypesWitness,
    "java": JavacWitness,
    "javascript": partial(TypeScriptWitness, "javascript"),
    "rust": Rustc,
    "typescript": partial(TypeScriptWitness, "typescript", "tsx"),
}
