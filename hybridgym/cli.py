"""The command line: arguments → one call → print → exit code."""

import os
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import hybridgym
from hybridgym.collector import collect_rarely
from hybridgym.errors import HybridGymError, UsageError

if TYPE_CHECKING:
    from hybridgym.llm import Endpoint, ModelSettings

KINDS = ("dependency_search", "function_localization")
"""What `generate` makes by default."""


def main() -> None:
    """Run the command line; what the user can mend ends with a message and status 2, other failures with 1."""
    collect_rarely()
    try:
        commands.main(standalone_mode=False)
    except HybridGymError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has enough of it.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
        sys.exit(0)
    except OSError as error:
        # A full disk, or a place where the user may not write.
        click.echo(f"error: {error.filename or 'output'}: {error.strerror or error}", err=True)
        sys.exit(1)


def _cache_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--cache",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="Folder that keeps downloads and clones.  [default: hybridgym in the user's cache folder]",
    )(command)


def _runtime_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--runtime",
        type=click.Choice(["sandbox", "docker"]),
        default="sandbox",
        show_default=True,
        help="Where tests run; docker needs the images that `env build --runtime docker` makes.",
    )(command)


def _model_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.option(
                "--describe",
                type=click.Choice(["documentation", "llm"]),
                default="documentation",
                show_default=True,
                help="Who writes descriptions of targets; llm needs --llm-url and --llm-model.",
            ),
            click.option("--llm-url", help="OpenAI-compatible endpoint, such as http://localhost:8000/v1."),
            click.option("--llm-model", help="Its model. A key is read from HYBRIDGYM_LLM_KEY."),
            click.option("--llm-calls", type=click.IntRange(1), help="Most calls for the suite.  [default: 1000]"),
            click.option("--llm-tokens", type=click.IntRange(1), help="Most tokens for it.  [default: 2000000]"),
            click.option(
                "--llm-set",
                multiple=True,
                metavar="NAME=VALUE",
                help="Sent with each call: temperature=0.7. Repeatable.",
            ),
        )
    ):
        command = option(command)
    return command


def _settings_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KIND.NAME=VALUE",
        help="Set a knob or a selection of a kind, as listed by `hybridgym kinds`. Repeatable.",
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(hybridgym.__version__, prog_name="hybridgym")
def commands() -> None:
    """Turn repositories into checked skill tasks for coding agents."""


