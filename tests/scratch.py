"""Files that live no longer than the tests: in memory where there is room."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 2_000_000_000  # bytes; the tests of a machine with many processors take less at any time


def in_memory() -> None:
    """Have temporary files made in memory unless somebody said where; quietly on the disk where memory is scarce."""
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return
    if shutil.disk_usage(_MEMORY).free >= _ROOM:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # is asked for anew
