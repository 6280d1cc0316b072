"""hybridgym itself as files, for images in which its checkers are to run: no index has to carry it."""

import io
import re
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

import hybridgym
from hybridgym.errors import UsageError

CODE: Final = "hybridgym.zip"
REQUIREMENTS: Final = "requirements.txt"

_PACKAGE: Final = Path(hybridgym.__file__).parent
_SUFFIXES: Final = (".py", ".scm", ".txt")
_NEEDED: Final = ("msgspec", "tree-sitter", "zstandard")
"""What checking imports, besides grammars; the rest of what hybridgym needs makes suites."""
_GRAMMAR: Final = re.compile(r"^import (tree_sitter_\w+)$", re.MULTILINE)


def checker_code() -> bytes:
    """Return a zip archive of hybridgym's modules, the same bytes for the same modules; templates are left out."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(_PACKAGE.rglob("*")):
            relative = path.relative_to(_PACKAGE)
            if path.suffix in _SUFFIXES and relative.parts[0] != "task_templates":
                entry = zipfile.ZipInfo(f"hybridgym/{relative.as_posix()}")
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    return content.getvalue()


def checker_requirements() -> str:
    """Return what checking needs, in the versions that are installed here, as a requirements file."""
    sources = [path.read_text(encoding="utf-8") for path in sorted((_PACKAGE / "languages").glob("*.py"))]
    grammars = {name.replace("_", "-") for source in sources for name in _GRAMMAR.findall(source)}
    return "".join(f"{name}=={version(name)}\n" for name in sorted({*_NEEDED, *grammars}))


def checker_wheels(folder: Path, requirements: str) -> list[Path]:
    """Return the wheels of a folder that a requirements file names; raises UsageError where one has none."""
    found: list[Path] = []
    for line in requirements.splitlines():
        name, _, wanted = line.partition("==")
        prefix = f"{name.replace('-', '_')}-{wanted}-"
        wheels = sorted(path for path in folder.glob("*.whl") if path.name.startswith(prefix))
        if not wheels:
            message = f"{folder}: expected a wheel of {line}, found none"
            raise UsageError(message)
        found += wheels
    return found
