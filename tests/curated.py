"""What curators decide, as rows for tests that need one of each kind."""

from determinations.letters import PARSER_VERSION
from determinations.models import (
    Case,
    CategoryRule,
    Correction,
    Job,
    NameChange,
    OldAddress,
    QueueAction,
    ReaderReport,
    Redaction,
    RejectedFile,
    RemovalRequest,
    TreatmentCategory,
    Withholding,
)


def one_of_each() -> None:
    """A row of every model that an ingest does not fill; none of them is applied to anything."""
    case, by = Case.objects.order_by("number").first(), {"made_by": "curator"}
    RejectedFile.objects.create(path="/x.txt", code="empty", reason="the file is empty")
    Correction.objects.create(
        case=case, field="priority", value="Expedited", why="Reads so.", source=case.current_source,
        parser_version=PARSER_VERSION, **by,
    )  # fmt: skip
    NameChange.objects.create(kind="rename", names="guideline", summary="A renamed to B", **by)
    OldAddress.objects.create(names="guideline", slug="a", now="b")
    CategoryRule.objects.create(pattern="magic wand", category=TreatmentCategory.objects.first(), **by)
    Withholding.objects.create(case=case, ground="person", reason="Asked.", **by)
    Redaction.objects.create(case=case, ground="identity", words="A Name", reason="A name.", **by)
    RemovalRequest.objects.create(address="/cases/x/", words="My name is there.", contact="a@example.org")
    ReaderReport.objects.create(case=case, words="The date is wrong.")
    QueueAction.objects.create(kind="uncategorised", action="dismiss", rows=1, **by)
    Job.objects.create(name="index", **by)
