"""Reading a stranger's layer in a process of its own: bounded in time and memory, without the network, and unable to write a file.

GDAL is a million lines of C++, and a file that stops it or runs off with its memory must not take the program along. What comes back is
a table (GeoParquet in a pipe), never an object that could run.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import geopandas as gpd
import msgspec

from geo.errors import CrsError, InputError, Problem
from geo.files import layerfile, limits
from geo.files.limits import MEGABYTE, FileLimits

_NET, _USER = 0x4000_0000, 0x1000_0000
_ALONE: Final = f"import ctypes; leave = ctypes.CDLL(None).unshare; leave({_NET}) and leave({_NET | _USER})"
"""Leave the network (CLONE_NEWNET), in a name space of users where only root may (CLONE_NEWUSER): before anything starts a thread."""
_FIND: Final = "import sys; sys.path[:0] = [sys.argv.pop(1)]; from geo.files import apart"
_START: Final = f"{_ALONE}; {_FIND}; sys.exit(apart.answer(*sys.argv[1:]))"
_ROOT: Final = str(Path(__file__).resolve().parents[2])
_REFUSED: Final = 3
_NO_MEMORY: Final = 4
_KINDS: Final = {kind.__name__: kind for kind in (InputError, CrsError)}
_WAIT: Final = 3
"""How many times the processor's time a reading may take by the clock: other programs run too."""


class Refusal(msgspec.Struct, frozen=True):
    """What the child says when it refuses a layer. kind: the name of the error."""

    kind: str
    problems: tuple[Problem, ...]


def read(path: Path, *, file: str) -> gpd.GeoDataFrame:
    """Read a layer as `layerfile.read` does, in a process of its own, within the limits of this process.

    file: the name of the file in messages. Raises InputError and CrsError as there, and InputError when reading takes more time or
    memory than the limits give, or stops the reader.
    """
    limits.see(path, file=file, setting="layer_mb")
    bounds = limits.chosen()
    command = [sys.executable, "-c", _START, _ROOT, str(path.resolve()), file, msgspec.json.encode(bounds).decode()]
    surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the path is an argument, never a word of a shell
            command, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, timeout=bounds.layer_seconds * _WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise _stopped(file, f"more than {bounds.layer_seconds * _WAIT} s by the clock", "layer_seconds") from None
    if done.returncode == 0:
        return gpd.read_parquet(io.BytesIO(done.stdout))
    if done.returncode == _REFUSED:
        refusal = msgspec.json.decode(done.stdout, type=Refusal)
        raise _KINDS[refusal.kind](refusal.problems)
    if done.returncode == -signal.SIGXCPU:
        raise _stopped(file, f"more than {bounds.layer_seconds} s of the processor's time", "layer_seconds")
    if done.returncode == _NO_MEMORY:
        raise _stopped(file, f"more than {bounds.layer_memory_mb:,} MB of memory", "layer_memory_mb")
    raise InputError(Problem(file, "the layer cannot be read: it stops the program that reads it", expected="a whole layer of areas"))


def _stopped(file: str, took: str, setting: str) -> InputError:
    expected = f"a smaller or simpler layer, or another {setting} in workspace.toml"
    return InputError(Problem(file, "the layer takes too much to read", found=took, expected=expected))


# --- in the child -----------------------------------------------------------------------------------------------------


def answer(path: str, file: str, bounds: str) -> int:
    """Read one layer and write it, or the refusal, to stdout; returns the exit code. Runs in the child alone."""
    chosen = msgspec.json.decode(bounds, type=FileLimits)
    limits.choose(chosen)
    shut_in(chosen)
    try:
        layer = layerfile.read(Path(path), file=file)
        written = io.BytesIO()
        layer.to_parquet(written)
        sys.stdout.buffer.write(written.getbuffer())
    except InputError as error:
        return _refuse(error)
    except MemoryError:
        return _NO_MEMORY
    except (ValueError, TypeError, OSError) as error:  # a column that no table holds: two of a name, text that is none
        return _refuse(InputError(Problem(file, "the layer cannot be read as a table", found=str(error).split("\n")[0][:200])))
    return 0


def shut_in(bounds: FileLimits) -> None:
    """Bound this process: its memory and time, beyond those of the start, and no file written."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = pages * resource.getpagesize() + bounds.layer_memory_mb * MEGABYTE
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + bounds.layer_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # SIGXCPU, and SIGKILL for a reader that does not hear it
    for which, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(which, (most, most))


def _refuse(error: InputError) -> int:
    kind = CrsError.__name__ if isinstance(error, CrsError) else InputError.__name__
    sys.stdout.buffer.write(msgspec.json.encode(Refusal(kind, tuple(error.problems))))
    return _REFUSED
