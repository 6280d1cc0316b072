"""What the files of a Python project state about its dependencies: read, never run.

A reader takes the text of one file and returns statements; which of them count is decided in `project`.
"""

import ast
import configparser
import re
from collections.abc import Iterable, Mapping
from typing import Any

from packaging.metadata import parse_email
from packaging.requirements import InvalidRequirement, Requirement

from hybridgym.metadata import read_toml
from hybridgym.task import Value

CARET = re.compile(r"\^\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?\S*")
TILDE = re.compile(r"~\s*(\d+)(?:\.(\d+))?(\S*)")
COMPILING_BACKENDS = ("maturin", "mesonpy", "scikit_build_core", "skbuild", "setuptools_rust", "cython", "sipbuild")


class Statements(Value, frozen=True, kw_only=True):
    """What one file says; empty where it says nothing."""

    name: str = ""
    version: str = ""
    requires_python: str = ""
    requirements: tuple[str, ...] | None = None
    """Of the project itself; None where the file does not say, or only by code."""
    groups: Mapping[str, tuple[str, ...]] = {}
    """Extras, dependency groups and the like by name."""
    classifiers: tuple[str, ...] = ()
    entry_points: Mapping[str, Mapping[str, str]] = {}
    """Group → name → `module:attribute`."""
    package_roots: tuple[str, ...] = ()
    """Folders that hold the packages, where they are stated."""
    test_roots: tuple[str, ...] = ()
    compiles: str = ""
    """Why building the project needs a compiler; empty where nothing says so."""


def read_pyproject(text: str) -> Statements:
    """Read PEP 621, PEP 735 and the tables of poetry, pdm, uv, hatch, flit, setuptools and pytest."""
    content = read_toml(text)
    if not content:
        return Statements()
    project, tool = _table(content, "project"), _table(content, "tool")
    poetry = _table(tool, "poetry")
    groups: dict[str, tuple[str, ...]] = {}
    for name, listed in _table(project, "optional-dependencies").items():
        groups[name] = _texts(listed)
    groups |= _dependency_groups(_table(content, "dependency-groups"))
    groups |= {name: _texts(listed) for name, listed in _table(_table(tool, "pdm"), "dev-dependencies").items()}
    groups |= _poetry_groups(poetry)
    if listed := _texts(_table(tool, "uv").get("dev-dependencies")):
        groups["dev"] = listed
    for name, environment in _table(_table(tool, "hatch"), "envs").items():
        if isinstance(environment, dict) and (listed := _texts(environment.get("dependencies"))):
            groups[name] = listed + _texts(environment.get("extra-dependencies"))
    stated = _texts(project.get("dependencies")) if "dependencies" in project else None
    if not project and poetry:
        stated = _poetry_requirements(_table(poetry, "dependencies"))
    dynamic = _texts(project.get("dynamic"))
    if "dependencies" in dynamic or (not project and not poetry):
        stated = None
    elif stated is None:
        stated = ()
    backend = str(_table(content, "build-system").get("build-backend", ""))
    needed = " ".join(_texts(_table(content, "build-system").get("requires"))).lower()
    compiles = next((b for b in COMPILING_BACKENDS if b in backend.lower() or b.replace("_", "-") in needed), "")
    python = _table(poetry, "dependencies").get("python", "") if not project else ""
    options = _table(_table(tool, "pytest"), "ini_options")
    return Statements(
        name=str(project.get("name") or poetry.get("name") or ""),
        version=str(project.get("version") or poetry.get("version") or ""),
        requires_python=str(project.get("requires-python") or (_poetry_specifier(python) if python else "")),
        requirements=stated,
        groups=groups,
        classifiers=_texts(project.get("classifiers")) or _texts(poetry.get("classifiers")),
        entry_points=_toml_entry_points(project) or _toml_entry_points(poetry),
        package_roots=_pyproject_roots(tool),
        test_roots=_listed(options.get("testpaths")),
        compiles=f"pyproject.toml builds with {compiles}" if compiles else "",
    )


