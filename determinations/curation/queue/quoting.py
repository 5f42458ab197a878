"""The words in question, as they stand in the letter, with what stands around them. Plain text: pages escape it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...models import CredentialWording, GuidelineCitation, GuidelineWording, ParseIssue, ReviewerCredential

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


def examples(wording: CredentialWording | GuidelineWording, most: int = 3) -> list[Example]:
    """Letters that have a wording, the newest first."""
    if isinstance(wording, GuidelineWording):
        cited = GuidelineCitation.objects.filter(wording=wording, item__case__withheld=False)
        cited = cited.select_related("item__case").order_by("-id")[:most]
        return [Example(one.item.case.name, one.item.get_absolute_url(), one.text) for one in cited]
    held = ReviewerCredential.objects.filter(wording=wording, reviewer__cases__withheld=False)
    rows = held.order_by("-reviewer__cases__id").values_list("role", "reviewer__cases__slug", "reviewer__cases__number")
    return [Example(number or slug, f"/cases/{slug}/", role) for role, slug, number in rows[:most]]


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
