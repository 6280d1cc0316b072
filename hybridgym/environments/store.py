"""Environments on disk: one folder for each lock, made once, shared by all repositories and commits that have it.

A folder holds dependencies only. The project itself is imported from where a workspace is mounted, through one
more folder that is made for each commit (`project_folder`): it holds the project's metadata, so that plugins and
`importlib.metadata` work, and says where its packages lie; no second copy of the project exists.

uv links files into environments from its cache: whoever may write to an environment changes all of them. Runtimes
show them read-only.
"""

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from hybridgym.caches import write_whole
from hybridgym.environments.base import BOOT
from hybridgym.environments.interpreters import Interpreter
from hybridgym.environments.uv import run_uv
from hybridgym.errors import SourceError
from hybridgym.task import Value

if TYPE_CHECKING:
    # Graders find environments made; who makes one loads how that is done.
    from hybridgym.environments.locking import Lock, NoLock, Question
    from hybridgym.environments.project import Project

_FORMAT: Final = 2
_COMPILE_SECONDS: Final = 300
_RECORD: Final = "hybridgym.json"


def store_in(cache: Path) -> "Store":
    """Return the environments that a cache folder keeps."""
    return Store(cache / "environments")


class StoredEnvironment(Value, frozen=True, kw_only=True):
    """One environment of the store."""

    id: str
    python: str
    """Full version."""
    base: str
    """The interpreter's path."""
    distributions: int
    created: bool = False
    """Whether it was made just now."""


