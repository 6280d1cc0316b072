"""llm.py: answers that are kept, limits that hold, and errors that end as reasons, against a server on this machine."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from chat_server import ChatServer, Reply, Request, answer, error, serving
from hybridgym.completions import KEY
from hybridgym.errors import UsageError
from hybridgym.llm import Endpoint, Message, Model, ModelSettings, NoAnswer, Spent

SECRET = "sk-a1b2c3d4e5"


def model_of(server: ChatServer, folder: Path, **settings: Any) -> Model:
    parameters = settings.pop("parameters", {})
    model = ModelSettings(name="small", parameters=parameters)
    return Model(model, Endpoint(url=server.url, **settings), folder, pause=0.001)


def test_a_model_is_asked_as_the_protocol_says(tmp_path: Path) -> None:
    with serving([answer("42")]) as server:
        model = model_of(server, tmp_path, parameters={"temperature": 0.5})
        conversation = [Message(role="system", content="Count."), Message(role="user", content="6 * 7 = \udcff?")]
        assert model.ask(conversation) == "42"
    [request] = server.requests
    assert (request.path, request.authorization) == ("/v1/chat/completions", None)
    assert request.body == {
        "model": "small",
        "temperature": 0.5,
        "messages": [{"role": "system", "content": "Count."}, {"role": "user", "content": "6 * 7 = \\udcff?"}],
    }


def test_nothing_is_asked_twice_whoever_asks_and_wherever_the_endpoint_is(tmp_path: Path) -> None:
    with serving([answer("first"), answer("second")]) as server:
        assert model_of(server, tmp_path).ask("Why?") == "first"
        assert model_of(server, tmp_path).ask([Message(role="user", content="Why?")]) == "first"
        assert model_of(server, tmp_path).ask("Why?", sample=1) == "second"
    with serving([answer("third")]) as other:
        model = model_of(other, tmp_path)
        assert [model.ask("Why?", sample) for sample in (0, 1)] == ["first", "second"]
        assert model.ask("Why not?") == "third"
        assert model_of(other, tmp_path, parameters={"seed": 1}).ask("Why?") == "third"
        assert model_of(other, tmp_path / "elsewhere").ask("Why?") == "third"
    assert (len(server.requests), len(other.requests)) == (2, 3)


def test_a_damaged_answer_is_asked_for_again(tmp_path: Path) -> None:
    with serving([answer("yes")]) as server:
        model_of(server, tmp_path).ask("Why?")
        [place] = (tmp_path / "answers").iterdir()
        place.write_bytes(place.read_bytes()[:-20])
        assert model_of(server, tmp_path).ask("Why?") == "yes"
    assert len(server.requests) == 2


LATER = {
    "a rate limit that says when": [error(429, "slow down", "rate_limit_exceeded", ("Retry-After", "0"))],
    "a rate limit that says a date": [
        error(429, "slow down", "", ("Retry-After", format_datetime(datetime.now(UTC) - timedelta(1), usegmt=True)))
    ],
    "a rate limit that says nonsense": [error(429, "slow down", "", ("Retry-After", "nan"))],
    "a server that is busy, twice": [error(503, "busy"), Reply(b"<html>Bad gateway</html>", 502)],
    "what is no JSON": [Reply(b"{oops")],
    "JSON of another shape": [Reply({"error": {"message": "upstream"}})],
    "a list": [Reply([1])],
    "no choices": [Reply({"choices": []})],
    "an answer that is null": [answer(None)],
    "an answer of blanks": [answer(" \n", finish_reason="length")],
    "a connection that ends": [Reply({}, is_cut=True)],
}


@pytest.mark.parametrize("replies", LATER.values(), ids=LATER.keys())
def test_what_may_pass_is_tried_again(replies: list[Reply], tmp_path: Path) -> None:
    with serving([*replies, answer("at last")]) as server:
        assert model_of(server, tmp_path).ask("Why?") == "at last"
    assert len(server.requests) == len(replies) + 1


@pytest.mark.parametrize("replies", LATER.values(), ids=LATER.keys())
def test_what_does_not_pass_ends_as_a_reason(replies: list[Reply], tmp_path: Path) -> None:
    with serving(replies) as server:
        found = model_of(server, tmp_path).ask("Why?")
        assert isinstance(found, NoAnswer)
        assert found.reason.startswith("language model: ")
        tried = len(server.requests)
        assert 2 <= tried <= 6
        assert isinstance(model_of(server, tmp_path).ask("Why?"), NoAnswer)
    assert len(server.requests) == 2 * tried


def test_an_answer_in_parts_is_one_answer(tmp_path: Path) -> None:
    said = {"message": {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}}
    with serving([Reply({"choices": [said]})]) as server:
        assert model_of(server, tmp_path).ask("Why?") == "ab"


NEVER = {
    "a wrong key": error(401, f"Incorrect API key provided: {SECRET}", "invalid_api_key"),
    "no such model": error(404, "The model `small` does not exist", "model_not_found"),
    "no money": error(429, "You exceeded your current quota", "insufficient_quota"),
}


@pytest.mark.parametrize("reply", NEVER.values(), ids=NEVER.keys())
def test_what_no_wait_mends_is_tried_once_and_then_nothing_is_asked_any_more(
    reply: Reply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, SECRET)
    with serving([reply, answer("too late")]) as server:
        model = model_of(server, tmp_path)
        first, second = model.ask("Why?"), model.ask("Why not?")
    assert isinstance(first, NoAnswer)
    assert first == second
    assert len(server.requests) == 1
    assert str(reply.status) in first.reason
    assert model.spent == Spent(0, 0)


def test_a_question_that_is_refused_is_tried_once_and_others_are_asked(tmp_path: Path) -> None:
    with serving([error(400, "too long a context"), answer("yes")]) as server:
        model = model_of(server, tmp_path)
        assert model.ask("Why?") == NoAnswer(reason="language model: HTTP 400: too long a context")
        assert model.ask("Why not?") == "yes"


def test_an_endpoint_that_wants_to_be_left_alone_for_long_is(tmp_path: Path) -> None:
    with serving([error(429, "come back tomorrow", "", ("Retry-After", "86400"))]) as server:
        found = model_of(server, tmp_path).ask("Why?")
    assert found == NoAnswer(reason="language model: HTTP 429: come back tomorrow (it asks to wait 86400 s)")
    assert len(server.requests) == 1


def test_an_endpoint_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    with serving([Reply({}, seconds=1.5)]) as server:
        found = model_of(server, tmp_path, seconds=0.05).ask("Why?")
    assert found == NoAnswer(reason="language model: no reply within 0.05 s")
    assert model_of(server, tmp_path).spent.calls == len(server.requests)


def test_where_nobody_listens_nothing_is_spent_and_one_question_finds_out(tmp_path: Path) -> None:
    with serving([answer("yes")]) as server:
        pass
    model = model_of(server, tmp_path)
    found = model.ask("Why?")
    assert isinstance(found, NoAnswer)
    assert "refused" in found.reason
    assert model.ask("Why not?") == found
    assert model.spent == Spent(0, 0)


def test_a_redirection_is_not_followed_with_what_is_asked(tmp_path: Path) -> None:
    with serving([answer("stolen")]) as other, serving([Reply({}, 307, [("Location", other.url)])]) as server:
        assert isinstance(model_of(server, tmp_path).ask("Why?"), NoAnswer)
    assert other.requests == []


# The key


def test_the_key_is_sent_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    with serving([error(400, f"key {SECRET}\nis not for this"), answer("yes")]) as server:
        model = model_of(server, tmp_path)
        assert model.ask("Why?") == NoAnswer(reason="language model: HTTP 400: key [key] is not for this")
        assert model.ask("Why?") == "yes"
        assert SECRET not in repr(vars(model))
    assert {request.authorization for request in server.requests} == {f"Bearer {SECRET}"}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


# Limits


def test_no_more_calls_are_made_than_allowed_in_all_runs_of_a_folder(tmp_path: Path) -> None:
    with serving([answer("yes")]) as server:
        assert [model_of(server, tmp_path, calls=3).ask(f"{n}?") for n in range(3)] == ["yes"] * 3
        refused = model_of(server, tmp_path, calls=3).ask("3?")
        assert refused == NoAnswer(reason="language model: its limit of 3 calls is reached")
        assert model_of(server, tmp_path, calls=3).ask("2?") == "yes"
        assert len(server.requests) == 3
        assert model_of(server, tmp_path, calls=4).ask("3?") == "yes"
        assert model_of(server, tmp_path).spent == Spent(4, 60)


def test_tokens_pass_their_limit_by_one_call_at_most(tmp_path: Path) -> None:
    with serving([answer("yes", {"total_tokens": 3000})]) as server:
        model = model_of(server, tmp_path, tokens=5000)
        found = [model.ask(f"{n}?") for n in range(4)]
    assert found[:2] == ["yes", "yes"]
    assert found[2:] == [NoAnswer(reason="language model: its limit of 5000 tokens is reached")] * 2
    assert model.spent == Spent(2, 6000)


USAGE = {
    "in parts": {"prompt_tokens": 7, "completion_tokens": 4},
    "none": {},
    "of another shape": "many",
    "null": {"total_tokens": None},
    "of text": {"total_tokens": "12"},
}


@pytest.mark.parametrize("usage", USAGE.values(), ids=USAGE.keys())
def test_tokens_are_estimated_where_nobody_counts_them(usage: Any, tmp_path: Path) -> None:
    with serving([answer("word " * 300, usage)]) as server:
        model = model_of(server, tmp_path)
        model.ask("question " * 1000)
    assert model.spent.tokens == 11 if "prompt_tokens" in usage else 2000 < model.spent.tokens < 6000


def test_a_limit_is_one_for_all_processes(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from hybridgym.llm import Endpoint, Model, ModelSettings
endpoint = Endpoint(url=sys.argv[1], calls=10)
model = Model(ModelSettings(name="small"), endpoint, Path({str(tmp_path)!r}), pause=0.001)
print(sum(isinstance(model.ask(f"{{sys.argv[2]}} {{n}}?"), str) for n in range(6)))
"""
    with serving([answer("yes")]) as server:
        command = [sys.executable, "-c", program, server.url]
        running = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(3)]
        answered = [int(process.communicate()[0]) for process in running]
    assert sum(answered) == len(server.requests) == 10


