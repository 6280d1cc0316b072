"""What every test stands on: nothing of the user's git configuration, and the same examples in every run.

`pytest --update-golden` writes tests/golden anew from what the code gives now; read the difference before it stays.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

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
