import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hybridgym.errors import SourceError
from hybridgym.sdists import index_url
from hybridgym.source import Source, load_source
from hybridgym.specs import RepoSpec, SourceKind
from package_index import Index, sdist_of, served

PKG_INFO = """Metadata-Version: 2.1
Name: demo
Version: 1.0
License: BSD
Project-URL: Source, https://github.com/me/demo
Classifier: License :: OSI Approved :: MIT License
"""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    (tmp_path / "index").mkdir()
    with served(tmp_path / "index") as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield index


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def sdist(name: str = "demo", version: str = "1.0") -> bytes:
    files = {"PKG-INFO": PKG_INFO, "setup.py": "raise SystemExit('executed')\n", "demo.py": ""}
    return sdist_of(name, version, files)


def load(cache: Path, version: str = "1.0", sha256: str = "", name: str = "demo") -> Source:
    return load_source(RepoSpec(kind=SourceKind.PYPI, location=name, revision=version, sha256=sha256), cache)


def test_an_sdist_as_a_source(index: Index, cache: Path) -> None:
    index.add("demo-1.0-py3-none-any.whl", b"no sdist")
    index.add("demo-0.9.tar.gz", b"another version")
    index.add("demo-1.0.tar.gz", sdist())
    source = load(cache)
    assert (source.repo, source.upstream, source.license) == ("pypi/demo", "me/demo", "MIT")
    assert list(source.files) == ["PKG-INFO", "demo.py", "setup.py"]
    assert source.base_commit == source.tree_id
    assert source.created_at == ""


def test_versions_are_compared_as_versions(index: Index, cache: Path) -> None:
    index.add("demo-1.0.0.tar.gz", sdist())
    assert "demo.py" in load(cache, "1.0").files


def test_a_known_hash_needs_no_index(index: Index, cache: Path) -> None:
    sha256 = index.add("demo-1.0.tar.gz", sdist())
    first = load(cache, sha256=sha256)
    index.requests.clear()
    assert load(cache, sha256=sha256) == first
    assert index.requests == []


def test_without_a_hash_the_page_alone_is_asked_for(index: Index, cache: Path) -> None:
    index.add("demo-1.0.tar.gz", sdist())
    first = load(cache)
    index.requests.clear()
    assert load(cache) == first
    assert index.requests == ["/simple/demo/"]


def test_a_damaged_file_in_the_cache_is_fetched_again(index: Index, cache: Path) -> None:
    sha256 = index.add("demo-1.0.tar.gz", sdist())
    first = load(cache, sha256=sha256)
    (cache / "sdists" / sha256).write_bytes(b"damaged")
    assert load(cache, sha256=sha256) == first


def test_the_upload_time_survives_in_the_cache(index: Index, cache: Path) -> None:
    sha256 = index.add("demo-1.0.tar.gz", sdist())
    page = {
        "meta": {"api-version": "1.1"},
        "name": "demo",
        "versions": ["1.0"],
        "files": [
            {
                "filename": "demo-1.0.tar.gz",
                "url": "../../files/demo-1.0.tar.gz",
                "hashes": {"sha256": sha256},
                "size": 1,
                "upload-time": "2024-05-06T07:08:09.123456Z",
            }
        ],
    }
    (index.folder / "simple/demo/index.html").write_text(json.dumps(page))
    index.page_type = "application/vnd.pypi.simple.v1+json"
    assert load(cache).created_at == "2024-05-06T07:08:09Z"
    assert load(cache, sha256=sha256).created_at == "2024-05-06T07:08:09Z"


WRONG = "0" * 64


