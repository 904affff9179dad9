"""Reading a stranger's layer or table in a process of its own: bounded in time and memory, without network, and unable to write a file.

GDAL is a million lines of C++, a workbook is a zip of XML, and a file that stops their reader or runs off with its memory must not take
the program along. What comes back is a table (GeoParquet in a pipe, or JSON), never an object that could run.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final, Literal, NamedTuple

import geopandas as gpd
import msgspec

from geo.errors import CrsError, InputError, Problem
from geo.files import limits
from geo.files.layers import formats, reading
from geo.files.limits import MEGABYTE, FileLimits
from geo.files.tables import columnar, workbook
from geo.files.tables.grid import CellGrid

_NET, _USER = 0x4000_0000, 0x1000_0000
_ALONE: Final = f"import ctypes; leave = ctypes.CDLL(None).unshare; leave({_NET}) and leave({_NET | _USER})"
"""Leave the network (CLONE_NEWNET), in a name space of users where only root may (CLONE_NEWUSER): before anything starts a thread."""
_FIND: Final = "import sys; sys.path[:0] = [sys.argv.pop(1)]; from geo.files import apart"
_START: Final = f"{_ALONE}; {_FIND}; sys.exit(apart.answer(*sys.argv[1:]))"
_ROOT: Final = str(Path(__file__).resolve().parents[2])
_REFUSED: Final = 3
_NO_MEMORY: Final = 4
_RUST_NO_MEMORY: Final = b"memory allocation of"
"""What calamine's language says before it stops for want of memory."""
_KINDS: Final = {kind.__name__: kind for kind in (InputError, CrsError)}
_WAIT: Final = 3
"""How many times the processor's time a reading may take by the clock: other programs run too."""


Kind = Literal["layer", "workbook", "parquet"]


class _Bounds(NamedTuple):
    """What reading may take, and the names of the settings that say so."""

    noun: str
    seconds: int
    memory_mb: int


class Refusal(msgspec.Struct, frozen=True):
    """What the child says when it refuses a file. kind: the name of the error."""

    kind: str
    problems: tuple[Problem, ...]


def read(path: Path, *, file: str, layer: str = "") -> gpd.GeoDataFrame:
    """Read a layer as `layers.reading.read` does, in a process of its own, within the limits of this process.

    file: the name of the file in messages. layer: the name of the layer, of a file that has several. Raises InputError and CrsError as
    there, and InputError when reading takes more time or memory than the limits give, or stops the reader.
    """
    formats.see(path, file=file)
    return gpd.read_parquet(io.BytesIO(_answered(path, file=file, kind="layer", part=layer)))


def read_grid(path: Path, *, file: str, kind: Literal["workbook", "parquet"], sheet: str = "") -> CellGrid:
    """Read the cells of a workbook or a Parquet file in a process of its own, within the limits of this process.

    file: how messages name it. kind: which of the two it is. sheet: as `workbook.read` takes it. Raises InputError as `workbook.read`
    and `columnar.read` do, and when reading takes more time or memory than the limits give, or stops the reader.
    """
    limits.see(path, file=file, setting="table_mb")
    return msgspec.json.decode(_answered(path, file=file, kind=kind, part=sheet), type=CellGrid)


def _answered(path: Path, *, file: str, kind: Kind, part: str = "") -> bytes:
    """What the child writes of a file. Raises InputError and CrsError as it says, and when it takes too much or is stopped."""
    bounds = _bounds(kind, limits.chosen())
    command = [sys.executable, "-c", _START, _ROOT, str(path.resolve()), file, msgspec.json.encode(limits.chosen()).decode(), kind, part]
    surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the path is an argument, never a word of a shell
            command, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, timeout=bounds.seconds * _WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise _stopped(file, f"more than {bounds.seconds * _WAIT} s by the clock", bounds, "seconds") from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _REFUSED:
        refusal = msgspec.json.decode(done.stdout, type=Refusal)
        raise _KINDS[refusal.kind](refusal.problems)
    if done.returncode == -signal.SIGXCPU:
        raise _stopped(file, f"more than {bounds.seconds} s of the processor's time", bounds, "seconds")
    if done.returncode == _NO_MEMORY or _RUST_NO_MEMORY in done.stderr:
        raise _stopped(file, f"more than {bounds.memory_mb:,} MB of memory", bounds, "memory_mb")
    whole = "a whole layer of areas" if kind == "layer" else "a whole table"
    raise InputError(Problem(file, f"the {bounds.noun} cannot be read: it stops the program that reads it", expected=whole))


def _bounds(kind: Kind, chosen: FileLimits) -> _Bounds:
    if kind == "layer":
        return _Bounds("layer", chosen.layer_seconds, chosen.layer_memory_mb)
    return _Bounds("table", chosen.table_seconds, chosen.table_memory_mb)


def _stopped(file: str, took: str, bounds: _Bounds, limit: str) -> InputError:
    expected = f"a smaller or simpler {bounds.noun}, or another {bounds.noun}_{limit} in workspace.toml"
    return InputError(Problem(file, f"the {bounds.noun} takes too much to read", found=took, expected=expected))


# --- in the child -----------------------------------------------------------------------------------------------------


def answer(path: str, file: str, bounds: str, kind: Kind, part: str) -> int:
    """Read one file and write it, or the refusal, to stdout; returns the exit code. Runs in the child alone."""
    chosen = msgspec.json.decode(bounds, type=FileLimits)
    limits.choose(chosen)
    shut_in(chosen, kind)
    try:
        sys.stdout.buffer.write(_written(Path(path), file, kind, part))
    except InputError as error:
        return _refuse(error)
    except MemoryError:
        return _NO_MEMORY
    except (ValueError, TypeError, OSError) as error:  # a column that no table holds: two of a name, text that is none
        what = f"the {_bounds(kind, chosen).noun} cannot be read as a table"
        return _refuse(InputError(Problem(file, what, found=str(error).split("\n")[0][:200])))
    return 0


def _written(path: Path, file: str, kind: Kind, part: str) -> bytes:
    """What the parent reads. part: the layer of a file of layers, or the sheet of a workbook."""
    if kind == "layer":
        written = io.BytesIO()
        reading.read(path, file=file, layer=part).to_parquet(written)
        return written.getvalue()
    return msgspec.json.encode(workbook.read(path, file=file, sheet=part) if kind == "workbook" else columnar.read(path, file=file))


def shut_in(chosen: FileLimits, kind: Kind = "layer") -> None:
    """Bound this process by the limits of a kind of file: memory and time beyond those of the start, and no file written."""
    bounds = _bounds(kind, chosen)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = pages * resource.getpagesize() + bounds.memory_mb * MEGABYTE
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + bounds.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, until + 1))  # SIGXCPU, and SIGKILL for a reader that does not hear it
    for which, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(which, (most, most))


def _refuse(error: InputError) -> int:
    kind = CrsError.__name__ if isinstance(error, CrsError) else InputError.__name__
    sys.stdout.buffer.write(msgspec.json.encode(Refusal(kind, tuple(error.problems))))
    return _REFUSED
