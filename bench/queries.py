"""The searches that the archive and its peers are measured with: each written once, chosen by frequency from the data.

A search is an expression of words, filters, an order and a page. ``choose`` reads a sample of the archive's decisions
and draws words and phrases of each frequency with a fixed seed, so that the same archive has always the same searches.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

# An expression is ("word", w), ("phrase", w, w, …), ("and", e, …), ("or", e, …) or, only in an "and", ("not", e).
Expression = tuple

_SAMPLE = 20_000  # decisions
_TOKEN = re.compile(r"[^\W_]+")
# Words whose stem is another word differ between the analysers of the three systems more often than these.
_PLAIN_WORD = re.compile(
    r"(?!.*(?:s|ed|ing|ly|ion|ive|ment|al|y|e|ity|er|ate|ic|able|ance|ence|ant|ent|ous|ism)$)[a-z]{4,12}$"
)


@dataclass(frozen=True)
class Asked:
    """One search. ``filters``: facet -> ids or names as in bench/peers/rows.py, any of them."""

    kind: str
    words: Expression | None = None
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    newest: bool = False
    page: int = 1
    synonyms: bool = False  # the archive's own, which the peers do not have

    def __str__(self) -> str:
        said = [archive_words(self.words)] if self.words else []
        said += [f"{name}={'+'.join(map(str, values))}" for name, values in self.filters.items()]
        return " ".join([*said, f"page {self.page}" if self.page > 1 else ""]).strip() or "everything"


# ---- in the words of each system ----------------------------------------------------------------------------------


def archive_words(expression: Expression) -> str:
    """For the archive's search box."""
    kind, *parts = expression
    if kind == "word":
        return str(parts[0])
    if kind == "phrase":
        return f'"{" ".join(parts)}"'
    if kind == "not":
        return f"-{archive_words(parts[0])}"
    if kind == "or":
        return f"({' OR '.join(map(archive_words, parts))})"
    return " ".join(map(archive_words, parts))


def tsquery(expression: Expression) -> str:
    """For PostgreSQL's to_tsquery."""
    kind, *parts = expression
    if kind == "word":
        return f"'{parts[0]}'"
    if kind == "phrase":
        return "(" + " <-> ".join(f"'{part}'" for part in parts) + ")"
    if kind == "not":
        return f"!{tsquery(parts[0])}"
    return "(" + {"and": " & ", "or": " | "}[kind].join(map(tsquery, parts)) + ")"


def fts5(expression: Expression) -> str:
    """For SQLite's MATCH."""
    kind, *parts = expression
    if kind in ("word", "phrase"):
        return f'"{" ".join(parts)}"'
    if kind == "or":
        return "(" + " OR ".join(map(fts5, parts)) + ")"
    wanted = " AND ".join(fts5(part) for part in parts if part[0] != "not")
    for part in parts:
        if part[0] == "not":
            wanted = f"({wanted}) NOT {fts5(part[1])}"
    return wanted


# ---- choosing -----------------------------------------------------------------------------------------------------


