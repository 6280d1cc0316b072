"""The Dockerfiles of a Harbor task: where the agent works, and where its work is graded.

Each is built with its own folder as context. The agent's image has the start state, as a repository of one commit,
and what the tests need where there are tests: no answer, no history, no row. The verifier's has hybridgym, the row
and the source.
"""

from typing import Final

from hybridgym.environments.base import ACCOUNT, AGENT_UID, INSTALLED, WHEELS, Environment
from hybridgym.snapshots import AUTHOR_EMAIL, AUTHOR_NAME, COMMIT_MESSAGE, COMMIT_TIME

_AGENT: Final = """\
# The start state of one task: `/testbed` is a git repository of one commit, owned by the user `agent`.
# BASE needs bash{python}. Where it has no git, apt installs it.
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
# The libraries that the checker needs come from wheels/ or the package index, unless {base} has them in
# /hybridgym/site already.
ARG BASE={base}

"""
_CHECKER: Final = """\
FROM ${base} AS checker
ARG PIP_INDEX_URL
ARG PIP_NO_INDEX{no_index}
COPY . /tests
RUN python3 -c 'import sys; sys.version_info >= (3, 11) or sys.exit("{base} needs Python 3.11 or newer")' \\
    && mkdir -p /hybridgym/site /tests/wheels && if ! test -d /hybridgym/site/msgspec; then \\
        python3 -m venv /hybridgym/pip && /hybridgym/pip/bin/python -m pip install --quiet --no-cache-dir --no-deps \\
            --only-binary :all: --find-links /tests/wheels --target /hybridgym/site -r /tests/requirements.txt; \\
        rm -rf /hybridgym/pip; fi \\
    && python3 -m zipfile -e /tests/hybridgym.zip /hybridgym/site && rm -rf /tests/wheels /tests/lock
"""
_GRADING: Final = """\
COPY --from=checker /hybridgym/site /hybridgym/site
COPY --from=checker /tests /tests
# What is graded is run by another user, who has no business here.
RUN chmod -R go-rwx /tests /hybridgym/site && touch /hybridgym/throw-away
WORKDIR /
"""


def agent_dockerfile(environment: Environment, base: str, commit: str, no_index: str) -> str:
    """Return the Dockerfile of the image in which an agent works; `commit` is the start state's."""
    start = _START.format(
        name=AUTHOR_NAME,
        email=AUTHOR_EMAIL,
        time=COMMIT_TIME,
        message=COMMIT_MESSAGE.strip(),
        commit=commit,
        uid=AGENT_UID,
    )
    account = "FROM $BASE AS environment\n" + ACCOUNT.format(uid=AGENT_UID)
    if not environment.lock:
        return _AGENT.format(base=base, python="") + account + start + _AGENT_END
    head = _AGENT.format(base=base, python=_WITH_TESTS.format(python=environment.python))
    wheels = WHEELS.format(python=environment.python, lock="lock", no_index=no_index)
    return f"{head}{wheels}\n{account}{INSTALLED}{start}{_PROJECT}{_AGENT_END}"


def verifier_dockerfile(environment: Environment, base: str, no_index: str) -> str:
    """Return the Dockerfile of the image that grades."""
    head, checker = _VERIFIER.format(base=base), _CHECKER.format(base="BASE", no_index=no_index)
    return f"{head}{checker}\nFROM $BASE\n{_GRADING}"
