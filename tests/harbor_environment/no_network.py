"""Harbor's own Docker environment, but for the image from a registry with which it turns networks off.

Harbor imports this; nothing of hybridgym is there.
"""

from pathlib import Path
from typing import Any

from harbor.environments.docker.docker import DockerEnvironment


class NoNetwork(DockerEnvironment):  # type: ignore[misc]
    """Containers without a network, by Compose's own means."""

    @staticmethod
    def _requires_egress_control(**_: Any) -> bool:
        return False

    @property
    def capabilities(self) -> Any:
        return super().capabilities.model_copy(update={"disable_internet": True})

    @property
    def _docker_compose_paths(self) -> list[Path]:
        return [*super()._docker_compose_paths, Path(__file__).with_suffix(".yaml")]
