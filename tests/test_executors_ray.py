"""executors/ray.py on a cluster of two machines, each a Ray node of its own on this one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.resume import content
from hybridgym.errors import UsageError
from hybridgym.executors import Executor, Failure, Local, UnitLimits, executor_named
from hybridgym.generation import Options, generate
from test_executors import endless, square, unlucky
from test_generation import callers
from tiny import ROOT, git, write

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'hybridgym[ray]'")
pytestmark = pytest.mark.filterwarnings("ignore")

STORE = 80_000_000
OPTIONS = Options(kinds=("dependency_search", "function_localization"), total=20)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Give a cluster of one machine, which has no processor to spare; tests add others."""
    from ray.cluster_utils import Cluster

    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    # As the machines of a cluster find the package: installed, or by this.
    os.environ["PYTHONPATH"] = paths
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": STORE})
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.fixture(scope="module")
def machines(cluster: Any) -> list[Any]:
    """Give two more machines of that cluster; the last test takes one away."""
    added = [cluster.add_node(num_cpus=1, object_store_memory=STORE) for _ in range(2)]
    cluster.wait_for_nodes()
    return added


def executor_on(cluster: Any, limits: UnitLimits = UnitLimits()) -> Executor:  # noqa: B008
    return executor_named("ray", 1, limits, cluster.address)


def test_every_unit_has_a_result_or_a_reason(cluster: Any, machines: list[Any]) -> None:
    executor = executor_on(cluster, UnitLimits(seconds=60))
    assert dict(executor.run(square, range(5))) == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}
    results = dict(executor.run(unlucky, range(5)))
    assert results.pop(0) == 0
    expected = dict(Local(1).run(unlucky, range(5)))
    assert results == {number: expected[number] for number in (1, 2, 3, 4)}


def test_limits_hold_on_every_machine(cluster: Any, machines: list[Any]) -> None:
    [(_, result)] = executor_on(cluster, UnitLimits(seconds=0)).run(endless, [60])
    assert result == Failure("it took more than 0 minutes", is_known=False, was_ended=True)


def test_a_suite_is_the_same_from_a_cluster_though_a_machine_goes_away(
    cluster: Any, machines: list[Any], tmp_path: Path
) -> None:
    from hybridgym.specs import spec_of

    specs = []
    for number in range(4):
        folder = write(tmp_path / f"r{number}", callers(*[1 + number % 3] * 4))
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", "one")
        specs.append(spec_of(f"git:{folder}@main", tmp_path))
    generate(specs, tmp_path / "local", OPTIONS, cache=tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")

    class Failing(type(executor_on(cluster))):  # type: ignore[misc]
        """Loses a machine after the second result."""

        def run(self, work: Any, units: Any) -> Any:
            for count, result in enumerate(super().run(work, units)):
                if count == 1 and machines[0] in cluster.list_all_nodes():
                    cluster.remove_node(machines[0], allow_graceful=False)
                yield result

    generate(specs, tmp_path / "ray", OPTIONS, cache=tmp_path / "other", executor=Failing(cluster.address, 1))
    assert content(tmp_path / "ray") == content(tmp_path / "local")


def test_a_cluster_that_is_not_there_is_said(tmp_path: Path) -> None:
    code = "from hybridgym.executors import executor_named; executor_named('ray', 1, address='127.0.0.1:1')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "expected a Ray cluster, found none" in done.stderr


def test_an_address_is_for_a_cluster() -> None:
    with pytest.raises(UsageError, match="expected an executor that has one"):
        executor_named("local", 1, address="127.0.0.1:6379")
