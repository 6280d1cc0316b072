"""Requirements → exact versions with hashes, as an index would have answered about the time of the commit.

About, because commits of one quarter of a year share a lock, and so an environment, as long as their requirements are
the same: versions are those of the quarter's first day, or of the commit's own date where these do not do.
"""

import re
from collections.abc import Sequence
from typing import Final

from packaging.utils import canonicalize_name

from hybridgym.environments.interpreters import Interpreter
from hybridgym.environments.project import Decision
from hybridgym.environments.uv import run_uv
from hybridgym.task import Value

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


def lock(
    interpreter: Interpreter,
    own: str,
    needed: Sequence[str],
    wanted: Sequence[str],
    optional: Sequence[str],
    as_of: str,
) -> Lock | NoLock:
    """Resolve `needed`, and as many of `wanted` and `optional` as go with it, by wheels alone.

    `own` is the project, which others may need and no lock has: a published copy would be what is tested, and what
    answers are read from. Versions uploaded after `as_of` (ISO 8601; empty for no limit) are not seen.
    """
    runner = _compiled(interpreter, [line for line in needed if _names(line) == {"pytest"}] or ["pytest"], as_of)
    if isinstance(runner, str) and canonicalize_name(own) in _names(runner):
        reason, log = "pytest runs with it", f"pytest needs {own}: tests would be run by what they are to test"
        return NoLock(command="", log=log, reason=reason)
    found = _compiled(interpreter, needed, as_of, own)
    if isinstance(found, NoLock):
        return found
    kept, text, left_out = list(needed), found, []
    for group in (wanted, optional):
        pending = [list(group)] if group else []
        while pending:
            lines = pending.pop(0)
            tried = _compiled(interpreter, [*kept, *lines], as_of, own)
            if isinstance(tried, str):
                kept, text = [*kept, *lines], tried
            elif len(lines) > 1:
                half = len(lines) // 2
                pending[:0] = [lines[:half], lines[half:]]
            else:
                left_out.append(Decision(field="left out of the environment", value=lines[0], reason=_last(tried)))
    return Lock(python=interpreter.version, text=text, as_of=as_of, decisions=tuple(left_out))


def dates(created_at: str) -> tuple[str, ...]:
    """Return as of when the requirements of a commit are resolved: what comes first where that can be done."""
    if not created_at:
        return ("",)
    year, month = created_at[:4], int(created_at[5:7])
    quarter = f"{year}-{(month - 1) // 3 * 3 + 1:02}-01T00:00:00Z"
    # Midnight is the date of a commit, or release, whose time is not known: the whole day counts.
    own = created_at.partition("T")[0] if created_at.endswith("T00:00:00Z") else created_at
    return quarter, own


def _compiled(interpreter: Interpreter, requirements: Sequence[str], as_of: str, without: str = "") -> str | NoLock:
    options = ["--no-build", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    options += ["--python", interpreter.path, *(["--exclude-newer", as_of] if as_of else [])]
    options += ["--no-emit-package", without] if without else []
    done = run_uv("pip", "compile", "-", *options, text="".join(f"{line}\n" for line in requirements))
    if done.returncode == 0:
        return done.stdout
    log = "\n".join(done.stderr.strip().splitlines()[-_TAIL_LINES:])
    return NoLock(command=f"uv pip compile - {' '.join(options)}", log=log)


def _names(requirements: str) -> set[str]:
    """Return the distributions that a requirements file has lines for."""
    return {canonicalize_name(found) for found in _NAME.findall(requirements)}


def _last(failed: NoLock) -> str:
    return " ".join(failed.log.split())[:300]
