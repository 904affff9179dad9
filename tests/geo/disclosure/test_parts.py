"""Where blocks are closed: those of very many atoms in parts, and what holds in a part holds of the whole; others in a pool."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from geo.disclosure.solver import choose, parts, workers
from geo.disclosure.solver.proving import certificate
from geo.disclosure.solver.tables import Figures, Ranges, SuppressionProblem, Tables, Targets

SIDE = 12
"""Areas of a larger one, as many as there are larger ones."""


def town(seed: int) -> SuppressionProblem:
    """SIDE larger areas of SIDE small ones: two counts of each, of which small ones are hidden, among people of four kinds."""
    rng = np.random.default_rng(seed)
    atoms = SIDE * SIDE
    people = rng.integers(0, 9, (atoms, 4))
    large = np.repeat(np.arange(SIDE), SIDE)
    rows = np.concatenate([np.arange(atoms), atoms + large, np.full(atoms, atoms + SIDE)])
    member = sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, np.tile(np.arange(atoms), 3))))
    masks = np.array([[1, 1, 0, 0], [1, 0, 1, 0]])
    tables = Tables(people, member, masks, np.zeros(4, dtype=np.int64))
    regions = member.shape[0]
    region, mask = np.divmod(np.arange(2 * regions), 2)
    count = tables.counts[region, mask]
    hidden = (count > 0) & (count < 5)
    figures = Figures(region, np.stack([mask, np.full(len(mask), -1)], axis=1), 1 + count, hidden, np.zeros((regions, 2), dtype=bool))
    under = np.flatnonzero(hidden)
    targets = Targets(sparse.csr_array(member[region[under]]), mask[under], np.full(len(under), 2), np.zeros(len(under), dtype=bool))
    return SuppressionProblem(tables, figures, masks, targets, Ranges(*(np.empty(0, dtype=np.int64) for _ in range(4))))


@pytest.mark.parametrize("seed", range(4))
def test_in_parts_everything_is_proven_that_is_proven_whole(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(seed)
    whole = choose.close(problem)
    monkeypatch.setattr(parts, "MANY", 100)
    monkeypatch.setattr(parts, "MOST", SIDE)
    in_parts = choose.close(problem)
    assert in_parts.open.tolist() == whole.open.tolist()
    proven = certificate.proven(replace(problem, targets=in_parts.targets), problem.figures.published(in_parts.hidden), in_parts.worlds)
    assert np.flatnonzero(~proven).tolist() == in_parts.open.tolist()
    assert in_parts.targets.width.tolist() == whole.targets.width.tolist()
    rule = problem.figures.hidden.sum()
    assert in_parts.hidden.sum() - rule <= 1.25 * (whole.hidden.sum() - rule) + 2


def test_parts_are_areas_without_common_people_and_hold_their_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(1)
    monkeypatch.setattr(parts, "MANY", 100)
    monkeypatch.setattr(parts, "MOST", SIDE)
    cut = parts.cut(problem, problem.figures.hidden, np.arange(len(problem.targets)))
    atoms = np.concatenate([part.atoms for part in cut])
    assert len(cut) > 1
    assert len(np.unique(atoms)) == len(atoms)
    for part in cut:
        assert len(part.atoms) == SIDE
        assert (part.problem.tables.people == problem.tables.people[part.atoms]).all()
        assert (np.diff(part.problem.targets.atoms.indptr) == np.diff(problem.targets.atoms[part.targets].indptr)).all()


def test_a_small_problem_is_not_cut() -> None:
    problem = town(1)
    assert parts.cut(problem, problem.figures.hidden, np.arange(len(problem.targets))) == []


def test_parts_are_worked_on_beside_each_other_with_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MANY", 100)
    monkeypatch.setattr(parts, "MOST", SIDE)
    problem = town(2)
    nothing = np.zeros(len(problem.figures.region), dtype=bool)
    here = choose.close(problem, also=nothing)
    taken: list[int] = []
    told: list[tuple[int, int]] = []

    def each(work: workers.Work, tasks: Sequence[workers.Task]) -> Iterator[choose.Suppression]:
        taken.append(len(tasks))
        return map(work, tasks)

    [there] = workers.closed([(problem, nothing, (), None)], each, lambda *said: told.append(said))
    assert (there.hidden == here.hidden).all()
    assert taken[0] > 1
    assert told[0] == (1, taken[0] + 1)


def dies_elsewhere(number: int) -> int:
    """A square, in the process that was there first only."""
    if multiprocessing.parent_process() is not None and number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_when_a_process_is_lost_the_rest_is_closed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "few", lambda _tasks: False)
    tasks: list[Any] = [1, 2, 3, 4, 5, 6]
    work: Any = dies_elsewhere
    with workers.pool() as each:
        assert list(each(work, tasks)) == [1, 4, 9, 16, 25, 36]
        assert list(each(work, tasks)) == [1, 4, 9, 16, 25, 36]


def test_a_program_without_a_guard_is_told_and_gets_its_answer(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from geo.disclosure.solver import workers\nworkers.few = lambda tasks: False\nprint(list(workers.here(abs, [1, -2, -3])))\n"
    )
    root = Path(__file__).parent.parent.parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root)}
    ran = subprocess.run([sys.executable, str(program)], check=False, capture_output=True, text=True, timeout=120, env=environment)
    assert ran.returncode == 0
    assert ran.stdout == "[1, 2, 3]\n"
    assert "__main__" in ran.stderr
    assert "Traceback" not in ran.stderr
