"""The words in question, as they stand in the letter, with what stands around them. Plain text: pages escape it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...models import Case, CredentialWording, DrugWording, GuidelineWording, ParseIssue, ReviewerCredential
from .. import newest

_LONGEST_WORDS = 1_200  # characters of the words themselves; what is longer is left out in its middle
_EMPTY_LINES = re.compile(r"[ \t\r\f]*\n\s*\n")
_LEFT_OUT = " […] "


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a letter and what stands before and behind them. No words: the place between the two is meant."""

    before: str
    words: str
    after: str
    cut_before: bool = False  # the letter goes on there
    cut_after: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A letter in which a wording stands: its name and address, and the words there."""

    name: str
    address: str
    words: str


def quote(issue: ParseIssue, around: int) -> Quote | None:
    """The words that an issue speaks of, with up to ``around`` characters on both sides; None if it is about no place.

    ``issue.source`` is to be there with its bytes.
    """
    if not issue.end:
        return None  # about the whole letter, or about a value: the letter's edit page shows where that stands
    text = issue.source.text
    start, end = min(issue.start, len(text)), min(issue.end, len(text))
    first, last = _word_start(text, start - around), _word_end(text, end + around)
    if not text[first:last].strip():
        return None
    before, words, after = (_closed_up(part) for part in (text[first:start], text[start:end], text[end:last]))
    return Quote(before, _shortened(words), after, first > 0, last < len(text))


def examples(wording: CredentialWording | GuidelineWording | DrugWording, most: int = 3) -> list[Example]:
    """Letters that have a wording, the newest first."""
    if isinstance(wording, GuidelineWording):
        cited = newest.citing(wording, most)
        return [Example(one.item.case.name, one.item.get_absolute_url(), one.text) for one in cited]
    if isinstance(wording, DrugWording):
        return [Example(one.case.name, one.get_absolute_url(), one.title) for one in newest.calling(wording, most)]
    roles = dict(ReviewerCredential.objects.filter(wording=wording).values_list("reviewer_id", "role"))
    cases = Case.objects.filter(pk__in=newest.holding(wording, most)).order_by("-id")
    rows = cases.values_list("reviewer_id", "slug", "number")
    return [Example(number or slug, f"/cases/{slug}/", roles[profile]) for profile, slug, number in rows]


def _closed_up(words: str) -> str:
    """The words without empty lines, which double-spaced letters are half made of."""
    return _EMPTY_LINES.sub("\n", words)


def _shortened(words: str) -> str:
    if len(words) <= _LONGEST_WORDS:
        return words
    half = _LONGEST_WORDS // 2
    return words[:half] + _LEFT_OUT + words[-half:]


def _word_start(text: str, at: int) -> int:
    """The beginning of the first whole word from ``at`` on, at most 40 characters further."""
    if at <= 0:
        return 0
    behind = next((place for place in range(at, min(at + 40, len(text))) if text[place].isspace()), at)
    return min(behind + 1, len(text)) if behind != at else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    return next((place for place in range(at, max(at - 40, 0), -1) if text[place].isspace()), at)
