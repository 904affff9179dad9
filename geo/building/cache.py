"""Results of a build that the next build may use again, each in a file named by a hash of everything that it was made from.

They lie in `internal/`, readable by their owner only, and hold counts and outlines, never a row of a register. A result that is
damaged or missing is made anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import pyarrow as pa

from geo.files import locks

FOLDER: Final = "build-cache"
_DIGEST: Final = 32
_SIZE: Final = 8
_CODEC: Final = "zstd"


class Cache:
    """A folder of results, and which of them the present build has used. fresh: nothing is read, and everything is made anew."""

    def __init__(self, internal: Path, *, fresh: bool = False) -> None:
        self._folder, self._fresh = internal / FOLDER, fresh
        self._used: set[str] = set()

    def read(self, name: str) -> bytes | None:
        """Return the content of that name; None when there is none, or when it is not as it was written."""
        self._used.add(name)
        try:
            packed = b"" if self._fresh else (self._folder / name).read_bytes()
        except OSError:
            return None
        digest, rest = packed[:_DIGEST], packed[_DIGEST:]
        if len(rest) < _SIZE or hashlib.sha256(rest).digest() != digest:
            return None
        size = int.from_bytes(rest[:_SIZE], "big")
        content: bytes = pa.decompress(rest[_SIZE:], size, codec=_CODEC, asbytes=True)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep a content in a file of mode 0600, which appears as a whole or not at all."""
        self._used.add(name)
        rest = len(content).to_bytes(_SIZE, "big") + pa.compress(content, codec=_CODEC, asbytes=True)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        scratch = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=self._folder))
        try:
            handle = os.open(scratch / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(hashlib.sha256(rest).digest() + rest)
            (scratch / name).replace(self._folder / name)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what the present build has not used, and what a killed build left half written."""
        if not self._folder.is_dir():
            return
        locks.sweep(self._folder)
        for path in self._folder.iterdir():
            if path.is_file() and path.name not in self._used:
                path.unlink()


def name(kind: str, *parts: str | bytes) -> str:
    """Return the name of a result: its kind, and a hash of everything that it is made from."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(_SIZE, "big") + content)
    return f"{kind}-{whole.hexdigest()[:32]}"
