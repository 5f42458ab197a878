"""What the index holds: one document a decision, built from the database and never asked for its text.

A change of what is written here, or how, needs a new SCHEMA_VERSION; an index of another version is rebuilt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from tantivy import Document, Filter, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from ..models import Case, DisputedItem, GuidelineCitation

SCHEMA_VERSION = 1

TOKENIZER = "determination"
# Fields that words are looked for in, and how much a hit in each is worth: the heading before the reasons, the
# reasons before what the letter tells of the patient.
TEXT_FIELDS = {"heading": 6.0, "rationale": 2.0, "citations": 1.5, "summary": 1.0}
# Facet values are short texts, one a document: a field with two values in any document costs ten times as much to
# count. Sets are therefore one value: the credential profile stands for its specialties and states, and the
# reviewer's guidelines are their ids in order ("3 17").
FACET_FIELDS = ("outcome", "category", "year", "profile", "guideline_set")

NO_YEAR = 0  # the year of decisions whose letter has lost its date
_ITEM_BITS = 40  # room for a million million decisions below a day's number
_NO_DAY_LAST = (1 << 23) - 1


@cache
def analyzer() -> TextAnalyzer:
    """How text becomes index terms: words of letters and digits, lower case, without accents, stemmed."""
    builder = TextAnalyzerBuilder(Tokenizer.regex(r"[\p{L}\p{N}]+(?:['’]\p{L}+)?"))
    for step in (Filter.remove_long(60), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()


@cache
def schema() -> Schema:
    """The fields of the index."""
    builder = SchemaBuilder()
    for name in ("case", "case_number", "guideline"):  # looked up, never counted
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACET_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("item", "letter", "newest", "oldest"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_boolean_field("multi", indexed=True, fast=True)  # whether the letter has more than one decision
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="position")
    return builder.build()


def order_keys(day: date | None, item_id: int) -> tuple[int, int]:
    """The numbers by which decisions are sorted, newest first (descending) and oldest first (ascending).

    Both are unique, keep a letter's decisions in their order, and put decisions without a date last.
    """
    newest = (day.toordinal() if day else 0) << _ITEM_BITS
    oldest = (day.toordinal() if day else _NO_DAY_LAST) << _ITEM_BITS
    return newest | ((1 << _ITEM_BITS) - 1 - item_id), oldest | item_id


def documents(case_ids: Iterable[int]) -> Iterator[Document]:
    """The documents of the decisions of ``case_ids``, read from the database in three queries."""
    case_ids = list(case_ids)
    cases = {
        row[0]: row
        for row in Case.objects.filter(id__in=case_ids).values_list(
            "id", "number", "decision_date", "reviewer_id", "clinical_summary"
        )
    }
    cited: dict[int, list[tuple[str, str, int | None]]] = defaultdict(list)
    for item_id, side, text, guideline_id in GuidelineCitation.objects.filter(item__case__in=case_ids).values_list(
        "item_id", "side", "text", "wording__guideline_id"
    ):
        cited[item_id].append((side, text, guideline_id))
    items: dict[int, list[tuple]] = defaultdict(list)
    for row in DisputedItem.objects.filter(case__in=case_ids).values_list(
        "case_id", "id", "treatment", "outcome", "category_id", "rationale"
    ):
        items[row[0]].append(row)
    for case_id, rows in items.items():
        for row in rows:
            yield _document(cases[case_id], row, cited[row[1]], multi=len(rows) > 1)


def _document(case: tuple, item: tuple, cited: list[tuple[str, str, int | None]], *, multi: bool) -> Document:
    case_id, number, day, reviewer_id, summary = case
    _, item_id, treatment, outcome, category_id, rationale = item
    by_reviewer = {g for side, _, g in cited if side == GuidelineCitation.Side.REVIEWER and g is not None}
    newest, oldest = order_keys(day, item_id)
    document = Document()
    document.add_text("case", str(case_id))
    if number:
        document.add_text("case_number", number.lower())
    document.add_text("outcome", outcome)
    document.add_text("category", str(category_id or ""))
    document.add_text("year", str(day.year if day else NO_YEAR))
    document.add_text("profile", str(reviewer_id))
    document.add_text("guideline_set", " ".join(map(str, sorted(by_reviewer))))
    for guideline in by_reviewer:
        document.add_text("guideline", str(guideline))
    document.add_unsigned("item", item_id)
    document.add_unsigned("letter", case_id)
    document.add_unsigned("newest", newest)
    document.add_unsigned("oldest", oldest)
    document.add_boolean("multi", multi)
    document.add_text("heading", treatment)
    document.add_text("rationale", rationale)
    document.add_text("citations", "\n".join(text for _, text, _ in cited))
    document.add_text("summary", summary)
    return document
