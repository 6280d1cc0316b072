"""runtimes/: what a command finds, and what is told of a run. The same for every runtime."""

import gc
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hybridgym.errors import MissingDependencyError, RunError, UsageError
from hybridgym.runtimes import RUNTIMES, Limit, Mount, Runtime, reports_folder
from hybridgym.runtimes.base import HOME, REPORTS
from hybridgym.runtimes.cgroups import Group2
from hybridgym.runtimes.docker import Docker
from hybridgym.task import WORKSPACE
from trials import LIMITS, python, running, shell, text_of

# What a command finds


def test_a_command_starts_in_its_workspace(runtime: Runtime, workspace: Path) -> None:
    assert text_of(shell(runtime, workspace, "pwd; ./run; cat link")) == f"{WORKSPACE}\nit runs\nANSWER = 42"


def test_the_workspace_is_thrown_away(runtime: Runtime, workspace: Path) -> None:
    code = """
import os
open("package/module.py", "a").write("more")
os.remove("run")
os.rmdir("package/inner")
os.mkdir("package/inner")
assert os.listdir("package/inner") == []
os.symlink("package", "new")
print(open("new/module.py").read(), *sorted(os.listdir()))
"""
    assert text_of(python(runtime, workspace, code)).split() == "ANSWER = 42 more link new package".split()
    assert sorted(path.name for path in workspace.iterdir()) == ["link", "package", "run"]
    assert (workspace / "package" / "module.py").read_text() == "ANSWER = 42\n"
    assert text_of(shell(runtime, workspace, "echo * /tmp/*")) == "link package run /tmp/*"


def test_the_environment_is_what_was_given(runtime: Runtime, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "of this machine")
    code = "import os; print(sorted(os.environ)); print(os.environ['HOME'], os.environ['GIVEN'])"
    run = python(runtime, workspace, code, variables={"GIVEN": "a b"})
    names, values = text_of(run).splitlines()
    assert {"GIVEN", "HOME", "LANG", "PATH"} <= set(eval(names)) <= {"GIVEN", "HOME", "HOSTNAME", "LANG", "PATH", "PWD"}
    assert values == f"{HOME} a b"


def test_standard_input_is_what_was_given(runtime: Runtime, workspace: Path) -> None:
    given = b"word " * 100_000
    code = "import sys; data = sys.stdin.buffer.read(); print(len(data), data[:5])"
    assert text_of(python(runtime, workspace, code, stdin=given)) == "500000 b'word '"


def test_input_that_nobody_reads_does_no_harm(runtime: Runtime, workspace: Path) -> None:
    assert text_of(shell(runtime, workspace, "echo done", stdin=b"x" * 1_000_000)) == "done"


def test_a_mount_can_be_read(runtime: Runtime, workspace: Path) -> None:
    folder = workspace.parent
    (folder / "tests").mkdir()
    (folder / "tests" / "test_it.py").write_text("in a folder")
    (folder / "one.txt").write_text("a file")
    mounts = [Mount(folder / "tests", "/checker/tests"), Mount(folder / "one.txt", "/checker/one.txt")]
    run = shell(runtime, workspace, "cat /checker/tests/test_it.py; echo; cat /checker/one.txt", mounts=mounts)
    assert text_of(run) == "in a folder\na file"


@pytest.mark.parametrize("target", ["/etc", "/usr/lib/python", WORKSPACE, "/", "relative", "/a/../etc", f"{REPORTS}/x"])
def test_a_mount_covers_nothing_of_the_runtime(runtime: Runtime, workspace: Path, target: str) -> None:
    with pytest.raises(UsageError, match="expected an absolute path outside of"):
        shell(runtime, workspace, "true", mounts=[Mount(workspace, target)])


def test_a_mount_of_nothing_is_an_error(runtime: Runtime, workspace: Path) -> None:
    with pytest.raises(UsageError, match="there is no /nowhere"):
        shell(runtime, workspace, "true", mounts=[Mount(Path("/nowhere"), "/checker")])


# What is told of a run


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param("true", 0, id="success"),
        pytest.param("exit 7", 7, id="failure"),
        pytest.param("exit 126", 126, id="a code that engines use themselves"),
        pytest.param("kill -9 $$", 137, id="killed"),
        pytest.param("kill -11 $$", 139, id="crashed"),
        pytest.param("kill -9 0", 137, id="killed with all of its group"),
    ],
)
def test_the_exit_code_is_that_of_the_command(runtime: Runtime, workspace: Path, command: str, code: int) -> None:
    run = shell(runtime, workspace, command)
    assert (run.exit_code, run.limit) == (code, None)


def test_a_command_that_does_not_exist_is_an_error(runtime: Runtime, workspace: Path) -> None:
    with pytest.raises(RunError, match=r"cannot run the command.*no-such-program"):
        runtime.run(["/usr/bin/no-such-program"], workspace, LIMITS)