class Store:
    """The environments in a folder; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, environment: str) -> Path:
        """Return the folder of an environment."""
        return self.folder / environment

    def get(self, lock: str, interpreter: Interpreter) -> StoredEnvironment:
        """Return the environment of a lock's text, made if it is not there.

        Raises SourceError where wheels are missing.
        """
        content = f"{_FORMAT}\n{interpreter.full_version}\n{interpreter.path}\n{lock}"
        identity = hashlib.sha256(content.encode()).hexdigest()[:16]
        with self._locked(identity):
            known = self._read(identity)
            if known is None:
                return self._made(identity, lock, interpreter)
            (self.path(identity) / _RECORD).touch()
            return known

    def lock(self, interpreter: Interpreter, project: "Project", created_at: str) -> "Lock | NoLock":
        """Return the lock of a project as of a commit's date.

        A lock that is kept here stays as it is, so that what a commit is given does not change with the index.
        """
        from hybridgym.environments.locking import Lock, NoLock, Question, dates, left_aside

        moments = dates(created_at)
        unlocked = [Question(interpreter=interpreter, as_of=as_of) for as_of in moments]
        if not project.constraints:
            return self._first(unlocked, project)
        locked = [
            msgspec.structs.replace(question, constraints=project.constraints, locked_until=moments[-1])
            for question in unlocked
        ]
        found = self._first(locked, project)
        if isinstance(found, Lock):
            return found
        by_date = self._first(unlocked, project)
        if isinstance(by_date, NoLock):
            return by_date
        return msgspec.structs.replace(by_date, decisions=(left_aside(found), *by_date.decisions))

    def _first(self, questions: "Sequence[Question]", project: "Project") -> "Lock | NoLock":
        """Return the first lock that there is."""
        from hybridgym.environments.locking import Lock, NoLock

        found: Lock | NoLock = NoLock(command="", log="")
        for question in questions:
            found = self._lock(question, project)
            if isinstance(found, Lock):
                break
        return found

    def _lock(self, question: "Question", project: "Project") -> "Lock | NoLock":
        from hybridgym.environments.locking import Lock, lock

        requirements = project.name, project.requirements, project.wanted, project.optional
        content: list[object] = [_FORMAT, question.interpreter.full_version, *requirements, question.as_of]
        content += [question.constraints, question.locked_until] if question.constraints else []
        identity = hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:16]
        path = self.folder / ".lock-files" / f"{identity}.json"
        with self._locked(f"lock-{identity}"):
            try:
                return msgspec.json.decode(path.read_bytes(), type=Lock)
            except (OSError, msgspec.DecodeError):
                found = lock(question, *requirements)
            if isinstance(found, Lock):
                write_whole(path, msgspec.json.encode(found))
        return found

    def stored(self, environment: str) -> StoredEnvironment:
        """Return an environment that is known to be here; raises SourceError where it is not."""
        known = self._read(environment)
        if known is None:
            message = f"{self.path(environment)}: expected an environment, found none"
            raise SourceError(message)
        return known

    def folder_for(self, name: str, make: Callable[[Path], None]) -> Path:
        """Return a folder of this name, made if it is not there."""
        place = self.folder / ".folders" / name
        with self._locked(name):
            if not place.is_dir():
                place.parent.mkdir(exist_ok=True)
                unfinished = Path(tempfile.mkdtemp(prefix=".making-", dir=self.folder))
                make(unfinished)
                unfinished.chmod(0o755)
                unfinished.rename(place)
        return place

    def all(self) -> list[StoredEnvironment]:
        """Return the environments of the store, sorted by id."""
        names = sorted(p.name for p in self.folder.iterdir()) if self.folder.is_dir() else []
        return [known for name in names if (known := self._read(name)) is not None]

    def prune(self, days: int) -> list[str]:
        """Delete the environments that were last asked for some days ago, and what was left unfinished."""
        before = time.time() - days * 86400
        found = [e.id for e in self.all() if (self.path(e.id) / _RECORD).stat().st_mtime <= before]
        for environment in found:
            with self._locked(environment):
                shutil.rmtree(self.path(environment), ignore_errors=True)
        for unfinished in self.folder.glob(".making-*"):
            if unfinished.stat().st_mtime <= before:
                shutil.rmtree(unfinished, ignore_errors=True)
        return found

    def size(self, environment: str) -> int:
        """Return the bytes of an environment's files, whether or not others share them."""
        return sum(path.lstat().st_size for path in self.path(environment).rglob("*") if not path.is_dir())

    def _read(self, environment: str) -> StoredEnvironment | None:
        try:
            data = (self.path(environment) / _RECORD).read_bytes()
            return msgspec.json.decode(data, type=StoredEnvironment)
        except (OSError, msgspec.DecodeError):
            return None

    def _made(self, identity: str, lock: str, interpreter: Interpreter) -> StoredEnvironment:
        folder = Path(tempfile.mkdtemp(prefix=".making-", dir=self.folder))
        try:
            made, requirements = folder / "environment", folder / "requirements.txt"
            requirements.write_text(lock, encoding="utf-8")
            python = str(made / "bin/python")
            _run("venv", "--python", interpreter.path, "--no-project", "--relocatable", str(made))
            if lock.strip():
                options = ("--no-build", "--require-hashes", "--python", python)
                _run("pip", "sync", *options, str(requirements))
            [packages] = made.glob("lib/python*/site-packages")
            _compile(interpreter, packages)
            (packages / "hybridgym.pth").write_text(BOOT, encoding="utf-8")
            found = StoredEnvironment(
                id=identity,
                python=interpreter.full_version,
                base=interpreter.path,
                distributions=len(list(packages.glob("*.dist-info"))),
            )
            (made / _RECORD).write_bytes(msgspec.json.encode(found))
            shutil.rmtree(self.path(identity), ignore_errors=True)
            made.rename(self.path(identity))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return msgspec.structs.replace(found, created=True)

    @contextmanager
    def _locked(self, environment: str) -> Iterator[None]:
        locks = self.folder / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        with (locks / environment).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _compile(interpreter: Interpreter, packages: Path) -> None:
    """Write bytecode, without which half of a short run of tests is compiling pytest; nothing of a package runs."""
    # A file that does not compile, as of a template, is none that is imported.
    options = ("-qq", "--invalidation-mode", "unchecked-hash")
    command = [interpreter.path, "-I", "-S", "-m", "compileall", *options, str(packages)]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, check=False, timeout=_COMPILE_SECONDS)


def _run(*arguments: str) -> None:
    done = run_uv(*arguments)
    if done.returncode:
        message = f"uv {' '.join(arguments)}: {' '.join(done.stderr.split()[-80:])}"
        raise SourceError(message)