@commands.command()
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the suite.")
@click.option("--kind", "kinds", multiple=True, help=f"Task kind; repeatable.  [default: {', '.join(KINDS)}]")
@click.option("--per-repo", type=click.IntRange(1), help="Most tasks of a kind from one repository.")
@click.option("--total", type=click.IntRange(1), help="Tasks of each kind, spread evenly over the repositories.")
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses among the candidates.")
@click.option("--exclude-repos", multiple=True, metavar="LIST[,LIST…]", help="Leave out what a list names. Repeatable.")
@click.option("--created-after", default="", metavar="DATE", help="Only of states made then or later, ISO 8601.")
@click.option("--created-before", default="", metavar="DATE", help="Only of states made earlier.")
@click.option(
    "--near-duplicates", default=0.85, show_default=True, help="Similarity that two tasks stay below; 1: exact."
)
@click.option("--keep-duplicates", is_flag=True, help="Keep tasks that are duplicates of others.")
@click.option(
    "--test-share", type=click.FloatRange(0, 1), default=0.1, show_default=True, help="Of projects, for tests."
)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="cores", help="Processes.")
@click.option("--executor", default="local", show_default=True, help="`local`: processes here; `ray`: a cluster.")
@click.option("--address", default="", help="Of a Ray cluster.  [default: one is started here]")
@click.option("--repo-memory", type=float, default=8, show_default=True, metavar="GIB", help="Of one repository.")
@click.option("--repo-minutes", type=float, default=240, show_default=True, help="Of one repository at a time.")
@click.option("--no-sources", is_flag=True, help="Leave the snapshots out; such a suite cannot be checked.")
@click.option("--shard-rows", type=click.IntRange(1), default=100_000, show_default=True, help="Most rows of a file.")
@click.option("--base-image", default=None, help="Image that the container specs start from, best by digest.")
@click.option("--overwrite", is_flag=True, help="Replace a suite that is there.")
@click.option("--log-json", is_flag=True, help="Tell of the progress in JSON, one event on a line of standard error.")
@_settings_option
@_model_options
@_cache_option
def generate(
    manifest: Path,
    out: Path,
    kinds: tuple[str, ...],
    per_repo: int | None,
    total: int | None,
    seed: int,
    exclude_repos: tuple[str, ...],
    created_after: str,
    created_before: str,
    near_duplicates: float,
    keep_duplicates: bool,
    test_share: float,
    jobs: int,
    executor: str,
    address: str,
    repo_memory: float,
    repo_minutes: float,
    no_sources: bool,
    shard_rows: int,
    base_image: str | None,
    overwrite: bool,
    log_json: bool,
    settings: tuple[str, ...],
    cache: Path | None,
    describe: str,
    **llm: Any,
) -> None:
    """Make a suite of the repositories that MANIFEST lists.

    Without --total and --per-repo, each repository gives at most 20 tasks of a kind. Whatever ends this command, the
    same command goes on from there.
    """
    from hybridgym.console import console, reporting, table
    from hybridgym.environments import DEFAULT_BASE
    from hybridgym.exclusion import scope_of
    from hybridgym.executors import UnitLimits, executor_named
    from hybridgym.generation import ANSWERS, Options, generate
    from hybridgym.llm import spent_in
    from hybridgym.manifest import load_manifest

    model, endpoint = _model(describe, **llm)
    options = Options(
        kinds=kinds or KINDS,
        total=total,
        per_repo=per_repo if per_repo or total else 20,
        seed=seed,
        settings=_settings(settings, kinds or KINDS),
        base_image=base_image or DEFAULT_BASE,
        scope=scope_of(_parts(exclude_repos), created_after, created_before),
        similarity=None if keep_duplicates else near_duplicates,
        test_share=test_share,
        model=model,
    )
    specs = load_manifest(manifest)
    limits = UnitLimits(memory_bytes=int(repo_memory * 2**30), seconds=repo_minutes * 60)
    with reporting(log_json) as reporter:
        info = generate(
            specs,
            out,
            options,
            cache=_cache(cache),
            executor=executor_named(executor, jobs, limits, address),
            endpoint=endpoint,
            with_sources=not no_sources,
            shard_rows=shard_rows,
            overwrite=overwrite,
            progress=reporter,
        )
    screen = console()
    screen.print(table(f"{out}: {info.tasks} tasks", ("kind", "tasks"), info.tasks_per_kind.items()))
    screen.print(table("graph", ("what", "count"), info.graph.items()))
    screen.print(table("left out", ("why", "count"), _by_count(info.rejections_per_reason)))
    for gap in info.shortfalls:
        subject = f" with {gap.subject}" if gap.subject else ""
        screen.print(f"fewer than asked for: {gap.kind}{subject}: {gap.found} of {gap.wanted}")
    if model is not None:
        spent = spent_in(out / ANSWERS)
        screen.print(f"{model.name} was asked {spent.calls} times for this suite, with {spent.tokens} tokens")
    if not info.tasks:
        message = f"{out}: no task could be made; rejections.jsonl says why"
        raise HybridGymError(message)


@commands.command()
@click.argument("source")
@click.option("--format", "form", type=click.Choice(["node-link", "graphml"]), help="Print the graph itself.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write to.  [default: standard output]")
@_cache_option
def graph(source: str, form: str | None, out: Path | None, cache: Path | None) -> None:
    """Summarize or export the symbol and call graph of SOURCE.

    SOURCE is a folder, NAME==VERSION of a package index, npm:NAME@VERSION, or a git URL or path with @REVISION.
    """
    from hybridgym.console import console, table
    from hybridgym.pipeline import build_graph

    if out is not None and form is None:
        message = "graph: expected --format with --out, found none"
        raise UsageError(message)
    made = build_graph(_load(source, cache))
    if form is not None:
        _write(made.export(form), out)
        return
    summary = made.summary()
    screen = console()
    counts = {"files": summary.files, "definitions": summary.definitions, "call sites": summary.references}
    counts.update(summary.outcomes)
    counts.update({"functions and methods": summary.functions, "closed": summary.closed})
    screen.print(table(source, ("what", "count"), counts.items()))
    screen.print(table("resolved, by how", ("how", "calls"), summary.how.items()))
    screen.print(table("unresolved, by why", ("why", "calls"), summary.unresolved.items()))


