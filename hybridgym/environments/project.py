"""A Python project's files → how it is installed and tested, decided without running any of it.

Each decision is kept with its reason, so that somebody who disagrees can see where to say so in repos.yaml.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from hybridgym.environments.lockfiles import read_locks
from hybridgym.environments.statements import (
    read_published,
    read_pyproject,
    read_requirements,
    read_setup_cfg,
    read_setup_py,
    read_tox,
    valid_requirements,
)
from hybridgym.facts import FileFacts
from hybridgym.languages.python import TEST_FILE, TEST_FOLDERS, Python
from hybridgym.specs import AS_FOUND, EnvironmentSettings
from hybridgym.task import Value

READERS: Final = {
    "pyproject.toml": read_pyproject,
    "setup.cfg": read_setup_cfg,
    "setup.py": read_setup_py,
    "PKG-INFO": read_published,
    "tox.ini": read_tox,
}
"""In the order in which a statement is believed; tox only names what tests need."""

RELEASES: Final = {
    (3, 8): "2019-10-14",
    (3, 9): "2020-10-05",
    (3, 10): "2021-10-04",
    (3, 11): "2022-10-24",
    (3, 12): "2023-10-02",
    (3, 13): "2024-10-07",
    (3, 14): "2025-10-07",
}
"""When CPython's versions were first released (https://devguide.python.org/versions/)."""
SETTLED_MONTHS: Final = 6
"""A project's dependencies have wheels for a Python that has been out so long."""
CLASSIFIER: Final = re.compile(r"Programming Language :: Python :: (\d+)\.(\d+)")
CI_FILE: Final = re.compile(r"\.github/workflows/[^/]*\.ya?ml|\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.yml")
MINOR: Final = re.compile(rb"\b3\.(\d{1,2})\b")
TEST_GROUP: Final = re.compile(r"(?i)(unit)?[-_]?(tests?|testing|tests[-_]require|test[-_]requirements|pytest|tox)$")
DEVELOPMENT_GROUP: Final = re.compile(r"(?i)(dev|develop|development|hatch-test|ci|all)$")
TEST_FILE_OF_REQUIREMENTS: Final = re.compile(
    r"(?i)(?:requirements?[-_/](?:unit)?tests?(?:ing)?|(?:unit)?tests?[-_/]requirements?|tests?/requirements?[-_]?\w*)\.(?:txt|in)"
)
DEVELOPMENT_FILE_OF_REQUIREMENTS: Final = re.compile(
    r"(?i)(?:requirements?[-_/]dev(?:el|elop|elopment)?|dev(?:el|elopment)?[-_/]requirements?)\.(?:txt|in)"
)
PYTESTS: Final = SpecifierSet(">=5.4")
"""Those that tests are graded with."""
PLUGIN_OPTIONS: Final = (
    (re.compile(rb"asyncio_mode|pytest\.mark\.asyncio"), "pytest-asyncio"),
    (re.compile(rb"--cov\b"), "pytest-cov"),
    (re.compile(rb"^\s*(?:addopts.*\s)?-n[ =]?(?:\d|auto)", re.MULTILINE), "pytest-xdist"),
    (re.compile(rb"^timeout\s*=|--timeout\b|pytest\.mark\.timeout", re.MULTILINE), "pytest-timeout"),
    (re.compile(rb"\bmocker\b"), "pytest-mock"),
    (re.compile(rb"\bbenchmark\("), "pytest-benchmark"),
)
"""What configuration or tests use → the plugin that gives it."""
DISTRIBUTIONS: Final = {
    **{m: m for m in ("attrs", "babel", "chardet", "click", "cloudpickle", "coverage", "cryptography", "docutils")},
    **{m: m for m in ("flask", "freezegun", "greenlet", "html5lib", "httpx", "hypothesis", "iniconfig", "jinja2")},
    **{m: m for m in ("lxml", "mako", "markdown", "markupsafe", "matplotlib", "mock", "msgpack", "numpy", "orjson")},
    **{m: m for m in ("packaging", "pandas", "parameterized", "pexpect", "pluggy", "psutil", "pydantic", "pygments")},
    **{m: m for m in ("pyparsing", "pytz", "regex", "requests", "responses", "rich", "scipy", "setuptools")},
    **{m: m for m in ("simplejson", "six", "sniffio", "sympy", "toml", "tomli", "trio", "trustme", "typeguard")},
    **{m: m for m in ("tzdata", "ujson", "urllib3", "werkzeug", "yarl", "zstandard")},
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jwt": "pyjwt",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "pytest_asyncio": "pytest-asyncio",
    "sklearn": "scikit-learn",
    "typing_extensions": "typing-extensions",
    "yaml": "pyyaml",
}
"""Modules that tests import without a file that states it → the distribution that is meant.

A list, because the name of a module says nothing of who publishes a distribution of that name.
"""


