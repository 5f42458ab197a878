"""Making the documents of many letters in several processes: most of the work of a rebuild is not the engine's."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from ..processes import serve_caller_with_django
from .documents import documents

_TASKS_AHEAD = 3  # a process; bounds what waits in memory


def encoded(case_ids: list[int]) -> list[list[str]]:
    """For each case that has decisions their documents, as the engine takes them (JSON)."""
    return [[json.dumps(document) for document in letter] for letter in documents(case_ids)]


def encoded_by_processes(batches: Iterable[list[int]], jobs: int) -> Iterator[list[list[str]]]:
    """The same for many batches, in their order, by ``jobs`` processes that read the database themselves.

    They see what is committed: not to be used inside a transaction.
    """
    if jobs == 1:
        yield from map(encoded, batches)
        return
    # The processes are started afresh: a copy of the caller would share its database connection.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=serve_caller_with_django) as pool:
        ahead: deque[Future[list[list[str]]]] = deque()
        try:
            for batch in batches:
                ahead.append(pool.submit(encoded, batch))
                if len(ahead) >= jobs * _TASKS_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for task in ahead:
                task.cancel()