@commands.command()
@click.argument("kind")
@click.argument("source")
@click.option("--target", required=True, help="Definition, path/to/file.py::Class.method; or commit.")
@_settings_option
@_cache_option
def make(kind: str, source: str, target: str, settings: tuple[str, ...], cache: Path | None) -> None:
    """Make the one task of KIND that has a definition, or a commit, of SOURCE as its target, and print its row.

    Exits with 1 and the reason where that task cannot be made.
    """
    import msgspec

    from hybridgym.pipeline import make_one, past_of, template_for
    from hybridgym.source import load_source
    from hybridgym.specs import spec_of
    from hybridgym.task import Rejection
    from hybridgym.tasks import kind_named

    chosen = _settings(settings, (kind,)).get(kind, {})
    made_by = kind_named(template_for(kind, chosen).declaration.kind)
    spec, place = spec_of(source, Path.cwd()), _cache(cache)
    found = load_source(spec, place)
    past = past_of(spec, found, place) if made_by.needs_history else None
    made = make_one(found, kind, target, chosen, past=past, cache=place)
    if isinstance(made, Rejection):
        click.echo(f"{made.subject}: {made.reason}: {made.detail}", err=True)
        sys.exit(1)
    click.echo(msgspec.json.encode(made))


@commands.command()
@click.argument("suite", type=click.Path(path_type=Path))
@click.argument("predictions", type=click.Path(path_type=Path), required=False)
@click.option("--gold", is_flag=True, help="Grade the right answers instead of predictions.")
@click.option("--empty", is_flag=True, help="Grade empty patches instead of predictions.")
@click.option("--workspace", nargs=2, metavar="DIR ID", help="Grade the folder in which an agent worked on task ID.")
@click.option("--out", type=click.Path(path_type=Path), default="results.jsonl", show_default=True, help="Results.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@_runtime_option
def check(
    suite: Path,
    predictions: Path | None,
    gold: bool,
    empty: bool,
    workspace: tuple[str, str] | None,
    out: Path,
    jobs: int,
    runtime: str,
) -> None:
    """Grade PREDICTIONS (a .jsonl, a JSON list or preds.json) against SUITE."""
    from hybridgym.grading import Tally, grade
    from hybridgym.predictions import empty_submissions, gold_submissions, read_predictions, write_results

    if sum((predictions is not None, gold, empty, workspace is not None)) != 1:
        message = "check: expected one of PREDICTIONS, --gold, --empty and --workspace"
        raise UsageError(message)
    loaded = hybridgym.load_suite(suite, runtime=runtime)
    if workspace is not None:
        _check_workspace(loaded, *workspace)
        return
    submissions = gold_submissions(loaded) if gold else empty_submissions(loaded)
    tally = Tally()
    write_results(out, grade(loaded, read_predictions(predictions) if predictions else submissions, tally, jobs))
    _print_tally(tally, len(loaded), out)


@commands.command()
@click.argument("suite", type=click.Path(path_type=Path))
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="cores", help="Processes.")
@_runtime_option
def verify(suite: Path, jobs: int, runtime: str) -> None:
    """Prove every row of SUITE again: gold resolves, the empty patch and the near misses do not.

    Then search what an agent would get of it for other commits, the answer, its tests and a network. Exits with 1
    where a row fails.
    """
    from hybridgym.verification import verify

    total = failed = 0
    for instance_id, problem in verify(suite, jobs, runtime):
        total += 1
        if problem:
            failed += 1
            click.echo(f"{instance_id}: {problem}")
    click.echo(f"{total - failed} of {total} tasks verified")
    sys.exit(1 if failed else 0)


