"""How fast facts and resolution are, against the floor: tree-sitter's parse plus one capturing query.

    python -m benchmarks.speed SOURCE...

SOURCE is what `hybridgym graph` takes. Times are CPU seconds of one process, the best of three; files are
read before the clock starts. All columns of a row come from one run, so that their ratios hold on a noisy machine.

*cold*: no facts are cached; *warm*: all are, and every reference is resolved again; *next*: ten files have changed,
and these are resolved: what a task in a file needs is resolved when it is asked for. Peak memory is that of a process
of its own that makes the facts and resolves all of them, what it reads included.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

from tree_sitter import Language as Grammar
from tree_sitter import Parser, Query, QueryCursor

from hybridgym.collector import collect_rarely
from hybridgym.factcache import facts_of
from hybridgym.facts import FileFacts
from hybridgym.graph import RepoGraph
from hybridgym.languages.base import Language
from hybridgym.parsing import parse_file
from hybridgym.pipeline import build_files, readable
from hybridgym.source import load_source
from hybridgym.specs import spec_of

ECMASCRIPT = (
    "(function_declaration name: (_) @name) @definition (method_definition name: (_) @name) @definition "
    "(class_declaration name: (_) @name) @definition (call_expression function: (_) @callee) @call"
)
FLOOR_QUERY = {
    "c": "(function_definition declarator: (_) @name) @definition (call_expression function: (_) @callee) @call",
    "go": "(function_declaration name: (_) @name) @definition (method_declaration name: (_) @name) @definition "
    "(type_spec name: (_) @name) @definition (call_expression function: (_) @callee) @call",
    "java": "(method_declaration name: (_) @name) @definition (constructor_declaration name: (_) @name) @definition "
    "(class_declaration name: (_) @name) @definition (interface_declaration name: (_) @name) @definition "
    "(method_invocation name: (_) @callee) @call (object_creation_expression type: (_) @callee) @call",
    "javascript": ECMASCRIPT,
    "typescript": ECMASCRIPT,
    "tsx": ECMASCRIPT,
    "python": "(function_definition name: (_) @name) @definition (class_definition name: (_) @name) @definition "
    "(call function: (_) @callee) @call",
    "rust": "(function_item name: (_) @name) @definition (impl_item type: (_) @name) @definition "
    "(struct_item name: (_) @name) @definition (enum_item name: (_) @name) @definition "
    "(trait_item name: (_) @name) @definition (call_expression function: (_) @callee) @call",
}
REPEATS = 3
CHANGED = 10
"""Files that the next commit changes."""
COLUMNS = (
    *("source", "files", "MB", "floor s", "facts s", "resolution s", "both ÷ floor", "networkx ÷ floor"),
    *("warm ÷ cold", "next ÷ cold", "peak MB", "bytes of memory per byte"),
)

Files = dict[str, tuple[type[Language], bytes]]


def floor(files: Files) -> None:
    """Parse every file and run one query over it."""
    tools = {}
    for language in {language for language, _ in files.values()}:
        grammar = Grammar(language.grammar())
        tools[language] = Parser(grammar), QueryCursor(Query(grammar, FLOOR_QUERY[language.name]))
    for language, data in files.values():
        parser, cursor = tools[language]
        cursor.captures(parser.parse(data).root_node)


def facts(files: Files) -> dict[str, FileFacts]:
    """Extract the facts of every file."""
    return {path: parse_file(language, data) for path, (language, data) in files.items()}


def resolved(
    made: dict[str, FileFacts], paths: set[str], build: dict[str, bytes], wanted: Sequence[str] | None = None
) -> RepoGraph:
    """Resolve every reference of a repository, or of some files."""
    graph = RepoGraph(made, paths, build)
    for path in made if wanted is None else wanted:
        graph.resolutions(path)
    return graph


def edited(files: Files) -> Files:
    """Return the files of a commit that changed some of them."""
    chosen = sorted(files)[:: max(1, len(files) // CHANGED)][:CHANGED]
    return {path: (language, data + b"\n" * (path in chosen)) for path, (language, data) in files.items()}


def peak_memory(text: str, cache: Path) -> int:
    """Return the most bytes that a process has which makes the facts of a source and resolves all."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak, (text, cache))


def _peak(text: str, cache: Path) -> int:
    collect_rarely()
    source = load_source(spec_of(text, Path.cwd()), cache)
    resolved(facts(readable(source)), set(source.files), build_files(source))
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage also counts what the parent had
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]  # Linux always writes it


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the best CPU time of several runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def row(text: str, cache: Path) -> str:
    """Measure one source and return its line of the table."""
    source = load_source(spec_of(text, Path.cwd()), cache)
    files = readable(source)
    paths, build = set(source.files), build_files(source)
    size = sum(len(data) for _, data in files.values())
    base = seconds(lambda: floor(files))
    made = facts(files)
    extraction = seconds(lambda: facts(files))
    resolution = seconds(lambda: resolved(made, paths, build))
    networkx = seconds(lambda: resolved(made, paths, build).networkx()) - resolution
    with tempfile.TemporaryDirectory() as folder:
        contents = list(files.values())
        facts_of(contents, Path(folder))
        warm = seconds(lambda: resolved(dict(zip(files, facts_of(contents, Path(folder)), strict=True)), paths, build))
        changed = edited(files)

        def next_commit() -> None:
            known = dict(zip(changed, facts_of(list(changed.values()), Path(folder)), strict=True))
            resolved(known, paths, build, [path for path in changed if changed[path] != files[path]])

        upcoming = seconds(next_commit, repeats=1)
    both = extraction + resolution
    memory = peak_memory(text, cache)
    cells = [
        text,
        str(len(files)),
        f"{size / 1e6:.2f}",
        f"{base:.2f}",
        f"{extraction:.2f}",
        f"{resolution:.2f}",
        f"{both / base:.2f}",
        f"{networkx / base:.2f}",
        f"{warm / both:.2f}",
        f"{upcoming / both:.3f}",
        f"{memory / 1e6:.0f}",
        f"{memory / size:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "hybridgym")
    options = parser.parse_args()
    collect_rarely()
    print(f"| {' | '.join(COLUMNS)} |")
    print("|---" * len(COLUMNS) + "|")
    for text in options.sources:
        print(row(text, options.cache), flush=True)


if __name__ == "__main__":
    main()
