"""predictions.py: the forms of predictions that are read, and the results that are written."""

import json
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from handmade import GOLD, make_suite, make_task
from hybridgym.errors import SuiteError
from hybridgym.predictions import (
    BadPrediction,
    Result,
    empty_submissions,
    gold_submissions,
    read_predictions,
    result,
    write_results,
)
from hybridgym.task import Status, Submission, Verdict

PAIR = [
    {"instance_id": "a", "model_name_or_path": "m", "model_patch": "+1"},
    {"instance_id": "b", "model_name_or_path": "m", "model_patch": "+2"},
]
LINES = "".join(json.dumps(prediction) + "\n" for prediction in PAIR)


def submission(instance_id: str, patch: str, model: str = "m", sample: int = 0) -> Submission:
    return Submission(instance_id=instance_id, model_patch=patch, model_name_or_path=model, sample=sample)


def read(tmp_path: Path, text: str | bytes, name: str = "predictions.jsonl") -> list[Submission | BadPrediction]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_predictions(path))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("p.jsonl", LINES, id="lines"),
        pytest.param("p.jsonl", LINES.rstrip("\n"), id="lines, the last without an end"),
        pytest.param("p.jsonl", "\n" + LINES.replace("\n", "\r\n\r\n"), id="lines, CRLF and blank ones"),
        pytest.param("p.jsonl", b"\xef\xbb\xbf" + LINES.encode(), id="lines after a byte order mark"),
        pytest.param("p.json", LINES, id="lines by another name"),
        pytest.param("p.json", json.dumps(PAIR), id="list"),
        pytest.param("p.json", "\n" + json.dumps(PAIR, indent=2), id="list over several lines"),
        pytest.param("p.jsonl", json.dumps(PAIR), id="list by another name"),
        pytest.param("preds.json", json.dumps({"a": PAIR[0], "b": PAIR[1]}), id="object on one line"),
        pytest.param("preds.json", json.dumps({"a": PAIR[0], "b": PAIR[1]}, indent=2), id="object of mini-swe-agent"),
    ],
)
def test_every_form_is_read(tmp_path: Path, name: str, text: str | bytes) -> None:
    assert read(tmp_path, text, name) == [submission("a", "+1"), submission("b", "+2")]


@pytest.mark.parametrize(
    ("prediction", "expected"),
    [
        pytest.param({"instance_id": "a", "model_patch": None}, submission("a", "", ""), id="null is the empty patch"),
        pytest.param({"instance_id": "a", "model_patch": "", "cost": 3}, submission("a", "", ""), id="other columns"),
        pytest.param(
            {"instance_id": "a", "model_patch": "", "sample": 4}, submission("a", "", "", 4), id="a sample's number"
        ),
        pytest.param({"instance_id": "a", "model_patch": "+é\r\n\u0000"}, submission("a", "+é\r\n\0", ""), id="text"),
    ],
)
def test_a_prediction_is_read_leniently(tmp_path: Path, prediction: dict[str, object], expected: Submission) -> None:
    assert read(tmp_path, json.dumps(prediction)) == [expected]