@commands.command()
@click.argument("suite", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the new suite.")
@click.option("--where", "conditions", multiple=True, metavar="CONDITION", help="Such as 'bm25_rank>1'. Repeatable.")
@click.option("--overwrite", is_flag=True, help="Replace a suite that is there.")
def select(suite: Path, out: Path, conditions: tuple[str, ...], overwrite: bool) -> None:
    """Write those tasks of SUITE that meet all conditions as a suite of its own.

    A condition is a name, one of = != < <= > >=, and a value. Names are numbers of `difficulty`, and kind, split, repo,
    upstream, language, license, created_at, tags and instance_id; = and != take several values with commas, and * for
    anything. Exits with 1 where no task is left.
    """
    from hybridgym.console import console, table
    from hybridgym.selection import select

    loaded = hybridgym.load_suite(suite)
    info = select(loaded, out, conditions, overwrite=overwrite)
    console().print(
        table(f"{out}: {info.tasks} of {len(loaded)} tasks", ("kind", "tasks"), info.tasks_per_kind.items())
    )
    if not info.tasks:
        message = f"{out}: no task of {suite} meets {' and '.join(conditions)}"
        raise HybridGymError(message)


@commands.command()
@click.argument("suite", type=click.Path(path_type=Path))
def show(suite: Path) -> None:
    """Show how the tasks of SUITE are spread over repositories, splits and numbers of difficulty."""
    from hybridgym.balance import balance_of
    from hybridgym.console import console, table

    found = balance_of(hybridgym.load_suite(suite))
    screen = console()
    columns = ("kind", "tasks", "for tests", "repositories", "most of one", "first hits")
    rows = [(kind, b.tasks, b.tests, b.repositories, b.most_of_one, b.first_hits) for kind, b in found.items()]
    screen.print(table(f"{suite}", columns, rows))
    for kind, balance in found.items():
        spreads = [(name, s.tasks, *_quarters(s)) for name, s in balance.difficulty.items()]
        screen.print(table(f"{kind}: difficulty", ("number", "tasks", "least", "¼", "½", "¾", "most"), spreads))


def _quarters(spread: Any) -> tuple[str, ...]:
    values = spread.least, spread.quarter, spread.half, spread.three_quarters, spread.most
    return tuple(f"{value:g}" for value in values)


@commands.command()
@click.argument("suite", type=click.Path(path_type=Path))
@click.argument("instance_id")
@click.argument("directory", type=click.Path(path_type=Path))
def workspace(suite: Path, instance_id: str, directory: Path) -> None:
    """Lay out the start state of a task as the one-commit repository an agent works in."""
    from hybridgym.workspace import lay_out

    task = hybridgym.load_suite(suite)[instance_id]
    lay_out(task.start, directory)
    click.echo(task.row.problem_statement)


@commands.command()
@click.argument("inputs", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="SUITE|RESULTS...")
@click.option("--out", type=click.Path(path_type=Path), default="report", show_default=True, help="Folder of the page.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="cores", help="Processes.")
@_cache_option
def report(inputs: tuple[Path, ...], out: Path, jobs: int, cache: Path | None) -> None:
    """Make a page to look at a suite, at the results of `hybridgym check`, or at both.

    SUITE is a folder; every RESULTS is a file, such as results.jsonl. Open index.html of the folder in a browser: it
    needs no server and no network. An earlier report in the folder is replaced.
    """
    from hybridgym.console import ConsoleReporter
    from hybridgym.report import write_report
    from hybridgym.report.verdicts import Results

    folders = [path for path in inputs if path.is_dir()]
    files = [path for path in inputs if not path.is_dir()]
    if len(folders) > 1:
        message = f"report: expected one suite, found {' and '.join(str(path) for path in folders)}"
        raise UsageError(message)
    suite = hybridgym.load_suite(folders[0]) if folders else None
    results = Results(files) if files else None
    with ConsoleReporter() as reporter:
        written = write_report(out, suite, results, cache=_cache(cache), jobs=jobs, progress=reporter)
    if written.without_details:
        click.echo(f"{written.without_details} tasks without code and call graph: their pages say why", err=True)
    click.echo(f"{out / 'index.html'}: {written.tasks} tasks, {written.results} results")


@commands.command()
@click.argument("suite", type=click.Path(path_type=Path))
@click.option("--to", "name", required=True, help="Format; docs/exporters.md has them all.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set an option of the format. Repeatable.")
@click.option("--overwrite", is_flag=True, help="Replace an export that is there.")
@click.option("--push", default="", metavar="REPOSITORY", help="Upload the folder; hf: to a dataset on the Hub.")
@_runtime_option
def export(
    suite: Path, name: str, out: Path, settings: tuple[str, ...], overwrite: bool, push: str, runtime: str
) -> None:
    """Write the tasks of SUITE in the format of another tool.

    Every task that it cannot express is counted with the reason, and listed in dropped.jsonl. Exits with 1 where
    none is left.
    """
    from hybridgym.console import console, table
    from hybridgym.exporters import exporter_named

    exporter = exporter_named(name)
    options: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            message = f"--set: expected NAME=VALUE, found {setting!r}"
            raise UsageError(message)
        options[key] = value
    loaded = hybridgym.load_suite(suite, runtime=runtime)
    exported = exporter.export(loaded, out, overwrite=overwrite, options=options)
    screen = console()
    screen.print(table(f"{out}: {exported.tasks} tasks", ("kind", "tasks"), exported.tasks_per_kind.items()))
    screen.print(table("left out", ("why", "count"), _by_count(exported.dropped_per_reason)))
    if not exported.tasks:
        message = f"{out}: no task of {suite} can be expressed; dropped.jsonl says why"
        raise HybridGymError(message)
    if push:
        click.echo(exporter.push(out, push))


@commands.command()
def kinds() -> None:
    """List the task kinds with their knobs and selections."""
    from hybridgym.console import console, table
    from hybridgym.render import template_named, template_names

    for name in template_names():
        template = template_named(name)
        rows = [(f"{name}.{key}", value) for key, value in template.settings.items()]
        console().print(table(f"{name}: {template.declaration.description}", ("setting", "default"), rows))


@commands.group()
def env() -> None:
    """Make the environments in which repositories' tests run, list them, and delete them."""


@env.command("build")
@click.argument("what")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="cores", help="Processes.")
@click.option("--decisions", is_flag=True, help="Say what was decided for each repository, and why.")
@_runtime_option
@click.option("--name", default="hybridgym", show_default=True, help="What images are called, registry included.")
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="As of `docker build`. Repeatable.")
@click.option("--push", is_flag=True, help="Push the images to the registry that their name names.")
@_cache_option
def env_build(
    what: str,
    jobs: int,
    decisions: bool,
    runtime: str,
    name: str,
    arguments: tuple[str, ...],
    push: bool,
    cache: Path | None,
) -> None:
    """Make the environments of WHAT: a repos.yaml, one SOURCE as `hybridgym graph` takes it, or a suite.

    Nothing of a repository runs. Of a suite, these are the environments that its tasks are graded in or, with
    --runtime docker, images: one of each environment, and one of each task, whose row is given its name. Exits with 1
    where no repository has an environment.
    """
    if (Path(what) / "suite.json").is_file():
        _build_of_suite(Path(what), runtime, name, arguments, push)
        return
    if runtime != "sandbox" or push:
        message = f"--runtime docker, --push: expected a suite, found {what}"
        raise UsageError(message)
    from hybridgym.console import console, table
    from hybridgym.environments.store import store_in
    from hybridgym.installation import install_all
    from hybridgym.manifest import load_manifest
    from hybridgym.specs import spec_of
    from hybridgym.task import Rejection

    is_manifest = Path(what).suffix in (".yaml", ".yml") and Path(what).is_file()
    specs = load_manifest(Path(what)) if is_manifest else (spec_of(what, Path.cwd()),)
    store = store_in(_cache(cache))
    made = []
    for _, found in install_all(specs, _cache(cache), jobs):
        if isinstance(found, Rejection):
            click.echo(f"{found.repo}: {found.reason}\n{textwrap.indent(found.detail, '    ')}")
            continue
        repo, installed = found
        if decisions:
            lines = [f"{d.field}: {d.value or 'none'} ({d.reason})" for d in installed.decisions]
            click.echo("\n    ".join([f"{repo}:", *lines]))
        environment = installed.environment
        size = f"{store.size(environment.id) / 1e6:.1f}"
        state = "made" if environment.created else "there"
        row = repo, environment.python, environment.distributions, size, f"{installed.seconds:.1f}", state
        made.append((*row, environment.id))
    columns = ("repository", "python", "packages", "MB", "seconds", "state", "environment")
    console().print(table(f"{len(made)} of {len(specs)} repositories", columns, sorted(made)))
    sys.exit(0 if made else 1)


