"""What was kept from the public and why, as everybody may read it; and requests to have something removed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import CharField, DateField, F, QuerySet, Value
from django.utils import timezone

from .models import Ground, Redaction, RemovalRequest, Withholding

_A_PAGE = 50
_QUICKEST, _SLOWEST = 3, 24 * 60 * 60  # seconds that a person takes to fill in the form
_SALT = "removal request"
_LONGEST = 5_000  # characters
MOST_WAITING = 5_000  # requests; nobody can answer more, and a flood must not fill the database


# ---- the log --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Removal:
    """One line of the log: which letter it was, and whose name, is not said. Days, not moments."""

    day: date
    what: str
    ground: str
    until: date | None
    lifted: date | None


def log(page: str) -> Page:
    """Withholdings and redactions as Removals, the newest first; ``page`` as it stands in the address."""
    letters = _rows(Withholding.objects.all(), "A letter", F("until"))
    words = _rows(Redaction.objects.all(), "Words of a letter", Value(None, DateField()))
    shown = Paginator(letters.union(words, all=True).order_by("-made_at"), _A_PAGE).get_page(page)
    shown.object_list = [_removal(*row) for row in shown.object_list]
    return shown


def _rows(rows: QuerySet, what: str, last_day: Any) -> QuerySet:
    told = rows.order_by().annotate(what=Value(what, CharField()), last_day=last_day)
    return told.values_list("made_at", "what", "ground", "last_day", "lifted_at")


def _removal(made_at: Any, what: str, ground: str, last_day: date | None, lifted_at: Any) -> Removal:
    lifted = timezone.localdate(lifted_at) if lifted_at else None
    return Removal(timezone.localdate(made_at), what, Ground(ground).label, last_day, lifted)


# ---- requests -------------------------------------------------------------------------------------------------------


class RequestForm(forms.ModelForm):
    """A request to have something removed. No account; programs are told from people by what they do not know.

    ``website`` is a field that people do not see, ``opened`` is when the form was opened, signed.
    """

    website = forms.CharField(required=False, max_length=200, label="Leave this field empty")
    opened = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    words = forms.CharField(
        max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 8}), label="What should be removed, and why"
    )

    class Meta:
        model = RemovalRequest
        fields = ["address", "words", "contact"]
        labels = {"address": "Address of the page, or case number", "contact": "Your e-mail address"}
        help_texts = {"address": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}
        self.fields["contact"].widget.attrs["autocomplete"] = "email"
        for name in ("address", "words", "contact"):
            if self.is_bound and self.errors.get(name):
                self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"problem-{name}"}

    @property
    def now(self) -> str:
        """What ``opened`` is to be in a form that is opened now."""
        return signing.dumps(int(time.time()), salt=_SALT)

    def clean(self) -> dict[str, Any]:
        """Refuse what no person sends; nothing that was written is lost by it."""
        data = super().clean() or self.cleaned_data
        try:
            opened = signing.loads(data.get("opened", ""), salt=_SALT, max_age=_SLOWEST)
        except signing.BadSignature:
            raise ValidationError("This form was opened too long ago. Please send it once more.") from None
        if data.get("website"):
            raise ValidationError("A field that has to stay empty was filled in. Please send the request once more.")
        if time.time() - opened < _QUICKEST:
            raise ValidationError("That was very quick. Please wait a few seconds and send it once more.")
        return data

    def keep(self) -> bool:
        """Put the request into the officers' list; the same one again is one. False if too many wait already."""
        told = {name: self.cleaned_data[name] for name in self._meta.fields}
        waiting = RemovalRequest.objects.filter(status=RemovalRequest.Status.OPEN).order_by()
        if waiting.filter(**told).exists():
            return True
        if waiting[: MOST_WAITING + 1].count() > MOST_WAITING:
            self.add_error(None, "Too many requests wait to be answered. Please try again in some days.")
            return False
        RemovalRequest.objects.create(**told)
        return True
