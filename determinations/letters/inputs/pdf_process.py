"""The process that reads PDFs: started when the first one comes, kept for the next, ended with this one.

A PDF is a program for a large library written in C++; one made to do harm can crash it, loop without end or fill
memory. So ``pdf.py`` runs in a process of its own, with limits of time and memory, and is started anew when it dies.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Timer
from typing import Any

SECONDS = 30.0  # wall time a PDF; a letter takes some milliseconds
MEMORY = 1 << 30  # bytes of address space
_SECONDS_TO_START = 60.0
_PROGRAM = Path(__file__).with_name("pdf.py")


class PdfRefused(ValueError):
    """A PDF that cannot be read: ``code`` is the issue's code, the message the reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class PdfText:
    """What ``extractor`` (name and version) read in a PDF; pages are parted by a line's end and a form feed.

    ``scanned``: its pages are pictures; ``text`` is empty but for what a fax or a scanner wrote at their edges.
    """

    text: str
    pages: int
    scanned: bool
    extractor: str


class _Died(Exception):
    """The reader ended before it answered."""


class PdfReader:
    """A reading process: one PDF at a time. ``seconds`` of wall time a PDF, ``memory`` in bytes."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._extractor = ""
        self._answered = 0
        self._timed_out = False
        self._owner = 0
        self._lock = Lock()

    def read(self, content: bytes) -> PdfText:
        """The text of the PDF ``content``. Raises PdfRefused for one that cannot be read."""
        with self._lock:
            if self._owner != os.getpid():  # this process is a copy of the one that started the reader
                self._process = None
            try:
                answer = self._ask(content)
            except _Died:
                if self._timed_out:
                    raise PdfRefused("pdf-limit", f"a PDF that takes longer than {self._seconds:g} seconds") from None
                raise PdfRefused(
                    "broken-pdf", f"a PDF that is broken or needs more than {self._memory >> 20} MB of memory"
                ) from None
        if "code" in answer:
            raise PdfRefused(answer["code"], answer["reason"])
        return PdfText(answer["text"], answer["pages"], answer["scanned"], self._extractor)

    def close(self) -> None:
        """End the process."""
        if self._process and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream:
                    try:
                        stream.close()
                    except OSError:  # what was still to be written to a process that has ended
                        continue
        self._process = None

    def _ask(self, content: bytes) -> dict[str, Any]:
        """The reader's answer; a reader that dies after it has read others is not this PDF's proof: asked anew."""
        again = self._process is not None and self._answered > 0
        try:
            return self._ask_once(content)
        except _Died:
            if not again or self._timed_out:
                raise
            return self._ask_once(content)

    def _ask_once(self, content: bytes) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self._start()
        answer = self._exchange(content, self._seconds)
        self._answered += 1
        return answer

    def _start(self) -> None:
        self.close()
        # -P: the folder of the program is not searched for modules (its types.py is not Python's).
        arguments = [sys.executable, "-P", str(_PROGRAM), str(self._memory), str(int(self._seconds) + 1)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program, with two numbers
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._owner, self._answered = os.getpid(), 0
        try:
            self._extractor = self._exchange(None, _SECONDS_TO_START)["extractor"]
        except _Died:
            raise PdfRefused("no-pdf-reader", "a PDF, and the program that reads PDFs does not start here") from None

    def _exchange(self, content: bytes | None, seconds: float) -> dict[str, Any]:
        """Send ``content`` (None: nothing) and wait for the answer, at most ``seconds``."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise _Died
        self._timed_out = False
        timer = Timer(seconds, self._end_late, [process])
        timer.daemon = True
        timer.start()
        try:
            if content is not None:
                process.stdin.write(struct.pack("<Q", len(content)))
                process.stdin.write(content)
                process.stdin.flush()
            head = process.stdout.read(8)
            body = process.stdout.read(struct.unpack("<Q", head)[0]) if len(head) == 8 else b""
        except OSError:
            body = b""
        finally:
            timer.cancel()
        try:
            answer: dict[str, Any] = json.loads(body)
        except ValueError:
            self.close()
            raise _Died from None
        return answer

    def _end_late(self, process: subprocess.Popen[bytes]) -> None:
        self._timed_out = True
        process.kill()


_reader = PdfReader()
atexit.register(_reader.close)


def read_pdf(content: bytes) -> PdfText:
    """The text of the PDF ``content``, by this process's reader. Raises PdfRefused for one that cannot be read."""
    return _reader.read(content)
