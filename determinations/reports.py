"""What readers report as wrong: taken from a form without an account, never shown in public, answered in the queue.

What keeps spam away needs no third party: a field that people do not see, a signed time stamp that must be some seconds
and not days old, a limit for each client (``limiting``), and an end to how many may wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.core import signing

from .letters.redacting import redacted_value
from .models import Case, Queued, ReaderReport

LONGEST = 2_000  # characters
SOONEST, LATEST = timedelta(seconds=3), timedelta(days=1)  # between opening the form and sending it
MOST_WAITING = 5_000  # reports; nobody can answer more, and a flood must not fill the database
PLACES = (
    ("", "Choose"),
    ("outcome", "The outcome"),
    ("heading", "What was in dispute"),
    ("category", "The kind of treatment"),
    ("guidelines", "The guidelines"),
    ("reasons", "The reviewer’s reasons"),
    ("summary", "The clinical summary, or the facts told from it"),
    ("header", "Case number, dates or credentials"),
    ("privacy", "Something that tells who a person is"),
    ("other", "Something else"),
)
_SALT = "reader-report"


class ReportForm(forms.Form):
    """What is wrong, and where; ``website`` is the field that people do not see, ``stamp`` when the form was opened."""

    place = forms.ChoiceField(label="What is wrong?", choices=PLACES)
    words = forms.CharField(
        label="What does it say, and what should it say?",
        max_length=LONGEST,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Please say in a few words what is wrong."},
    )
    website = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1"}))
    stamp = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, case: Case, data: object = None) -> None:
        super().__init__(data, initial={"stamp": stamp(case)}, auto_id="report-%s")
        self._case = case

    def clean_words(self) -> str:
        """The words without characters that no text has."""
        return self.cleaned_data["words"].replace("\x00", "").replace("\r\n", "\n")

    def clean(self) -> None:
        """The time stamp must be of this letter's form, and neither too young nor too old."""
        age = _age(self._case, self.cleaned_data.get("stamp", ""))
        if age is None or age > LATEST:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["stamp"] = stamp(self._case)
            raise forms.ValidationError("This page was open for very long. Please send it once more.")
        if age < SOONEST:
            raise forms.ValidationError("That was very quick. Please send it once more.")

    @property
    def by_machine(self) -> bool:
        """Whether the field was filled that people do not see."""
        return bool(self.data.get("website"))


def stamp(case: Case) -> str:
    """A signed time stamp for the form of a letter."""
    return signing.TimestampSigner(salt=_SALT).sign(case.slug)


def _age(case: Case, text: str) -> timedelta | None:
    signer = signing.TimestampSigner(salt=_SALT)
    for age in (SOONEST, LATEST):
        try:
            if signer.unsign(text, max_age=age) == case.slug:
                return timedelta() if age is SOONEST else SOONEST
        except signing.SignatureExpired:
            continue
        except signing.BadSignature:
            return None
    return None


def save(case: Case, position: int | None, place: str, words: str) -> bool:
    """Put a report into the queue; the same words about the same place are one. False if too many wait already."""
    if ReaderReport.objects.filter(status=Queued.Status.OPEN).order_by()[: MOST_WAITING + 1].count() > MOST_WAITING:
        return False
    words = redacted_value(words, case.redacted_words)  # what is gone from the letter does not come back with a report
    ReaderReport.objects.get_or_create(
        case=case, position=position, place=place, words=words, status=Queued.Status.OPEN.value
    )
    return True


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports came, and what became of them."""

    received: int
    answered: int
    dismissed: int


def tally() -> Tally:
    """The numbers for the about page."""
    counts = {status: ReaderReport.objects.filter(status=status).order_by().count() for status in Queued.Status.values}
    return Tally(sum(counts.values()), counts[Queued.Status.SETTLED], counts[Queued.Status.DISMISSED])
