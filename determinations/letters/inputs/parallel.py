"""Reading many files in several processes, in order, with a bounded number of letters in memory."""

from __future__ import annotations

import copyreg
import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import fields, is_dataclass
from itertools import chain
from multiprocessing import get_context
from operator import attrgetter
from typing import Any

from ...processes import serve_caller
from .. import facts, spans, types
from .archives import Member
from .files import LetterFile, Reading, read_files

_FILES_A_TASK = 40
_BYTES_A_TASK = 4_000_000  # of members of archives, which travel with their bytes
_TASKS_AHEAD = 4  # a process; bounds what waits in memory


def readings(files: Iterable[LetterFile], jobs: int | None = None) -> Iterator[Reading]:
    """The readings of ``files`` in their order, made by ``jobs`` processes (default: one a processor).

    Few files are read here and now. Nothing raises for what is in a file.
    """
    jobs = jobs or os.cpu_count() or 1
    chunks = _chunks(files)
    first = [chunk for _, chunk in zip(range(2), chunks, strict=False)]
    if jobs == 1 or len(first) < 2:
        for chunk in chain(first, chunks):
            yield from read_files(chunk)
        return
    # The processes are started afresh: a copy of the caller would share its database connection.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin) as pool:
        ahead: deque[Future[list[Reading]]] = deque()
        try:
            for chunk in chain(first, chunks):
                ahead.append(pool.submit(read_files, chunk))
                if len(ahead) >= jobs * _TASKS_AHEAD:
                    yield from ahead.popleft().result()
            while ahead:
                yield from ahead.popleft().result()
        finally:
            for task in ahead:
                task.cancel()


def _chunks(files: Iterable[LetterFile]) -> Iterator[list[LetterFile]]:
    chunk: list[LetterFile] = []
    size = 0
    for file in files:
        chunk.append(file)
        size += len(file.content) if isinstance(file, Member) else 0
        if len(chunk) == _FILES_A_TASK or size >= _BYTES_A_TASK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def send_plainly() -> None:
    """Let readings travel between processes as classes with their values: four times as fast as dataclasses do it."""
    for kind in (*vars(types).values(), *vars(facts).values(), *vars(spans).values(), Reading):
        if isinstance(kind, type) and is_dataclass(kind):
            copyreg.pickle(kind, _reduced(kind))


def _reduced(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    names = [one.name for one in fields(kind)]
    values = attrgetter(*names)
    if len(names) == 1:
        return lambda value: (kind, (values(value),))
    return lambda value: (kind, values(value))


def seldom_collect_garbage() -> None:
    """Let this process look for unused cycles seldom: readings are many objects and no cycles.

    At Python's own thresholds a quarter of an ingest's time went into walking them again and again.
    """
    gc.set_threshold(200_000, 20, 50)


def _begin() -> None:
    """In a reading process."""
    serve_caller()
    seldom_collect_garbage()
    send_plainly()