@pytest.mark.parametrize(
    ("fragment", "sha256", "message"),
    [
        pytest.param(f"#sha256={WRONG}", "", f"expected {WRONG}, found [0-9a-f]{{64}}$", id="file-is-not-the-index-s"),
        pytest.param("", WRONG, f"expected {WRONG}, found [0-9a-f]{{64}} in the index", id="index-is-not-the-entry-s"),
        pytest.param("#md5=0", WRONG, f"expected {WRONG}, found [0-9a-f]{{64}}$", id="file-is-not-the-entry-s"),
        pytest.param("#md5=0", "", "the index gives no sha256", id="no-hash"),
    ],
)
def test_a_wrong_hash(index: Index, cache: Path, fragment: str, sha256: str, message: str) -> None:
    index.add("demo-1.0.tar.gz", sdist(), fragment)
    with pytest.raises(SourceError, match=message):
        load(cache, sha256=sha256)
    assert [path.name for path in (cache / "sdists").glob("*")] == []


def test_the_entry_s_hash_replaces_one_of_the_index(index: Index, cache: Path) -> None:
    sha256 = index.add("demo-1.0.tar.gz", sdist(), "#md5=0")
    assert "demo.py" in load(cache, sha256=sha256).files


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        pytest.param("nothing", "1.0", "pypi nothing==1.0: the index http://127.0.0.1:.* has no project", id="project"),
        pytest.param("demo", "2.0", "pypi demo==2.0: the index has no sdist of this version", id="version"),
        pytest.param("wheels", "1.0", "pypi wheels==1.0: the index has no sdist of this version", id="only-wheels"),
        pytest.param("broken", "1.0", "pypi broken==1.0: .* neither a zip nor", id="broken-archive"),
        pytest.param("gone", "1.0", "pypi gone==1.0: cannot be read from the index .* 404", id="file-is-gone"),
    ],
)
def test_what_cannot_be_had(index: Index, cache: Path, name: str, version: str, message: str) -> None:
    index.add("demo-1.0.tar.gz", sdist())
    index.add("wheels-1.0-py3-none-any.whl", b"", project="wheels")
    index.add("broken-1.0.tar.gz", b"broken", project="broken")
    index.add("gone-1.0.tar.gz", b"", project="gone")
    (index.folder / "files/gone-1.0.tar.gz").unlink()
    with pytest.raises(SourceError, match=message):
        load(cache, version, name=name)


def test_an_index_that_is_no_index(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "file://me:secret@localhost/nowhere")
    with pytest.raises(SourceError, match=r"pypi demo==1\.0: cannot be read from the index file://localhost") as error:
        load(cache)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("variable", ["PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_missing_certificate_file(cache: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    for name in ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "/nowhere/bundle.pem")
    monkeypatch.setenv("PIP_INDEX_URL", "https://localhost:9/simple")
    with pytest.raises(SourceError, match=r"pypi demo==1\.0: cannot be read from the index .*No such file"):
        load(cache)


@pytest.mark.parametrize(
    ("environment", "configuration", "expected"),
    [
        pytest.param({"PIP_INDEX_URL": "https://a/", "UV_INDEX_URL": "https://b/"}, "", "https://a/", id="pip-first"),
        pytest.param({"UV_DEFAULT_INDEX": "inner=https://b/"}, "", "https://b/", id="uv-with-a-name"),
        pytest.param({"UV_INDEX_URL": "https://c/"}, "[global]\nindex-url = https://d/", "https://c/", id="uv-old"),
        pytest.param({}, "[global]\nindex-url = https://d/%(x)s", "https://d/%(x)s", id="configuration"),
        pytest.param({}, "[global]\nindex_url = https://d/", "https://d/", id="underscore"),
        pytest.param(
            {}, "[global]\nindex-url = https://d/\n[install]\nindex-url = https://e/", "https://e/", id="section"
        ),
    ],
)
def test_which_index_is_asked(tmp_path: Path, environment: dict[str, str], configuration: str, expected: str) -> None:
    path = tmp_path / "pip.conf"
    path.write_text(configuration)
    assert index_url(environment, iter([tmp_path / "missing", path])) == expected


def test_broken_configuration_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no section \xff")
    (tmp_path / "good").write_text("[global]\nindex-url = https://d/\n")
    assert index_url({}, iter([tmp_path / "broken", tmp_path / "good"])) == "https://d/"
