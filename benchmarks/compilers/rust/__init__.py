"""What rustc says of Rust: the typed syntax tree (THIR) that it prints of every function.

The repository is compiled as Cargo builds it by default, libraries and programs without their tests: what is behind
other features, `cfg` and targets is not attributed. Build scripts and procedural macros of it and of its
dependencies run, as in every build; dependencies have to be at hand, for Cargo is told to stay offline.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.compilers.rust.dump import Body, Site, bodies
from benchmarks.compilers.witness import Reach, WitnessedCall, WitnessError
from hybridgym.facts import Definition, FileFacts, Kind
from hybridgym.languages.rust import Rust
from hybridgym.parsing import parse_file

IMPL = re.compile(r"(?m)^[ \t]*(?:default\s+|unsafe\s+)*impl\b([^{;]*)\{")
FUNCTION = re.compile(rb"\bfn\s+(\w+)")
WORD = re.compile(r"\w+")
OUTSIDE = frozenset({"std", "core", "alloc"})
"""Crates of the language."""
FUNCTION_TRAITS = frozenset({"Fn", "FnMut", "FnOnce"})


class Header(NamedTuple):
    """What an impl says of a method."""

    trait: str
    type: str
    argument: str
    """The type that the trait is written with, or empty; also where it is any type."""
    is_general: bool
    """Whether it is an impl for every type."""


class Place(NamedTuple):
    """Where a function of the repository is defined."""

    path: str
    definition: Definition
    header: Header | None
    module: str
    """Of the impl, as rustc writes it, with the crate."""


class Rustc:
    """Asks rustc."""

    languages: tuple[str, ...] = ("rust",)

    def facts(self, folder: Path) -> Iterable[WitnessedCall]:
        """Return what each call in the files of a folder reaches; raises WitnessError."""
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / "repository"
            shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns("target", ".git"))
            environment = {**os.environ, "CARGO_TARGET_DIR": str(Path(scratch) / "target"), "RUSTC_BOOTSTRAP": "1"}
            asked = ["cargo", "metadata", "--offline", "--no-deps", "--format-version=1"]
            packages = json.loads(_run(asked, copy, environment))["packages"]
            found = [body for dump in _dumps(copy, packages, environment) for body in bodies(dump)]
            needed = [d["name"].replace("-", "_") for p in packages for d in p["dependencies"] if d["source"]]
            return list(Attributed(copy, found, OUTSIDE.union(needed)).calls())


def _dumps(folder: Path, packages: list[dict[str, Any]], environment: dict[str, str]) -> Iterator[str]:
    """Yield what rustc prints of each library and program of a workspace."""
    any_of_it = False
    errors = []
    for package in packages:
        for made in package["targets"]:
            kinds = set(made["kind"])
            choice = ["--bin", made["name"]] if "bin" in kinds else ["--lib"]
            if not kinds & {"bin", "lib", "rlib", "proc-macro"}:
                continue
            command = ["cargo", "rustc", "--offline", "-p", package["name"], *choice, "--", "-Zunpretty=thir-flat"]
            try:
                yield _run(command, folder, environment)
                any_of_it = True
            except WitnessError as error:
                errors.append(str(error))
    if not any_of_it:
        raise WitnessError("\n".join(errors) or "nothing to compile")


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        problem = "cargo is not installed"
        raise WitnessError(problem) from None
    if done.returncode:
        problem = f"{' '.join(command)}: {done.stderr[-2000:]}"
        raise WitnessError(problem)
    return done.stdout


class Attributed:
    """The calls of one repository."""

    def __init__(self, folder: Path, found: list[Body], outside: frozenset[str]) -> None:
        self._bodies = found
        self._outside = outside
        self._sources: dict[str, bytes] = {}
        self._facts: dict[str, FileFacts] = {}
        self._lines: dict[str, list[int]] = {}
        for file in sorted(folder.rglob("*.rs")):
            path, data = file.relative_to(folder).as_posix(), file.read_bytes()
            self._sources[path] = data
            self._facts[path] = parse_file(Rust, data)
            starts = [0]
            starts.extend(m.end() for m in re.finditer(rb"\n", data))
            self._lines[path] = starts
        self._places: dict[str, Place] = {}
        self._methods: dict[str, list[Place]] = defaultdict(list)
        self._types: dict[str, list[tuple[str, Definition]]] = defaultdict(list)
        for path, facts in self._facts.items():
            for definition in facts.definitions:
                if definition.kind is Kind.CLASS:
                    self._types[definition.name].append((path, definition))
        self._crates = {body.name.partition("::")[0] for body in found}
        self._written = {name for data in self._sources.values() for name in FUNCTION.findall(data)}
        for body in found:
            place = self._place(body)
            if place is not None:
                self._places[body.name] = place
                self._methods[place.definition.name].append(place)

    def calls(self) -> Iterator[WitnessedCall]:
        """Yield every call that rustc attributes, and every macro, which is none."""
        for path, facts in self._facts.items():
            for reference in facts.references:
                if reference.path.endswith("!"):
                    yield WitnessedCall(path, reference.start, reference.end, Reach.BUILTIN, why="macro")
        seen = set()
        for body in self._bodies:
            for site in body.sites:
                if site.span.path not in self._facts:
                    continue
                start = self._offset(site.span.path, site.span.start)
                end = self._offset(site.span.path, site.span.end)
                if (site.span.path, start, end) in seen:
                    continue
                if site.adt and not self._sources[site.span.path][start:end].endswith(b")"):
                    continue  # a literal, or a variant without fields
                seen.add((site.span.path, start, end))
                reached = self._reached(site)
                if reached is not None:
                    yield reached._replace(path=site.span.path, start=start, end=end)

    def _offset(self, path: str, position: tuple[int, int]) -> int:
        """Return the byte of a row and column, which counts characters."""
        row, column = position
        start = self._lines[path][row]
        line = self._sources[path][start : start + 4 * column].decode("utf-8", "ignore")
        return start + len(line[:column].encode())

    def _place(self, body: Body) -> Place | None:
        """Return the definition whose body ends where the body ends that rustc prints."""
        if body.end is None or body.end.path not in self._facts or body.name.endswith("}"):
            return None
        path, end = body.end.path, self._offset(body.end.path, body.end.end)
        name = body.name.rpartition("::")[2]
        for definition in self._facts[path].definitions:
            if definition.end == end and definition.name == name:
                module = body.name.partition("::{impl#")[0]
                return Place(path, definition, self._header(path, definition), module)
        return None

    def _header(self, path: str, definition: Definition) -> Header | None:
        if definition.kind is not Kind.METHOD or not definition.owner:
            return None
        before = self._sources[path][: definition.start].decode("utf-8", "replace")
        headers = IMPL.findall(before)
        header = _header(headers[-1]) if headers else None
        if header is None:
            return None
        renamed = {i.alias: i.name for i in self._facts[path].imports if i.name != i.alias}
        trait, type_, argument = (renamed.get(n, n) for n in (header.trait, header.type, header.argument))
        return header._replace(trait=trait, type=type_, argument=argument)

    def _reached(self, site: Site) -> WitnessedCall | None:
        if site.adt:
            return self._created(site.adt)
        if not site.function:
            return _call(Reach.OPEN, "function value")
        parent, _, name = site.function.rpartition("::")
        own = self._places.get(site.function)
        trait = parent.rpartition("::")[2]
        if "{impl#" in parent or not trait[:1].isupper():
            if own is not None:
                return _target(own)
            is_ours = site.function.partition("::")[0] in self._crates and name.encode() in self._written
            return _call(Reach.OPEN, "made by a macro") if is_ours else _call(Reach.OUTSIDE, site.function)
        return self._of_trait(trait, name, site, own)

    def _of_trait(self, trait: str, name: str, site: Site, own: Place | None) -> WitnessedCall | None:
        type_ = site.type
        if trait in FUNCTION_TRAITS:
            is_closure = type_.startswith("Closure")
            return _call(Reach.BUILTIN, "closure") if is_closure else _call(Reach.OPEN, "function value")
        if re.match(r"(?:&(?:'\S+ )?(?:mut )?)*(?:\w+/#|dyn |Alias|impl |\(dyn )", type_):
            is_ours = own is not None or any(p.header and p.header.trait == trait for p in self._methods[name])
            return _call(Reach.OPEN, "trait") if is_ours else _call(Reach.OUTSIDE, f"{trait}::{name}")
        head = _head(type_)
        found = [p for p in self._methods[name] if p.header and p.header.trait == trait]
        fitting = [p for p in found if p.header and p.header.type == head and not p.header.is_general]
        given = _head(site.argument)
        fitting = [p for p in fitting if p.header and (not given or p.header.argument in ("", given))]
        if _module(type_).partition("::")[0] in self._outside and head in self._types:
            fitting = []
        if "<impl " in type_ and len(self._types.get(head, ())) > 1:
            return None
        exact = [p for p in fitting if p.module.partition("::")[2] == _module(type_)]
        if len(fitting) > 1 or len(self._types.get(head, ())) > 1:
            if len(exact) != 1 and fitting:
                return None  # impls of one trait for several forms of the type, or several types of the name
            fitting = exact
        if fitting:
            return _target(fitting[0])
        if any(p.header and p.header.is_general for p in found):
            return _call(Reach.OPEN, "impl for every type")
        return _target(own) if own is not None else _call(Reach.OUTSIDE, f"{trait}::{name}")

    def _created(self, adt: str) -> WitnessedCall | None:
        if adt.partition("::")[0] in self._outside:
            return _call(Reach.OUTSIDE, adt)
        found = self._types.get(adt.rpartition("::")[2], [])
        if len(found) != 1:
            return None if found else _call(Reach.OUTSIDE, adt)
        path, definition = found[0]
        return WitnessedCall("", 0, 0, Reach.REPOSITORY, path, definition.row, definition.name)


def _target(place: Place) -> WitnessedCall:
    definition = place.definition
    return WitnessedCall("", 0, 0, Reach.REPOSITORY, place.path, definition.row, definition.name)


def _call(outcome: Reach, why: str) -> WitnessedCall:
    return WitnessedCall("", 0, 0, outcome, why=why)


def _header(text: str) -> Header | None:
    """Take `<T> Trait<X> for Type<T>` apart."""
    text, parameters = text.strip(), ""
    if text.startswith("<"):
        end = _closing(text)
        parameters, text = text[1 : end - 1], text[end:]
    text = text.partition(" where ")[0].partition("\nwhere")[0]
    trait, sign, type_ = text.partition(" for ")
    if not sign:
        return Header("", _head(trait), "", False)
    names = {w for part in parameters.split(",") for w in WORD.findall(part.partition(":")[0])}
    head = _head(type_)
    argument = _head(trait.strip().partition("<")[2].removesuffix(">").partition(",")[0])
    if argument in names or argument.startswith(("'", "[", "(")) or argument in ("Self", ""):
        argument = ""
    return Header(_head(trait), head, argument, head in names)


def _closing(text: str) -> int:
    depth = 0
    for place, character in enumerate(text):
        depth += character == "<"
        depth -= character == ">" and text[place - 1] != "-"
        if not depth:
            return place + 1
    return len(text)


def _module(text: str) -> str:
    """Return the module of a type as rustc writes it."""
    return re.sub(r"^(?:[&*\s]|mut\s|const\s|'\w+\s|'\{\w+\}\s)+", "", text).partition("<")[0].rpartition("::")[0]


def _head(text: str) -> str:
    """Return the last name of a type or trait, without references and arguments."""
    text = re.sub(r"^(?:[&*\s]|mut\s|const\s|'\w+\s|'\{\w+\}\s|dyn\s)+", "", text.strip())
    if text.startswith(("[", "(")):
        return text[0]
    if "<impl " in text:  # a type in a method
        text = text.rpartition(">::")[2]
    return text.partition("<")[0].strip().rpartition("::")[2].strip(" )")
