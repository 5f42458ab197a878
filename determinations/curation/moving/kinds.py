"""The list of what is moved, in the order in which it is written and has to be placed."""

from __future__ import annotations

from ...models import (
    CategoryRule,
    Correction,
    CredentialWording,
    DrugWording,
    GuidelineWording,
    NameChange,
    OldAddress,
    QueueAction,
    ReaderReport,
    Redaction,
    RemovalRequest,
    Withholding,
)
from .decisions import Issues, Rejected
from .lines import Kind, Records, known_field, rejoin, withhold
from .names import CANONICAL, STATE, Gone, Wordings
from .undoing import Undoable, put_action, put_change, told_of_action, told_of_change

# What is laid over letters: the lines of a letter stand together, whichever of these they are.
OVER_LETTERS = (
    Records(
        "redaction",
        Redaction,
        identity=("case", "words", "made_at"),
        made=("ground", "reason", "made_by"),
        later=("lifted_at", "lifted_by"),
        rewrites=True,
    ),
    Records(
        "correction",
        Correction,
        identity=("case", "item", "field", "made_at"),
        made=("item_words", "read", "reads_now", "value", "why", "made_by", "source", "parser_version", "state"),
        later=("retired_at", "retired_by", "retired_why"),
        rewrites=True,
        after=rejoin,
        check=known_field,
    ),
)
BEFORE: tuple[Kind, ...] = (
    *CANONICAL,
    Wordings("credential_wording", CredentialWording, "specialty"),
    Wordings("guideline_wording", GuidelineWording, "guideline"),
    Wordings("drug_wording", DrugWording, "drug"),
    Records(
        "rule",
        CategoryRule,
        identity=("pattern", "made_at"),
        made=("category", "why", "made_by"),
        later=("retired_at", "retired_by"),
    ),
    Undoable(
        Records(
            "name_change",
            NameChange,
            identity=("names", "kind", "summary", "made_at"),
            made=("letters", "why", "made_by"),
            later=("undone_at", "undone_by"),
        ),
        ("before", "after"),
        told_of_change,
        put_change,
    ),
    Records("old_address", OldAddress, identity=("names", "slug"), made=("made_at",), later=("now",)),
)
AFTER: tuple[Kind, ...] = (
    Records(
        "withholding",
        Withholding,
        identity=("case", "made_at"),
        made=("ground", "reason", "made_by"),
        later=("until", "lifted_at", "lifted_by", "lifted_why"),
        after=withhold,
    ),
    Issues(),
    Rejected(),
    Records(
        "report",
        ReaderReport,
        identity=("case", "made_at", "words"),
        made=("position", "place"),
        later=("answer", "answered_at", *STATE),
    ),
    Records(
        "removal_request",
        RemovalRequest,
        identity=("address", "made_at"),
        made=("words", "contact"),
        later=STATE,
    ),
    Undoable(
        Records(
            "queue_action",
            QueueAction,
            identity=("kind", "action", "made_at"),
            made=("rows", "why", "made_by"),
            later=("undone_at", "undone_by"),
        ),
        ("part_of", "changes"),
        told_of_action,
        put_action,
    ),
    Gone(),
)
KINDS = (*BEFORE, *OVER_LETTERS, *AFTER)
