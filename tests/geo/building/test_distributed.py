"""The same count and gate on a real Dask scheduler with two worker processes on loopback; a worker killed, then the scheduler."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo import pipeline
from geo.building import distributed as distributed_count
from geo.disclosure.solver import workers
from geo.editions import edition
from geo.errors import GeoError, InputError
from geo.files.workspace import Workspace
from geo.model.areas import Register
from geo.registers import files, register
from geo.registers.counting import Job
from tests.towns.registertown import TOWN, same, write_town

distributed = pytest.importorskip("distributed", reason="the extra `scale` (Dask) is not installed")


@dataclass
class Dask:
    """A scheduler and its workers, as processes of their own."""

    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]
    address: str


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    where = tmp_path / "scheduler.json"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}
    start = partial(subprocess.Popen, cwd=Path(__file__).parent.parent.parent.parent, env=environment, stderr=subprocess.DEVNULL)
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = start([*command, "--scheduler-file", str(where)])
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--host",
        "127.0.0.1",
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    workers = [start([*command, "--scheduler-file", str(where), "--local-directory", str(tmp_path)]) for _ in range(2)]
    try:
        address = _address(where)
        _workers_there(address, 2)
        yield Dask(scheduler, workers, address)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(10)


def _address(where: Path) -> str:
    for _ in range(300):
        if where.is_file() and where.read_text():
            return str(json.loads(where.read_text())["address"])
        time.sleep(0.1)
    raise TimeoutError("no scheduler")


def _workers_there(address: str, count: int) -> None:
    with distributed.Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return write_town(tmp_path / "registers", files=6).job


def shards_of(job: Job, tmp_path: Path) -> Sequence[files.Shard]:
    return files.shards(tmp_path / "registers" / "town", job.register, columns=job.question.columns)


def gated(find: Any, gate: Path) -> Any:
    """Find, but wait first until the test has done its worst. A closure, which is sent to the workers whole."""
    gate.mkdir()

    def slowly(x: np.ndarray, y: np.ndarray) -> Any:
        (gate / f"began-{os.getpid()}").touch()
        while not (gate / "open").exists():
            time.sleep(0.05)
        return find(x, y)

    return slowly


def began(gate: Path, count: int) -> list[int]:
    for _ in range(600):
        pids = [int(path.name.removeprefix("began-")) for path in gate.glob("began-*")]
        if len(pids) >= count:
            return pids
        time.sleep(0.05)
    raise TimeoutError("the workers never began")


def test_the_same_counts_as_on_one_machine(dask: Dask, job: Job, tmp_path: Path) -> None:
    shards = shards_of(job, tmp_path)
    told: list[tuple[int, int, float]] = []
    assert same(distributed_count.count(job, shards, lambda *said: told.append(said), scheduler=dask.address), register.count(job, shards))
    assert told[-1] == (TOWN, TOWN, 0.0)


def test_the_same_edition_as_on_one_machine(dask: Dask, built: Workspace) -> None:
    before = edition.current(built.editions)
    manifest = pipeline.build(built, count=partial(distributed_count.count, scheduler=dask.address))
    assert manifest.id == before


def test_a_worker_that_is_killed_costs_nothing_but_time(dask: Dask, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed_count, "WORTH", 500)
    shards = shards_of(job, tmp_path)
    whole = register.count(job, shards)
    gate = tmp_path / "gate"
    slow = Job(job.register, job.question, job.coding, gated(job.find, gate))
    counted: list[Any] = []
    thread = threading.Thread(target=lambda: counted.append(distributed_count.count(slow, shards, scheduler=dask.address)))
    thread.start()
    began(gate, 2)
    dask.workers[0].send_signal(signal.SIGKILL)
    (gate / "open").touch()
    thread.join(120)
    assert counted
    assert same(counted[0], whole)


def test_a_scheduler_that_is_killed_is_said(dask: Dask, job: Job, tmp_path: Path) -> None:
    shards = shards_of(job, tmp_path)
    gate = tmp_path / "gate"
    slow = Job(job.register, job.question, job.coding, gated(job.find, gate))
    raised: list[BaseException] = []

    def counting() -> None:
        try:
            distributed_count.count(slow, shards, scheduler=dask.address, patience=2)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=counting)
    thread.start()
    began(gate, 2)
    dask.scheduler.kill()
    thread.join(60)
    (gate / "open").touch()
    assert [type(error) for error in raised] == [GeoError]
    assert "scheduler" in str(raised[0])
    assert dask.address in str(raised[0])


def test_a_scheduler_that_is_not_there_is_said_and_nothing_is_built(built: Workspace) -> None:
    before = sorted(built.editions.rglob("*"))
    with pytest.raises(GeoError, match="scheduler cannot be reached"):
        pipeline.build(built, count=partial(distributed_count.count, scheduler="tcp://127.0.0.1:9", patience=1), anew=True)
    assert sorted(built.editions.rglob("*")) == before


def test_what_is_wrong_with_a_file_comes_back_from_a_worker(dask: Dask, job: Job, tmp_path: Path) -> None:
    shards = shards_of(job, tmp_path)
    cut = next(shard.path for shard in shards if shard.file == "town/2.parquet")
    content = cut.read_bytes()
    cut.write_bytes(content[:200] + bytes(len(content) - 400) + content[-200:])
    with pytest.raises(InputError, match=r"town/2\.parquet"):
        distributed_count.count(job, shards, scheduler=dask.address)


def blocks(monkeypatch: pytest.MonkeyPatch, count: int) -> list[Any]:
    """So many things to work on, none of them few: `each` only hands them on."""
    monkeypatch.setattr(workers, "few", lambda _tasks: False)
    return list(range(count))


def slow_square(gate: Path) -> Any:
    """Square a number, but wait first until the test has done its worst."""
    wait = gated(lambda x, _y: x * x, gate)
    return lambda number: wait(number, number)


def bytes_of(place: Workspace, name: str) -> dict[str, bytes]:
    folder = place.editions / name
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_blocks_closed_on_the_cluster_give_the_same_bytes(
    dask: Dask, built: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = edition.current(built.editions)
    shutil.copytree(built.folder, tmp_path / "var", ignore=shutil.ignore_patterns(built.editions.name, built.internal.name))
    anew = Workspace(tmp_path / "var")
    monkeypatch.setattr(workers, "MANY", 1)
    submitted: list[Any] = []
    submit = distributed.Client.submit

    def counted(client: Any, work: Any, *given: Any, **named: Any) -> Any:
        submitted.append(work)
        return submit(client, work, *given, **named)

    monkeypatch.setattr(distributed.Client, "submit", counted)
    told: list[tuple[str, int, int]] = []
    manifest = pipeline.build(anew, each=partial(distributed_count.each, scheduler=dask.address), progress=lambda *said: told.append(said))
    assert manifest.id == name
    assert bytes_of(anew, name) == bytes_of(built, name)
    assert submitted.count(workers.solve) >= 3
    assert any(what.startswith("protection and verdicts: public") and 1 < done == total for what, done, total in told)


def test_a_block_whose_worker_is_killed_is_closed_by_another(dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = tmp_path / "gate"
    work, tasks = slow_square(gate), blocks(monkeypatch, 5)
    closed: list[Any] = []
    thread = threading.Thread(target=lambda: closed.extend(distributed_count.each(work, tasks, scheduler=dask.address)))
    thread.start()
    began(gate, 2)
    dask.workers[0].send_signal(signal.SIGKILL)
    (gate / "open").touch()
    thread.join(120)
    assert closed == [0, 1, 4, 9, 16]


def test_a_block_that_brings_down_every_worker_is_said(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    def worst(_task: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    with distributed.Client(dask.address, set_as_default=False) as client:
        client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0))
    with pytest.raises(GeoError, match="every worker that took a block of figures died on it"):
        list(distributed_count.each(worst, blocks(monkeypatch, 1), scheduler=dask.address))


def test_a_scheduler_that_goes_away_while_blocks_are_closed_is_said(dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = tmp_path / "gate"
    work, tasks = slow_square(gate), blocks(monkeypatch, 3)
    raised: list[BaseException] = []

    def closing() -> None:
        try:
            list(distributed_count.each(work, tasks, scheduler=dask.address, patience=2))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=closing)
    thread.start()
    began(gate, 2)
    dask.scheduler.kill()
    thread.join(60)
    (gate / "open").touch()
    assert [type(error) for error in raised] == [GeoError]
    assert "scheduler cannot be reached, or went away" in str(raised[0])


def test_blocks_that_are_given_up_leave_nothing_on_the_scheduler(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    squares = distributed_count.each(lambda number: (time.sleep(0.2), number * number)[1], blocks(monkeypatch, 50), scheduler=dask.address)
    assert next(squares) == 0
    squares.close()
    with distributed.Client(dask.address, set_as_default=False) as client:
        for _ in range(100):
            left = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
            if not left:
                break
            time.sleep(0.05)
    assert not left


def test_every_shard_is_in_one_task_and_tasks_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    shards = [files.Shard(Path(str(number)), "", Register(crs=""), 1000, (number,)) for number in range(40)]
    monkeypatch.setattr(distributed_count, "WORTH", 2000)
    for threads, most in ((2, 16), (3, 24), (100, 40)):
        tasks = distributed_count._tasks(shards, threads=threads)
        assert [shard for task in tasks for shard in task] == shards
        assert len(tasks) <= most
        assert max(len(task) for task in tasks) - min(len(task) for task in tasks) <= 1
