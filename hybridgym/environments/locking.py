"""Requirements → exact versions with hashes, as an index would have answered at the commit's date."""

from collections.abc import Sequence
from typing import Final

from hybridgym.environments.interpreters import Interpreter
from hybridgym.environments.project import Decision
from hybridgym.environments.uv import run_uv
from hybridgym.task import Value

_TAIL_LINES: Final = 12


class Lock(Value, frozen=True, kw_only=True):
    """What an environment consists of."""

    python: str
    text: str
    """A requirements file: one version of each distribution, with the hashes of its wheels."""
    decisions: tuple[Decision, ...]


class NoLock(Value, frozen=True, kw_only=True):
    """Why requirements cannot be met by wheels."""

    command: str
    log: str
    """The end of what uv said."""


def lock(
    interpreter: Interpreter, needed: Sequence[str], wanted: Sequence[str], optional: Sequence[str], created_at: str
) -> Lock | NoLock:
    """Resolve `needed`, and as many of `wanted` and `optional` as go with it, by wheels alone.

    Versions uploaded after `created_at` (ISO 8601; empty for no limit) are not seen.
    """
    found = _compiled(interpreter, needed, created_at)
    if isinstance(found, NoLock):
        return found
    kept, text, left_out = list(needed), found, []
    for group in (list(wanted), list(optional)):
        pending = [group] if group else []
        while pending:
            lines = pending.pop(0)
            tried = _compiled(interpreter, [*kept, *lines], created_at)
            if isinstance(tried, str):
                kept, text = [*kept, *lines], tried
            elif len(lines) > 1:
                half = len(lines) // 2
                pending[:0] = [lines[:half], lines[half:]]
            else:
                left_out.append(Decision(field="left out of the environment", value=lines[0], reason=_last(tried)))
    return Lock(python=interpreter.version, text=text, decisions=tuple(left_out))


def _compiled(interpreter: Interpreter, requirements: Sequence[str], created_at: str) -> str | NoLock:
    options = ["--no-build", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    # A date without a time is that of the whole day.
    limit = created_at.partition("T")[0] if created_at.endswith("T00:00:00Z") else created_at
    options += ["--python", interpreter.path, *(["--exclude-newer", limit] if limit else [])]
    done = run_uv("pip", "compile", "-", *options, text="".join(f"{line}\n" for line in requirements))
    if done.returncode == 0:
        return done.stdout
    log = "\n".join(done.stderr.strip().splitlines()[-_TAIL_LINES:])
    return NoLock(command=f"uv pip compile - {' '.join(options)}", log=log)


def _last(failed: NoLock) -> str:
    return " ".join(failed.log.split())[:300]
