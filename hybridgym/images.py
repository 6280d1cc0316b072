"""Suite → container images: one for each environment, which graders run tests in, and one for each task.

An image of an environment is named `NAME:<environment>`, that of a task `NAME:<environment>-<instance id>`. The engine
is sent what one image is made of, not the suite. Rows of the suite can then be given the names of their images: those
by which they can be pulled, where they were pushed.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from hybridgym.environments.base import IMAGE, Environment
from hybridgym.errors import SuiteError
from hybridgym.rows import row_files
from hybridgym.runtimes.docker import connected
from hybridgym.runtimes.images import Engine
from hybridgym.suite import ENVIRONMENTS, ROWS, SOURCES, Suite, read_environment, read_info, write_info
from hybridgym.task import Value

_COLUMNS: Final = ("image", "image_name", "docker_image")
"""One value, by the names under which consumers of suites look for it."""


class Image(Value, frozen=True, kw_only=True):
    """An image that is there."""

    name: str
    environment: str
    instance_id: str = ""
    """Of the task; empty for what all tasks of the environment share."""
    bytes: int
    digest: str = ""
    """`sha256:…`: by what a registry that has it knows it."""

    @property
    def reference(self) -> str:
        """By what it can be run: its name here, or what a registry gives, whatever is pushed there later."""
        return f"{self.name.rpartition(':')[0]}@{self.digest}" if self.digest else self.name


def build_images(
    suite: Suite,
    *,
    name: str = IMAGE,
    arguments: Mapping[str, str] | None = None,
    host: str = "",
    push: bool = False,
    network: str | None = None,
    with_tasks: bool = True,
    python: str = "",
) -> Iterator[Image]:
    """Build the images of a suite, and push them where they are to be pushed.

    `arguments` are those of `docker build`, such as BASE and PIP_INDEX_URL; `network` is that of the build. Without
    tasks, there are the images that graders need; `python` leaves out what is for another version. Raises
    SuiteError where the suite lacks sources, RunError where an image cannot be built or pushed, and
    MissingDependencyError where the SDK or an engine is missing.
    """
    if len(suite) and not (suite.folder / SOURCES).is_dir():
        message = f"{suite.folder}: no {SOURCES}: a suite that was written without them gives no images"
        raise SuiteError(message)
    tasks: dict[str, list[str]] = {}
    for instance_id, task in suite.items():
        tasks.setdefault(task.row.environment, []).append(instance_id)
    with connected(host) as client:
        engine = Engine(client, dict(arguments or {}), network)
        for environment_id, instance_ids in sorted(tasks.items()):
            environment = read_environment(suite.folder, environment_id)
            if python and environment.python != python:
                continue
            dockerfile = f"{ENVIRONMENTS}/{environment.id}/Dockerfile"
            for instance_id in ("", *(instance_ids if with_tasks else ())):
                called = environment.image_of_task(instance_id, name) if instance_id else environment.image(name)
                context = _context(suite, environment, instance_id)
                size = engine.build(called, context, dockerfile, task=instance_id, target="environment")
                digest = engine.push(called) if push else ""
                of = {"environment": environment.id, "instance_id": instance_id}
                yield Image(name=called, bytes=size, digest=digest, **of)


def record_images(folder: Path, images: Iterable[Image]) -> None:
    """Write the names of images into the rows of the tasks that they were built for; other rows stay as they are."""
    references = {image.instance_id: image.reference for image in images if image.instance_id}
    info = read_info(folder)
    digest = hashlib.sha256()
    for rows in row_files(folder):
        unfinished = rows.with_name(f".{rows.name}")
        with rows.open("rb") as old, unfinished.open("wb") as new:
            for line in old:
                row = msgspec.json.decode(line)
                if row["instance_id"] in references:
                    row |= dict.fromkeys(_COLUMNS, references[row["instance_id"]])
                    line = msgspec.json.encode(row) + b"\n"
                digest.update(line)
                new.write(line)
        unfinished.replace(rows)
    write_info(folder, msgspec.structs.replace(info, tasks_sha256=digest.hexdigest()))


def _context(suite: Suite, environment: Environment, instance_id: str) -> io.BytesIO:
    """Pack what an image is made of: the environment's folder, and of the suite one row with its source."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for path in ("start_state.py", environment.id):
            tar.add(suite.folder / ENVIRONMENTS / path, f"{ENVIRONMENTS}/{path}")
        if instance_id:
            row = suite[instance_id].row
            line = msgspec.json.encode(row) + b"\n"
            entry = tarfile.TarInfo(ROWS)
            entry.size = len(line)
            tar.addfile(entry, io.BytesIO(line))
            source = f"{SOURCES}/{row.source}.tar.zst"
            tar.add(suite.folder / source, source)
    content.seek(0)
    return content


def wheels_folder(folder: Path, environment: str) -> Path:
    """Return where an image's build looks for wheels before it asks the package index."""
    return folder / ENVIRONMENTS / environment / "wheels"
