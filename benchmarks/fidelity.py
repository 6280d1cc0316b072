"""Say how true hybridgym's call graph is, by what real packages call when their own tests run.

\b
    python -m benchmarks.fidelity click==8.1.7 flask==3.1.2
    python -m benchmarks.fidelity --set held-out --json fidelity.json

It downloads source distributions, **installs them and runs their tests** in throw-away environments, and compares
what each call site reached with hybridgym's resolutions, with jedi's if it is installed, and with plain name
matching. This is a benchmark for a developer, on packages that he names: hybridgym itself runs nothing of a package.

Counted are *tasks* (what the dependency_search template makes by default; exact where the answer is the set of what
was called, for targets all of whose call sites ran) and *sites* that ran (precision: the share of the definitions
answered that were reached; recall: the share of the definitions reached that were answered, and the share of the sites
that reached any for which one was answered). Tests are no part of the repository here, see `witness`; exact tasks that
would be wrong if they were are counted as *shared*.
"""

import hashlib
import shlex
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import msgspec

from benchmarks import peers
from benchmarks.oracle import PYTHON, Setup, lay_out, record_of
from benchmarks.packages import FRESH, HELD_OUT, RESERVE, SETUPS, TUNED
from benchmarks.peers import Timed, has_jedi, jedi_goto, own_answers, timed, unique_names
from benchmarks.scores import (
    Disagreement,
    Gap,
    Score,
    Tasks,
    disagreements,
    openness,
    own_tasks,
    peer_tasks,
    score,
    selected,
)
from benchmarks.witness import Witness, source_files
from hybridgym.caches import default_cache
from hybridgym.errors import HybridGymError
from hybridgym.pipeline import context_of
from hybridgym.resolve import DefinitionKey
from hybridgym.source import Source, load_source
from hybridgym.specs import spec_of

OURS, JEDI, NAMES = "hybridgym", "jedi goto", "unique name"
COLUMNS = (
    ("", 14),
    ("tasks", 7),
    ("ran", 7),
    ("exact", 7),
    ("share", 7),
    ("shared", 7),
    ("precision", 18),
    ("recall", 18),
    ("of sites", 18),
    ("CPU s", 8),
)
PEERS = Path(peers.__file__)
TRACED = ("python",)
"""Languages whose calls a run shows."""
SETS = {"tuned": TUNED, "held-out": HELD_OUT, "reserve": RESERVE, "fresh": FRESH}


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
    possible: int
    """Functions that could be targets, of which all call sites ran and called one to five definitions."""
    scores: dict[str, Score]
    gaps: dict[str, Gap]
    disagreements: list[Disagreement]
    unknown: list[str]
    """Definitions that ran and that the graph does not have."""
    wrong_tasks: list[str]
    """Targets whose answer is not what was called, with what differs."""


class Options(NamedTuple):
    """How packages are measured."""

    python: str
    seconds: int
    cache: Path
    with_peers: bool
    requirements: tuple[str, ...]
    arguments: tuple[str, ...]


@click.command(help=__doc__)
@click.argument("packages", nargs=-1)
@click.option("--set", "sets", type=click.Choice(sorted(SETS)), multiple=True, help="Measure a named set of packages.")
@click.option("--python", default=PYTHON, show_default=True, help="Version or interpreter, 3.12 or newer.")
@click.option("--timeout", "seconds", default=900, show_default=True, help="Seconds for the tests of a package.")
@click.option("--peers/--no-peers", "with_peers", default=True, help="Ask jedi and plain name matching as well.")
@click.option("--requirement", "requirements", multiple=True, help="What the tests need besides; repeatable.")
@click.option("--pytest", "arguments", default="", help="Arguments of pytest instead of the known ones.")
@click.option("--show", is_flag=True, help="Print every disagreement.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for everything measured.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_cache,
    help="Folder that keeps downloads and records of test runs.  [default: hybridgym in the user's cache folder]",
)
def main(
    packages: tuple[str, ...],
    sets: tuple[str, ...],
    python: str,
    seconds: int,
    with_peers: bool,
    requirements: tuple[str, ...],
    arguments: str,
    show: bool,
    out: Path | None,
    cache: Path,
) -> None:
    """Measure packages and print what was found."""
    options = Options(python, seconds, cache, with_peers, requirements, tuple(shlex.split(arguments)))
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
    own = timed(lambda: own_answers(witness))
    targets, tasks = selected(repo, TRACED), own_tasks(repo, TRACED)
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
        possible=sum(1 <= len(witness.callees(key) or ()) <= 5 for key in targets),
        scores=scores,
        gaps=gaps,
        disagreements=disagreements(package, witness, tasks),
        unknown=sorted({f"{path}:{line} {name}" for path, line, name in witness.unknown}),
        wrong_tasks=wrong_tasks(witness, tasks),
    )


