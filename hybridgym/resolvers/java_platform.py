"""What is known of the classes that every Java program has: `java_platform.txt`, beside this module.

benchmarks/compilers/java/Platform.java writes it, of these lines:

    package java.util
    interface List<E> Collection<E>             a type, and what it inherits from
     ZERO,ONE:T;*of<E>(E...)List<E>;get(int)E   its public and protected members: fields, and methods

A type is a `class`, `final` (a class that cannot be extended), an `interface`, or a `function`: an interface that
lambdas implement. A method with `*` is static, with `=` final, with `!` the one that a lambda implements. `+T` is
`? extends T`, `-T` is `? super T`. A name without a package is of the same package or of java.lang. A method that
only repeats one of a base is left out.
"""

import re
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

METHOD = re.compile(r"([*=!]?)([\w$]+)(?:<(.*?)>)?\((.*)\)(.+)")


class PlatformMethod(NamedTuple):
    """One method, its types as written."""

    name: str
    sign: str
    variables: str
    parameters: str
    returns: str


class PlatformType:
    """One type of the platform; its members are read when they are asked for."""

    def __init__(self, package: str, header: str) -> None:
        self.package = package
        self.kind, self._name, self._bases = header.split(" ", 2)
        self.members = ""

    @property
    def is_interface(self) -> bool:
        """Whether it is an interface."""
        return self.kind in ("interface", "function")

    @property
    def name(self) -> str:
        """The qualified name."""
        return f"{self.package}.{self._name.partition('<')[0]}"

    @property
    def variables(self) -> str:
        """The type parameters as written, without brackets."""
        return self._name.partition("<")[2][:-1]

    @property
    def bases(self) -> list[str]:
        """The types that it says it inherits from, as written."""
        return self._bases.split()

    @cached_property
    def methods(self) -> dict[str, list[PlatformMethod]]:
        """Its own methods by name."""
        found: dict[str, list[PlatformMethod]] = {}
        for member in self.members.split(";"):
            if method := METHOD.fullmatch(member):
                sign, name, variables, parameters, returns = method.groups("")
                found.setdefault(name, []).append(PlatformMethod(name, sign, variables, parameters, returns))
        return found

    @cached_property
    def fields(self) -> dict[str, str]:
        """The types of its own fields by name."""
        found: dict[str, str] = {}
        for member in self.members.split(";"):
            if member and not member.endswith(")") and "(" not in member:
                names, _, written = member.partition(":")
                found.update(dict.fromkeys(names.split(","), written))
        return found


@cache
def platform() -> dict[str, PlatformType]:
    """Return the types of the platform by qualified name."""
    found: dict[str, PlatformType] = {}
    package = ""
    last: PlatformType | None = None
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("package "):
            package = line[len("package ") :]
        elif line.startswith(" ") and last is not None:
            last.members = line[1:]
        elif line:
            last = PlatformType(package, line)
            found[last.name] = last
    return found


@cache
def platform_packages() -> frozenset[str]:
    """Return the packages of which all public types are known."""
    return frozenset(own.package for own in platform().values())
