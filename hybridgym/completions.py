"""One call of an OpenAI-compatible chat-completions endpoint, and what its replies and errors mean."""

import os
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

import msgspec
import requests
from urllib3.exceptions import NewConnectionError

from hybridgym.downloads import BearerToken, session_of
from hybridgym.task import Value

KEY: Final = "HYBRIDGYM_LLM_KEY"
"""Environment variable that holds the key of the endpoint; one that needs none is asked without."""
MAX_BYTES: Final = 8_000_000
"""Of a reply."""
MAX_WAIT: Final = 120.0
"""Seconds that an endpoint may ask to be left alone; with more, the question has no answer."""
MAX_REASON: Final = 500
"""Characters of what an endpoint says is wrong."""

_CONNECT_SECONDS: Final = 10.0
_BLOCK_BYTES: Final = 1 << 16
_BYTES_OF_TOKEN: Final = 3
"""Where an endpoint does not count: English has four bytes to a token, code fewer."""
_LATER: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_UNTOUCHED: Final = frozenset({425, 429, 503, 529})
"""Nothing was done for what these answer."""
_NOT_LATER: Final = ("quota", "balance", "spend_limit", "usage_limit", "billing")
"""In the code of an error with status 429: no wait helps."""
_NEVER: Final = frozenset({401, 402, 403, 404})
"""What is wrong with the key, the account, the model's name or the address goes for all questions."""


class Reply(NamedTuple):
    """What a model said."""

    text: str
    tokens: int


class Failure(NamedTuple):
    """Why an attempt brought nothing."""

    reason: str
    is_worth_another: bool = True
    is_free: bool = False
    """Whether the endpoint did no work for it."""
    is_away: bool = False
    """Whether nobody listens: after so many attempts, no other question is tried."""
    is_final: bool = False
    """Whether no other question will have an answer either."""
    wait: float | None = None
    """Seconds before the next attempt, where the endpoint says so."""


def complete(url: str, body: bytes, seconds: float) -> Reply | Failure:
    """Send a request, and return the reply or why there is none; all of it may take so long."""
    key = os.environ.get(KEY, "")
    found = _completed(url, body, seconds, key)
    if isinstance(found, Failure):
        # Endpoints repeat keys that they do not like.
        reason = " ".join((found.reason.replace(key, "[key]") if key else found.reason).split())
        return found._replace(reason=reason[:MAX_REASON])
    return found


def _completed(url: str, body: bytes, seconds: float, key: str) -> Reply | Failure:
    try:
        with (
            _session() as session,
            session.post(
                f"{url.rstrip('/')}/chat/completions",
                data=body,
                headers={"Content-Type": "application/json"},
                auth=BearerToken(key) if key else None,
                timeout=(_CONNECT_SECONDS, seconds),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            data = _content(response, seconds)
    except requests.ConnectTimeout:
        return Failure(f"no connection within {_CONNECT_SECONDS:.0f} s", is_free=True, is_away=True)
    except (requests.Timeout, TimeoutError):
        return Failure(f"no reply within {seconds:g} s")
    except (requests.RequestException, OSError) as error:
        is_away = _did_not_arrive(error)
        return Failure(f"{type(error).__name__}: {error}", is_free=is_away, is_away=is_away)
    if response.status_code != requests.codes.ok:
        return _refused(response, data)
    return _read(data, body)


def _did_not_arrive(error: Exception) -> bool:
    """Say whether no connection could be made."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(cause, NewConnectionError) or isinstance(error, requests.exceptions.SSLError)


def _session() -> requests.Session:
    variables = (os.environ.get(name, "") for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"))
    return session_of(next(filter(None, variables), ""), attempts=0)


def _content(response: requests.Response, seconds: float) -> bytes:
    """Read a reply; raises TimeoutError where it does not end, and cuts off what is longer than any."""
    end = time.monotonic() + seconds
    data = b""
    for block in response.iter_content(_BLOCK_BYTES):
        data += block
        if len(data) > MAX_BYTES:
            break
        if time.monotonic() > end:
            raise TimeoutError
    return data


# What an endpoint says


class _Part(Value, frozen=True):
    text: str = ""


class _Said(Value, frozen=True):
    content: str | tuple[_Part, ...] | None = None


class _Choice(Value, frozen=True):
    message: _Said
    finish_reason: str | None = None


class _Usage(Value, frozen=True):
    total_tokens: int | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(Value, frozen=True):
    choices: tuple[_Choice, ...]
    usage: Any = None


def _read(data: bytes, body: bytes) -> Reply | Failure:
    try:
        completion = msgspec.json.decode(data, type=_Completion)
    except msgspec.DecodeError as error:
        return Failure(f"a reply that cannot be read ({error}): {_error_of(data)}")
    if not completion.choices:
        return Failure("a reply without an answer")
    content = completion.choices[0].message.content
    text = "".join(part.text for part in content) if isinstance(content, tuple) else content or ""
    if not text.strip():
        return Failure(f"an empty answer ({completion.choices[0].finish_reason or 'no reason given'})")
    return Reply(text, _tokens(completion.usage) or estimated(body) + len(text.encode()) // _BYTES_OF_TOKEN)


def _tokens(usage: Any) -> int:
    try:
        counted = msgspec.convert(usage, _Usage)
    except msgspec.ValidationError:
        return 0
    return max(counted.total_tokens or counted.prompt_tokens + counted.completion_tokens, 0)


def estimated(body: bytes) -> int:
    """Return about how many tokens a request has."""
    return len(body) // _BYTES_OF_TOKEN


def _refused(response: requests.Response, data: bytes) -> Failure:
    """Return what a status means: wait, ask no more, or ask something else."""
    status = response.status_code
    reason = f"HTTP {status}: {_error_of(data) or response.reason}"
    if status in _NEVER or (status == requests.codes.too_many_requests and _is_out_of_money(data)):
        return Failure(reason, is_worth_another=False, is_free=True, is_final=True)
    if status not in _LATER:
        return Failure(reason, is_worth_another=False, is_free=True)
    wait = _wait(response.headers.get("Retry-After", ""))
    is_long = wait is not None and wait > MAX_WAIT
    if is_long:
        reason += f" (it asks to wait {wait:.0f} s)"
    return Failure(reason, is_worth_another=not is_long, is_free=status in _UNTOUCHED, wait=wait)


def _error_of(data: bytes) -> str:
    """Return the message of an error in any of the shapes that are in use, else the beginning of what was sent."""
    try:
        found = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return data[:200].decode(errors="replace")
    for key in ("error", "message", "detail"):
        if isinstance(found, dict) and key in found:
            found = found[key]
    return found if isinstance(found, str) else msgspec.json.encode(found)[:200].decode(errors="replace")


def _is_out_of_money(data: bytes) -> bool:
    try:
        error = msgspec.json.decode(data)["error"]
        said = f"{error.get('code')} {error.get('type')}"
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return False
    return any(word in said for word in _NOT_LATER)


def _wait(header: str) -> float | None:
    """Return the seconds that a Retry-After asks for: a number, or a date."""
    if re.fullmatch(r"\d+(\.\d+)?", header):
        return float(header)
    try:
        return max((parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):  # no date, or one without a time zone
        return None
