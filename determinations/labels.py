"""The canonical names that searches are narrowed by: ids for the engine, slugs for addresses, names for people."""

from __future__ import annotations

from dataclasses import dataclass

from . import vocabulary
from .models import DisputedItem, Guideline, Specialty, TreatmentCategory
from .search import NO_YEAR

OUTCOMES = {outcome.lower(): outcome.value for outcome in DisputedItem.Outcome}


@dataclass(frozen=True, slots=True)
class Label:
    """One value of a facet: what stands for it in an address, and its name."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Labels:
    """All values by id. ``tree``: categories in the state's order, each with its sub-categories' ids."""

    specialties: dict[int, Label]
    guidelines: dict[int, Label]
    treatments: dict[int, Label]
    tree: dict[int, tuple[int, ...]]

    def branch(self, pk: int) -> tuple[int, ...]:
        """A category with its sub-categories, or a sub-category alone."""
        return (pk, *self.tree.get(pk, ()))


def load_labels() -> Labels:
    """The names as they stand now (three small tables)."""
    specialties = {pk: Label(slug, name) for pk, slug, name in Specialty.objects.values_list("id", "slug", "name")}
    guidelines = {pk: Label(slug, name) for pk, slug, name in Guideline.objects.values_list("id", "slug", "name")}
    treatments: dict[int, Label] = {}
    tree: dict[int, tuple[int, ...]] = {}
    rows = TreatmentCategory.objects.order_by("position", "id").values_list("id", "slug", "name", "parent_id")
    for pk, slug, name, parent in sorted(rows, key=lambda row: row[3] is not None):  # categories first
        treatments[pk] = Label(slug, name)
        if parent is None:
            tree[pk] = ()
        else:
            tree[parent] += (pk,)
    return Labels(specialties, guidelines, treatments, tree)


def year_label(year: int) -> Label:
    """A year of decision, or the lack of one."""
    return Label("none", "No date") if year == NO_YEAR else Label(str(year), str(year))


def state_name(postal: str) -> str:
    """The name of a state by its postal name."""
    return vocabulary.state_names().get(postal, postal)
