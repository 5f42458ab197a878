"""Changing names: assign, create, join, split, rename, place; each with a preview, a record, and a way back.

A function here makes a ``Plan``, which changes nothing. ``Plan.preview()`` counts what would change,
``Plan.carry_out()`` does it in one transaction and keeps a ``NameChange``; ``undo(change)`` is a plan, too. What is
known by a row's id in the index needs no letter indexed anew; the others follow (``following``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

from ..labels import family_value
from ..models import CategoryRule, Drug, Guideline, NameChange, OldAddress, Specialty, TreatmentCategory
from ..names import category_slug
from . import spelling
from .names_state import DRUG, KINDS, PARTS, SPECIALTY, TREATMENT, Kind, Refused, State, empty, record_of, stands
from .plan import NEW, Done, Plan, Stale

__all__ = ["Done", "Plan", "Refused", "Stale", "assign", "create", "join", "place", "rename", "spell", "split", "undo"]

# ---- plans --------------------------------------------------------------------------------------------------------


def assign(wording: Any, record: Any) -> Plan:
    """Let a wording stand for a record; ``record`` None: for nothing, so that it waits in the queue again."""
    kind = _kind_of_wording(wording)
    held = getattr(wording, f"{kind.pointer}_id")
    if held == (record.pk if record else None):
        raise Refused(f"“{wording}” stands for that already.")
    before, after = empty(), empty()
    before["wordings"] = {str(wording.pk): held}
    after["wordings"] = {str(wording.pk): record.pk if record else None}
    return Plan(kind, "assign", f"“{_short(wording)}” stands for {record or 'nothing'}", before, after)


def spell(drug: Drug, text: str) -> Plan:
    """Add a name of a drug that nothing was called before; headings that have it name the drug from then on."""
    name = spelling.checked(text)
    before, after = empty(), empty()
    before["records"] = {str(drug.pk): record_of(DRUG, drug)}
    after["records"] = dict(before["records"])
    return Plan(DRUG, "spell", f"“{_short(name)}” is a name of {drug}", before, after, spells=name)


def create(names: str, name: str, wordings: Iterable[Any] = (), **fields: Any) -> Plan:
    """Make a record, with the wordings that are to stand for it.

    ``fields``: of a specialty ``kind`` and ``parents`` (records), of a guideline ``family``, of a drug its class
    (``group``), of a treatment ``parent``.
    """
    return _make(KINDS[names], "create", name, list(wordings), f"{name} made", fields)


def split(record: Any, wordings: Iterable[Any], name: str) -> Plan:
    """Make a record of some of another's wordings; it is like the other in all else."""
    kind = _kind_of(record)
    if kind is TREATMENT:
        raise Refused("Categories have no wordings; write a rule for the headings that belong elsewhere.")
    wordings = list(wordings)
    if not wordings or any(getattr(one, f"{kind.pointer}_id") != record.pk for one in wordings):
        raise Refused(f"Choose wordings that stand for {record}.")
    fields: dict[str, Any]
    if kind is SPECIALTY:
        fields = {"kind": record.kind, "parents": list(record.parents.all())}
    else:
        fields = {kind.above: getattr(record, kind.above)}
    return _make(kind, "split", name, wordings, f"{name} split off {record}", fields)


def join(kept: Any, gone: Any) -> Plan:
    """Let ``kept`` have all that ``gone`` has, whose address leads there from then on."""
    kind = _kind_of(kept)
    if type(gone) is not type(kept) or gone.pk == kept.pk:
        raise Refused("Choose two different names of one kind.")
    before, after = empty(), empty()
    before["records"] = {str(kept.pk): record_of(kind, kept), str(gone.pk): record_of(kind, gone)}
    after["records"] = {str(kept.pk): before["records"][str(kept.pk)], str(gone.pk): None}
    if kind is TREATMENT:
        if gone.subcategories.exists():
            raise Refused(f"{gone} has sub-categories; join those first, or place them elsewhere.")
        if kept.parent_id == gone.pk:
            raise Refused(f"{kept} stands under {gone}; place it elsewhere first.")
        rules = CategoryRule.objects.filter(category=gone)
        before["rules"] = {str(pk): gone.pk for pk in rules.values_list("pk", flat=True)}
        after["rules"] = dict.fromkeys(before["rules"], kept.pk)
    else:
        ids = kind.wordings.objects.filter(**{kind.pointer: gone}).values_list("pk", flat=True)
        before["wordings"] = {str(pk): gone.pk for pk in ids}
        after["wordings"] = dict.fromkeys(before["wordings"], kept.pk)
    if kind is SPECIALTY:
        _children_follow(before, after, kept, gone)
    _lead(kind, before, after, gone.slug, kept.slug)
    if kind.above:
        _group_leads(kind, before, after, gone, getattr(kept, kind.above))
    return Plan(kind, "join", f"{gone} joined to {kept}", before, after)