@env.command("list")
@_cache_option
def env_list(cache: Path | None) -> None:
    """List the environments that are kept."""
    from hybridgym.console import console, table
    from hybridgym.environments.store import store_in

    store = store_in(_cache(cache))
    rows = [(e.id, e.python, e.distributions, f"{store.size(e.id) / 1e6:.1f}", e.base) for e in store.all()]
    console().print(table(f"{store.folder}", ("environment", "python", "packages", "MB", "interpreter"), rows))


@env.command("prune")
@click.option("--unused-for", type=click.IntRange(0), default=30, show_default=True, metavar="DAYS", help="Since when.")
@_cache_option
def env_prune(unused_for: int, cache: Path | None) -> None:
    """Delete the environments that nothing has used for some days."""
    from hybridgym.environments.store import store_in

    store = store_in(_cache(cache))
    pruned = store.prune(unused_for)
    click.echo(f"{len(pruned)} environments deleted, {len(store.all())} kept")


def _build_of_suite(folder: Path, runtime: str, name: str, arguments: tuple[str, ...], push: bool) -> None:
    from hybridgym.console import console, table

    suite = hybridgym.load_suite(folder, runtime=runtime)
    if runtime == "sandbox":
        if push:
            message = "--push: expected --runtime docker, found sandbox, which has no images"
            raise UsageError(message)
        from hybridgym.installation import install_of_suite

        of = [(e.id, e.python, e.distributions, "made" if e.created else "there") for e in install_of_suite(suite)]
        console().print(table(f"{len(of)} environments", ("environment", "python", "packages", "state"), of))
        return
    from hybridgym.images import build_images, record_images

    pairs = dict(argument.partition("=")[::2] for argument in arguments)
    images = list(build_images(suite, name=name, arguments=pairs, push=push))
    record_images(folder, images)
    rows = [(image.name, f"{image.bytes / 1e6:.1f}", image.digest) for image in images]
    console().print(table(f"{len(rows)} images", ("image", "MB", "digest"), rows))