class Decision(Value, frozen=True, kw_only=True):
    """One thing that was decided, and why."""

    field: str
    value: str
    reason: str


class Project(Value, frozen=True, kw_only=True):
    """How a Python project is installed and tested."""

    name: str
    version: str
    python: str
    """Such as `3.11`."""
    requirements: tuple[str, ...]
    """PEP 508; of the project, and pytest."""
    wanted: tuple[str, ...]
    """What the project's files name for its tests; left out where it cannot be had."""
    optional: tuple[str, ...]
    """What tests import or configuration uses and no file states: wanted where it can be had."""
    constraints: tuple[str, ...]
    """PEP 508; the versions that the repository's own lock files name."""
    roots: tuple[str, ...]
    """Folders from which the project is imported; the empty text is the repository's root."""
    test_roots: tuple[str, ...]
    entry_points: dict[str, dict[str, str]]
    problem: str
    """Why it cannot be installed without a build; empty where it can."""
    decisions: tuple[Decision, ...]

    def decisions_of(self, field: str) -> str:
        """Return in words what was decided of a field, and why."""
        return "; ".join(f"{d.value or 'none'}: {d.reason}" for d in self.decisions if d.field == field)


def read_project(
    files: Mapping[str, bytes],
    facts: Mapping[str, FileFacts],
    created_at: str,
    interpreters: Iterable[str],
    settings: EnvironmentSettings = AS_FOUND,
) -> Project:
    """Decide how the project of a repository is installed and tested.

    `created_at` is the commit's date (ISO 8601), `interpreters` the versions of Python that there are; `settings`
    replace what is found.
    """
    return _Reading(files, facts, created_at, sorted(map(_version, interpreters)), settings).project()


