"""Requirements → exact versions with hashes, as an index would have answered about the time of the commit.

About, because commits of one quarter of a year share a lock, and so an environment, as long as their requirements are
the same: versions are those of the quarter's first day, or of the commit's own date where these do not do. Where the
repository has a lock file, that says which versions: commits share a lock as long as it stays the same.
"""

import re
from collections.abc import Sequence, Set
from typing import Final

import msgspec
from packaging.utils import canonicalize_name

from hybridgym.environments.interpreters import Interpreter
from hybridgym.environments.project import Decision
from hybridgym.environments.uv import run_uv
from hybridgym.task import Value

_CONSTRAINTS: Final = "constraints.txt"
_TAIL_LINES: Final = 12
_NAME: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)", re.MULTILINE)


class Lock(Value, frozen=True, kw_only=True):
    """What an environment consists of."""

    python: str
    """Such as `3.11`."""
    text: str
    """A requirements file: one version of each distribution, with the hashes of its wheels."""
    as_of: str
    """Versions uploaded after this moment were not seen; empty where all were."""
    decisions: tuple[Decision, ...]


class NoLock(Value, frozen=True, kw_only=True):
    """Why requirements cannot be met by wheels."""

    command: str
    log: str
    """The end of what uv said."""
    reason: str = "no set of wheels meets its requirements"


class Question(Value, frozen=True, kw_only=True):
    """What is asked of an index."""

    interpreter: Interpreter
    as_of: str
    """ISO 8601: versions uploaded later are not seen; empty for no limit."""
    constraints: tuple[str, ...] = ()
    """What versions are to be, wherever these packages are needed: those of a repository's own lock file."""
    locked_until: str = ""
    """The same for the packages that constraints name."""

    def about(self, names: Set[str]) -> "Question":
        """Return the question with only those constraints that are about these distributions."""
        kept = tuple(line for line in self.constraints if names & _names(line))
        return msgspec.structs.replace(self, constraints=kept)

    def answer(self, requirements: Sequence[str], without: str = "") -> str | NoLock:
        """Return a requirements file of all that is needed, but for one distribution."""
        options = ["--no-build", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
        options += ["--python", self.interpreter.path, *(["--exclude-newer", self.as_of] if self.as_of else [])]
        options += ["--no-emit-package", without] if without else []
        if self.constraints:
            options += ["--constraint", _CONSTRAINTS]
            for name in sorted(_names(self._constraints)) if self.as_of != self.locked_until else ():
                options += ["--exclude-newer-package", f"{name}={self.locked_until}"]
        text = "".join(f"{line}\n" for line in requirements)
        done = run_uv("pip", "compile", "-", *options, text=text, files={_CONSTRAINTS: self._constraints})
        if done.returncode == 0:
            return done.stdout
        log = "\n".join(done.stderr.strip().splitlines()[-_TAIL_LINES:])
        return NoLock(command=f"uv pip compile - {' '.join(options)}", log=log)

    @property
    def _constraints(self) -> str:
        return "".join(f"{line}\n" for line in self.constraints)


def lock(
    question: Question, own: str, needed: Sequence[str], wanted: Sequence[str], optional: Sequence[str]
) -> Lock | NoLock:
    """Resolve `needed`, and as many of `wanted` and `optional` as go with it, by wheels alone.

    `own` is the project, which others may need and no lock has: a published copy would be what is tested, and what
    answers are read from.
    """
    runner = question.answer([line for line in needed if _names(line) == {"pytest"}] or ["pytest"])
    if isinstance(runner, str) and canonicalize_name(own) in _names(runner):
        reason, log = "pytest runs with it", f"pytest needs {own}: tests would be run by what they are to test"
        return NoLock(command="", log=log, reason=reason)
    found = question.answer(needed, own)
    if isinstance(found, NoLock):
        return found
    kept, text, decisions = list(needed), found, list[Decision]()
    for group in (wanted, optional):
        pending = [list(group)] if group else []
        while pending:
            lines = pending.pop(0)
            tried = question.answer([*kept, *lines], own)
            if isinstance(tried, NoLock) and len(lines) > 1:
                half = len(lines) // 2
                pending[:0] = [lines[:half], lines[half:]]
                continue
            if isinstance(tried, NoLock) and question.constraints:
                # What it brings has a locked version without a wheel, or one that is gone.
                freer = question.about(_names(text))
                by_date = freer.answer([*kept, *lines], own)
                if isinstance(by_date, str):
                    decisions.append(Decision(field="lock file left aside for", value=lines[0], reason=_last(tried)))
                    question, tried = freer, by_date
            if isinstance(tried, str):
                kept, text = [*kept, *lines], tried
            else:
                decisions.append(Decision(field="left out of the environment", value=lines[0], reason=_last(tried)))
    python, as_of = question.interpreter.version, question.as_of
    return Lock(python=python, text=text, as_of=as_of, decisions=tuple(decisions))


def dates(created_at: str) -> tuple[str, ...]:
    """Return as of when the requirements of a commit are resolved: what comes first where that can be done."""
    if not created_at:
        return ("",)
    year, month = created_at[:4], int(created_at[5:7])
    quarter = f"{year}-{(month - 1) // 3 * 3 + 1:02}-01T00:00:00Z"
    # Midnight is the date of a commit, or release, whose time is not known: the whole day counts.
    own = created_at.partition("T")[0] if created_at.endswith("T00:00:00Z") else created_at
    return quarter, own


def _names(requirements: str) -> set[str]:
    """Return the distributions that a requirements file has lines for."""
    return {canonicalize_name(found) for found in _NAME.findall(requirements)}


def left_aside(failed: NoLock) -> Decision:
    """Say that a repository's lock file cannot be followed."""
    reason = f"versions are those of the date: {_last(failed)}"
    return Decision(field="lock file left aside", value="all of it", reason=reason)


def _last(failed: NoLock) -> str:
    return " ".join(failed.log.split())[:300]