def test_what_is_spent_and_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "spent.sqlite").write_bytes(b"no database, but long enough to be taken for one" * 20)
    with serving([answer("yes")]) as server, pytest.raises(UsageError, match=r"spent\.sqlite"):
        model_of(server, tmp_path).ask("Why?")
    assert server.requests == []


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no address": ({"url": "localhost:8000"}, "URL"),
    "no host": ({"url": "http://"}, "URL"),
    "brackets": ({"url": "http://[x/v1"}, "URL"),
    "a password": ({"url": "http://me:secret@host/v1"}, KEY),
    "no name": ({"name": " "}, "name"),
    "no calls": ({"calls": 0}, "calls"),
    "no tokens": ({"tokens": -1}, "tokens"),
    "a parameter that is ours": ({"parameters": {"stream": True}}, "parameters"),
}


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG.keys())
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any], said: str, tmp_path: Path) -> None:
    of_model = {key: value for key, value in wrong.items() if key in ("name", "parameters")}
    of_endpoint = {key: value for key, value in wrong.items() if key not in of_model}
    settings = ModelSettings(**{"name": "small", **of_model})
    endpoint = Endpoint(**{"url": "http://localhost:8000/v1", **of_endpoint})
    with pytest.raises(UsageError, match=said) as raised:
        Model(settings, endpoint, tmp_path)
    assert "secret" not in str(raised.value)


def test_a_server_may_answer_by_what_it_is_asked(tmp_path: Path) -> None:
    def echo(request: Request) -> Reply:
        return answer(request.body["messages"][-1]["content"].upper())

    replies: Callable[[Request], Reply] = echo
    with serving(replies) as server:
        model = model_of(server, tmp_path)
        assert [model.ask(text) for text in ("a", "b", "a")] == ["A", "B", "A"]
    assert len(server.requests) == 2
