"""What is kept from the public: letters withheld, words redacted, and going back on either.

Each is one transaction. When it is committed, the search index follows, and its files are rid of the words: at once
where the archive is small, in the background where that takes minutes, else by the next ``manage.py
lapse_withholdings``. Pages need not wait for that: whatever they show they look up in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .. import search
from ..letters import PARSER_VERSION, parse_letter
from ..letters.redacting import MARK, Redacted, normal, pattern
from ..models import Case, Ground, Job, LetterSource, Redaction, Withholding
from ..names import Names
from ..store import rewrite
from . import addresses, following, jobs, redacted_names, redacted_records
from .identifying import look_again
from .redacted_values import Values

logger = logging.getLogger(__name__)

Tell = Callable[[str], None]

_REBUILT_AT_ONCE = 2_000  # letters; some seconds
_REBUILT_SOON = 250_000  # letters; four minutes of both processors. A million take 15 minutes: that is for the night
_LONGEST = 500  # characters of words to redact
_FEWEST = 3  # characters
_LOOKED_AT, _OTHERS = 100, 20  # decisions with the same words, and letters that are named of them
_LAPSED = "Its last day is over."


# ---- letters --------------------------------------------------------------------------------------------------------


def withhold(
    case: Case, ground: str, reason: str, until: date | None, by: str, *, tell: Tell = logger.warning
) -> Withholding:
    """Keep a letter from the public from now on; ``until`` is the last day, None for good.

    ``tell`` is called with a sentence if the search index could not follow. Raises ValidationError.
    """
    _check(ground, reason)
    if until and until < timezone.localdate():
        raise ValidationError("The last day is over already.")
    with _locked(case.pk, tell, by) as locked:
        if locked.withheld:
            raise ValidationError("The letter is withheld already.")
        made = Withholding.objects.create(case=locked, ground=ground, reason=reason.strip(), until=until, made_by=by)
        _mark(locked, withheld=True)
    return made


def lift(withholding: Withholding, why: str, by: str, *, tell: Tell = logger.warning) -> None:
    """Show a letter again. Raises ValidationError without a reason, or if that was done already."""
    _lift(withholding, why, by, tell)


def _lift(withholding: Withholding, why: str, by: str, tell: Tell | None) -> None:
    if not why.strip():
        raise ValidationError("Say why.")
    with _locked(withholding.case_id, tell, by) as case:
        lifted = Withholding.objects.filter(pk=withholding.pk, lifted_at=None).update(
            lifted_at=timezone.now(), lifted_by=by, lifted_why=why.strip()
        )
        if not lifted:
            raise ValidationError("It was lifted already.")
        _mark(case, withheld=False)


def lapse(today: date | None = None) -> int:
    """Show again the letters whose last day is over; returns how many. They then await the index."""
    over = Withholding.objects.filter(lifted_at=None, until__lt=today or timezone.localdate())
    letters = 0
    for withholding in over.order_by("id"):
        try:
            _lift(withholding, _LAPSED, "", None)
        except ValidationError:  # somebody lifted it meanwhile
            continue
        letters += 1
    return letters


# ---- words ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Places:
    """Where words stand: so many times in each version of a letter (its number first), and in which other letters.

    ``others``: the first few with these words in a row; None while the search does not answer.
    """

    versions: tuple[tuple[int, int], ...]
    others: tuple[Case, ...] | None

    @property
    def times(self) -> int:
        """In all versions together."""
        return sum(times for _, times in self.versions)


def places(case: Case, words: str) -> Places:
    """Where ``words`` stand that are not redacted yet, for a preview."""
    versions = tuple(
        (source.version, len(Redacted.of(source.text, [words]).spans)) for source in case.sources.order_by("version")
    )
    phrase = '"' + normal(words).replace('"', " ") + '"'
    try:
        found = search.find(search.DecisionQuery(words=phrase, exact=True), limit=_LOOKED_AT).item_ids
    except (search.SearchError, search.SearchUnavailable):
        return Places(versions, None)
    others = Case.objects.public().filter(items__in=found).exclude(pk=case.pk).order_by("id").distinct()
    return Places(versions, tuple(others[:_OTHERS]))


def redact(case: Case, words: str, ground: str, reason: str, by: str, *, tell: Tell = logger.warning) -> Redaction:
    """Replace words by a mark wherever the letter is shown, searched or taken away, in all its versions.

    Case does not matter, nor how the words are parted. Raises ValidationError for words that no version has.
    """
    _check(ground, reason)
    words = checked_words(case, words)
    with _locked(case.pk, tell, by) as locked:
        anew = WrittenAnew(locked)
        made = Redaction.objects.create(case=locked, words=words, ground=ground, reason=reason.strip(), made_by=by)
        anew.write(_write)
    return made


def lift_redaction(redaction: Redaction, by: str, *, tell: Tell = logger.warning) -> None:
    """Show redacted words again. Raises ValidationError if that was done already."""
    with _locked(redaction.case_id, tell, by) as case:
        anew = WrittenAnew(case)
        rows = Redaction.objects.filter(pk=redaction.pk, lifted_at=None)
        if not rows.update(lifted_at=timezone.now(), lifted_by=by):
            raise ValidationError("It was lifted already.")
        anew.write(_write)


class WrittenAnew:
    """A letter before redactions of it are made or lifted; ``write`` then lets all follow that holds the words.

    To be used in a transaction.
    """

    def __init__(self, case: Case) -> None:
        self._case, self._values, self._before = case, Values.of(case), self._active(case)

    @staticmethod
    def _active(case: Case) -> set[int]:
        return set(Redaction.objects.filter(case=case, lifted_at=None).values_list("pk", flat=True))

    def write(self, letter: Callable[[Case], None]) -> None:
        """Write the letter anew, by ``letter``, and what people wrote, names and records that have the words."""
        case, after = self._case, self._active(self._case)
        made = list(Redaction.objects.filter(pk__in=after - self._before).order_by("id"))
        lifted = list(Redaction.objects.filter(pk__in=self._before - after).order_by("id"))
        if self._before or after:
            self._values.write(case.redacted_words)
        for redaction in made:
            redacted_names.carry_over(case, redaction.words)
        for redaction in lifted:
            redacted_names.put_back_wordings(redaction)
        letter(case)
        for redaction in made:
            redacted_names.forget(redaction)
            redacted_records.hide(redaction)
        for redaction in lifted:
            redacted_names.forget_marked()
            redacted_names.put_back_states(redaction)
            redacted_records.put_back(redaction)
        if made or lifted:
            addresses.follow(case)


def original(source: LetterSource) -> Iterator[tuple[str, bool]]:
    """The text as it came, in pieces, each with whether it is redacted: for privacy officers only."""
    text = source.original_text
    last = 0
    for start, end in Redacted.of(text, source.case.redacted_words).spans:
        yield text[last:start], False
        yield text[start:end], True
        last = end
    yield text[last:], False


# ---- the index ------------------------------------------------------------------------------------------------------


def purge() -> None:
    """Build the index anew if its files may still hold words that were taken from the public.

    Raises SearchError or OSError.
    """
    if search.words_remain():
        search.rebuild()


def purge_in_background(job: Job) -> bool:
    """The same as a job, in one step; what else is to be indexed meanwhile waits for it."""
    purge()
    jobs.advance(job, job.total)
    return True


def _purge_soon(by: str) -> str:
    """Have the files of the index rid of words that were removed; the sentence for whoever removed them, or ""."""
    if not search.words_remain():
        return ""
    if not _more_than(_REBUILT_AT_ONCE):
        search.rebuild()
        return ""
    if settings.BACKGROUND and not _more_than(_REBUILT_SOON):
        _note_purge(by)
        return "It is gone from every page and search; the files of the index follow in the background, within minutes."
    return (
        "It is gone from every page and search. Files of the index that nobody is given hold the words until "
        "lapse_withholdings is next run."
    )


def _note_purge(by: str) -> None:
    """One job for all that was removed before it begins."""
    if not Job.objects.filter(name=jobs.PURGE, state=Job.State.WAITING).exists():
        jobs.begin(jobs.PURGE, by=by, total=Case.objects.count())


def _more_than(letters: int) -> bool:
    return Case.objects.order_by("id")[letters : letters + 1].exists()


def _follow(tell: Tell, by: str) -> None:
    """What is decided stays so, whatever the state of the search index."""
    try:
        search.index_pending(build=False, wait=False)
        if sentence := _purge_soon(by):
            tell(sentence)
    except search.SearchBusy:
        following.index_later(Case.objects.awaiting_index().count(), by=by)
        if settings.BACKGROUND and not _more_than(_REBUILT_SOON):
            _note_purge(by)
        tell("It is gone from every page. The search index is being written at this moment: searches follow then.")
    except (search.SearchError, search.SearchUnavailable, OSError):
        logger.exception("The search index could not follow")
        tell("It is gone from every page. The search index could not follow: counts do when sync_index is run.")


# ---- the steps ------------------------------------------------------------------------------------------------------


def _check(ground: str, reason: str) -> None:
    if ground not in Ground.values:
        raise ValidationError("Choose a ground.")
    if not reason.strip():
        raise ValidationError("Say why, for the next privacy officer. It is not shown to the public.")


def checked_words(case: Case, words: str) -> str:
    """Words as they are kept. Raises ValidationError for what cannot be redacted, or stands in no version."""
    words = normal(words)
    found = pattern(words)
    if not found or len(words) < _FEWEST or not any(map(str.isalnum, words)):
        raise ValidationError(f"Give a word of at least {_FEWEST} characters, as it stands in the letter.")
    if len(words) > _LONGEST:
        raise ValidationError(f"At most {_LONGEST} characters at a time.")
    if found.search(MARK):
        raise ValidationError("This is the mark that takes the place of redacted words.")
    if found.search(f"{case.number or ''} {case.slug}"):
        raise ValidationError("A letter is known by its case number, which cannot be redacted: withhold the letter.")
    if not any(Redacted.of(source.text, [words]).spans for source in case.sources.all()):
        raise ValidationError("No version of the letter has these words, or they are redacted already.")
    return words


@contextmanager
def _locked(case_id: int, tell: Tell | None, by: str) -> Iterator[Case]:
    """A transaction in which nobody else can change the letter; with ``tell`` the index follows its commit."""
    with transaction.atomic():
        yield Case.objects.select_for_update().get(pk=case_id)
        if tell:
            transaction.on_commit(lambda: _follow(tell, by))


def _mark(case: Case, *, withheld: bool) -> None:
    Case.objects.filter(pk=case.pk).update(withheld=withheld, index_pending=True, updated_at=timezone.now())


def _write(case: Case) -> None:
    """Write the letter anew from its text as it is public now."""
    source = case.current_source
    rewrite([(source, parse_letter(source.text))], Names())
    look_again(source)
    LetterSource.objects.filter(pk=source.pk).update(parser_version=PARSER_VERSION)
