"""Predictions in, results out: the files that agents write and that rankers read.

Read are SWE-bench's forms, with an optional `sample` where a model answered a task several times:

    .jsonl       {"instance_id": …, "model_name_or_path": …, "model_patch": …} per line
    .json        a list of the same objects
    preds.json   an object of them by instance_id, as mini-swe-agent writes it
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import msgspec

from hybridgym.errors import SuiteError
from hybridgym.task import Status, Submission, Value, Verdict

if TYPE_CHECKING:
    from hybridgym.suite import SuiteTask

FORMS = (
    "a line per prediction (.jsonl), a JSON list of predictions, or a JSON object of predictions by instance_id; "
    "a prediction has instance_id, model_patch and optionally model_name_or_path and sample"
)


class BadPrediction(Value, frozen=True, kw_only=True):
    """A prediction that cannot be read."""

    row: int
    """Line of a .jsonl, else place in the list or object; from 1."""
    reason: str


class Result(Value, frozen=True, kw_only=True):
    """A row of results.jsonl."""

    instance_id: str
    sample: int
    model_name_or_path: str
    status: Status
    resolved: bool
    reward: float
    reason: str
    details: dict[str, Any]


class _Prediction(Value, frozen=True):
    """A prediction as it stands in a file."""

    instance_id: str
    model_patch: str | None
    model_name_or_path: str | None = None
    sample: Annotated[int, msgspec.Meta(ge=0)] | None = None


_Read = _Prediction | BadPrediction

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises: wrong JSON or a wrong field, wrong UTF-8, nesting without end."""

_WHITESPACE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_predictions(path: Path) -> Iterator[Submission | BadPrediction]:
    """Read predictions in file order; a .jsonl is read line by line.

    Without a `sample`, a model's answers to one task are numbered in file order, from 0 or from one more than the
    largest number seen. Raises SuiteError at the first item where the file cannot be read or has none of the forms.
    """
    following: dict[tuple[str, str], int] = {}
    for read in _predictions(path):
        if isinstance(read, BadPrediction):
            yield read
            continue
        model = read.model_name_or_path or ""
        expected = following.get((read.instance_id, model), 0)
        sample = expected if read.sample is None else read.sample
        following[read.instance_id, model] = max(expected, sample + 1)
        yield Submission(
            instance_id=read.instance_id,
            model_patch=read.model_patch or "",
            model_name_or_path=model,
            sample=sample,
        )


def gold_submissions(suite: Mapping[str, "SuiteTask"]) -> Iterator[Submission]:
    """Give the right answer of every task."""
    for instance_id, task in suite.items():
        yield Submission(instance_id=instance_id, model_patch=task.row.patch, model_name_or_path="gold")


def empty_submissions(suite: Mapping[str, "SuiteTask"]) -> Iterator[Submission]:
    """Give the patch that changes nothing for every task."""
    for instance_id in suite:
        yield Submission(instance_id=instance_id, model_patch="", model_name_or_path="empty")


def result(submission: Submission, verdict: Verdict) -> Result:
    """Join what was submitted and what the checker said of it."""
    return Result(
        instance_id=verdict.instance_id,
        sample=verdict.sample,
        model_name_or_path=submission.model_name_or_path,
        status=verdict.status,
        resolved=verdict.resolved,
        reward=verdict.reward,
        reason=verdict.reason,
        details=verdict.details,
    )


def write_results(path: Path, results: Iterable[Result]) -> None:
    """Write results as they come; the file takes its name when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as out:
            for row in results:
                out.write(msgspec.json.encode(row) + b"\n")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _predictions(path: Path) -> Iterator[_Read]:
    try:
        with path.open("rb") as file:
            yield from _of_any_form(path, file)
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise SuiteError(message) from None


def _of_any_form(path: Path, file: BinaryIO) -> Iterator[_Read]:
    """Tell the forms apart by the first line that is not blank."""
    first = next((line for line in file if line.strip(_WHITESPACE + _BYTE_ORDER_MARK)), b"")
    first = first.removeprefix(_BYTE_ORDER_MARK).lstrip(_WHITESPACE)
    file.seek(0)
    if first[:1] != b"[" and (path.suffix == ".jsonl" or not first or _is_prediction(first)):
        return _of_lines(file)
    return _of_document(path, file.read().removeprefix(_BYTE_ORDER_MARK))


def _is_prediction(line: bytes) -> bool:
    return isinstance(_prediction(line, 1), _Prediction)


def _of_lines(lines: Iterable[bytes]) -> Iterator[_Read]:
    for number, line in enumerate(lines, 1):
        if content := line.removeprefix(_BYTE_ORDER_MARK).strip(_WHITESPACE):
            yield _prediction(content, number)


def _of_document(path: Path, data: bytes) -> Iterator[_Read]:
    try:
        document = msgspec.json.decode(data, type=list[msgspec.Raw] | dict[str, msgspec.Raw])
    except _UNREADABLE as error:
        message = f"{path}: expected {FORMS}; found: {error}"
        raise SuiteError(message) from None
    values = document if isinstance(document, list) else list(document.values())
    if values and not any(bytes(value).startswith(b"{") for value in values):
        message = f"{path}: expected {FORMS}; found JSON without a prediction in it"
        raise SuiteError(message)
    if isinstance(document, list):
        yield from (_prediction(raw, number) for number, raw in enumerate(document, 1))
    else:
        yield from (_named(name, raw, number) for number, (name, raw) in enumerate(document.items(), 1))


def _prediction(data: bytes | msgspec.Raw, row: int) -> _Read:
    try:
        return msgspec.json.decode(data, type=_Prediction)
    except _UNREADABLE as error:
        return BadPrediction(row=row, reason=str(error))


def _named(instance_id: str, data: msgspec.Raw, row: int) -> _Read:
    """Read a prediction that stands under its id, which it need not repeat."""
    try:
        fields = msgspec.json.decode(data, type=dict[str, Any])
        read = msgspec.convert({"instance_id": instance_id, **fields}, _Prediction)
    except _UNREADABLE as error:
        return BadPrediction(row=row, reason=f"{instance_id}: {error}")
    if read.instance_id != instance_id:
        return BadPrediction(
            row=row, reason=f"{instance_id}: instance_id: expected the same, found {read.instance_id!r}"
        )
    return read
