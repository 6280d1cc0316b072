"""Say how true hybridgym's call graph is, by what a language's own compiler says of each call.

\b
    python -m benchmarks.compilers go FOLDER...

FOLDER is a checkout of a repository. The compiler reads it and runs nothing of it.

Counted are *tasks* (what the dependency_search template makes by default; exact where the answer is the set of what
the compiler says, for targets all of whose calls it attributes) and *sites*, the call expressions that the compiler
attributes (precision: the share of the definitions answered that are reached; recall: the share of the sites that
reach a definition of the repository for which it was answered). A call that depends on the run (through an interface,
a function value, to an overridden method) is *open*: who answers it is wrong, and who says that it leaves the
repository is counted as *left wrongly*. Tests, examples and vendored code are no targets.
"""

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import msgspec

from benchmarks.compilers.attribution import Attribution
from benchmarks.compilers.scoring import (
    Disagreement,
    Gap,
    Score,
    disagreements,
    functions,
    openness,
    own_answers,
    score,
    tasks_of,
    unique_names,
    wrong_tasks,
)
from benchmarks.compilers.witnesses import WITNESSES
from benchmarks.scores import own_tasks, selected
from hybridgym.errors import HybridGymError
from hybridgym.graph import RepoGraph
from hybridgym.pipeline import build_files, parse
from hybridgym.source import load_source
from hybridgym.specs import spec_of
from hybridgym.tasks.base import RepoContext

