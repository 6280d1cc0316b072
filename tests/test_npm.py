import base64
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from hybridgym.errors import SourceError
from hybridgym.npm import npm_settings
from hybridgym.source import Source, load_source
from hybridgym.specs import RepoSpec, SourceKind

PACKAGE = {
    "name": "demo",
    "version": "1.0.0",
    "license": "MIT",
    "repository": {"type": "git", "url": "git+https://github.com/me/demo.git"},
    "scripts": {"preinstall": "exit 1", "install": "exit 1", "prepare": "exit 1"},
}


class Registry:
    """An npm registry on this machine: what it answers by path, and the requests it got."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.requests: list[str] = []
        self.token = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/registry"

    def add(self, data: bytes, name: str = "demo", version: str = "1.0.0", **dist: str | None) -> str:
        """Publish a tarball; returns its integrity, which is what the registry says unless told otherwise."""
        integrity = f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}"
        tarball = f"{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
        document = self.documents.setdefault(name, {"name": name, "versions": {}, "time": {}})
        document["versions"][version] = {
            "dist": {"integrity": integrity, "tarball": f"{self.url}/{tarball}", "shasum": "0" * 40} | dist
        }
        self.answers[f"/registry/{tarball}"] = data
        return integrity

    def answer(self, path: str) -> bytes | None:
        name = path.removeprefix("/registry/").replace("%2F", "/")
        if name in self.documents:
            return json.dumps(self.documents[name]).encode()
        return self.answers.get(path)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, registry: Registry, *args: Any) -> None:
        self.registry = registry
        super().__init__(*args)

    def do_GET(self) -> None:
        if self.path in self.registry.redirects:
            self.send_response(302)
            self.send_header("Location", self.registry.redirects[self.path])
            self.end_headers()
            return
        if self.registry.token and self.headers["Authorization"] != f"Bearer {self.registry.token}":
            self.send_error(401)
            return
        data = self.registry.answer(self.path)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        self.registry.requests.append(self.path + (" with a token" if self.headers["Authorization"] else ""))


def serve() -> Iterator[Registry]:
    registry = Registry()
    with registry.server:
        thread = Thread(target=registry.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield registry
        registry.server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def npmrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's .npmrc, and no other word on how npm is configured."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("npm_config_userconfig", str(tmp_path / "npmrc"))
    monkeypatch.delenv("npm_config_registry", raising=False)
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    return tmp_path / "npmrc"


@pytest.fixture
def registry(npmrc: Path) -> Iterator[Registry]:
    for registry in serve():
        npmrc.write_text(f"registry={registry.url}/\n")
        yield registry


@pytest.fixture
def elsewhere() -> Iterator[Registry]:
    yield from serve()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def tarball(folder: str = "package", **package: object) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, text in (("package.json", json.dumps(PACKAGE | package)), ("index.js", ""), ("lib/a.js", "")):
            info = tarfile.TarInfo(f"{folder}/{path}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(stream.getvalue(), mtime=0)


def load(cache: Path, version: str = "1.0.0", integrity: str = "", name: str = "demo") -> Source:
    return load_source(RepoSpec(kind=SourceKind.NPM, location=name, revision=version, integrity=integrity), cache)


def test_a_package_as_a_source(registry: Registry, cache: Path) -> None:
    registry.add(b"another version", version="0.9.0")
    registry.add(tarball())
    source = load(cache)
    assert (source.repo, source.upstream, source.license) == ("npm/demo", "me/demo", "MIT")
    assert list(source.files) == ["index.js", "lib/a.js", "package.json"]
    assert source.base_commit == source.tree_id
    assert source.created_at == ""


def test_a_package_of_a_scope(registry: Registry, cache: Path) -> None:
    registry.add(tarball(folder="demo"), name="@me/demo")
    source = load(cache, name="@me/demo")
    assert (source.repo, list(source.files)) == ("npm/me__demo", ["index.js", "lib/a.js", "package.json"])
    assert registry.requests == ["/registry/@me%2Fdemo", "/registry/@me/demo/-/demo-1.0.0.tgz"]


def test_a_known_hash_needs_no_registry(registry: Registry, cache: Path) -> None:
    integrity = registry.add(tarball())
    first = load(cache, integrity=integrity)
    registry.requests.clear()
    assert load(cache, integrity=integrity) == first
    assert registry.requests == []


def test_without_a_hash_the_document_alone_is_asked_for(registry: Registry, cache: Path) -> None:
    registry.add(tarball())
    first = load(cache)
    registry.requests.clear()
    assert load(cache) == first
    assert registry.requests == ["/registry/demo"]


def test_a_damaged_file_in_the_cache_is_fetched_again(registry: Registry, cache: Path) -> None:
    integrity = registry.add(tarball())
    first = load(cache, integrity=integrity)
    [file] = [path for path in (cache / "npm").iterdir() if not path.suffix]
    file.write_bytes(b"damaged")
    assert load(cache, integrity=integrity) == first


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        pytest.param({"1.0.0": "2024-05-06T07:08:09.123Z"}, "2024-05-06T07:08:09Z", id="time"),
        pytest.param({"1.0.0": "2024-05-06T09:08:09.123000+02:00"}, "2024-05-06T07:08:09Z", id="other-zone"),
        pytest.param({"0.9.0": "2024-05-06T07:08:09.123Z"}, "", id="another-version"),
        pytest.param({"1.0.0": "yesterday", "unpublished": {}}, "", id="no-time"),
    ],
)
def test_the_upload_time_survives_in_the_cache(
    registry: Registry, cache: Path, time: dict[str, object], expected: str
) -> None:
    integrity = registry.add(tarball())
    registry.documents["demo"]["time"] = time
    assert load(cache).created_at == expected
    assert load(cache, integrity=integrity).created_at == expected


def test_a_registry_that_knows_no_times(registry: Registry, cache: Path) -> None:
    registry.add(tarball())
    del registry.documents["demo"]["time"]
    assert load(cache).created_at == ""


def test_versions_that_nobody_asked_for_may_be_malformed(registry: Registry, cache: Path) -> None:
    registry.add(tarball())
    registry.documents["demo"]["versions"]["0.0.1"] = {"dist": 7}
    assert "index.js" in load(cache).files


def test_a_tarball_may_be_named_relative_to_the_registry(registry: Registry, cache: Path) -> None:
    registry.add(tarball(), tarball="demo/-/demo-1.0.0.tgz")
    assert "index.js" in load(cache).files


WRONG = f"sha512-{base64.b64encode(bytes(64)).decode()}"
SHA1 = "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="
ANY = r"sha512-[\w+/]{86}=="


@pytest.mark.parametrize(
    ("given", "integrity", "message"),
    [
        pytest.param(WRONG, "", f"of demo-1.0.0.tgz: expected {WRONG}, found {ANY}$", id="file-is-not-the-registry-s"),
        pytest.param(..., WRONG, f"expected {WRONG}, found {ANY} in the registry", id="registry-is-not-the-entry-s"),
        pytest.param(SHA1, WRONG, f"of demo-1.0.0.tgz: expected {WRONG}, found {ANY}$", id="file-is-not-the-entry-s"),
        pytest.param(SHA1, "", "the registry gives no sha512", id="old-hash"),
        pytest.param(None, "", "the registry gives no sha512", id="no-hash"),
        pytest.param("sha512-short", "", "cannot be read from the registry", id="broken-hash"),
    ],
)
def test_a_wrong_hash(registry: Registry, cache: Path, given: Any, integrity: str, message: str) -> None:
    registry.add(tarball(), **({} if given is ... else {"integrity": given}))
    with pytest.raises(SourceError, match=rf"npm demo@1\.0\.0: .*{message}"):
        load(cache, integrity=integrity)
    assert list((cache / "npm").glob("*")) == []


def test_the_entry_s_hash_replaces_one_of_the_registry(registry: Registry, cache: Path) -> None:
    integrity = registry.add(tarball(), integrity=SHA1)
    assert "index.js" in load(cache, integrity=integrity).files


def test_one_of_several_hashes_is_enough(registry: Registry, cache: Path) -> None:
    integrity = registry.add(tarball())
    registry.documents["demo"]["versions"]["1.0.0"]["dist"]["integrity"] = f"{SHA1} {integrity}?option"
    assert load(cache).files == load(cache, integrity=integrity).files


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        pytest.param("nothing", "1.0.0", "the registry http://127.0.0.1:.* has no package nothing", id="package"),
        pytest.param("demo", "2.0.0", "the registry has no version 2.0.0", id="version"),
        pytest.param("broken", "1.0.0", ".* neither a zip nor", id="broken-archive"),
        pytest.param("gone", "1.0.0", "cannot be read from the registry .* 404", id="file-is-gone"),
        pytest.param("page", "1.0.0", "the registry's answer is not that of an npm registry", id="no-registry"),
        pytest.param("odd", "1.0.0", "the registry's answer is not that of an npm registry: .*dist", id="odd-version"),
        pytest.param("bare", "1.0.0", "the registry names no tarball", id="no-tarball"),
        pytest.param("local", "1.0.0", "cannot be read from the registry .*file:///etc/passwd", id="file-url"),
    ],
)
def test_what_cannot_be_had(registry: Registry, cache: Path, name: str, version: str, message: str) -> None:
    registry.add(tarball())
    registry.add(b"broken", name="broken")
    registry.add(b"", name="gone")
    registry.answers.pop("/registry/gone/-/gone-1.0.0.tgz")
    registry.answers["/registry/page"] = b"<html>"
    registry.documents["odd"] = {"versions": {"1.0.0": {"dist": 7}}}
    registry.documents["bare"] = {"versions": {"1.0.0": {}}}
    registry.add(tarball(), name="local", tarball="file:///etc/passwd")
    with pytest.raises(SourceError, match=rf"^npm {name}@{version}: {message}"):
        load(cache, version, name=name)


def test_a_token_of_the_user_s_file(
    registry: Registry, cache: Path, npmrc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(tarball())
    registry.token = "hush-1"
    with pytest.raises(SourceError, match=r"cannot be read from the registry .* 401"):
        load(cache)
    monkeypatch.setenv("MY_TOKEN", "hush-1")
    place = registry.url.removeprefix("http:")
    npmrc.write_text(f"registry={registry.url}\n{place}/:_authToken=${{MY_TOKEN}}\n")
    assert "index.js" in load(cache).files


def test_a_token_of_the_whole_host(registry: Registry, cache: Path, npmrc: Path) -> None:
    registry.add(tarball())
    registry.token = "hush-1"
    place = registry.url.removeprefix("http:").removesuffix("/registry")
    npmrc.write_text(f"registry={registry.url}\n{place}/:_authToken=hush-1\n")
    assert "index.js" in load(cache).files


def test_a_token_goes_to_no_other_host(registry: Registry, elsewhere: Registry, cache: Path, npmrc: Path) -> None:
    data = tarball()
    registry.add(data)
    registry.redirects["/registry/demo/-/demo-1.0.0.tgz"] = f"{elsewhere.url.replace('127.0.0.1', 'localhost')}/x.tgz"
    elsewhere.answers["/registry/x.tgz"] = data
    npmrc.write_text(f"registry={registry.url}\n{registry.url.removeprefix('http:')}/:_authToken=hush-1\n")
    assert "index.js" in load(cache).files
    assert registry.requests[0] == "/registry/demo with a token"
    assert elsewhere.requests == ["/registry/x.tgz"]


@pytest.mark.parametrize("token", ["hush 1", "hush\u00e9", "hush\x07"])
def test_a_token_that_is_none_is_not_shown(registry: Registry, cache: Path, npmrc: Path, token: str) -> None:
    with npmrc.open("a", encoding="utf-8") as file:
        file.write(f"{registry.url.removeprefix('http:')}/:_authToken={token}\n")
    with pytest.raises(SourceError, match="_authToken: expected letters, digits and signs of ASCII") as error:
        load(cache)
    assert "hush" not in str(error.value)
    assert registry.requests == []


def test_a_registry_that_is_none(cache: Path, npmrc: Path) -> None:
    npmrc.write_text("registry=http://me:secret@127.0.0.1:9/nowhere\n")
    with pytest.raises(SourceError, match=r"npm demo@1\.0\.0: cannot be read from the registry http://127") as error:
        load(cache)
    assert "secret" not in str(error.value)


def test_a_missing_certificate_file(cache: Path, npmrc: Path) -> None:
    npmrc.write_text("registry=https://localhost:9/\ncafile=/nowhere/bundle.pem\n")
    with pytest.raises(SourceError, match=r"npm demo@1\.0\.0: cannot be read from the registry .*No such file"):
        load(cache)


def with_npm(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_npm_says_which_registry_where_the_user_does_not(
    registry: Registry, cache: Path, npmrc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(tarball())
    npmrc.unlink()
    with_npm(tmp_path, f'[ "$*" = "config get registry" ] && echo {registry.url}/', monkeypatch)
    assert "index.js" in load(cache).files


@pytest.mark.parametrize(
    ("script", "found"),
    [
        pytest.param("exit 1", "none", id="npm-fails"),
        pytest.param("echo undefined", "'undefined'", id="npm-knows-none"),
    ],
)
def test_no_registry(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, found: str) -> None:
    with_npm(tmp_path, script, monkeypatch)
    with pytest.raises(SourceError, match=rf"^npm demo@1\.0\.0: registry: expected the URL .*, found {found}$"):
        load(cache)


def test_a_scope_may_have_its_own_registry(
    registry: Registry, elsewhere: Registry, cache: Path, monkeypatch: pytest.MonkeyPatch, npmrc: Path
) -> None:
    npmrc.write_text(f"@me:registry={elsewhere.url}\n")
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", registry.url)
    registry.add(tarball())
    elsewhere.add(tarball(), name="@me/demo")
    assert load(cache, name="@me/demo").files == load(cache).files
    assert (len(registry.requests), len(elsewhere.requests)) == (1, 2)  # the tarball is the same


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        pytest.param("registry=https://a/\n", {}, {"registry": "https://a/"}, id="plain"),
        pytest.param("; x\n # y\nregistry = https://a/ ; why\nflag\n", {}, {"registry": "https://a/"}, id="comments"),
        pytest.param("registry='https://a/#x'\n", {}, {"registry": "https://a/#x"}, id="quotes"),
        pytest.param("//h/:_authToken=${T}\nx=${U}", {"T": "1"}, {"//h/:_authToken": "1", "x": "${U}"}, id="variables"),
        pytest.param("registry=https://a/\n[x]\nregistry=https://b/", {}, {"registry": "https://a/"}, id="section"),
        pytest.param("\ufeffregistry=https://a/\n", {}, {"registry": "https://a/"}, id="byte-order-mark"),
        pytest.param(
            "registry=https://a/\n",
            {"npm_config_registry": "https://b/", "NPM_CONFIG_CAFILE": ""},
            {"registry": "https://b/"},
            id="variable-first",
        ),
        pytest.param("", {"npm_config_fetch_retries": "1"}, {"fetch-retries": "1"}, id="underscores"),
    ],
)
def test_how_npm_is_configured(
    tmp_path: Path, text: str, environment: dict[str, str], expected: dict[str, str]
) -> None:
    (tmp_path / ".npmrc").write_text(text, encoding="utf-8")
    assert npm_settings({"HOME": str(tmp_path), **environment}) == expected
