"""Images of an engine: built from an archive, pushed, and looked into."""

import json
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from hybridgym.errors import RunError
from hybridgym.runtimes.docker import engine_errors

if TYPE_CHECKING:
    import docker

_TAIL = 1000
"""Characters of what a build said that an error shows."""


class Engine:
    """Builds and pushes; `arguments` are those of every build, `network` is what its steps reach."""

    def __init__(self, client: "docker.DockerClient", arguments: Mapping[str, str], network: str | None) -> None:
        self._client, self._arguments, self._network = client, arguments, network

    def build(self, name: str, context: IO[bytes], dockerfile: str, *, task: str, target: str) -> int:
        """Build an image of a task or, without one, of the target stage; return its bytes. Raises RunError."""
        import docker.errors

        arguments = {**self._arguments, **({"TASK": task} if task else {})}
        with engine_errors(f"image {name}"):
            try:
                image, _ = self._client.images.build(
                    fileobj=context,
                    custom_context=True,
                    dockerfile=dockerfile,
                    tag=name,
                    rm=True,
                    buildargs=arguments,
                    network_mode=self._network or "",
                    target="" if task else target,
                )
            except docker.errors.BuildError as error:
                said = "".join(str(line.get("stream", "")) for line in error.build_log)
                message = f"docker: image {name}: {error}\n{said[-_TAIL:]}"
                raise RunError(message) from error
        return int(image.attrs["Size"])

    def push(self, name: str) -> str:
        """Push an image to the registry that its name names; return the digest that it has there. Raises RunError."""
        digest = ""
        with engine_errors(f"pushing {name}"):
            for line in self._client.images.push(name, stream=True, decode=True):
                if "error" in line:
                    message = f"docker: pushing {name}: {line['error']}"
                    raise RunError(message)
                digest = line.get("aux", {}).get("Digest", digest)
        if not digest:
            message = f"docker: pushing {name}: the registry gave no digest"
            raise RunError(message)
        return digest


def names_in_layers(client: "docker.DockerClient", name: str) -> Iterator[str]:
    """Yield the paths of all files that the layers of an image have, those that a later one takes away too."""
    with tempfile.TemporaryFile() as file, engine_errors(f"image {name}"):
        for part in client.images.get(name).save():
            file.write(part)
        file.seek(0)
        with tarfile.open(fileobj=file) as image:
            for member in filter(tarfile.TarInfo.isreg, image):
                # What is no layer is a description.
                with suppress(tarfile.ReadError), tarfile.open(fileobj=image.extractfile(member)) as layer:
                    yield from (entry.name for entry in layer)


def description_of(client: "docker.DockerClient", name: str) -> str:
    """Return, as JSON, what an image says of itself and of how it was made."""
    with engine_errors(f"image {name}"):
        image = client.images.get(name)
        made = [layer["CreatedBy"] for layer in image.history()]
        return json.dumps([image.attrs["Config"], made])
