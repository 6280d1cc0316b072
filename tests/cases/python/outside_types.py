"""Objects whose annotation lies outside of the repository, or says only what they can do."""

import contextlib
import threading
import typing as t
from collections.abc import Iterable, MutableMapping
from wsgiref.types import WSGIApplication


@MutableMapping.register
class Cache:
    def get(self, key):
        return key

    def seek(self, place):
        return place


class Runner(t.Protocol):
    def run(self): ...


def look_up(cache: MutableMapping[str, int], names: Iterable[str], known: dict[str, int]):
    cache.get("a")  #> ?
    names.seek(0)  #> ?
    cache.setdefault("a", 1)  #> builtin
    known.get("a")  #> builtin


def serve(app: WSGIApplication, start):
    return app({}, start)  #> ?


def make(runner: type[Runner]):
    return runner()  #> ?


def rewind(stream):
    iter(stream).seek(0)  #> builtin ; ?


lock = threading.Lock()
current: Cache = threading.local()


def guarded():
    current.get("a")  #> ?
    lock.acquire()  #> !threading.Lock


class Patched(contextlib.ExitStack):
    def __init__(self):
        original = self.close

        def close():
            return original()  #> ?

        self.close = close

    def finish(self):
        self.close()  #> ?
