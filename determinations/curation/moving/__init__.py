"""Moving what curators decided to another archive of the same letters: a file of JSON Lines, written and read.

docs/curation-format.md describes the file. ``lines`` turns rows into lines and lines into rows, ``names`` does so for
canonical names and wordings, ``decisions`` for the answers to questions, ``kinds`` is the list of all of them.
"""

from __future__ import annotations

from .export import export_curation
from .importing import Report, import_curation
from .lines import FORMAT, VERSION, NotCuration

__all__ = ["FORMAT", "VERSION", "NotCuration", "Report", "export_curation", "import_curation"]
