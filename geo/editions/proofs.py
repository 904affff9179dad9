"""The proofs that the disclosure control keeps of an edition, for the machine that holds the registers.

There is one file for each audience, `internal/<edition>/<audience>.npz`, which only its owner can read. It holds the people of every
atom by kind, and the worlds that readers must consider possible. It lies outside the editions, where the web cannot reach it. With it
an edition is checked against its files on disk.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.disclosure import complementary
from geo.disclosure.block import Labels
from geo.disclosure.complementary import Proof
from geo.disclosure.counts import Area
from geo.disclosure.solver import tables as matrices
from geo.disclosure.solver.tables import Figures, Ranges, Tables, Targets, Worlds
from geo.editions import manifests
from geo.editions.edition import Edition
from geo.errors import EditionError, Problem
from geo.files import durable, locks
from geo.model.results import Leftover
from geo.model.vocabulary import Audience

_ABOUT: Final = "about"
_UNREADABLE: Final = (
    OSError, EOFError, ValueError, LookupError, TypeError, RuntimeError, ArithmeticError, MemoryError, zipfile.BadZipFile, zlib.error,
    tokenize.TokenError, msgspec.MsgspecError,
)  # fmt: skip
"""The errors that zipfile and numpy raise about a file that is cut off or damaged."""


@dataclass(frozen=True)
class Kept:
    """What is kept for one audience. why: the number of hidden cells, by indicator, area set and true reason."""

    proofs: tuple[Proof, ...]
    why: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


class _Said(msgspec.Struct, frozen=True):
    """The parts of one proof that are words; its numbers are arrays."""

    register: str
    period: str
    indicators: tuple[str, ...]
    areas: tuple[tuple[str, str], ...]
    digest: str
    sizes: dict[str, tuple[int, ...]]
    periods: tuple[str, ...] = ()


class _About(msgspec.Struct, frozen=True):
    proofs: tuple[_Said, ...]
    why: tuple[tuple[str, str, str, int], ...]


def write(internal: Path, edition: str, kept: Mapping[Audience, Kept]) -> None:
    """Keep the proofs of an edition in `internal/<edition>/`: folders of mode 0700, files of mode 0600. Older ones are replaced.

    The edition is never without proofs: the folder appears as a whole, or each file replaces its predecessor. Both prove the same
    figures.
    """
    durable.make_folder(internal, mode=0o700)
    internal.chmod(0o700)
    scratch = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=internal))  # mkdtemp makes it 0700
    try:
        for audience, kept_proofs in kept.items():
            handle = os.open(scratch / f"{audience.value}.npz", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(_pack(kept_proofs))
        durable.sync_tree(scratch)
        target = internal / edition
        if target.is_dir():
            for path in scratch.iterdir():
                path.replace(target / path.name)
            durable.sync(target)
        else:
            durable.rename(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_leftovers(internal: Path, edition: str, leftovers: Mapping[str, Sequence[Leftover]]) -> None:
    """Keep how many rows of each register could not be placed in `internal/<edition>/leftovers.json`, mode 0600; it is not published."""
    durable.write(internal / edition / "leftovers.json", msgspec.json.format(msgspec.json.encode(leftovers)), mode=0o600)


def read_leftovers(internal: Path, edition: str) -> dict[str, tuple[Leftover, ...]]:
    """Return what `write_leftovers` kept, by register; nothing when this machine has none. Raises EditionError when it is damaged."""
    path = internal / edition / "leftovers.json"
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[Leftover, ...]])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        what = f"what is kept of the edition cannot be read ({error})"
        raise EditionError(Problem(str(path), what, expected="run: omraadekort build")) from None


def read(internal: Path, edition: str, audience: Audience) -> Kept | None:
    """Return what is kept of an edition for an audience; None when this machine has none. Raises EditionError when it is damaged."""
    path = internal / edition / f"{audience.value}.npz"
    if not manifests.is_id(edition) or not path.is_file():
        return None
    try:
        return _unpack(path.read_bytes())
    except _UNREADABLE as error:
        what = f"what is kept of the edition cannot be read ({error})"
        raise EditionError(Problem(str(path), what, expected="run: omraadekort build")) from None


def all_proofs(internal: Path) -> dict[str, Proof]:
    """Return the proofs of every edition kept here, by the digest of their block.

    They save work and are checked before they are used, so one that cannot be read is left out, and the build makes it anew.
    """
    proofs: dict[str, Proof] = {}
    for folder in sorted(path for path in internal.glob("*") if manifests.is_id(path.name)) if internal.is_dir() else []:
        for audience in Audience:
            with suppress(EditionError):
                kept = read(internal, folder.name, audience)
                proofs |= {proof.digest: proof for proof in kept.proofs} if kept else {}
    return proofs


def check(internal: Path, edition: Edition) -> tuple[Problem, ...] | None:
    """Return what is not proven of an edition as it lies on disk, for its audience; None when this machine keeps no proofs of it.

    It takes milliseconds. Raises EditionError when what is kept is damaged.
    """
    kept = read(internal, edition.id, edition.audience)
    if kept is None:
        return None
    return tuple(problem for proof in kept.proofs for problem in complementary.check(proof, edition.observations))


# --- as bytes ---------------------------------------------------------------------------------------------------------


def _pack(kept: Kept) -> bytes:
    arrays: dict[str, list[NDArray[Any]]] = {}
    said = []
    for proof in kept.proofs:
        parts = {name: _narrow(part) for name, part in _parts(proof)}
        for name, part in parts.items():
            arrays.setdefault(name, []).append(part.ravel())
        sizes = {name: part.shape for name, part in parts.items()}
        labels = proof.labels
        said.append(_Said(labels.register, labels.period, labels.indicators, labels.areas, proof.digest, sizes, labels.periods))
    about = _About(tuple(said), tuple((*key, number) for key, number in sorted(kept.why.items())))
    stream = io.BytesIO()
    joined: dict[str, Any] = {name: np.concatenate(parts) for name, parts in arrays.items()}
    joined[_ABOUT] = np.frombuffer(msgspec.json.encode(about), dtype=np.uint8)
    np.savez_compressed(stream, **joined)
    return stream.getvalue()


def _narrow(part: NDArray[Any]) -> NDArray[Any]:
    """The same whole numbers in half the bytes, where they fit."""
    fits = part.dtype == np.int64 and np.abs(part).max(initial=0) < 1 << 31
    return part.astype(np.int32) if fits else part


def _parts(proof: Proof) -> Iterator[tuple[str, NDArray[Any]]]:
    problem = proof.problem
    yield "indicator", proof.labels.indicator
    yield "hidden", proof.hidden
    yield "open", proof.open
    yield "member_indptr", problem.tables.member.indptr.astype(np.int64)
    yield "member_indices", problem.tables.member.indices.astype(np.int64)
    yield "target_indptr", problem.targets.atoms.indptr.astype(np.int64)
    yield "target_indices", problem.targets.atoms.indices.astype(np.int64)
    yield "forms", problem.forms
    for name in ("people", "masks", "group"):
        yield name, getattr(problem.tables, name)
    for prefix, value, names in _GROUPS:
        for name in names:
            yield f"{prefix}_{name}", getattr(value(proof), name)


_GROUPS: Final[tuple[tuple[str, Callable[[Proof], Any], tuple[str, ...]], ...]] = (
    ("figure", lambda proof: proof.problem.figures, ("region", "tells", "price", "hidden", "fixed")),
    ("target", lambda proof: proof.problem.targets, ("form", "width", "ruled")),
    ("range", lambda proof: proof.problem.ranges, ("region", "form", "low", "high")),
    ("world", lambda proof: proof.worlds, ("target", "side", "atom", "kind", "people")),
)
"""What a proof is made of, by the name that its arrays begin with."""


def _unpack(packed: bytes) -> Kept:
    with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    about = msgspec.json.decode(arrays.pop(_ABOUT).tobytes(), type=_About)
    taken = dict.fromkeys(arrays, 0)
    proofs = []
    for said in about.proofs:
        parts = {}
        for name, shape in said.sizes.items():
            size = int(np.prod(shape))
            part = arrays[name][taken[name] : taken[name] + size].reshape(shape)
            parts[name] = part if part.dtype == bool else part.astype(np.int64)
            taken[name] += size
        proofs.append(_proof(said, parts))
    return Kept(tuple(proofs), {(indicator, area_set, reason): number for indicator, area_set, reason, number in about.why})


def _proof(said: _Said, parts: Mapping[str, NDArray[Any]]) -> Proof:
    def group(prefix: str) -> list[NDArray[Any]]:
        names = next(names for name, _, names in _GROUPS if name == prefix)
        return [parts[f"{prefix}_{name}"] for name in names]

    atoms = len(parts["people"])
    member = _ones(parts["member_indptr"], parts["member_indices"], atoms)
    targets = Targets(_ones(parts["target_indptr"], parts["target_indices"], atoms), *group("target"))
    tables = Tables(parts["people"], member, parts["masks"], parts["group"])
    problem = matrices.SuppressionProblem(tables, Figures(*group("figure")), parts["forms"], targets, Ranges(*group("range")))
    areas = tuple(Area(*area) for area in said.areas)
    labels = Labels(said.register, said.period, said.indicators, areas, parts["indicator"], parts["figure_region"], said.periods)
    return Proof(labels, problem, parts["hidden"], Worlds(*group("world")), parts["open"], said.digest)


def _ones(indptr: NDArray[Any], indices: NDArray[Any], columns: int) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(indices), np.int64), indices, indptr), shape=(len(indptr) - 1, columns))