class Frequencies:
    """In what share of a sample of the decisions words and phrases stand, and how often facet values do."""

    def __init__(self, database: sqlite3.Connection, stems_to: Callable[[str], str]) -> None:
        last = database.execute("SELECT max(id) FROM determinations_disputeditem").fetchone()[0]
        step = max(1, last // _SAMPLE)
        rows = database.execute(
            "SELECT i.treatment, i.rationale, c.clinical_summary FROM determinations_disputeditem i "
            "JOIN determinations_case c ON c.id = i.case_id WHERE i.id % ? = 0",
            (step,),
        )
        words, phrases, self._texts = Counter[str](), Counter[tuple[str, ...]](), 0
        for row in rows:
            self._texts += 1
            found: set[str] = set()
            runs: set[tuple[str, ...]] = set()
            for text in row:
                tokens = _TOKEN.findall(text.lower())
                found.update(tokens)
                if self._texts <= _SAMPLE // 4:  # phrases are common ones: a smaller sample tells them
                    runs.update(pairwise(tokens))
                    runs.update(zip(tokens, tokens[1:], tokens[2:], strict=False))
            words.update(found)
            phrases.update(runs)
        self._words = {w: n / self._texts for w, n in words.items() if _PLAIN_WORD.match(w) and stems_to(w) == w}
        sampled = min(self._texts, _SAMPLE // 4)
        self._phrases = {p: n / sampled for p, n in phrases.items() if all(w.isalpha() and w.isascii() for w in p)}

    def words(self, least: float, most: float) -> list[Expression]:
        """Words that stand in that share of the decisions."""
        return [("word", word) for word, share in sorted(self._words.items()) if least <= share <= most]

    def phrases(self, least: float, most: float) -> list[Expression]:
        """Phrases that do, of two or three words with at least one that says something."""
        return [
            ("phrase", *phrase)
            for phrase, share in sorted(self._phrases.items())
            if least <= share <= most and sum(len(word) > 3 for word in phrase) >= 2
        ]


# Words that the archive widens by synonyms; the peers have none, so their answers would be others.
_WITH_SYNONYMS: tuple[Expression, ...] = (
    ("word", "pt"), ("word", "esi"), ("word", "tens"), ("word", "norco"), ("word", "tramadol"), ("word", "uds"),
    ("phrase", "physical", "therapy"), ("phrase", "physical", "medicine"), ("phrase", "home", "exercise"),
    ("and", ("word", "mri"), ("word", "lumbar")), ("and", ("word", "acupuncture"), ("word", "chronic")),
    ("and", ("phrase", "physical", "therapy"), ("word", "shoulder")),
)  # fmt: skip

Values = dict[str, Sequence[tuple[str, int]]]


def choose(known: Frequencies, values: Values, seed: int = 1) -> list[Asked]:
    """The searches for an archive. ``values``: facet -> its values with how many decisions have them."""
    chance = random.Random(seed)
    rare, medium, common = (known.words(*share) for share in ((2e-5, 2.5e-4), (0.005, 0.03), (0.1, 0.7)))
    phrases, rarer = known.phrases(0.05, 1), known.phrases(0.001, 0.01)
    for pool in (rare, medium, common, phrases, rarer):
        chance.shuffle(pool)

    def take(pool: list[Expression]) -> Expression:
        """One that was not asked before, as long as there is one."""
        pool.append(pool.pop(0))
        return pool[-1]

    def drawn(facet: str) -> tuple[str, ...]:
        most = [row for row in values[facet] if row[0]]
        return (chance.choices([value for value, _ in most], [number for _, number in most])[0],)

    def filters(number: int) -> dict[str, tuple[str, ...]]:
        return {facet: drawn(facet) for facet in chance.sample(sorted(values), number)}

    asked = [Asked("everything", newest=True)]
    asked += [Asked("rare word", take(rare)) for _ in range(20)]
    asked += [Asked("medium word", take(medium)) for _ in range(20)]
    asked += [Asked("common word", take(common)) for _ in range(20)]
    asked += [Asked("common phrase", take(phrases)) for _ in range(20)]
    asked += [Asked("rarer phrase", take(rarer)) for _ in range(10)]
    for _ in range(6):
        asked += [
            Asked("boolean", ("and", take(common), take(medium))),
            Asked("boolean", ("and", take(common), take(common), take(common))),
            Asked("boolean", ("or", take(medium), take(medium), take(common))),
            Asked("boolean", ("and", take(common), ("not", take(medium)))),
            Asked("boolean", ("and", take(phrases), take(phrases))),
            Asked("boolean", ("and", take(phrases), ("or", take(medium), take(medium)), ("not", take(common)))),
        ]
    asked += [Asked("one filter", filters={facet: (value,)}, newest=True) for facet, value in _each(values, 20, chance)]
    asked += [Asked("two filters", filters=filters(2), newest=True) for _ in range(15)]
    asked += [Asked("four filters", filters=filters(4), newest=True) for _ in range(10)]
    asked += [Asked("word, one filter", take(common), filters(1)) for _ in range(12)]
    asked += [Asked("word, two filters", take(medium), filters(2)) for _ in range(12)]
    asked += [Asked("phrase, four filters", take(phrases), filters(4)) for _ in range(10)]
    asked += [Asked("with synonyms", words, synonyms=True) for words in _WITH_SYNONYMS]
    asked += [Asked("deep page", take(common), page=page) for page in (50, 200, 500, 1_000)]
    asked += [Asked("deep page", take(common), newest=True, page=page) for page in (50, 500, 1_000, 2_000)]
    asked += [Asked("deep page", filters=filters(1), newest=True, page=page) for page in (20, 100, 400)]
    asked += [Asked("deep page", newest=True, page=page) for page in (300, 1_000, 2_500, 5_000)]
    return _different(asked)


def _each(values: Values, number: int, chance: random.Random) -> list[tuple[str, str]]:
    """Different single filters, from every facet in turn, common values first drawn."""
    found: dict[tuple[str, str], None] = {}
    while len(found) < number:
        for facet, rows in sorted(values.items()):
            named = [row for row in rows if row[0]]
            found[facet, chance.choices([value for value, _ in named], [count for _, count in named])[0]] = None
    return list(found)[:number]


def _different(asked: list[Asked]) -> list[Asked]:
    """Each search once: an answer must not have been asked for before."""
    return list({repr(one): one for one in asked}.values())
