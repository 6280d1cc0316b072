"""A git repository that a test makes, commit by commit."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hybridgym.specs import RepoSpec, SourceKind


class Project:
    """A git repository, whose commits are an hour apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.commits = 0

    def git(self, *arguments: str, data: bytes | None = None, **environment: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=os.environ | environment,
            input=data,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode(errors="surrogateescape").strip()

    def commit(self, message: str = "Change", /, **texts: str | bytes | None) -> str:
        """Write files (None: delete) and commit them; `__` in a name stands for `/`, `_py` and `_md` for suffixes."""
        self.write({re.sub(r"_(py|md)$", r".\1", name.replace("__", "/")): text for name, text in texts.items()})
        return self.commit_all(message)

    def write(self, texts: Mapping[str, str | bytes | None]) -> None:
        for name, text in texts.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit_all(self, message: str = "Change") -> str:
        self.git("add", "--all", "--force")
        return self.record("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", message)

    def record(self, *arguments: str) -> str:
        """Run a git command that makes a commit."""
        date = f"{1_600_000_000 + 3600 * self.commits} +0000"
        self.commits += 1
        self.git(*arguments, GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE=date)
        return self.git("rev-parse", "HEAD")

    def spec(self, **options: object) -> RepoSpec:
        """Return where it is, at its branch `main`."""
        return RepoSpec(kind=SourceKind.GIT, location=str(self.folder), revision="main", **options)  # type: ignore[arg-type]

    def unpack(self, mirror: Path) -> None:
        """Make a file of its own of each object in a mirror of it."""
        (pack,) = (mirror / "objects" / "pack").glob("*.pack")
        data = pack.read_bytes()
        for path in pack.parent.iterdir():
            path.unlink()
        self.git("--git-dir", str(mirror), "unpack-objects", "-q", data=data)