class _Reading:
    def __init__(
        self,
        files: Mapping[str, bytes],
        facts: Mapping[str, FileFacts],
        created_at: str,
        interpreters: Sequence[tuple[int, int]],
        settings: EnvironmentSettings,
    ) -> None:
        self.files = files
        self.facts = facts
        self.created_at = created_at
        self.interpreters = interpreters
        self.settings = settings
        self.decisions: list[Decision] = []
        self.stated = {
            name: read(self.files[name].decode("utf-8-sig", "replace"))
            for name, read in READERS.items()
            if name in self.files
        }

    def project(self) -> Project:
        roots = self.roots()
        tests = self.test_roots()
        own = self.own_requirements()
        for_tests = self.test_requirements()
        names = {canonicalize_name(_name(line)) for line in (*own, *for_tests)}
        pytest = () if "pytest" in names else ("pytest",)
        project_name = self.first("name") or (self.top_modules(roots) or ["project"])[0]
        return Project(
            name=project_name,
            version=self.first("version") or "0",
            python=self.python(),
            requirements=tuple(sorted({*own, *(r for r in for_tests if _name(r) == "pytest"), *pytest})),
            wanted=tuple(sorted(set(for_tests) - set(own))),
            optional=self.unstated(roots, names | {canonicalize_name(project_name), "pytest"}),
            constraints=self.constraints(project_name),
            roots=roots,
            test_roots=tests,
            entry_points=next(
                ({g: dict(p) for g, p in s.entry_points.items()} for s in self.stated.values() if s.entry_points), {}
            ),
            problem=self.problem(roots),
            decisions=tuple(self.decisions),
        )

    def decide(self, field: str, value: object, reason: str) -> None:
        text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        self.decisions.append(Decision(field=field, value=text, reason=reason))

    def set_by_hand(self, field: str) -> tuple[str, ...] | None:
        """Return what repos.yaml says of a field."""
        value: tuple[str, ...] | None = getattr(self.settings, field)
        if value is not None:
            self.decide(field.replace("_", " "), [v or "." for v in value], "repos.yaml")
        return value

    def first(self, field: str) -> str:
        for file, statements in self.stated.items():
            if value := str(getattr(statements, field)):
                self.decide(field, value, file)
                return value
        return ""

    def python(self) -> str:
        """Choose the newest Python that the project accepts and that its dependencies knew at the time."""
        if self.settings.python is not None:
            self.decide("python", self.settings.python, "repos.yaml")
            return self.settings.python
        specifier, source = self.accepted_pythons()
        named = {
            (int(m[1]), int(m[2])) for s in self.stated.values() for c in s.classifiers if (m := CLASSIFIER.match(c))
        }
        named |= {version for path in self.files if CI_FILE.fullmatch(path) for version in _run_by_ci(self.files[path])}
        fitting = [v for v in self.interpreters if f"{v[0]}.{v[1]}.99" in specifier or f"{v[0]}.{v[1]}" in specifier]
        settled = [v for v in fitting if _settled(v, self.created_at)]
        known = [v for v in settled if v in named]
        for versions, reason in (
            (known, f"newest that {source} accepts, a file names and was settled at the commit's date"),
            (settled, f"newest that {source} accepts and was settled at the commit's date"),
            (fitting[:1], f"oldest here that {source} accepts; none was settled at the commit's date"),
        ):
            if versions:
                found = f"{versions[-1][0]}.{versions[-1][1]}"
                self.decide("python", found, reason)
                return found
        self.decide("python", "", f"none here is accepted by {source}: {specifier}")
        return ""

    def accepted_pythons(self) -> tuple[SpecifierSet, str]:
        for file, statements in self.stated.items():
            if statements.requires_python:
                try:
                    return SpecifierSet(statements.requires_python), f"{file} ({statements.requires_python})"
                except InvalidSpecifier:
                    continue
        return SpecifierSet(">=3"), "the absence of requires-python"

    def own_requirements(self) -> list[str]:
        if (by_hand := self.set_by_hand("requirements")) is not None:
            return list(by_hand)
        for file, statements in self.stated.items():
            if statements.requirements is not None and file != "tox.ini":
                return self.valid("requirements", statements.requirements, file)
        if "requirements.txt" in self.files:
            return self.valid("requirements", read_requirements("requirements.txt", self.files), "requirements.txt")
        self.decide("requirements", "", "no file states any")
        return []

    def test_requirements(self) -> list[str]:
        """Choose what tests need: groups named for tests, else those for developers, else tox's."""
        if (by_hand := self.set_by_hand("test_requirements")) is not None:
            return list(by_hand)
        groups = [(f, n, listed) for f, s in self.stated.items() for n, listed in s.groups.items() if listed]
        for pattern, file_pattern in (
            (TEST_GROUP, TEST_FILE_OF_REQUIREMENTS),
            (DEVELOPMENT_GROUP, DEVELOPMENT_FILE_OF_REQUIREMENTS),
        ):
            chosen = [g for g in groups if pattern.fullmatch(g[1]) and g[1] != "tox"]
            named = [p for p in sorted(self.files) if file_pattern.fullmatch(p)]
            chosen += [(p, p, listed) for p in named if (listed := read_requirements(p, self.files))]
            chosen = chosen or [g for g in groups if pattern.fullmatch(g[1])]
            if chosen:
                sources = [f if f == n else f"{f} [{n}]" for f, n, _ in chosen]
                return self.valid(
                    "test requirements", [r for _, _, listed in chosen for r in listed], ", ".join(sources)
                )
        self.decide("test requirements", "", "no file states any")
        return []

    def constraints(self, own: str) -> tuple[str, ...]:
        """Return the versions of lock files, but for the project's own and that of a pytest which is too old."""
        if (by_hand := self.set_by_hand("constraints")) is not None:
            return by_hand
        pins = read_locks(self.files, (TEST_FILE_OF_REQUIREMENTS, DEVELOPMENT_FILE_OF_REQUIREMENTS))
        kept = tuple(line for line in pins.lines if _name(line) != canonicalize_name(own) and not _is_too_old(line))
        if kept:
            self.decide("locked versions", len(kept), pins.file)
        for left_out, reason in (
            (sorted(set(pins.lines) - set(kept)), "the project itself, or a pytest that tests cannot be graded with"),
            (pins.left_out, "several versions, none that an index has, or too large to be read"),
        ):
            if left_out:
                self.decide("locked versions left out", left_out, reason)
        return kept

    def valid(self, field: str, lines: Iterable[str], source: str) -> list[str]:
        good, bad = valid_requirements(lines)
        own = canonicalize_name(next((s.name for s in self.stated.values() if s.name), ""))
        kept = [line for line in dict.fromkeys(good) if canonicalize_name(_name(line)) != own]
        self.decide(field, kept, source)
        if bad:
            self.decide(f"{field} left out", bad, "not packages of an index")
        return kept

    def unstated(self, roots: Sequence[str], known: set[str]) -> tuple[str, ...]:
        """Return the distributions that tests import, and the plugins that they use, which no file states."""
        own = {*self.top_modules(roots), *(PurePosixPath(p).parts[0].removesuffix(".py") for p in self.files)}
        own |= {PurePosixPath(p).stem for p in self.facts} | {
            f for p in self.facts for f in PurePosixPath(p).parts[:-1]
        }
        imported: Counter[str] = Counter()
        for path, facts in self.facts.items():
            if Python.is_test(path):
                imported.update({i.module.partition(".")[0] for i in facts.imports if not i.level and i.module})
        found = {DISTRIBUTIONS[m] for m in sorted(imported) if m not in own and m in DISTRIBUTIONS}
        texts = [d for p, d in self.files.items() if p in READERS or p == "pytest.ini" or Python.is_test(p)]
        found |= {plugin for pattern, plugin in PLUGIN_OPTIONS if any(pattern.search(text) for text in texts)}
        wanted = tuple(sorted(d for d in found if canonicalize_name(d) not in known and not d.startswith("_")))
        if wanted:
            self.decide("optional requirements", wanted, "imported by tests or used by their configuration")
        return wanted

    def roots(self) -> tuple[str, ...]:
        if (by_hand := self.set_by_hand("roots")) is not None:
            return by_hand
        for file, statements in self.stated.items():
            stated = tuple(r.strip("./") for r in statements.package_roots)
            if stated and all(any(p.startswith(f"{r}/") for p in self.files) for r in stated if r):
                self.decide("roots", stated, file)
                return stated
        for root in ("src", "lib"):
            inside = any(p.startswith(f"{root}/") and p.endswith(".py") for p in self.files)
            if inside and f"{root}/__init__.py" not in self.files:
                self.decide("roots", root, f"{root}/ holds the packages")
                return (root,)
        self.decide("roots", ".", "packages lie at the root")
        return ("",)

    def top_modules(self, roots: Sequence[str]) -> list[str]:
        found = set()
        for root in roots:
            prefix = f"{root}/" if root else ""
            for path in self.files:
                first, _, rest = path.removeprefix(prefix).partition("/")
                if path.startswith(prefix) and (rest.endswith("__init__.py") if rest else first.endswith(".py")):
                    found.add(first.removesuffix(".py"))
        return sorted(found - {"setup", "conftest", "tests", "test", "docs"})

    def test_roots(self) -> tuple[str, ...]:
        if (by_hand := self.set_by_hand("test_roots")) is not None:
            return by_hand
        for file, statements in self.stated.items():
            existing = tuple(r.strip("/") for r in statements.test_roots if any(p.startswith(r) for p in self.files))
            if existing:
                self.decide("test roots", existing, file)
                return existing
        files = [p for p in self.facts if Python.is_test(p) and TEST_FILE.fullmatch(PurePosixPath(p).name)]
        tops = sorted({_test_folder(p) for p in files})
        self.decide("test roots", tops, "files named as pytest looks for them")
        return tuple(tops)

    def problem(self, roots: Sequence[str]) -> str:
        for statements in self.stated.values():
            if statements.compiles:
                return statements.compiles
        sources = [p for p in sorted(self.files) if p.endswith((".pyx", ".rs")) and not Python.is_test(p)]
        inside = [p for p in sources if any(p.startswith(f"{r}/" if r else "") for r in roots)]
        tops = set(self.top_modules(roots))
        for path in inside:
            if tops & set(PurePosixPath(path).parts):
                return f"{path} has to be compiled"
        return ""


