"""A server that speaks the chat-completions protocol, errors and limits included, and answers as a test says."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """What the server sends; `body` is JSON unless it is bytes."""

    body: Any
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    seconds: float = 0
    """That it takes to begin."""
    is_cut: bool = False
    """Whether the connection ends before the reply."""


class Request(NamedTuple):
    """What it was asked."""

    path: str
    authorization: str | None
    body: dict[str, Any]


def answer(text: str | None, usage: Any = None, finish_reason: str = "stop") -> Reply:
    """Return what a model that says a text makes the server send."""
    counted = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15} if usage is None else usage
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
    return Reply({"id": "chat-1", "object": "chat.completion", "model": "m", "choices": [choice], "usage": counted})


def error(status: int, message: str, code: str = "", *headers: tuple[str, str]) -> Reply:
    """Return an error in the protocol's shape."""
    return Reply({"error": {"message": message, "type": code or "error", "code": code or None}}, status, headers)


class ChatServer:
    """Answers each request by the next of some replies, the last one again and again, or by a function of it."""

    def __init__(self, replies: Sequence[Reply] | Callable[[Request], Reply]) -> None:
        self._replies = replies
        self._lock = Lock()
        self.requests: list[Request] = []
        self.url = ""

    def reply(self, request: Request) -> Reply:
        """Take note of a request, and return what to send."""
        with self._lock:
            self.requests.append(request)
            if callable(self._replies):
                return self._replies(request)
            return self._replies[min(len(self.requests), len(self._replies)) - 1]


@contextmanager
def serving(replies: Sequence[Reply] | Callable[[Request], Reply]) -> Iterator[ChatServer]:
    """Serve in a thread; the server's `url` is what a user would be given."""
    server = ChatServer(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            reply = server.reply(Request(self.path, self.headers.get("Authorization"), body))
            sleep(reply.seconds)
            if reply.is_cut:
                self.close_connection = True
                return
            data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in (("Content-Type", "application/json"), *reply.headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        server.url = f"http://127.0.0.1:{httpd.server_port}/v1"
        thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            httpd.shutdown()
            thread.join()
