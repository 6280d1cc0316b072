"""The Dockerfiles of a Harbor task: where the agent works, and where its work is graded.

Each is built with its own folder as context. The agent's image has the start state, as a repository of one commit,
and what the tests need where there are tests: no answer, no history, no row. The verifier's has hybridgym, the row
and the source.
"""

from typing import Final

from hybridgym.environments.base import ACCOUNT, AGENT_UID, INSTALLED, WHEELS, Environment
from hybridgym.snapshots import AUTHOR_EMAIL, AUTHOR_NAME, COMMIT_MESSAGE, COMMIT_TIME
from hybridgym.task import WORKSPACE

_AGENT: Final = """\
# The start state of one task: `/testbed` is a git repository of one commit, owned by the user `agent`.
# BASE needs bash, tar and gzip{python}. Where it has no git, apt installs it.
ARG BASE={base}

"""
_WITH_TESTS: Final = ", python3 of version {python} with venv and ensurepip, and libzstd"

_START: Final = """\

FROM environment AS start
ADD start.tar.gz /start/
# Plumbing alone: nothing of the repository's own attributes or of a user's settings has a say.
RUN cd /start && export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \\
        GIT_AUTHOR_NAME={name} GIT_AUTHOR_EMAIL={email} GIT_AUTHOR_DATE='@{time} +0000' \\
        GIT_COMMITTER_NAME={name} GIT_COMMITTER_EMAIL={email} GIT_COMMITTER_DATE='@{time} +0000' \\
    && git init --quiet --template= --initial-branch=main && mkdir .git/info \\
    && echo '* -text -ident -filter -working-tree-encoding !diff' > .git/info/attributes \\
    && git add --all --force && tree=$(git write-tree) && commit=$(echo {message} | git commit-tree $tree) \\
    && git -c core.logAllRefUpdates=false update-ref HEAD $commit && test $commit = {commit}

FROM environment
LABEL hybridgym.network="none"
COPY --from=start --chown={uid}:{uid} /start /testbed
"""
_PROJECT: Final = """\
COPY project /hybridgym/project
ENV PATH=/hybridgym/environment/bin:$PATH
"""
_AGENT_END: Final = """\
USER agent
WORKDIR /testbed
"""

_VERIFIER: Final = """\
# What grades a task: hybridgym's checker, the row and the source. It runs as root, without a network.
# BASE needs bash, tar, find and python3{python}.
ARG BASE={base}
"""
_OTHER_PYTHON: Final = """\
# hybridgym needs a newer Python than the project: that of CHECKER, whose C library is no newer than that of BASE.
ARG CHECKER={checker}
"""
_CHECKER: Final = """\

# The same for all tasks. The libraries that hybridgym needs come from wheels/ or the package index, unless {image} has
# them in /hybridgym/site already.
FROM ${image} AS checker
ARG PIP_INDEX_URL
ARG PIP_NO_INDEX{no_index}
RUN python3 -c 'import sys; sys.version_info >= (3, 11) or sys.exit("{image} needs Python 3.11 or newer")'
COPY checker /hybridgym/checker
RUN mkdir -p /hybridgym/site /hybridgym/checker/wheels && if ! test -d /hybridgym/site/msgspec; then \\
        python3 -m venv /hybridgym/pip && /hybridgym/pip/bin/python -m pip install --quiet --no-cache-dir --no-deps \\
            --only-binary :all: --find-links /hybridgym/checker/wheels --target /hybridgym/site \\
            -r /hybridgym/checker/requirements.txt; fi \\
    && python3 -m zipfile -e /hybridgym/checker/hybridgym.zip /hybridgym/site{python} \\
    && chmod -R go-rwx /hybridgym/site
"""
_OWN_PYTHON: Final = " /hybridgym/python"
_WITH_PYTHON: Final = """\
 \\
    && python3 -c 'import os, shutil, sys; shutil.copytree(sys.base_prefix, "/hybridgym/python", symlinks=True); \\
        name = os.path.basename(os.path.realpath(sys.executable)); \\
        name == "python3" or os.path.lexists("/hybridgym/python/bin/python3") \\
        or os.symlink(name, "/hybridgym/python/bin/python3")'"""
_GRADING: Final = """\
COPY --from=checker /hybridgym/site /hybridgym/site
COPY . /tests
# What is graded is run by another user, who has no business here. COPY gives folders permissions of its own.
RUN rm -rf /tests/checker /tests/lock && chmod -R go-rwx /tests && chmod go-rwx /hybridgym/site{python}
WORKDIR /
"""
_RUNNING: Final = """\
# The tests run as the user `agent`, who can become nobody else.
RUN find / -xdev -type f -perm /6000 -exec chmod a-s {} + && touch /hybridgym/throw-away
"""
_NO_INDEX: Final = "=1"
_OLDEST: Final = (3, 11)
"""Python that hybridgym runs on."""


def agent_dockerfile(environment: Environment, base: str, commit: str, *, has_wheels: bool) -> str:
    """Return the Dockerfile of the image in which an agent works; `commit` is the start state's.

    Where there are wheels in its folder, no index is asked.
    """
    start = _START.format(
        name=AUTHOR_NAME,
        email=AUTHOR_EMAIL,
        time=COMMIT_TIME,
        message=COMMIT_MESSAGE.strip(),
        commit=commit,
        uid=AGENT_UID,
    )
    account = "FROM $BASE AS environment\n" + ACCOUNT.format(uid=AGENT_UID, workspace=WORKSPACE)
    if not environment.lock:
        return _AGENT.format(base=base, python="") + account + start + _AGENT_END
    head = _AGENT.format(base=base, python=_WITH_TESTS.format(python=environment.python))
    return f"{head}{_wheels(environment, has_wheels)}\n{account}{INSTALLED}{start}{_PROJECT}{_AGENT_END}"


def verifier_dockerfile(
    environment: Environment, base: str, checker_base: str, *, has_checker_wheels: bool, has_wheels: bool
) -> str:
    """Return the Dockerfile of the image that grades.

    `checker_base` has the Python of the checker where `base` has none that is new enough.
    """
    checker = {"no_index": _NO_INDEX if has_checker_wheels else "", "python": ""}
    if not environment.lock:
        head = _VERIFIER.format(base=checker_base, python=" of version 3.11 or newer")
        copied = _CHECKER.format(image="BASE", **checker)
        return f"{head}{copied}\nFROM $BASE\n{_GRADING.format(python='')}"
    head = _VERIFIER.format(base=base, python=_WITH_TESTS.format(python=environment.python).partition("python3")[2])
    account = "FROM $BASE\n" + ACCOUNT.format(uid=AGENT_UID, workspace=WORKSPACE) + INSTALLED
    if has_own_python(environment):
        head += _OTHER_PYTHON.format(checker=checker_base)
        copied = _CHECKER.format(image="CHECKER", **checker | {"python": _WITH_PYTHON})
        account += "COPY --from=checker /hybridgym/python /hybridgym/python\n"
    else:
        copied = _CHECKER.format(image="BASE", **checker)
    grading = _GRADING.format(python=_OWN_PYTHON if has_own_python(environment) else "")
    return f"{head}{copied}\n{_wheels(environment, has_wheels)}\n{account}{grading}{_RUNNING}"


def has_own_python(environment: Environment) -> bool:
    """Whether hybridgym needs another Python than the tests of an environment."""
    return bool(environment.python) and tuple(map(int, environment.python.split("."))) < _OLDEST


def _wheels(environment: Environment, are_there: bool) -> str:
    return WHEELS.format(python=environment.python, lock="lock", no_index=_NO_INDEX if are_there else "")
