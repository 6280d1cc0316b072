"""The user's cache folder, and how a file of it is written."""

import os
import tempfile
from pathlib import Path


def default_cache() -> Path:
    """Return the folder that keeps what is fetched and made, for all suites of a user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hybridgym"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that others, who may write it too, see all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".unfinished-") as folder:
        unfinished = Path(folder, path.name)
        unfinished.write_bytes(data)
        unfinished.replace(path)