def rename(record: Any, name: str) -> Plan:
    """Call a record otherwise; its former address leads to the new one."""
    kind, name = _kind_of(record), _name(name)
    if name == record.name:
        raise Refused("That is its name already.")
    before, after = empty(), empty()
    slug = _slug(kind, name, record.parent if kind is TREATMENT else None, but=record.pk)
    _change(kind, before, after, record, name=name, slug=slug)
    if kind is TREATMENT:
        _readdress_below(before, after, record, slug)
    return Plan(kind, "rename", f"{record} renamed to {name}", before, after)


def place(record: Any, **fields: Any) -> Plan:
    """Put a record elsewhere.

    A specialty gets other ``parents`` (records) or another ``kind``, a guideline another ``family``, a drug another
    class (``group``), a category another ``parent``.
    """
    kind = _kind_of(record)
    before, after = empty(), empty()
    if kind is SPECIALTY:
        parents = list(fields.get("parents", record.parents.all()))
        if record in parents:
            raise Refused("A specialty cannot be its own parent.")
        new = {"kind": fields.get("kind", record.kind), "parents": sorted(one.pk for one in parents)}
        words = ", ".join(map(str, parents)) or "no parent"
        summary = f"{record}: {new['kind']}, {words}"
    elif kind.above:
        group = _name(fields[kind.above])
        new = {kind.above: group}
        summary = f"{record} placed in the {_called(kind)} {group}"
        _group_leads(kind, before, after, record, group)
    else:
        parent = fields["parent"]
        if parent and (parent.pk == record.pk or parent.parent_id or record.subcategories.exists()):
            raise Refused("Categories have two levels: choose a category that stands under no other one.")
        slug = _slug(kind, record.name, parent, but=record.pk)
        new = {"parent_id": parent.pk if parent else None, "slug": slug}
        summary = f"{record} placed under {parent or 'nothing'}"
    _change(kind, before, after, record, **new)
    if before["records"] == after["records"]:
        raise Refused("That is how it stands already.")
    return Plan(kind, "place", summary, before, after)


def undo(change: NameChange) -> Plan:
    """Take a change back. Raises Refused if something was built on it since."""
    kind = KINDS[change.names]
    if change.undone_at:
        raise Refused("This was undone already.")
    if not change.after:
        raise Refused("This was done in another archive, with names that are not here. It can be undone there only.")
    gone = _missing(kind, change.before)
    if gone or not stands(kind, change.after):
        raise Refused(_built_on(change, gone))
    return Plan(kind, change.kind, f"Undone: {change.summary}", change.after, change.before, undoes=change)


def _missing(kind: Kind, state: State) -> set[int]:
    """The records that a state needs, that are not there, and that it does not make."""
    made = {int(pk): fields for pk, fields in state["records"].items() if fields}
    wanted = {*state["wordings"].values(), *state["rules"].values()}
    for fields in made.values():
        wanted |= {fields.get("parent_id"), *fields.get("parents", ())}
    wanted -= {None, *made}
    return wanted - set(kind.model.objects.filter(pk__in=wanted).values_list("pk", flat=True))


def _built_on(change: NameChange, gone: set[int]) -> str:
    """Which later change has to be undone before ``change``; ``gone``: records that it needs and that are not there."""
    later = NameChange.objects.filter(names=change.names, pk__gt=change.pk, undone_at=None).order_by("-id")
    for one in later:
        if not one.after:  # it was made in another archive
            continue
        took_away = {pk for pk in gone if one.after["records"].get(str(pk), one) is None}
        if took_away or any(one.after[part].keys() & change.after[part].keys() for part in PARTS):
            return f"“{one.summary}” ({one.made_by}, {one.made_at:%Y-%m-%d}) builds on it; undo that first."
    return "The names have changed since in another way, so that it cannot be undone."


# ---- their parts --------------------------------------------------------------------------------------------------


def _kind_of(record: Any) -> Kind:
    return next(kind for kind in KINDS.values() if isinstance(record, kind.model))


def _kind_of_wording(wording: Any) -> Kind:
    return next(kind for kind in KINDS.values() if kind.wordings and isinstance(wording, kind.wordings))


def _short(wording: Any) -> str:
    text = str(wording)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not slugify(name):
        raise Refused("Write a name with at least one letter or digit.")
    return name


