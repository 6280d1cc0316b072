"""The `uv` program: resolves and unpacks wheels. It is never let build anything."""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hybridgym.errors import MissingDependencyError

_SECONDS: Final = 600
_KEPT: Final = ("PATH", "HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "LANG", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
SYSTEM_CERTIFICATES: Final = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
"""Indexes behind a certificate of one's own are asked as all other programs ask them; the second is the older name."""


def run_uv(
    *arguments: str, text: str = "", files: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run uv in a folder with these files alone, so that no project's settings count; the user's own do."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= SYSTEM_CERTIFICATES
    environment |= {name: value for name, value in os.environ.items() if name.startswith("UV_")}
    environment |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory(prefix="hybridgym-uv-") as folder:
        for name, content in (files or {}).items():
            Path(folder, name).write_text(content, encoding="utf-8")
        try:
            return subprocess.run(
                [_program(), *arguments],
                cwd=folder,
                env=environment,
                input=text,
                capture_output=True,
                text=True,
                errors="backslashreplace",
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess([], 1, "", f"uv {arguments[0]} took more than {_SECONDS} s")


def _program() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "uv"
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        message = "uv: the program is needed to make environments; install it: pip install 'hybridgym[environments]'"
        raise MissingDependencyError(message)
    return found
