"""A language model behind an OpenAI-compatible endpoint: asked within limits, never twice for the same.

Nothing here is called unless a user names a model. Answers are observations: they are kept in a folder by what was
asked, so that a run that is made again has the same ones and calls nothing.
"""

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from hybridgym.caches import write_whole
from hybridgym.completions import KEY, Reply, complete, estimated
from hybridgym.errors import UsageError
from hybridgym.task import Value

ANSWERS: Final = "answers"
SPENT: Final = "spent.sqlite"

_ATTEMPTS: Final = 4
_BUSY_SECONDS: Final = 60.0
_TABLE: Final = "CREATE TABLE IF NOT EXISTS spent (id INTEGER PRIMARY KEY, calls INTEGER, tokens INTEGER)"
_EXPECTED_REPLY: Final = 1000
"""Tokens that a reply under way is counted as."""


class Message(Value, frozen=True, kw_only=True):
    """One turn of a conversation."""

    role: str
    """`system`, `user` or `assistant`."""
    content: str


class ModelSettings(Value, frozen=True, kw_only=True):
    """Which model is asked: what its answers depend on."""

    name: str
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    """Sent with each question as they are: `temperature`, `max_tokens` and the like."""


class Endpoint(Value, frozen=True, kw_only=True):
    """Where a model is, and how much it may be asked for one folder of answers."""

    url: str
    """What `/chat/completions` is put behind, such as `http://localhost:8000/v1`."""
    calls: int = 1000
    tokens: int = 2_000_000
    """Of questions and replies."""
    seconds: float = 300
    """That one call may take."""


def check_model(settings: ModelSettings, endpoint: Endpoint) -> None:
    """Raise UsageError where nothing could be asked with these."""
    try:
        parts = urlsplit(endpoint.url)
    except ValueError:  # brackets that are no address
        parts = urlsplit("")
    parameters = settings.parameters
    for what, expected, found, is_good in (
        ("URL", f"no user and no password in it, but the key in {KEY}", parts.hostname, "@" not in parts.netloc),
        ("URL", "http:// or https:// and a host", endpoint.url, parts.scheme in ("http", "https") and parts.hostname),
        ("name", "a model's name", settings.name, settings.name.strip()),
        ("calls", "1 or more", endpoint.calls, endpoint.calls >= 1),
        ("tokens", "1 or more", endpoint.tokens, endpoint.tokens >= 1),
        ("parameters", f"none of {', '.join(sorted(_OURS))}", sorted(parameters), not _OURS & set(parameters)),
    ):
        if not is_good:
            message = f"language model: {what}: expected {expected}, found {found!r}"
            raise UsageError(message)


_OURS: Final = frozenset({"model", "messages", "stream", "n"})


class NoAnswer(Value, frozen=True, kw_only=True):
    """Why a question has no answer."""

    reason: str


class Spent(NamedTuple):
    """What was asked for one folder of answers so far, in all runs."""

    calls: int
    tokens: int


class Model:
    """A model with a folder of answers, which several processes may share."""

    def __init__(self, settings: ModelSettings, endpoint: Endpoint, folder: Path, *, pause: float = 1.0) -> None:
        """`pause` is in seconds, and doubles between attempts; raises UsageError as `check_model` does."""
        check_model(settings, endpoint)
        self.settings = settings
        self._endpoint = endpoint
        self._folder = folder
        self._pause = pause
        self._ledger = _Ledger(folder, endpoint)
        self._closed = ""

    @property
    def name(self) -> str:
        """The model's name."""
        return self.settings.name

    @property
    def spent(self) -> Spent:
        """What the folder's answers have cost."""
        return self._ledger.spent()

    def ask(self, question: str | Sequence[Message], sample: int = 0) -> str | NoAnswer:
        """Return the answer to a question, or why there is none; other samples are other answers to the same."""
        asked_for = [Message(role="user", content=question)] if isinstance(question, str) else question
        messages = [Message(role=m.role, content=_encodable(m.content)) for m in asked_for]
        body = {**self.settings.parameters, "model": self.name, "messages": messages}
        asked = msgspec.json.encode([self.name, messages, sorted(self.settings.parameters.items()), sample])
        place = self._folder / ANSWERS / f"{hashlib.sha256(asked).hexdigest()}.json"
        known = _recorded(place)
        if known is not None:
            return known.answer
        found = self._asked(msgspec.json.encode(body))
        if isinstance(found, NoAnswer):
            return found
        record = _Record(
            model=self.name,
            messages=tuple(messages),
            parameters=self.settings.parameters,
            sample=sample,
            answer=found.text,
            tokens=found.tokens,
        )
        write_whole(place, msgspec.json.format(msgspec.json.encode(record), indent=1))
        return found.text

    def _asked(self, body: bytes) -> Reply | NoAnswer:
        reason = ""
        for attempt in range(1, _ATTEMPTS + 1):
            if forbidden := self._closed or self._ledger.begin(body):
                return _no_answer(forbidden)
            outcome = complete(self._endpoint.url, body, self._endpoint.seconds)
            if isinstance(outcome, Reply):
                self._ledger.end(body, outcome.tokens)
                return outcome
            if outcome.is_free:
                self._ledger.undo(body)
            reason = outcome.reason
            if outcome.is_final or (outcome.is_away and attempt == _ATTEMPTS):
                self._closed = reason
            if not outcome.is_worth_another:
                break
            if attempt < _ATTEMPTS:
                time.sleep(self._pause * 2 ** (attempt - 1) if outcome.wait is None else outcome.wait)
        return _no_answer(reason)