def test_output_and_errors_come_in_the_order_of_writing(runtime: Runtime, workspace: Path) -> None:
    assert text_of(shell(runtime, workspace, "echo 1; echo 2 >&2; echo 3")).split() == ["1", "2", "3"]


def test_a_run_says_what_was_used(runtime: Runtime, workspace: Path) -> None:
    code = "import time; data = bytearray(80_000_000); start = time.process_time()\n"
    code += "while time.process_time() < start + 1: pass"
    run = python(runtime, workspace, code)
    assert run.exit_code == 0
    assert run.wall_seconds >= run.cpu_seconds * 0.9 > 0.5
    assert 80_000_000 < run.peak_memory_bytes < LIMITS.memory_bytes


def test_reports_are_files_that_were_left_in_their_folder(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    work = f"cd {reports} && printf one > a.xml && mkdir b && printf two > b/c.json && printf 1 > {WORKSPACE}/other"
    run = shell(runtime, workspace, work, reports=reports)
    assert (run.exit_code, run.reports) == (0, {"a.xml": b"one", "b/c.json": b"two"})


def test_a_failed_run_has_reports_too(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    run = shell(runtime, workspace, f"echo partly > {reports}/r; exit 3", reports=reports)
    assert (run.exit_code, run.reports) == (3, {"r": b"partly\n"})


def test_what_is_no_regular_file_is_no_report(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    code = (
        "import os, socket, sys; os.chdir(sys.argv[1]); os.symlink('/etc/passwd', 'link'); os.mkfifo('pipe');"
        "os.symlink('/etc', 'folder'); socket.socket(socket.AF_UNIX).bind('socket'); open('real', 'w').close();"
        "open('hidden', 'w').close(); os.symlink('real', 'also')"
    )
    run = python(runtime, workspace, code, reports, reports=reports)
    assert (run.exit_code, run.reports) == (0, {"hidden": b"", "real": b""})


def test_a_folder_for_reports_that_became_a_link_holds_none(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    run = shell(runtime, workspace, f"rmdir {reports}; ln -s /etc {reports}; true", reports=reports)
    assert run.reports == {}


def test_every_limit_is_said_to_be_in_force_by_something(runtime: Runtime) -> None:
    in_force = runtime.limits_in_force()
    assert set(Limit) <= in_force.keys()
    assert in_force == runtime.prepare().limits


# What is not run by every runtime


def test_nothing_goes_on_when_this_process_is_killed(workspace: Path) -> None:
    marker = f"orphan-of-{os.getpid()}-{time.monotonic_ns()}"
    code = (
        "from pathlib import Path\nfrom hybridgym.runtimes import Limits\n"
        "from hybridgym.runtimes.sandbox import Sandbox\n"
        f"Sandbox().run(['/bin/sh', '-c', 'sleep 60; echo {marker}'], Path({str(workspace)!r}), Limits())"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        deadline = time.monotonic() + 30
        while len(running(marker)) < 3 and process.poll() is None:  # this code, bubblewrap's processes, the shell
            assert time.monotonic() < deadline
            time.sleep(0.05)
        if process.poll() is not None:
            pytest.skip("there is no sandbox here")
        process.kill()
    while running(marker):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_groups_of_version_2_are_read(tmp_path: Path) -> None:
    for name, text in {
        "memory.events": "low 0\noom 1\noom_kill 0\n",
        "pids.events": "max 0\n",
        "cpu.stat": "usage_usec 1500000\nuser_usec 1\n",
        "memory.peak": "123\n",
        "memory.current": "7\n",
    }.items():
        (tmp_path / name).write_text(text)
    group = Group2(tmp_path)
    assert (group.exceeded(), group.cpu_seconds(), group.peak_memory_bytes()) == (None, 1.5, 123)
    (tmp_path / "pids.events").write_text("max 3\n")
    assert group.exceeded() is Limit.PROCESSES
    (tmp_path / "memory.events").write_text("oom_kill 1\n")
    assert group.exceeded() is Limit.MEMORY
    (tmp_path / "memory.peak").unlink()
    assert group.peak_memory_bytes() == 7


# Names


def test_runtimes_go_by_their_names() -> None:
    assert {name: kind.name for name, kind in RUNTIMES.items()} == {name: name for name in RUNTIMES}


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # The SDK forgets the socket that it cannot connect.
def test_a_missing_engine_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingDependencyError, match="no Docker engine answers: start one, or name it in DOCKER_HOST"):
        Docker("image", host=f"unix://{tmp_path}/none.sock").prepare()
    gc.collect()


def test_a_missing_image_is_an_error(docker: Docker) -> None:
    with pytest.raises(RunError, match="image no-such-image:1"):
        Docker("no-such-image:1", host=docker.host).prepare()
