"""exporters/hf.py, with the released `datasets`, and with the Hub's client against a server of this machine."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from consumers import consumer
from hybridgym.errors import UsageError
from hybridgym.exporters import exporter_named
from hybridgym.generation import Options, generate
from hybridgym.specs import spec_of
from hybridgym.splits import split_of
from hybridgym.suite import Suite, load_suite
from tiny import ROOT, hybridgym

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset

folder, streaming = sys.argv[1], sys.argv[2] == "streaming"
found = {}
for name in get_dataset_config_names(folder):
    for split, rows in load_dataset(folder, name, streaming=streaming).items():
        found[f"{name} {split}"] = [dict(row) for row in rows]
json.dump(found, sys.stdout)
"""
REPOSITORY = "weavers/looms"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Tasks of two repositories, in two languages."""
    place = tmp_path_factory.mktemp("hf")
    specs = [spec_of(f"directory:{ROOT / 'tests' / 'repos' / name}", ROOT) for name in ("tiny_python", "tiny_go")]
    settings = {"function_localization": {"min_undocumented": 0}}
    generate(
        specs,
        place / "suite",
        Options(kinds=("dependency_search", "function_localization"), per_repo=4, settings=settings),
        cache=place / "cache",
    )
    return load_suite(place / "suite")


@pytest.fixture(scope="module")
def exported(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dataset") / "out"
    made = exporter_named("hf").export(suite, out, options={"test_percent": 50})
    assert (made.tasks, made.dropped_per_reason) == (len(suite), {})
    return out


@pytest.mark.parametrize("way", ["whole", "streaming"])
def test_datasets_loads_every_row(exported: Path, suite: Suite, tmp_path: Path, way: str) -> None:
    python = consumer("datasets==5.2.0") / "python"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [python, "-c", LOAD, exported, way], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    rows = {row["instance_id"]: (place, row) for place, rows in loaded.items() for row in rows}
    assert rows.keys() == suite.keys()
    lines = [json.loads(line) for line in (suite.folder / "tasks.jsonl").read_text().splitlines()]
    for line in lines:
        place, row = rows[line["instance_id"]]
        assert place == f"{line['task_kind']} {split_of(suite[line['instance_id']].row, 0.5)}"
        given = {**row, "answer": json.loads(row["answer"]), "evidence": json.loads(row["evidence"])}
        assert given | {"difficulty": line["difficulty"]} == line
        assert {name: value for name, value in row["difficulty"].items() if value is not None} == line["difficulty"]


def test_the_suite_beside_the_rows_can_be_checked_with(exported: Path, suite: Suite) -> None:
    beside = load_suite(exported / "suite")
    assert list(beside) == list(suite)
    for task in beside.values():
        assert task.check(task.row.patch).resolved
        assert not task.check("").resolved


def test_no_project_is_in_both_splits(exported: Path, suite: Suite) -> None:
    listed = [json.loads(line) for line in (exported / "repositories.jsonl").read_text().splitlines()]
    assert sum(place["tasks"] for place in listed) == len(suite)
    assert {place["split"] for place in listed} == {"train", "test"}
    task = next(iter(suite.values())).row
    from msgspec.structs import replace

    names = [f"pypi/{number}" for number in range(200)]
    for name in names:
        fork, sdist = replace(task, repo="somebody/fork", upstream=name), replace(task, repo=name.upper(), upstream="")
        assert split_of(fork, 0.3) == split_of(sdist, 0.3)
    shares = [sum(split_of(replace(task, upstream=n), p) == "test" for n in names) for p in (0, 0.3, 0.6, 1)]
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] == len(names)


def test_the_same_suite_gives_the_same_bytes(exported: Path, suite: Suite, tmp_path: Path) -> None:
    exporter_named("hf").export(suite, tmp_path / "again", options={"test_percent": 50})
    files = sorted(path.relative_to(exported) for path in exported.rglob("*") if path.is_file())
    assert files == sorted(p.relative_to(tmp_path / "again") for p in (tmp_path / "again").rglob("*") if p.is_file())
    assert [f for f in files if (exported / f).read_bytes() != (tmp_path / "again" / f).read_bytes()] == []


def test_options(suite: Suite, tmp_path: Path) -> None:
    options = {"title": 'Looms: "warp" & weft', "test_percent": 0, "with_suite": "false"}
    exporter_named("hf").export(suite, tmp_path / "out", options=options)
    assert not (tmp_path / "out" / "suite").exists()
    assert list((tmp_path / "out").rglob("test-*")) == []
    text = (tmp_path / "out" / "README.md").read_text()
    assert '# Looms: "warp" & weft' in text
    assert "load_suite" not in text


# The Hub


class Hub(ThreadingHTTPServer):
    """What the client asks of the Hub to make a dataset and to commit files to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.made: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.tokens: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """The answers; files of any size are taken as they are."""

    server: Hub

    def do_GET(self) -> None:
        dataset = {"id": REPOSITORY, "sha": "0" * 40, "siblings": [], "tags": []}
        self._say([] if "/tree/" in self.path else dataset)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.tokens.add(self.headers["Authorization"] or "")
        if self.path == "/api/repos/create":
            self.server.made.append(json.loads(body))
            self._say({"url": f"{self.server.url}/datasets/{REPOSITORY}", "name": REPOSITORY})
        elif self.path == "/api/validate-yaml":
            self._say({"errors": [], "warnings": []})
        elif self.path == f"/api/datasets/{REPOSITORY}/preupload/main":
            named = [file["path"] for file in json.loads(body)["files"]]
            answers = [{"path": path, "uploadMode": "regular", "shouldIgnore": False, "oid": None} for path in named]
            self._say({"files": answers})
        elif self.path == f"/api/datasets/{REPOSITORY}/commit/main":
            for line in map(json.loads, body.splitlines()):
                if line["key"] == "file":
                    self.server.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
            self._say({"commitUrl": f"{self.server.url}/datasets/{REPOSITORY}/commit/0", "commitOid": "0" * 40})
        else:
            self.send_error(404)

    def _say(self, answer: Any) -> None:
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def hub() -> Iterator[Hub]:
    with Hub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def test_push_commits_the_folder_to_a_dataset(suite: Suite, tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    with hub() as server:
        settings = {"HF_ENDPOINT": server.url, "HF_TOKEN": "hf_secret", "HF_HOME": str(tmp_path / "home")}
        arguments: list[str | Path] = [
            "export",
            suite.folder,
            "--to",
            "hf",
            "--out",
            tmp_path / "out",
            "--push",
            REPOSITORY,
        ]
        done = subprocess.run(
            [sys.executable, "-m", "hybridgym", *arguments],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == f"{server.url}/datasets/{REPOSITORY}"
    assert [(made["type"], f"{made['organization']}/{made['name']}") for made in server.made] == [
        ("dataset", REPOSITORY)
    ]
    assert server.tokens == {"Bearer hf_secret"}
    files = {str(p.relative_to(tmp_path / "out")): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert server.files == files


def test_a_push_that_fails_says_why(suite: Suite, tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    exporter_named("hf").export(suite, tmp_path / "out")
    with pytest.raises(UsageError, match="Repo id must"):
        exporter_named("hf").push(tmp_path / "out", "two/slashes/here")
    # Port 9 of this machine: nobody answers.
    arguments: list[str | Path] = ["export", suite.folder, "--to", "hf", "--out", tmp_path / "unsent", "--push"]
    settings = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_TOKEN": "hf_secret", "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-m", "hybridgym", *arguments, REPOSITORY],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"error: {REPOSITORY}: ")
    assert (tmp_path / "unsent" / "export.json").exists()
    with pytest.raises(UsageError, match="no place to push it to"):
        exporter_named("swebench").push(tmp_path / "out", REPOSITORY)
    done = hybridgym("export", str(suite.folder), "--to", "swebench", "--out", "none", cwd=tmp_path)
    assert done.returncode == 1
    assert "no task" in done.stderr
