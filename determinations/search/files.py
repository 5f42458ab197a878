"""The files of a generation: whether all are there and whole.

The engine ends each file with a line of its own that holds a checksum (CRC-32) of all before it. When it opens an index
it sees that a file was cut off, for then that line is missing; it never compares the checksum, so that altered bytes
give wrong results or a panic. It takes a folder without ``meta.json`` for an index without documents. And since it maps
files into memory, a file that is cut off while a process has it open ends that process (SIGBUS) with the next page that
it reads. So files are looked at here: their checksums by commands, their sizes by the site.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

META = "meta.json"
_KINDS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
_MAGIC = 1337  # the engine's mark at the end of a file
_END = struct.Struct("<II")  # length of the line with the checksum, the mark
_CHUNK_BYTES = 1 << 20


class DamagedFiles(Exception):
    """Files of the index are missing, cut off or altered; the message names them."""


def names(folder: Path) -> list[str]:
    """The files that the last commit of an index consists of, beside ``meta.json``. Raises DamagedFiles."""
    try:
        segments = json.loads((folder / META).read_bytes())["segments"]
        return [name for segment in segments for name in _of_segment(segment)]
    except FileNotFoundError as error:
        raise DamagedFiles(f"{META} is missing") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedFiles(f"{META} is damaged") from error


def _of_segment(segment: dict) -> list[str]:
    stem = segment["segment_id"].replace("-", "")
    found = [f"{stem}.{kind}" for kind in _KINDS]
    if segment["deletes"]:
        found.append(f"{stem}.{segment['deletes']['opstamp']}.del")
    return found


def sizes(folder: Path) -> dict[str, int]:
    """File -> size in bytes. Raises DamagedFiles if one is missing."""
    wanted = names(folder)
    while True:
        try:
            return {name: (folder / name).stat().st_size for name in wanted}
        except FileNotFoundError as error:
            if wanted == (now := names(folder)):
                raise DamagedFiles(f"{Path(error.filename).name} is missing") from error
            wanted = now  # a commit replaced files in between


def verify(folder: Path) -> None:
    """Read every file and compare its checksum: seconds for gigabytes. Raises DamagedFiles; OSError if it cannot read.

    The files must not change meanwhile: for the one who holds the writer's lock, or one who looks again if they did.
    """
    faults = [f"{name} is {fault}" for name in names(folder) if (fault := _fault(folder / name))]
    if faults:
        raise DamagedFiles(", ".join(faults))


def _fault(path: Path) -> str:
    """What is wrong with a file, "" if nothing is."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if size < _END.size:
                return "cut off"
            file.seek(size - _END.size)
            length, mark = _END.unpack(file.read(_END.size))
            left = size - _END.size - length
            if mark != _MAGIC or left < 0:
                return "cut off"
            file.seek(left)
            expected = json.loads(file.read(length))["crc"]
            file.seek(0)
            found = 0
            while left and (chunk := file.read(min(left, _CHUNK_BYTES))):
                found = zlib.crc32(chunk, found)
                left -= len(chunk)
    except FileNotFoundError:
        return "missing"
    except (ValueError, KeyError, TypeError):
        return "altered"
    return "" if found == expected else "altered"
