"""The card of a dataset on the Hugging Face Hub: what is in it, what of, under which licences, and how to use it."""

import json
from collections import Counter
from typing import Final, NamedTuple

from hybridgym.licenses import UNKNOWN
from hybridgym.suite import SuiteInfo
from hybridgym.task import ValidatedTask

MOST_REPOSITORIES: Final = 100
"""That the card names; repositories.jsonl has all."""
_KNOWN_LICENSES: Final = frozenset(
    {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unlicense", "Zlib"}
)
"""Those that the Hub calls by their SPDX identifier in small letters."""
_SIZES: Final = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))
_ABOUT: Final = """\
Tasks for coding agents, made from repositories by hybridgym {version}. The right answers come from the programs \
themselves (syntax trees, call graphs, tests that ran), not from a model. Each task starts from one state of a \
repository, has an automatic checker, and was proven: its gold answer is found right, the empty answer and near misses \
are not.
"""
_USE: Final = """\
## Use

```python
from datasets import load_dataset

tasks = load_dataset("OWNER/NAME", "{kind}", split="{split}")
```

A row has the columns of hybridgym's suite format, which are SWE-bench's where \
it has one. `answer` and `evidence` are JSON texts. Show an agent `problem_statement` and the files that it starts \
from, and nothing else of a row: `answer`, `patch`, `start_edits` and `evidence` give answers away.
"""
_CHECK: Final = """
`suite/` is the suite that the rows come from, with the sources that tasks start from:

```python
import hybridgym
from huggingface_hub import snapshot_download

suite = hybridgym.load_suite(snapshot_download("OWNER/NAME", repo_type="dataset") + "/suite")
verdict = suite[tasks[0]["instance_id"]].check(model_patch)
```

On the command line: `hybridgym workspace suite/ INSTANCE_ID FOLDER` lays out a start state, `hybridgym check suite/ \
predictions.jsonl` grades answers.
"""


class Repository(NamedTuple):
    """A state of a repository that tasks start from."""

    repo: str
    upstream: str
    base_commit: str
    created_at: str
    license: str
    split: str


class Contents:
    """What is counted of the rows."""

    def __init__(self) -> None:
        self.rows: Counter[tuple[str, str]] = Counter()
        """By kind and split."""
        self.repositories: Counter[Repository] = Counter()
        self.languages: Counter[str] = Counter()

    def add(self, split: str, row: ValidatedTask) -> None:
        """Count a row."""
        self.rows[row.task_kind, split] += 1
        self.languages[row.language] += 1
        place = Repository(row.repo, row.upstream, row.base_commit, row.created_at, row.license, split)
        self.repositories[place] += 1

    @property
    def kinds(self) -> list[str]:
        """The configurations."""
        return sorted({kind for kind, _ in self.rows})

    def splits(self, kind: str) -> list[str]:
        """The splits of a configuration that are not empty, train first."""
        return sorted((split for name, split in self.rows if name == kind), reverse=True)

    def listed(self) -> list[dict[str, str | int]]:
        """Return all repositories, with the number of their tasks."""
        return [{**place._asdict(), "tasks": tasks} for place, tasks in sorted(self.repositories.items())]


def card(title: str, contents: Contents, info: SuiteInfo, *, with_suite: bool) -> str:
    """Return the text of README.md."""
    parts = [_front_matter(title, contents), f"# {title}\n", _ABOUT.format(version=info.hybridgym), _figures(contents)]
    if contents.kinds:
        kind = contents.kinds[0]
        parts.append(_USE.format(kind=kind, split=contents.splits(kind)[0]) + (_CHECK if with_suite else ""))
    return "\n".join([*parts, _provenance(contents), _making(info)])


def _front_matter(title: str, contents: Contents) -> str:
    """Return what the Hub reads of a card."""
    licenses = {place.license for place in contents.repositories}
    known = licenses & _KNOWN_LICENSES if len(licenses) == 1 else set()
    of_license = [f"license: {known.pop().lower()}"] if known else ["license: other", "license_name: of-each-row"]
    size = next((name for most, name in _SIZES if contents.rows.total() < most), "n>1M")
    lines = [
        "---",
        f"pretty_name: {json.dumps(title)}",
        *of_license,
        "task_categories: [text-generation]",
        "language: [en]",
        "tags: [code, agents, software-engineering, rl-environment, swe-bench-format]",
        f"size_categories: ['{size}']",
        "configs:" if contents.kinds else "configs: []",
    ]
    for kind in contents.kinds:
        lines += [f"- config_name: {kind}", "  data_files:"]
        for split in contents.splits(kind):
            lines += [f"  - split: {split}", f"    path: data/{kind}/{split}-*.parquet"]
    return "\n".join([*lines, "---", ""])


def _figures(contents: Contents) -> str:
    repositories = {(place.repo, place.split) for place in contents.repositories}
    lines = ["## What is in it", "", "| kind | train | test |", "|---|---|---|"]
    lines += [
        f"| `{kind}` | {contents.rows[kind, 'train']} | {contents.rows[kind, 'test']} |" for kind in contents.kinds
    ]
    shares = [sum(split == name for _, split in repositories) for name in ("train", "test")]
    lines += [f"| repositories | {shares[0]} | {shares[1]} |", ""]
    languages = ", ".join(f"{name} {rows}" for name, rows in sorted(contents.languages.items()))
    lines += [f"Tasks by language: {languages or 'none'}. No repository is in both splits.", ""]
    return "\n".join(lines)


def _provenance(contents: Contents) -> str:
    licenses: Counter[str] = Counter()
    for place, tasks in contents.repositories.items():
        licenses[place.license] += tasks
    lines = ["## Sources and licences", "", "Rows hold parts of these repositories, under the licence of each, which"]
    lines += [
        "is in the column `license` too"
        + (f"; `{UNKNOWN}` means that nobody states one." if UNKNOWN in licenses else ".")
    ]
    lines += ["", "| licence | tasks |", "|---|---|"]
    lines += [f"| {name} | {tasks} |" for name, tasks in sorted(licenses.items())]
    lines += ["", "| repository | upstream | state | of | licence | split | tasks |", "|---|---|---|---|---|---|---|"]
    most = sorted(contents.repositories.items(), key=lambda item: (-item[1], item[0]))
    for place, tasks in most[:MOST_REPOSITORIES]:
        state, date = place.base_commit[:12], place.created_at[:10]
        lines.append(
            f"| {place.repo} | {place.upstream} | {state} | {date} | {place.license} | {place.split} | {tasks} |"
        )
    left = len(most) - MOST_REPOSITORIES
    return "\n".join([*lines, "", *([f"{left} more are in repositories.jsonl.", ""] if left > 0 else [])])


def _making(info: SuiteInfo) -> str:
    lines = ["## How it was made", "", f"hybridgym {info.hybridgym}, seed {info.seed}. Knobs of the kinds:", ""]
    lines += [
        f"- `{kind}`, version {of.version}, checker {of.checker_version}: `{json.dumps(of.knobs, sort_keys=True)}`"
        for kind, of in sorted(info.kinds.items())
    ]
    return "\n".join([*lines, "", f"SHA-256 of the suite's rows: `{info.tasks_sha256}`", ""])
