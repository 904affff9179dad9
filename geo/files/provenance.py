"""Where every file comes from: the sidecar beside it, and the checksum that ties the two together."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Literal

import msgspec
import tomli_w

from geo.errors import InputError, Problem
from geo.files import limits, tomlfile
from geo.model import periods
from geo.model.areas import Sidecar
from geo.model.results import InputFile


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in lower-case hexadecimal. Raises InputError for what `limits.see` does not let in."""
    limits.see(path, file=path.name, setting="register_mb")
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_day(day: dt.date | None, *, file: str) -> None:
    """Raise InputError when a file was fetched on a day after today (in Copenhagen): it would stay the newest whatever comes later.

    day: None where nobody says one. file: how messages name it.
    """
    today = periods.at_home(dt.datetime.now(tz=dt.UTC))
    if day is not None and day > today:
        raise InputError(Problem(file, "fetched on a day after today", None, "retrieved", day.isoformat(), f"{today} or before"))


def beside(path: Path) -> Path:
    """The path of the sidecar that belongs to a file: the same name with the ending .toml."""
    return path.with_suffix(".toml")


def read(path: Path, *, file: str = "") -> Sidecar:
    """Read the sidecar of a file, without looking at the file itself.

    `file` is how messages name it (default: the file's own path). Raises InputError with everything that is wrong with it.
    """
    name = str(Path(file or path).with_suffix(".toml"))
    if not beside(path).is_file():
        expected = f"{beside(path).name} with title, producer, licence, retrieved, sha256 and changed"
        raise InputError(Problem(file or str(path), "there is no sidecar that says where the file comes from", expected=expected))
    sidecar, problems = tomlfile.whole(tomlfile.parse(beside(path), file=name), Sidecar, file=name)
    if sidecar is None:
        raise InputError(problems)
    return sidecar


def check(path: Path, *, file: str = "") -> Sidecar:
    """Read the sidecar of a file and compare its checksum with the file's bytes. Raises InputError when they differ."""
    sidecar = read(path, file=file)
    actual = sha256(path)
    if actual != sidecar.sha256:
        problem = Problem(
            file or str(path), "the file is not the one its sidecar describes", column="sha256", found=actual, expected=sidecar.sha256
        )
        raise InputError(problem)
    return sidecar


def encode(sidecar: Sidecar) -> bytes:
    """Return a sidecar as TOML in UTF-8. The same sidecar gives the same bytes."""
    plain = msgspec.to_builtins(sidecar, builtin_types=(dt.date,))
    return tomli_w.dumps(plain).encode()


def write(path: Path, sidecar: Sidecar) -> None:
    """Write the sidecar of a file beside it."""
    beside(path).write_bytes(encode(sidecar))


def input_file(
    path: Path, sidecar: Sidecar, *, root: Path, kind: Literal["boundaries", "observations", "register", "places"], rows: int
) -> InputFile:
    """Return what an edition's manifest says of a file that it was made from.

    path, sidecar: the file and its provenance. root: the folder that the listed path is relative to. kind: what the file is used as.
    rows: how many rows or features it has.
    """
    return InputFile(
        path=path.relative_to(root).as_posix(),
        kind=kind,
        sha256=sidecar.sha256,
        rows=rows,
        title=sidecar.title,
        producer=sidecar.producer,
        url=sidecar.url,
        licence=sidecar.licence,
        retrieved=sidecar.retrieved,
        changed=sidecar.changed,
    )
