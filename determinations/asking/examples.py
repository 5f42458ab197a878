"""The examples of the language, as the help page shows them: examples.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Example(NamedTuple):
    """What can be typed, what it finds in a user's words, and how it is read (see `grammar.describe`)."""

    query: str
    meaning: str
    reading: str


class Section(NamedTuple):
    """Examples of one kind, under a title."""

    title: str
    examples: tuple[Example, ...]


@cache
def sections() -> tuple[Section, ...]:
    """All examples, in the order of the file."""
    data = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))
    return tuple(
        Section(row["title"], tuple(Example(one["query"], one["meaning"], one["reading"]) for one in row["example"]))
        for row in data["section"]
    )