def _check_workspace(loaded: hybridgym.Suite, directory: str, instance_id: str) -> None:
    import msgspec

    verdict = loaded[instance_id].check_workspace(Path(directory))
    click.echo(msgspec.json.format(msgspec.json.encode(verdict), indent=2))


def _print_tally(tally: Any, tasks: int, out: Path) -> None:
    from hybridgym.console import console, table
    from hybridgym.task import Status

    columns = ("kind", "graded", *(s.value for s in Status), "mean reward")
    rows = []
    for kind, statuses in sorted(tally.kinds.items()):
        mean = f"{tally.rewards[kind] / statuses.total():.4f}"
        rows.append((kind, statuses.total(), *(statuses[s] for s in Status), mean))
    screen = console()
    screen.print(table(f"{out}", columns, rows))
    screen.print(
        f"tasks without a submission: {tasks - len(tally.seen)} of {tasks}; "
        f"unknown ids: {tally.unknown}; unreadable predictions: {tally.unreadable}"
    )


def _load(source: str, cache: Path | None) -> Any:
    from hybridgym.source import load_source
    from hybridgym.specs import spec_of

    return load_source(spec_of(source, Path.cwd()), _cache(cache))


def _cache(folder: Path | None) -> Path:
    from hybridgym.caches import default_cache

    return folder or default_cache()


def _parts(lists: tuple[str, ...]) -> list[str]:
    """Return the items of options that take several, with commas between them."""
    return [part for text in lists for part in text.split(",") if part]


def _settings(assignments: tuple[str, ...], kinds: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Read KIND.NAME=VALUE for the kinds that are made."""
    settings: dict[str, dict[str, Any]] = {}
    for assignment in assignments:
        place, equals, text = assignment.partition("=")
        kind, dot, name = place.partition(".")
        if not equals or not dot or not kind or not name:
            message = f"--set: expected KIND.NAME=VALUE, found {assignment!r}"
            raise UsageError(message)
        if kind not in kinds:
            message = f"--set {place}: expected a kind that is made ({', '.join(kinds)}), found {kind!r}"
            raise UsageError(message)
        settings.setdefault(kind, {})[name] = _value(text)
    return settings


def _model(
    describe: str,
    llm_url: str | None,
    llm_model: str | None,
    llm_calls: int | None,
    llm_tokens: int | None,
    llm_set: tuple[str, ...],
) -> "tuple[ModelSettings, Endpoint] | tuple[None, None]":
    """Read the options of a language model; none is asked unless --describe llm says so."""
    from hybridgym.llm import Endpoint, ModelSettings

    if describe != "llm":
        if any((llm_url, llm_model, llm_calls, llm_tokens, llm_set)):
            message = f"--llm-…: expected --describe llm with them, found --describe {describe}"
            raise UsageError(message)
        return None, None
    if not llm_url or not llm_model:
        message = f"--describe llm: expected --llm-url and --llm-model, found {llm_url or llm_model or 'neither'}"
        raise UsageError(message)
    parameters = {}
    for assignment in llm_set:
        name, equals, text = assignment.partition("=")
        if not equals or not name:
            message = f"--llm-set: expected NAME=VALUE, found {assignment!r}"
            raise UsageError(message)
        parameters[name] = _value(text)
    limits = {name: limit for name, limit in (("calls", llm_calls), ("tokens", llm_tokens)) if limit is not None}
    return ModelSettings(name=llm_model, parameters=parameters), Endpoint(url=llm_url, **limits)


def _value(text: str) -> Any:
    """Read JSON, or text where it is no JSON."""
    import msgspec

    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _by_count(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(data, nl=False)
    else:
        out.write_bytes(data)
