"""What tasks run in: container specifications that travel with a suite."""

from hybridgym.environments.base import DEFAULT_BASE, Environment, write_environments

__all__ = ["DEFAULT_BASE", "Environment", "write_environments"]
