"""How large a file may be, and how long and with how much memory it may be read: settings of the workspace, in `[files]`."""

from __future__ import annotations

import stat
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from geo.errors import InputError, Problem, WorkspaceError

MEGABYTE: Final = 1_000_000
_LARGE: Final = 100 * MEGABYTE
_BLOCK: Final = 512
_HOLES: Final = 100
"""A file of which less than one byte in so many lies on the disk is one of holes: it was never written, and nobody reads it to its end."""
_MOST: Final = 10**9


@dataclass(frozen=True)
class FileLimits:
    """Limits of files that come in. Megabytes are millions of bytes; seconds are of the processor's time.

    catalogue_mb: a TOML file. table_mb: a table of figures, places or addresses, which is read whole. layer_mb: a layer of areas.
    register_mb: one file of a register, which is read in parts. layer_seconds, layer_memory_mb: what reading a stranger's layer may take.
    table_seconds, table_memory_mb: the same of a workbook or a Parquet file.
    """

    catalogue_mb: int = 8
    table_mb: int = 64
    layer_mb: int = 128
    register_mb: int = 100_000
    layer_seconds: int = 8
    layer_memory_mb: int = 1_000
    table_seconds: int = 8
    table_memory_mb: int = 1_000


_chosen = FileLimits()


def chosen() -> FileLimits:
    """The limits in force in this process."""
    return _chosen


def choose(limits: FileLimits) -> None:
    """Take other limits in this process from now on: those of the workspace that a command works in."""
    global _chosen  # noqa: PLW0603 - a setting of the process, as the locale is; every door of files asks for it
    _chosen = limits


def read(settings: Path) -> FileLimits:
    """Read the table [files] of a `workspace.toml`; what it does not name is as by default.

    Raises WorkspaceError for a name that is none, and for a limit that is no whole number of 1 or more.
    """
    try:
        written = tomllib.loads(settings.read_text(encoding="utf-8-sig")).get("files", {})
    except (OSError, ValueError) as error:
        raise WorkspaceError(Problem(settings.name, f"the settings cannot be read ({error})")) from None
    known = {field.name for field in fields(FileLimits)}
    if not isinstance(written, dict):
        raise WorkspaceError(Problem(settings.name, "not a table", column="files", expected="[files]"))
    unknown = [name for name in written if name not in known]
    wrong = [name for name in written if name in known and not _is_limit(written[name])]
    problems = [Problem(settings.name, "an unknown setting", column=f"files.{name}", expected=", ".join(sorted(known))) for name in unknown]
    problems += [
        Problem(settings.name, "a limit that cannot be", column=f"files.{name}", expected=f"a whole number from 1 to {_MOST}")
        for name in wrong
    ]
    if problems:
        raise WorkspaceError(problems)
    return FileLimits(**written)


def _is_limit(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST


def see(path: Path, *, file: str, setting: str) -> None:
    """Look at a file before it is opened. Raises InputError for one that is no file, too large, or made of holes.

    file: how messages name it. setting: the name of the limit in FileLimits. A pipe or a device would never end, so it is not opened.
    """
    try:
        looked = path.stat()
    except (OSError, ValueError):  # a name with a NUL in it cannot be asked for
        raise InputError(Problem(file, "no such file")) from None
    if not stat.S_ISREG(looked.st_mode):
        raise InputError(Problem(file, "not a file that ends: a folder, a pipe or a device", expected="a file on the disk"))
    most: int = getattr(_chosen, setting)
    if looked.st_size > most * MEGABYTE:
        size = f"{looked.st_size / MEGABYTE:,.0f} MB"
        raise InputError(Problem(file, "the file is too large", found=size, expected=f"at most {most:,} MB ({setting} in workspace.toml)"))
    if looked.st_size > _LARGE and looked.st_blocks * _BLOCK < looked.st_size / _HOLES:
        on_disk = f"{looked.st_blocks * _BLOCK / MEGABYTE:,.1f} MB on the disk"
        raise InputError(Problem(file, "a file of holes, almost none of which was ever written", found=on_disk, expected="a whole file"))


def content(path: Path, *, file: str, setting: str) -> bytes:
    """The bytes of a file that is read whole. Raises InputError as `see` does, and when the file cannot be read."""
    see(path, file=file, setting=setting)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem(file, "the file cannot be read", found=error.strerror or "")) from None
