"""The tracked files as somebody else would have them: in a folder of their own, without environment or workspace."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def tracked(root: Path) -> list[Path]:
    """Paths below the root of all files that git knows, or would on the next `git add`."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    return [Path(name) for name in sorted(listed.split("\0")) if name and (root / name).is_file()]


def of_tracked(root: Path, folder: Path) -> Path:
    """Copy the tracked files of the root to a new folder, and return it."""
    for path in tracked(root):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, folder / path)
    return folder