def wrong_tasks(witness: Witness, tasks: Tasks) -> list[str]:
    """Return a line for each task whose answer is not what was called."""
    graph = witness.graph
    lines = []
    for key, answer in sorted(tasks.items()):
        called = witness.callees(key)
        if called is not None and called != answer:
            extra = "".join(f" +{graph.id(k)}" for k in sorted(answer - called))
            missing = "".join(f" -{graph.id(k)}" for k in sorted(called - answer))
            lines.append(f"{graph.id(key)}:{extra}{missing}")
    return lines


def pooled(results: Sequence[Result]) -> Result:
    """Add up the counts of packages."""
    scores: dict[str, Score] = {}
    gaps: dict[str, Gap] = {}
    outcomes: Counter[str] = Counter()
    for result in results:
        outcomes.update(result.outcomes)
        for name, part in result.scores.items():
            scores[name] = scores.get(name, Score()) + part
        for reason, gap in result.gaps.items():
            gaps[reason] = gaps.get(reason, Gap()) + gap
    return Result(
        package=f"all {len(results)}",
        outcomes=dict(outcomes),
        sites=sum(r.sites for r in results),
        sites_run=sum(r.sites_run for r in results),
        targets=sum(r.targets for r in results),
        closed=sum(r.closed for r in results),
        possible=sum(r.possible for r in results),
        scores=scores,
        gaps=gaps,
        disagreements=[d for r in results for d in r.disagreements],
        unknown=[line for r in results for line in r.unknown],
        wrong_tasks=[line for r in results for line in r.wrong_tasks],
    )


def _peers(package: str, source: Source, witness: Witness, options: Options) -> dict[str, Timed]:
    if not options.with_peers:
        return {}
    found = {NAMES: timed(lambda: unique_names(witness))}
    if has_jedi():
        found[JEDI] = _jedi(package, source, witness, options.cache / "fidelity")
    return found


def _jedi(package: str, source: Source, witness: Witness, records: Path) -> Timed:
    """Ask jedi, or read what it said of the same references before: it takes minutes."""
    places = {path: [(r.start, r.end) for r in witness.graph.files[path].references] for path in witness.sources}
    key = [source.tree_id, version("jedi"), PEERS.read_text(encoding="utf-8"), places]
    place = records / f"{package}-jedi-{hashlib.sha256(msgspec.json.encode(key)).hexdigest()[:16]}.json"
    if not place.exists():
        with TemporaryDirectory(prefix="fidelity-") as folder:
            lay_out(source.files, Path(folder))
            fresh = timed(lambda: jedi_goto(witness, Path(folder)))
        place.write_bytes(msgspec.json.encode((fresh.seconds, fresh.answers)))
    seconds, answers = msgspec.json.decode(
        place.read_bytes(), type=tuple[float, dict[str, list[frozenset[DefinitionKey]]]]
    )
    return Timed(answers, seconds)


def _print_result(result: Result, show: bool) -> None:
    tests = ", ".join(f"{count} {outcome}" for outcome, count in result.outcomes.items() if outcome != "exit status")
    click.echo(f"\n{result.package}: {tests}")
    click.echo(
        f"  call sites {result.sites}, run {result.sites_run}; functions that could be targets {result.targets},"
        f" closed {result.closed} ({_share(result.closed, result.targets)}),"
        f" fully run and calling 1 to 5 definitions {result.possible}"
    )
    click.echo("".join(f"{title:>{width}}" for title, width in COLUMNS))
    for name, part in result.scores.items():
        cells = (
            f"  {name}",
            part.emitted,
            part.ran,
            part.exact,
            _share(part.exact, part.ran),
            part.shared,
            _fraction(part.right, part.predicted),
            _fraction(part.right, part.reached),
            _fraction(part.found, part.sites),
            f"{part.seconds:.2f}",
        )
        click.echo("".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, COLUMNS, strict=True)))
    if show:
        _print_disagreements(result)


def _print_disagreements(result: Result) -> None:
    for found in result.disagreements:
        mark = "*" if found.tasks else " "
        click.echo(
            f"  {mark} {found.path}:{found.line}: {found.call}: {', '.join(found.answer)} [{found.how}];"
            f" ran {', '.join(found.executed) or 'nothing of the repository'}"
        )
    for line in result.unknown:
        click.echo(f"  no such definition in the graph: {line}")
    for line in result.wrong_tasks:
        click.echo(f"  wrong task {line}")
    _print_gaps(result.gaps)


def _print_gaps(gaps: Mapping[str, Gap]) -> None:
    click.echo(f"  {'unresolved because':45} {'sites':>6} {'reached':>8} {'only reason':>12}")
    for reason, gap in sorted(gaps.items(), key=lambda item: (-item[1].reached, item[0]))[:40]:
        click.echo(f"  {reason:45} {gap.sites:6} {gap.reached:8} {gap.functions:12}")


def _fraction(part: int, whole: int) -> str:
    return f"{part}/{whole} {_share(part, whole)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "  -  "


if __name__ == "__main__":
    main()
