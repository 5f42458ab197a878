"""Rules for categories: what one would take before it is made, making one, and taking one back.

A rule wins over the shipped vocabulary, and a curator's correction of one decision wins over a rule. It is applied to
the letters that are there in the background (``categorising``), and to those that come in as they do (``names``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import search
from ..headings import BadPattern, Pattern, Rules, pattern, tokens_of
from ..letters.redacting import redacted_value
from ..models import Case, CategoryRule, Correction, DisputedItem, Job, TreatmentCategory
from ..names import Names
from ..redacted_rows import all_words
from . import categorising
from .names_state import Refused

__all__ = ["BadPattern", "Effect", "Refused", "make", "preview", "preview_of_retiring", "retire"]

MOST_LOOKED_AT = 3_000  # headings of a preview, which is there at once; beyond, it says "more than"
_EXAMPLES = 8
_A_READ = 1_000
_NEW = 1 << 62  # stands for the id of the rule that is not made yet: the latest one


@dataclass(slots=True)
class Effect:
    """What a rule takes, or gives back.

    ``fits``: headings with its words; ``takes``: those of them that change their category, in ``letters``; ``away``:
    from which categories (None: from none), ``into``: to which; ``stay``: headings that fit and stay where a more
    exact rule or a correction has put them. ``whole``: whether all were looked at.
    """

    fits: int = 0
    takes: int = 0
    letters: int = 0
    stay: int = 0
    whole: bool = True
    away: Counter[TreatmentCategory | None] = field(default_factory=Counter)
    into: Counter[TreatmentCategory | None] = field(default_factory=Counter)
    examples: list[DisputedItem] = field(default_factory=list)

    @property
    def from_where(self) -> list[tuple[TreatmentCategory | None, int]]:
        """The categories that headings are taken away from, with how many, most first."""
        return self.away.most_common()

    @property
    def to_where(self) -> list[tuple[TreatmentCategory | None, int]]:
        """The categories that they go to."""
        return self.into.most_common()


def preview(text: str, category: TreatmentCategory) -> Effect:
    """What a rule would take. Raises BadPattern."""
    made = pattern(text)
    now = CategoryRule.objects.filter(retired_at=None).values_list("id", "pattern", "category_id")
    return _effect(made, Rules([*now, (_NEW, made.text, category.pk)]))


def preview_of_retiring(rule: CategoryRule) -> Effect:
    """What the retiring of a rule would give back."""
    others = CategoryRule.objects.filter(retired_at=None).exclude(pk=rule.pk)
    return _effect(Pattern(rule.pattern), Rules(others.values_list("id", "pattern", "category_id")))


def make(text: str, category: TreatmentCategory, *, why: str, by: str) -> CategoryRule:
    """Make a rule, which letters follow in the background. Raises BadPattern, Refused."""
    made = pattern(text)
    try:
        with transaction.atomic():
            why = redacted_value(why.strip(), all_words())
            rule = CategoryRule.objects.create(pattern=made.text, category=category, why=why, made_by=by)
            apply([made.text], by=by)
    except IntegrityError as error:
        raise Refused(f"There is a rule for “{made.text}” already; retire it first.") from error
    return rule


def retire(rule: CategoryRule, *, by: str) -> None:
    """Take a rule back; its headings go where they belong without it, in the background. Raises Refused."""
    with transaction.atomic():
        rows = CategoryRule.objects.filter(pk=rule.pk, retired_at=None)
        if not rows.update(retired_at=timezone.now(), retired_by=by):
            raise Refused("This rule was retired already.")
        apply([rule.pattern], by=by)


def apply(patterns: list[str], *, by: str) -> Job:
    """Have the headings with these patterns placed anew, in the background."""
    return categorising.begin(by=by, patterns=patterns)


# ---- looking ahead ----------------------------------------------------------------------------------------------


def _effect(made: Pattern, known: Rules) -> Effect:
    """What changes for headings with a pattern when the rules are ``known``."""
    effect, letters = Effect(), set()
    placed = cache(partial(categorising.belongs, _Supposed(known)))  # many letters have the same headings
    categories = TreatmentCategory.objects.select_related("parent").in_bulk()
    standing = TreatmentCategory.objects.standing()
    for item, corrected in _fitting(made, effect):
        effect.fits += 1
        stands = standing.get(item.filed_under_id, item.filed_under_id)
        now = stands if corrected else placed(item.title)
        if now == stands:
            rule = known.deciding(item.title)
            effect.stay += corrected or (rule is not None and rule.pattern != made)
            continue
        effect.takes += 1
        letters.add(item.case_id)
        effect.away[categories.get(stands or 0)] += 1
        effect.into[categories.get(now or 0)] += 1
        if len(effect.examples) < _EXAMPLES and not item.case.withheld:
            effect.examples.append(item)
    effect.letters = len(letters)
    return effect


class _Supposed(Names):
    """Names as they would be with other rules; makes no rows."""

    def __init__(self, rules: Rules) -> None:
        self._read()
        self._rules = rules


_OF_CASE = ("case__slug", "case__number", "case__withheld")
_FIELDS = ("id", "position", "arranged_key", "title", "filed_under", *_OF_CASE)


def _fitting(made: Pattern, effect: Effect) -> Iterator[tuple[DisputedItem, bool]]:
    """The items whose heading has the words, each with whether a correction decides where it stands."""
    met: set[int] = set()  # a letter that awaits the index may be in it as it was
    matches = cache(lambda title: made.matches(tokens_of(title)))
    for ids in _candidates(made, effect):
        items = DisputedItem.objects.filter(pk__in=ids).select_related("case").order_by("pk")
        found = [item for item in items.only(*_FIELDS) if item.pk not in met and matches(item.title)]
        met.update(item.pk for item in found)
        corrections = Correction.objects.filter(
            case__in={item.case_id for item in found}, field="category", retired_at=None
        )
        corrected = set(corrections.values_list("case_id", "item"))
        for item in found:
            yield item, (item.case_id, item.key) in corrected


def _candidates(made: Pattern, effect: Effect) -> Iterator[list[int]]:
    """Ids of items that may have the words, some at a time: as the index finds them, and those that await it."""
    seen = 0
    try:
        walk = search.walk(search.DecisionQuery(words=made.search, exact=True), batch=_A_READ)
        for ids in walk:
            yield ids
            seen += len(ids)
            if seen >= MOST_LOOKED_AT:
                effect.whole = False
                return
        waiting = Case.objects.awaiting_index().order_by("id").values("id")[:MOST_LOOKED_AT]
        rest = DisputedItem.objects.filter(case__in=waiting)
    except (search.SearchUnavailable, search.SearchError):
        rest = DisputedItem.objects.all()
    rows = list(rest.order_by("id").values_list("id", flat=True)[: MOST_LOOKED_AT + 1])
    effect.whole = effect.whole and len(rows) <= MOST_LOOKED_AT
    for start in range(0, min(len(rows), MOST_LOOKED_AT), _A_READ):
        yield rows[start : start + _A_READ]