def _no_answer(reason: str) -> NoAnswer:
    return NoAnswer(reason=f"language model: {reason}")


class _Record(Value, frozen=True, kw_only=True):
    """What a file of the folder of answers holds."""

    model: str
    messages: tuple[Message, ...]
    parameters: dict[str, Any]
    sample: int
    answer: str
    tokens: int


def _recorded(place: Path) -> _Record | None:
    try:
        return msgspec.json.decode(place.read_bytes(), type=_Record)
    except (FileNotFoundError, msgspec.DecodeError):
        return None  # a damaged one is asked for again


def _encodable(text: str) -> str:
    """Write what of a text is no Unicode as escapes."""
    return text.encode(errors="backslashreplace").decode()


def spent_in(folder: Path) -> Spent:
    """Return what a folder of answers has cost."""
    return _Ledger(folder, Endpoint(url="")).spent()


class _Ledger:
    """What was spent, in a database that all processes of a run count in.

    What is under way counts with an estimate. So limits are passed by no more than what the calls that are under way
    need beyond it, and a run that is killed has spent what it was about to.
    """

    def __init__(self, folder: Path, endpoint: Endpoint) -> None:
        self._folder = folder
        self._endpoint = endpoint

    def spent(self) -> Spent:
        """Return the calls and tokens so far."""
        with self._opened() as database:
            return self._read(database)

    def begin(self, body: bytes) -> str:
        """Book a call that is about to be made, or say which limit forbids it."""
        with self._opened() as database:
            database.execute("BEGIN IMMEDIATE")
            spent = self._read(database)
            for what, found, limit in (
                ("calls", spent.calls, self._endpoint.calls),
                ("tokens", spent.tokens, self._endpoint.tokens),
            ):
                if found >= limit:
                    database.execute("ROLLBACK")
                    return f"its limit of {limit} {what} is reached"
            self._add(database, 1, self._expected(body))
            database.execute("COMMIT")
        return ""

    def end(self, body: bytes, tokens: int) -> None:
        """Book what a call needed instead of what was expected."""
        with self._opened() as database:
            self._add(database, 0, tokens - self._expected(body))

    def undo(self, body: bytes) -> None:
        """Take a call back that cost nothing."""
        with self._opened() as database:
            self._add(database, -1, -self._expected(body))

    def _expected(self, body: bytes) -> int:
        return estimated(body) + _EXPECTED_REPLY

    def _read(self, database: sqlite3.Connection) -> Spent:
        return Spent(*database.execute("SELECT calls, tokens FROM spent").fetchone())

    def _add(self, database: sqlite3.Connection, calls: int, tokens: int) -> None:
        database.execute("UPDATE spent SET calls = calls + ?, tokens = tokens + ?", (calls, tokens))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._folder / SPENT, timeout=_BUSY_SECONDS, isolation_level=None)) as database:
            try:
                database.execute(_TABLE)
                database.execute("INSERT OR IGNORE INTO spent VALUES (1, 0, 0)")
                yield database
            except sqlite3.Error as error:
                message = f"{self._folder / SPENT}: what was spent cannot be counted: {error}"
                raise UsageError(message) from error
