"""Several threads of one worker read the same edition at the same moment, from a cold start."""

import subprocess
import sys
from pathlib import Path

import pytest

from geo.editions import edition
from geo.files.workspace import Workspace

ROOT = Path(__file__).parent.parent.parent
COLD_START = """
import sys, threading
from pathlib import Path
from geo.editions import edition
from geo.model.vocabulary import Audience

sys.setswitchinterval(1e-5)
gate = threading.Barrier(4)
read = []

def reader():
    gate.wait()
    read.append(edition.read(Path(sys.argv[1]), sys.argv[2], Audience.PUBLIC))

threads = [threading.Thread(target=reader) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len({one.id for one in read}), len(read))
"""


@pytest.mark.parametrize("attempt", range(3))
def test_four_threads_may_be_the_first_to_read(built: Workspace, attempt: int) -> None:
    """Before the decoders were made at import, five of six such starts ended in a segmentation fault."""
    current = edition.current(built.editions)
    answer = subprocess.run(
        [sys.executable, "-c", COLD_START, str(built.editions), current], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert (answer.returncode, answer.stdout) == (0, "1 4\n"), f"attempt {attempt}: {answer.stderr}"
