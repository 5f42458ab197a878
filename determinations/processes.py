"""What processes that work for another one begin with. No Django here: it is imported before Django is ready."""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process
from threading import Thread


def serve_caller() -> None:
    """In a process that works for another: leave Ctrl-C to the caller, and end when it does, also if it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def serve_caller_with_django() -> None:
    """The same in a process that reads the database."""
    serve_caller()
    import django  # type: ignore[import-untyped]

    django.setup()
