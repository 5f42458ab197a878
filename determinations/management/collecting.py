"""Static files are collected when they have changed: compressing some hundred of them takes seconds of every start."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_STAMP = "collected.sha256"  # beside the files; of what they were made of


def collect_static() -> bool:
    """Collect and compress the static files unless the ones in STATIC_ROOT are of the same sources; whether it did."""
    stamp, sources = Path(settings.STATIC_ROOT) / _STAMP, _sources()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == sources:
        return False
    stamp.unlink(missing_ok=True)  # what is stopped half way is done again
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(sources, encoding="ascii")
    return True


def _sources() -> str:
    """A hash of where each static file comes from, its size and time, and of what the files are made by."""
    found = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            found.update(repr((storage.path(path), path, status.st_size, status.st_mtime_ns)).encode())
    return found.hexdigest()