def read_setup_cfg(text: str) -> Statements:
    """Read setuptools' declarative metadata and pytest's section."""
    parser = _ini(text)
    if parser is None:
        return Statements()
    get = _getter(parser)
    groups = {}
    if parser.has_section("options.extras_require"):
        groups = {name: _lines(value) for name, value in parser.items("options.extras_require")}
    if listed := _lines(get("options", "tests_require")):
        groups["tests_require"] = listed
    roots = [line.partition("=")[2].strip() for line in _lines(get("options", "package_dir")) if line.startswith("=")]
    has_options = parser.has_section("options")
    entry_points = {}
    if parser.has_section("options.entry_points"):
        for group, value in parser.items("options.entry_points"):
            entry_points[group] = dict(_pair(line) for line in _lines(value) if "=" in line)
    return Statements(
        name=get("metadata", "name"),
        version=_literal_version(get("metadata", "version")),
        requires_python=get("options", "python_requires"),
        requirements=_lines(get("options", "install_requires"))
        if has_options and parser.has_option("options", "install_requires")
        else None,
        groups=groups,
        classifiers=_lines(get("metadata", "classifiers") or get("metadata", "classifier")),
        entry_points=entry_points,
        package_roots=tuple(roots),
        test_roots=_listed(get("tool:pytest", "testpaths")),
    )


def read_setup_py(text: str) -> Statements:
    """Read the literal arguments of the call of `setup`; what is computed is not stated."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Statements()
    constants: dict[str, Any] = {}
    call = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = _literal(node.value, constants)
            if value is not None:
                constants.setdefault(node.targets[0].id, value)
        if isinstance(node, ast.Call) and _called(node) == "setup":
            call = node
    if call is None:
        return Statements()
    given = {k.arg: k.value for k in call.keywords if k.arg}
    values = {name: _literal(node, constants) for name, node in given.items()}
    groups: dict[str, tuple[str, ...]] = {}
    extras = values.get("extras_require")
    for name, listed in extras.items() if isinstance(extras, dict) else ():
        groups[str(name)] = _listed(listed)
    if listed := _listed(values.get("tests_require")):
        groups["tests_require"] = listed
    is_stated = "install_requires" not in given or values["install_requires"] is not None
    root = values["package_dir"].get("") if isinstance(values.get("package_dir"), dict) else None
    compiles = next((k for k in ("ext_modules", "cffi_modules", "rust_extensions") if k in given), "")
    return Statements(
        name=_text(values.get("name")),
        version=_text(values.get("version")),
        requires_python=_text(values.get("python_requires")),
        requirements=_listed(values.get("install_requires")) if is_stated else None,
        groups=groups,
        classifiers=_listed(values.get("classifiers")),
        entry_points=_setup_entry_points(values.get("entry_points")),
        package_roots=(root,) if isinstance(root, str) else (),
        compiles=f"setup.py has {compiles}" if compiles else "",
    )


def read_published(text: str) -> Statements:
    """Read PKG-INFO: what the project's own build made of all of it."""
    try:
        raw, _ = parse_email(text)
    except (ValueError, KeyError):
        return Statements()
    plain: list[str] = []
    groups: dict[str, list[str]] = {name: [] for name in raw.get("provides_extra", [])}
    for line in raw.get("requires_dist", []):
        requirement = requirement_of(line)
        extras = EXTRA.findall(str(requirement.marker)) if requirement is not None and requirement.marker else []
        if requirement is None:
            continue
        if not extras:
            plain.append(line)
        for extra in extras:
            groups.setdefault(extra, []).append(_without_extra(requirement))
    version = raw.get("metadata_version", "1.0")
    has_requirements = bool(raw.get("requires_dist")) or version >= "2.2"
    return Statements(
        name=raw.get("name", ""),
        version=raw.get("version", ""),
        requires_python=raw.get("requires_python", ""),
        requirements=tuple(plain) if has_requirements else None,
        groups={name: tuple(listed) for name, listed in groups.items()},
        classifiers=tuple(raw.get("classifiers", [])),
    )


EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


def _without_extra(requirement: Requirement) -> str:
    """Write a requirement without the part of its marker that names the extra."""
    marker = re.sub(r"""\s*(and|or)?\s*\(?\s*extra\s*==\s*["'][^"']+["']\s*\)?""", "", str(requirement.marker)).strip()
    requirement.marker = None
    candidate = f"{requirement} ; {marker}" if marker else str(requirement)
    return candidate if requirement_of(candidate) is not None else str(requirement)


def read_tox(text: str) -> Statements:
    """Read the dependencies of tox's test environment, and the Pythons that it names."""
    parser = _ini(text)
    if parser is None:
        return Statements()
    get = _getter(parser)
    pythons = sorted({f"{m[1]}.{m[2]}" for m in re.finditer(r"\bpy(\d)(\d+)\b", get("tox", "envlist"))})
    return Statements(
        groups={"tox": tuple(line for line in _lines(get("testenv", "deps")) if ":" not in line.split(";")[0])},
        classifiers=tuple(f"Programming Language :: Python :: {v}" for v in pythons),
        test_roots=_listed(get("pytest", "testpaths")),
    )


def read_requirements(path: str, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the requirements of a requirements file and of those that it includes; options are left out."""
    found: list[str] = []
    pending, seen = [path], set[str]()
    while pending:
        included = pending.pop(0)
        if included not in files or included in seen:
            continue
        seen.add(included)
        text = re.sub(r"\\\r?\n", "", files[included].decode("utf-8-sig", "replace"))
        for line in text.splitlines():
            bare = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
            if other := re.match(r"(?:-r|--requirement)[=\s]*(\S+)", bare):
                pending.append(_joined(included.rpartition("/")[0], other[1]))
            elif bare and not bare.startswith("-"):
                found.append(re.split(r"\s--", bare, maxsplit=1)[0].strip())
    return tuple(found)


def valid_requirements(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return those lines that name a package of an index, and the others: URLs, paths and what no tool reads."""
    good: list[str] = []
    bad: list[str] = []
    for line in lines:
        requirement = requirement_of(line)
        (good if requirement is not None and not requirement.url else bad).append(line)
    return good, bad


def requirement_of(line: str) -> Requirement | None:
    """Return what a line asks for; None where it is no requirement."""
    try:
        return Requirement(line)
    except (InvalidRequirement, RecursionError):
        return None


def _joined(folder: str, path: str) -> str:
    parts = [p for p in folder.split("/") if p]
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _dependency_groups(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Expand PEP 735's groups, which may include one another."""

    def expanded(name: str) -> tuple[str, ...]:
        found: list[str] = []
        pending, seen = [name], set[str]()
        while pending:
            included = pending.pop(0)
            listed = table.get(included)
            for entry in listed if isinstance(listed, list) and included not in seen else ():
                if isinstance(entry, str):
                    found.append(entry)
                elif isinstance(entry, dict) and isinstance(entry.get("include-group"), str):
                    pending.append(entry["include-group"])
            seen.add(included)
        return tuple(found)

    return {name: expanded(name) for name in table}


def _poetry_groups(poetry: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    groups = {}
    if dev := _table(poetry, "dev-dependencies"):
        groups["dev"] = _poetry_requirements(dev)
    for name, group in _table(poetry, "group").items():
        groups[name] = _poetry_requirements(_table(group, "dependencies"))
    return groups


def _poetry_requirements(table: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    for name, value in table.items():
        entry = value[0] if isinstance(value, list) and value else value
        if name.lower() == "python" or (isinstance(entry, dict) and entry.get("optional")):
            continue
        version = entry if isinstance(entry, str) else entry.get("version", "*") if isinstance(entry, dict) else "*"
        extras = _texts(entry.get("extras")) if isinstance(entry, dict) else ()
        if isinstance(entry, dict) and not {"git", "path", "url"}.isdisjoint(entry):
            continue
        names = f"{name}[{','.join(extras)}]" if extras else name
        specifier = _poetry_specifier(str(version))
        candidate = f"{names}{specifier}"
        found.append(candidate if requirement_of(candidate) is not None else names)
    return tuple(found)


def _poetry_specifier(text: str) -> str:
    """Write poetry's constraint as PEP 440 does: `^1.2` is `>=1.2,<2`, `~1.2` is `>=1.2,<1.3`."""
    parts = []
    for part in filter(None, (p.strip() for p in text.split("||")[-1].replace(" ", ",").split(","))):
        if caret := CARET.fullmatch(part):
            numbers = [int(n) for n in caret.groups() if n is not None]
            place = next((i for i, n in enumerate(numbers) if n), len(numbers) - 1)
            upper = [*numbers[:place], numbers[place] + 1]
            parts.append(f">={part[1:].strip()},<{'.'.join(map(str, upper))}")
        elif (tilde := TILDE.fullmatch(part)) and not part.startswith("~="):
            upper_text = f"{tilde[1]}.{int(tilde[2]) + 1}" if tilde[2] else str(int(tilde[1]) + 1)
            parts.append(f">={part[1:].strip()},<{upper_text}")
        elif part[0].isdigit():
            parts.append(f"=={part}")
        elif part != "*":
            parts.append(part)
    return ",".join(parts)


def _toml_entry_points(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, group in (("scripts", "console_scripts"), ("gui-scripts", "gui_scripts")):
        if scripts := {n: v for n, v in _table(table, key).items() if isinstance(v, str)}:
            found[group] = scripts
    for key in ("entry-points", "plugins"):
        for group, points in _table(table, key).items():
            if isinstance(points, dict):
                found[group] = {n: v for n, v in points.items() if isinstance(v, str)}
    return found


def _setup_entry_points(value: object) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        return {}
    return {str(group): dict(_pair(line) for line in _listed(listed) if "=" in line) for group, listed in value.items()}


def _pyproject_roots(tool: Mapping[str, Any]) -> tuple[str, ...]:
    setuptools = _table(tool, "setuptools")
    where = _texts(_table(_table(setuptools, "packages"), "find").get("where"))
    root = _table(setuptools, "package-dir").get("")
    return where or ((root,) if isinstance(root, str) else ())


def _literal(node: ast.expr, constants: Mapping[str, Any]) -> Any:
    """Return the value of a literal, of a name bound to one, or of a sum of these; None for all else."""
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left, constants), _literal(node.right, constants)
        return left + right if type(left) is type(right) and isinstance(left, (list, tuple, str)) else None
    if isinstance(node, ast.Dict):
        keys = [_literal(k, constants) if k is not None else None for k in node.keys]
        return {k: _literal(v, constants) for k, v in zip(keys, node.values, strict=True) if isinstance(k, str)}
    if isinstance(node, (ast.List, ast.Tuple)):
        values = [_literal(e, constants) for e in node.elts]
        return None if None in values else values
    return node.value if isinstance(node, ast.Constant) else None


def _called(node: ast.Call) -> str:
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _ini(text: str) -> configparser.RawConfigParser | None:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names keep their case
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return parser


def _getter(parser: configparser.RawConfigParser) -> Any:
    return lambda section, option: parser.get(section, option, fallback="").strip()


def _literal_version(text: str) -> str:
    return "" if text.startswith(("attr:", "file:")) else text


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value.strip()


def _lines(text: str) -> tuple[str, ...]:
    found = (re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip() for line in text.splitlines())
    return tuple(line for line in found if line)


def _listed(value: object) -> tuple[str, ...]:
    """Return a list of texts as written in any of the ways that tools take it."""
    if isinstance(value, str):
        return tuple(value.split()) if "\n" not in value else _lines(value)
    return _texts(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, (list, tuple)) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _table(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key) if isinstance(content, Mapping) else None
    return value if isinstance(value, dict) else {}