def _slug(kind: Kind, name: str, parent: TreatmentCategory | None, but: int | None = None) -> str:
    """The address of a name. Raises Refused if another one has it, or the name."""
    if kind is TREATMENT:
        slug = category_slug(parent.name, name) if parent else category_slug(name)
        if parent:
            slug = f"{parent.slug}/{slug.split('/', 1)[1]}"
        same = TreatmentCategory.objects.filter(parent=parent, name=name)
    else:
        slug = slugify(name)
        same = kind.model.objects.filter(name__iexact=name)
    if kind is TREATMENT and parent is None and "/" in name:
        raise Refused("A category that stands under no other one has no “/” in its name.")
    longest = {one: kind.model._meta.get_field(one).max_length for one in ("name", "slug")}
    if len(name) > longest["name"] or len(slug) > longest["slug"]:
        raise Refused(f"A name has at most {longest['name']} characters.")
    if (same | kind.model.objects.filter(slug=slug)).exclude(pk=but).exists():
        raise Refused(f"There is a {kind.name} of that name already; join them instead.")
    return slug


def _make(kind: Kind, action: str, name: str, wordings: list[Any], summary: str, fields: dict[str, Any]) -> Plan:
    name = _name(name)
    parent = fields.get("parent") if kind is TREATMENT else None
    if parent and parent.parent_id:
        raise Refused("Categories have two levels: choose a category that stands under no other one.")
    slug = _slug(kind, name, parent)
    made: dict[str, Any] = {"name": name, "slug": slug}
    if kind is SPECIALTY:
        if fields["kind"] not in Specialty.Kind.values:
            raise Refused("A specialty is a board certification or a subspecialty.")
        made |= {"kind": fields["kind"], "parents": sorted(one.pk for one in fields.get("parents", ()))}
    elif kind.above:
        made[kind.above] = _name(fields[kind.above])
        made |= {"position": _last(Guideline.objects)} if "position" in kind.fields else {}
    else:
        rows = TreatmentCategory.objects.filter(parent=parent)
        made |= {"parent_id": parent.pk if parent else None, "position": _last(rows)}
    before, after = empty(), empty()
    after["records"][NEW] = made
    before["wordings"] = {str(one.pk): getattr(one, f"{kind.pointer}_id") for one in wordings}
    after["wordings"] = dict.fromkeys(before["wordings"], NEW)
    _take_address(kind, before, after, slug)
    return Plan(kind, action, summary, before, after)


def _last(rows: Any) -> int:
    position = rows.order_by("-position").values_list("position", flat=True).first()
    return 0 if position is None else position + 1


def _change(names: Kind, before: State, after: State, record: Any, **fields: Any) -> None:
    """Set fields of a record; where its address is another one then, the former leads there."""
    old = record_of(names, record)
    before["records"][str(record.pk)] = old
    after["records"][str(record.pk)] = old | fields
    if fields.get("slug", record.slug) != record.slug:
        _lead(names, before, after, record.slug, fields["slug"])
        _take_address(names, before, after, fields["slug"])


def _lead(kind: Kind, before: State, after: State, slug: str, now: str) -> None:
    """Lead an address, and those that led to it, to another one."""
    former = OldAddress.objects.filter(names=kind.name, now=slug).values_list("slug", flat=True)
    before["addresses"] |= dict.fromkeys(former, slug)
    after["addresses"] |= dict.fromkeys(former, now)
    leads = OldAddress.objects.filter(names=kind.name, slug=slug).values_list("now", flat=True).first()
    before["addresses"][slug] = leads
    after["addresses"][slug] = now


def _take_address(kind: Kind, before: State, after: State, slug: str) -> None:
    """An address that a record gets leads nowhere else any more."""
    if old := OldAddress.objects.filter(names=kind.name, slug=slug).first():
        before["addresses"][slug] = old.now
        after["addresses"][slug] = None


def _children_follow(before: State, after: State, kept: Specialty, gone: Specialty) -> None:
    """Subspecialties of one that goes are those of the one that stays; that is never its own parent."""
    for child in gone.subspecialties.all():
        fields = record_of(SPECIALTY, child)
        parents = ({*fields["parents"]} - {gone.pk}) | ({kept.pk} if child.pk != kept.pk else set())
        before["records"][str(child.pk)] = fields
        after["records"][str(child.pk)] = fields | {"parents": sorted(parents)}


def _group_leads(kind: Kind, before: State, after: State, leaving: Any, new: str) -> None:
    """The address of a family or class that is left by its last record leads to the one that this goes to."""
    old = getattr(leaving, kind.above)
    if old != new and not kind.model.objects.filter(**{kind.above: old}).exclude(pk=leaving.pk).exists():
        _lead(kind, before, after, family_value(old), family_value(new))
        _take_address(kind, before, after, family_value(new))


def _called(kind: Kind) -> str:
    """What the words are called that records of a kind are grouped by."""
    return str(kind.model._meta.get_field(kind.above).verbose_name)


def _readdress_below(before: State, after: State, record: TreatmentCategory, slug: str) -> None:
    """The addresses of sub-categories begin with that of their category."""
    for below in record.subcategories.all():
        _change(TREATMENT, before, after, below, slug=f"{slug}/{below.slug.split('/', 1)[1]}")
