"""What has to be said for each change of names, as forms; each makes a plan of what was said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from .. import vocabulary
from ..curation import naming
from ..curation.names_state import KINDS
from ..curation.withheld_rows import without_withheld
from ..models import Specialty, TreatmentCategory
from ..names import MODELS

_LISTED = 300  # wordings to choose from when some are split off
KNOWN = "known-names"  # the id of the list of names on the page


def _known(names: str, text: str) -> Any:
    """The record that a curator typed the name of. Raises ValidationError."""
    wanted = vocabulary.key(text)
    rows = list(MODELS[names].objects.select_related("parent") if names == "treatment" else MODELS[names].objects.all())
    exact = [row for row in rows if text.strip() in (str(row), row.name)]
    found = exact or [row for row in rows if wanted in (vocabulary.key(str(row)), vocabulary.key(row.name))]
    if len(found) != 1:
        several = "is the name of several; write it as the list gives it" if found else "is no name that is known here"
        raise forms.ValidationError(f"“{text[:80]}” {several}.")
    return found[0]


class NameForm(forms.Form):
    """A change of a record or a wording (``subject``, None for a new record) of a kind of names."""

    several_names = False

    def __init__(self, names: str, subject: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options, label_suffix="")
        self.names, self.subject = names, subject
        self.prepare()

    def prepare(self) -> None:
        """Fields that depend on what is changed."""

    def known_names(self) -> Iterable[str]:
        """The names that a field proposes while one types."""
        if not self.several_names:
            return []
        rows = MODELS[self.names].objects.all()
        return map(str, rows.select_related("parent") if self.names == "treatment" else rows)

    def plan(self) -> naming.Plan:
        """The change. Raises Refused."""
        raise NotImplementedError


class _IntoForm(NameForm):
    """Names another record by typing it."""

    several_names = True
    into = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"list": KNOWN, "autocomplete": "off"}))

    def clean_into(self) -> Any:
        return _known(self.names, self.cleaned_data["into"])


class AssignForm(_IntoForm):
    """What a wording stands for."""

    def prepare(self) -> None:
        self.fields["into"].label = "It stands for"
        self.fields["into"].required = False
        self.fields["into"].help_text = "Empty: for nothing; it waits for a name again."

    def clean_into(self) -> Any:
        return super().clean_into() if self.cleaned_data["into"] else None

    def plan(self) -> naming.Plan:
        return naming.assign(self.subject, self.cleaned_data["into"])


class JoinForm(_IntoForm):
    """Where a record goes."""

    def prepare(self) -> None:
        self.fields["into"].label = "Join it to"
        self.fields["into"].help_text = f"That stays. {self.subject} is gone then, and its address leads there."

    def plan(self) -> naming.Plan:
        return naming.join(self.cleaned_data["into"], self.subject)


class RenameForm(NameForm):
    """Another name."""

    name = forms.CharField(label="New name", max_length=200)

    def plan(self) -> naming.Plan:
        return naming.rename(self.subject, self.cleaned_data["name"])


class _Placed(NameForm):
    """Where a record stands: fields by the kind of names."""

    def prepare(self) -> None:
        if self.names == "specialty":
            self.fields["kind"] = forms.ChoiceField(choices=Specialty.Kind.choices)
            boards = Specialty.objects.exclude(pk=self.subject.pk if self.subject else None)
            self.fields["parents"] = forms.ModelMultipleChoiceField(
                boards, required=False, label="Granted by", help_text="The boards that grant a subspecialty."
            )
        elif above := KINDS[self.names].above:
            grouped = MODELS[self.names]._meta.get_field(above)
            widget = forms.TextInput(attrs={"list": KNOWN, "autocomplete": "off"})
            label = str(grouped.verbose_name).capitalize()
            self.fields[above] = forms.CharField(
                label=label, max_length=grouped.max_length, widget=widget, help_text=grouped.help_text
            )
        else:
            top = TreatmentCategory.objects.filter(parent=None)
            self.fields["parent"] = forms.ModelChoiceField(
                top, required=False, label="Under", empty_label="no other category"
            )
        for name, value in self._now().items():
            self.fields[name].initial = value

    def _now(self) -> dict[str, Any]:
        if self.subject is None or not isinstance(self.subject, MODELS[self.names]):
            return {}
        if self.names == "specialty":
            return {"kind": self.subject.kind, "parents": list(self.subject.parents.values_list("pk", flat=True))}
        above = KINDS[self.names].above
        return {above: getattr(self.subject, above)} if above else {"parent": self.subject.parent_id}

    def known_names(self) -> Iterable[str]:
        above = KINDS[self.names].above
        return MODELS[self.names].objects.order_by(above).values_list(above, flat=True).distinct() if above else []

    def _where(self) -> dict[str, Any]:
        keys = {"specialty": ("kind", "parents"), "treatment": ("parent",)}.get(self.names, (KINDS[self.names].above,))
        return {key: self.cleaned_data[key] for key in keys}


class PlaceForm(_Placed):
    """Another place."""

    def plan(self) -> naming.Plan:
        return naming.place(self.subject, **self._where())


class CreateForm(_Placed):
    """A new record; of a wording, which then stands for it."""

    name = forms.CharField(max_length=200)

    def plan(self) -> naming.Plan:
        wordings = [self.subject] if self.subject else []
        return naming.create(self.names, self.cleaned_data["name"], wordings, **self._where())


class SpellForm(NameForm):
    """Another name of a drug."""

    text = forms.CharField(label="Name", max_length=200, help_text="As headings write it: a brand, a misspelling.")

    def plan(self) -> naming.Plan:
        return naming.spell(self.subject, self.cleaned_data["text"])


class SplitForm(NameForm):
    """Some wordings and the name of the record that they are to stand for."""

    name = forms.CharField(label="Name of the new one", max_length=200)

    def prepare(self) -> None:
        rows = without_withheld(self.subject.wordings.all()) if hasattr(self.subject, "wordings") else None
        if rows is None:
            return
        shown = rows.filter(Q(pk__in=rows.order_by("text").values("pk")[:_LISTED])).order_by("text")
        self.fields["wordings"] = forms.ModelMultipleChoiceField(
            shown, label="Wordings that it gets", widget=forms.CheckboxSelectMultiple
        )

    def plan(self) -> naming.Plan:
        return naming.split(self.subject, self.cleaned_data.get("wordings", ()), self.cleaned_data["name"])


FORMS: dict[str, type[NameForm]] = {
    "assign": AssignForm,
    "create": CreateForm,
    "join": JoinForm,
    "split": SplitForm,
    "rename": RenameForm,
    "place": PlaceForm,
    "spell": SpellForm,
}
# Action -> the permission that it needs.
PERMISSIONS = dict.fromkeys(FORMS, "determinations.edit_names") | {"assign": "determinations.assign_names"}