def _run_by_ci(workflow: bytes) -> Iterator[tuple[int, int]]:
    """Yield the versions in the lines of a workflow that speak of Python, and in the lists below these."""
    is_list = False
    for line in workflow.splitlines():
        is_list = b"python" in line.lower() or (is_list and line.lstrip().startswith(b"-"))
        if is_list:
            yield from ((3, int(minor)) for minor in MINOR.findall(line))


def _version(text: str) -> tuple[int, int]:
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def _settled(version: tuple[int, int], created_at: str) -> bool:
    """Say whether a Python had been out for some months at a date; an unknown date is today's."""
    released = RELEASES.get(version)
    if released is None:
        return version < min(RELEASES)
    year, month = int(released[:4]), int(released[5:7]) + SETTLED_MONTHS
    settled = f"{year + (month - 1) // 12:04}-{(month - 1) % 12 + 1:02}{released[7:]}"
    return not created_at or settled <= created_at[:10]


def _test_folder(path: str) -> str:
    """Return the outermost folder of tests around a file, or the file."""
    parts = PurePosixPath(path).parts
    for number, part in enumerate(parts[:-1]):
        if part in TEST_FOLDERS:
            return "/".join(parts[: number + 1])
    return path


def _is_too_old(pin: str) -> bool:
    """Say whether a pin is of a pytest that tests cannot be graded with."""
    found = re.match(r"pytest==(\S+)", pin)
    return found is not None and not PYTESTS.contains(found[1], prereleases=True)


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    return found[0] if found else ""
