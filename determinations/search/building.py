"""Making the documents of many letters in several processes: most of the work of a rebuild is not the engine's."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from ..processes import serve_caller_with_django
from .documents import documents
from .schema import COLUMNS, PROFILE

_TASKS_AHEAD = 3  # a process; bounds what waits in memory


@dataclass(frozen=True, slots=True)
class Encoded:
    """A decision ready to be written: its document as the engine takes it (JSON, without its row), and its row."""

    document: str
    values: dict[str, str]
    letter: int
    day: int


def encoded(case_ids: list[int], own: Collection[int]) -> list[list[Encoded]]:
    """For each case that has decisions those decisions, in the order of the letter. ``own``: see ``documents``."""
    return [[_encoded(document) for document in letter] for letter in documents(case_ids, own)]


def _encoded(document: dict[str, Any]) -> Encoded:
    values = {name: document.pop(name) for name in COLUMNS} | {PROFILE: document[PROFILE]}
    return Encoded(json.dumps(document), values, document["letter"], document.get("day", 0))


def encoded_by_processes(
    batches: Iterable[list[int]], own: Collection[int], jobs: int
) -> Iterator[list[list[Encoded]]]:
    """The same for many batches, in their order, by ``jobs`` processes that read the database themselves.

    They see what is committed: not to be used inside a transaction.
    """
    if jobs == 1:
        yield from (encoded(batch, own) for batch in batches)
        return
    # The processes are started afresh: a copy of the caller would share its database connection.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=serve_caller_with_django) as pool:
        ahead: deque[Future[list[list[Encoded]]]] = deque()
        try:
            for batch in batches:
                ahead.append(pool.submit(encoded, batch, own))
                if len(ahead) >= jobs * _TASKS_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for task in ahead:
                task.cancel()