OURS, NAMES = "hybridgym", "unique name"
COLUMNS = (
    ("", 14),
    ("tasks", 7),
    ("known", 7),
    ("exact", 7),
    ("share", 7),
    ("precision", 20),
    ("recall", 20),
    ("left wrongly", 18),
    ("CPU s", 8),
)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured on one repository, or on several together."""

    package: str
    sites: int
    """References in the sources."""
    attributed: int
    """Of those, what the compiler says something of."""
    targets: int
    """Functions that could be targets."""
    closed: int
    possible: int
    scores: dict[str, Score]
    gaps: dict[str, Gap]
    disagreements: list[Disagreement]
    wrong_tasks: list[str]
    unknown: list[str]
    """Definitions that the compiler names and the graph does not have."""
    compiler_seconds: float


@click.command(help=__doc__)
@click.argument("language", type=click.Choice(sorted(WITNESSES)))
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--show", default=0, help="How many wrong answers, missed sites and wrong tasks to print.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for everything measured.")
def main(language: str, folders: tuple[Path, ...], show: int, out: Path | None) -> None:
    """Measure repositories and print what was found."""
    results, failed = [], 0
    for folder in folders:
        try:
            result = measure(language, folder)
        except HybridGymError as error:
            click.echo(f"{folder}: {error}", err=True)
            failed += 1
            continue
        results.append(result)
        _print_result(result, show)
    if len(results) > 1:
        _print_result(pooled(results), 0)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    sys.exit(1 if failed or not results else 0)


def measure(language: str, folder: Path) -> Result:
    """Measure one repository; raises HybridGymError."""
    witness = WITNESSES[language]()
    with tempfile.TemporaryDirectory() as cache:
        source = load_source(spec_of(f"directory:{folder.resolve()}", Path.cwd()), Path(cache))
    before = time.process_time()
    graph = RepoGraph(parse(source), set(source.files), build_files(source))
    for path in graph.files:
        graph.resolutions(path)
    seconds = time.process_time() - before
    repo = RepoContext(source.repo, source.tree_id, source.files, graph)
    before = time.perf_counter()
    attribution = Attribution(graph, witness.facts(folder.resolve()), witness.languages)
    compiler_seconds = time.perf_counter() - before
    targets = functions(attribution, selected(repo, witness.languages))
    ours = frozenset(targets)
    tasks = {key: callees for key, callees in own_tasks(repo, witness.languages).items() if key in ours}
    before = time.process_time()
    names = unique_names(attribution)
    named_seconds = time.process_time() - before
    found = openness(attribution, targets)
    answers = own_answers(attribution)
    return Result(
        package=folder.name,
        sites=sum(map(len, answers.values())),
        attributed=sum(
            attribution.call(path, reference) is not None
            for path in attribution.sources
            for reference in graph.files[path].references
        ),
        targets=len(targets),
        closed=found.closed,
        possible=found.possible,
        scores={
            OURS: score(attribution, answers, tasks, seconds),
            NAMES: score(attribution, names, tasks_of(attribution, names, targets), named_seconds),
        },
        gaps=found.gaps,
        disagreements=disagreements(attribution),
        wrong_tasks=wrong_tasks(attribution, tasks),
        unknown=sorted(set(attribution.unknown)),
        compiler_seconds=compiler_seconds,
    )


def pooled(results: Sequence[Result]) -> Result:
    """Add up the counts of repositories."""
    scores: dict[str, Score] = {}
    gaps: dict[str, Gap] = {}
    for result in results:
        for name, part in result.scores.items():
            scores[name] = scores.get(name, Score()) + part
        for reason, gap in result.gaps.items():
            gaps[reason] = gaps.get(reason, Gap()) + gap
    return Result(
        package=f"all {len(results)}",
        sites=sum(r.sites for r in results),
        attributed=sum(r.attributed for r in results),
        targets=sum(r.targets for r in results),
        closed=sum(r.closed for r in results),
        possible=sum(r.possible for r in results),
        scores=scores,
        gaps=gaps,
        disagreements=[d for r in results for d in r.disagreements],
        wrong_tasks=[line for r in results for line in r.wrong_tasks],
        unknown=[line for r in results for line in r.unknown],
        compiler_seconds=sum(r.compiler_seconds for r in results),
    )


def _print_result(result: Result, show: int) -> None:
    click.echo(
        f"\n{result.package}: call sites {result.sites}, attributed {result.attributed}"
        f" ({result.compiler_seconds:.1f} s); functions that could be targets {result.targets}, closed {result.closed}"
        f" ({_share(result.closed, result.targets)}), calling 1 to 5 definitions and nothing open {result.possible}"
    )
    click.echo("".join(f"{title:>{width}}" for title, width in COLUMNS))
    for name, part in result.scores.items():
        cells = (
            f"  {name}",
            part.emitted,
            part.known,
            part.exact,
            _share(part.exact, part.known),
            _fraction(part.right, part.predicted),
            _fraction(part.right, part.sites),
            _fraction(part.left_wrongly, part.left),
            f"{part.seconds:.2f}",
        )
        click.echo("".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, COLUMNS, strict=True)))
    _print_disagreements(result, show)
    _print_gaps(result.gaps)


def _print_disagreements(result: Result, show: int) -> None:
    wrong = [d for d in result.disagreements if not d.is_miss]
    missed = [d for d in result.disagreements if d.is_miss]
    for title, found in (("wrong", wrong), ("missed", missed)):
        for site in found[:show]:
            click.echo(f"  {title} {site.path}:{site.line}: {site.call}: {site.answer}; compiler: {site.compiler}")
    for line in result.wrong_tasks[:show]:
        click.echo(f"  wrong task {line}")
    for line in result.unknown[:show]:
        click.echo(f"  no such definition in the graph: {line}")


def _print_gaps(gaps: Mapping[str, Gap]) -> None:
    click.echo(f"  {'unresolved because':45} {'sites':>6} {'reached':>8} {'open':>8} {'only reason':>12}")
    for reason, gap in sorted(gaps.items(), key=lambda item: (-item[1].sites, item[0]))[:25]:
        click.echo(f"  {reason:45} {gap.sites:6} {gap.reached:8} {gap.open:8} {gap.functions:12}")


def _fraction(part: int, whole: int) -> str:
    return f"{part}/{whole} {_share(part, whole)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "  -  "


if __name__ == "__main__":
    main()
