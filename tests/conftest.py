"""What every test stands on: nothing of the user's git configuration, and the same examples in every run.

`pytest --update-golden` writes tests/golden anew from what the code gives now; read the difference before it stays.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from docker_engine import BASE, EngineError, base_image, started_engine
from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.runtimes import Runtime
from hybridgym.runtimes.docker import Docker
from hybridgym.runtimes.sandbox import Sandbox
from trials import UnprivilegedSandbox, make_workspace

# A slow machine is no failure, and a run that failed fails again.
settings.register_profile("reproducible", deadline=None, derandomize=True)
settings.load_profile("reproducible")

GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@localhost",
}


@pytest.fixture(scope="session", autouse=True)
def _git_environment() -> Iterator[None]:
    """Keep the user's git configuration out of every git that a test starts."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            environment.delenv(name)
        for name, value in GIT_ENVIRONMENT.items():
            environment.setenv(name, value)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew")
    parser.addoption("--update-docs", action="store_true", help="write help texts and ids of examples in docs anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


# Runtimes


@pytest.fixture(scope="session")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Docker]:
    """Give containers of an engine of the tests' own."""
    try:
        with started_engine(tmp_path_factory.mktemp("engine")) as engine:
            engine.output("import", "-", BASE, text=base_image())
            yield Docker(BASE, host=engine.host)
    except EngineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session", params=["sandbox", "sandbox without control groups", "sandbox of nobody", "docker"])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    """Give each runtime that this machine permits, in each way in which it may have to work."""
    if request.param == "docker":
        found: Runtime = request.getfixturevalue("docker")
        return found
    if request.param == "sandbox of nobody" and os.geteuid() != 0:
        pytest.skip("this is somebody other than root already")
    try:
        found = UnprivilegedSandbox() if "nobody" in request.param else Sandbox(use_cgroups=request.param == "sandbox")
        found.prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(str(error))
    return found


@pytest.fixture
def workspace() -> Iterator[Path]:
    """Give a folder that others can reach, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield make_workspace(Path(folder, "workspace"))
