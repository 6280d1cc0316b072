"""Say how true hybridgym's call graph is, by what real packages call when their own tests run.

    python -m benchmarks.fidelity click==8.1.7 flask==3.1.2
    python -m benchmarks.fidelity --set held-out --json fidelity.json

It downloads source distributions, **installs them and runs their tests** in throw-away environments, and compares
what each call site reached with hybridgym's resolutions, with jedi's if it is installed, and with plain name
matching. This is a benchmark for a developer, on packages that he names: hybridgym itself runs nothing of a package.

Counted are *tasks* (what the dependency_search template makes by default; exact where the answer is the set of what
was called, for targets all of whose call sites ran) and *sites* (precision: answers that were reached; recall: sites
that reached the repository and have such an answer). Tests are no part of the repository here, see `witness`.
"""

import hashlib
import json
import os
import shlex
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import msgspec

from benchmarks.oracle import PYTHON, Setup, lay_out, record_of
from benchmarks.packages import HELD_OUT, SETUPS, TUNED
from benchmarks.peers import Timed, has_jedi, jedi_goto, own_answers, timed, unique_names
from benchmarks.scores import (
    Disagreement,
    Gap,
    Score,
    disagreements,
    openness,
    own_tasks,
    peer_tasks,
    score,
    selected,
)
from benchmarks.witness import Witness, source_files
from hybridgym.errors import HybridGymError
from hybridgym.pipeline import context_of
from hybridgym.resolve import DefinitionKey
from hybridgym.source import Source, load_source
from hybridgym.specs import spec_of

OURS, JEDI, NAMES = "hybridgym", "jedi goto", "unique name"
SETS = {"tuned": TUNED, "held-out": HELD_OUT}


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured on one package, or on several together."""

    package: str
    outcomes: dict[str, int]
    """Tests by outcome."""
    sites: int
    """Call sites in the package's source."""
    sites_run: int
    targets: int
    """Functions that could be targets."""
    closed: int
    scores: dict[str, Score]
    gaps: dict[str, Gap]
    disagreements: list[Disagreement]
    wrong_tasks: list[str]
    """Targets whose answer is not what was called, with what differs."""


class Options(NamedTuple):
    """How packages are measured."""

    python: str
    seconds: int
    cache: Path
    peers: bool
    requirements: tuple[str, ...]
    arguments: tuple[str, ...]


@click.command(help=__doc__)
@click.argument("packages", nargs=-1)
@click.option("--set", "sets", type=click.Choice(sorted(SETS)), multiple=True, help="Measure a named set of packages.")
@click.option("--python", default=PYTHON, show_default=True, help="Version or interpreter, 3.12 or newer.")
@click.option("--timeout", "seconds", default=900, show_default=True, help="Seconds for the tests of a package.")
@click.option("--peers/--no-peers", default=True, help="Ask jedi and plain name matching as well.")
@click.option("--requirement", "requirements", multiple=True, help="What the tests need besides; repeatable.")
@click.option("--pytest", "arguments", default="", help="Arguments of pytest instead of the known ones.")
@click.option("--show", is_flag=True, help="Print every disagreement.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for everything measured.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hybridgym",
    help="Folder that keeps downloads and records of test runs.  [default: hybridgym in the user's cache folder]",
)
def main(
    packages: tuple[str, ...],
    sets: tuple[str, ...],
    python: str,
    seconds: int,
    peers: bool,
    requirements: tuple[str, ...],
    arguments: str,
    show: bool,
    out: Path | None,
    cache: Path,
) -> None:
    """Measure packages and print what was found."""
    options = Options(python, seconds, cache, peers, requirements, tuple(shlex.split(arguments)))
    results, failed = [], 0
    for package in (*packages, *(p for name in sets for p in SETS[name])):
        try:
            result = measure(package, options)
        except HybridGymError as error:
            click.echo(f"{package}: {error}", err=True)
            failed += 1
            continue
        results.append(result)
        _print_result(result, show)
    if len(results) > 1:
        _print_result(pooled(results), show=False)
        _print_gaps(pooled(results).gaps)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    sys.exit(1 if failed or not results else 0)


def measure(package: str, options: Options) -> Result:
    """Measure one package; raises HybridGymError."""
    source = load_source(spec_of(f"pypi:{package}", Path.cwd()), options.cache)
    known = SETUPS.get(package.partition("==")[0], Setup())
    setup = Setup((*known.requirements, *options.requirements), options.arguments or known.arguments)
    before = time.process_time()
    repo = context_of(source)
    graph = repo.graph
    files = source_files(graph)
    parsing = time.process_time() - before
    record = record_of(
        source.files,
        files,
        setup,
        python=options.python,
        seconds=options.seconds,
        records=options.cache / "fidelity",
        name=package,
    )
    witness = Witness(graph, {path: file.data for path, file in source.files.items()}, record)
    targets = selected(repo)
    tasks = own_tasks(repo)
    own = timed(lambda: own_answers(witness))
    scores = {OURS: score(witness, own.answers, tasks, own.seconds + parsing)}
    for name, peer in _peers(package, source, witness, options).items():
        scores[name] = score(witness, peer.answers, peer_tasks(witness, peer.answers, targets), peer.seconds)
    gaps, count, closed = openness(witness, targets)
    return Result(
        package=package,
        outcomes=record.outcomes,
        sites=sum(len(graph.files[path].references) for path in files),
        sites_run=sum(len(sites) for sites in record.sites.values()),
        targets=count,
        closed=closed,
        scores=scores,
        gaps=gaps,
        disagreements=disagreements(package, witness, tasks),
        wrong_tasks=wrong_tasks(witness, tasks),
    )