def test_samples_are_numbered_in_file_order_by_task_and_model(tmp_path: Path) -> None:
    columns = [("a", "m", None), ("b", "m", None), ("a", "m", None), ("a", "n", None), ("a", "m", 5), ("a", "m", None)]
    lines = [
        json.dumps({"instance_id": task, "model_name_or_path": model, "model_patch": "", "sample": sample})
        for task, model, sample in columns
    ]
    found = [item for item in read(tmp_path, "\n".join(lines)) if isinstance(item, Submission)]
    assert [(item.instance_id, item.model_name_or_path, item.sample) for item in found] == [
        ("a", "m", 0),
        ("b", "m", 0),
        ("a", "m", 1),
        ("a", "n", 0),
        ("a", "m", 5),
        ("a", "m", 6),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"instance_id": "a", "model_pa', "truncated", id="cut off"),
        pytest.param("done!", "invalid character", id="prose"),
        pytest.param('{"instance_id": "a"}', "required field `model_patch`", id="no patch"),
        pytest.param('{"model_patch": ""}', "required field `instance_id`", id="no id"),
        pytest.param('{"instance_id": 7, "model_patch": ""}', "Expected `str`, got `int`", id="a number for an id"),
        pytest.param('{"instance_id": "a", "model_patch": "", "sample": -1}', "`int` >= 0", id="sample below 0"),
        pytest.param('{"instance_id": "a", "model_patch": "", "x": ' + "[" * 100_000, "", id="nested without end"),
        pytest.param(b'{"instance_id": "a", "model_patch": "\xff"}', "", id="not UTF-8"),
    ],
)
def test_a_broken_line_is_reported_and_the_others_are_read(tmp_path: Path, line: str | bytes, reason: str) -> None:
    broken = line if isinstance(line, bytes) else line.encode()
    first, bad, last = read(tmp_path, LINES.replace("\n", "\n%\n", 1).encode().replace(b"%", broken))
    assert (first, last) == (submission("a", "+1"), submission("b", "+2"))
    assert isinstance(bad, BadPrediction)
    assert bad.row == 2
    assert reason in bad.reason
    assert bad.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(json.dumps([PAIR[0], 7]), "Expected `object`, got `int`", id="list"),
        pytest.param(json.dumps({"a": PAIR[0], "b": "+2"}), "b: Expected `object`, got `str`", id="object"),
        pytest.param(json.dumps({"a": PAIR[0], "b": {}}), "b: .*`model_patch`", id="object, no patch"),
        pytest.param(json.dumps({"a": PAIR[0], "c": PAIR[1]}), "c: instance_id: .*found 'b'", id="object, two ids"),
    ],
)
def test_a_broken_entry_of_a_document_is_reported(tmp_path: Path, text: str, reason: str) -> None:
    first, bad = read(tmp_path, text, "preds.json")
    assert first == submission("a", "+1")
    assert isinstance(bad, BadPrediction)
    assert bad.row == 2
    assert re.search(reason, bad.reason)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("p.json", "I could not do it.", id="prose"),
        pytest.param("p.diff", GOLD, id="patch"),
        pytest.param("p.json", '{"instance_id": "a", ', id="JSON cut off"),
        pytest.param("p.json", "[1, 2]", id="list of numbers"),
        pytest.param("p.json", '{"tasks": 3, "seed": 1}', id="another object"),
        pytest.param("p.json", "7", id="number"),
        pytest.param("p.json", b"\x28\xb5\x2f\xfd", id="compressed"),
    ],
)
def test_a_file_of_no_form_is_refused_with_the_forms(tmp_path: Path, name: str, text: str | bytes) -> None:
    with pytest.raises(SuiteError, match=rf"{name}: expected a line per prediction .*JSON list.*by instance_id.*found"):
        read(tmp_path, text, name)


@pytest.mark.parametrize("name", ["missing.jsonl", "."], ids=["missing", "folder"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        list(read_predictions(tmp_path / name))


@pytest.mark.parametrize("name", ["p.jsonl", "p.json"])
def test_an_empty_file_has_no_predictions(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, "\n", name) == []


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(400):
            file.write(json.dumps({"instance_id": f"task-{number}", "model_patch": "+" * 50_000}) + "\n")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_predictions(path)) == 400
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < path.stat().st_size / 10


def test_the_gold_of_a_suite_resolves_and_the_empty_patch_does_not(tmp_path: Path) -> None:
    suite = make_suite(tmp_path, [make_task("a"), make_task("b")])
    gold, empty = list(gold_submissions(suite)), list(empty_submissions(suite))
    assert [item.instance_id for item in gold] == [item.instance_id for item in empty] == list(suite)
    assert {item.model_name_or_path for item in gold + empty} == {"gold", "empty"}
    assert all(suite[item.instance_id].check(item.model_patch).resolved for item in gold)
    assert not any(suite[item.instance_id].check(item.model_patch).resolved for item in empty)


VERDICT = Verdict(
    instance_id="a", status=Status.RESOLVED, reward=1.0, reason="restored", sample=2, details={"found": ["é"]}
)


def test_results_are_rows_of_what_was_submitted_and_decided(tmp_path: Path) -> None:
    path = tmp_path / "new" / "results.jsonl"
    failed = Verdict(instance_id="b", status=Status.DOES_NOT_APPLY, reward=0.0, reason="no such file")
    write_results(path, [result(submission("a", "+1"), VERDICT), result(submission("b", "+2"), failed)])
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        {
            "instance_id": "a",
            "sample": 2,
            "model_name_or_path": "m",
            "status": "resolved",
            "resolved": True,
            "reward": 1.0,
            "reason": "restored",
            "details": {"found": ["é"]},
        },
        {
            "instance_id": "b",
            "sample": 0,
            "model_name_or_path": "m",
            "status": "does_not_apply",
            "resolved": False,
            "reward": 0.0,
            "reason": "no such file",
            "details": {},
        },
    ]


def test_results_that_end_in_the_middle_leave_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text("old", encoding="utf-8")

    def interrupted() -> Iterator[Result]:
        yield result(submission("a", "+1"), VERDICT)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_results(path, interrupted())
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
