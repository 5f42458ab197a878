"""The roles that are shipped, and what each may do: the one table, for the migration, the commands and the tests.

A role is a group of Django's. What a group of one of these names may do is made to agree with this table after each
``migrate``; whoever needs another selection makes a group of another name.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename


def _may(app: str, models: str, *actions: str) -> frozenset[str]:
    """Permissions by their full names ("determinations.view_case") for each model and action."""
    found = set()
    for model in models.split():
        options = apps.get_model(app, model)._meta
        found |= {f"{app}.{get_permission_codename(action, options)}" for action in actions}
    return frozenset(found)


def _do(*codenames: str) -> frozenset[str]:
    return frozenset(f"determinations.{codename}" for codename in codenames)


READER, CURATOR, EDITOR = "Reader", "Curator", "Editor"
PRIVACY_OFFICER, ADMINISTRATOR = "Privacy officer", "Administrator"


def roles() -> dict[str, frozenset[str]]:
    """Role -> the full names of its permissions. Withheld letters and redacted words are for privacy officers only."""
    read = _may(
        "determinations",
        "Case DisputedItem GuidelineCitation LetterSource ParseIssue RejectedFile Reviewer ReviewerCredential "
        "Specialty CredentialWording Guideline GuidelineWording Drug DrugWording TreatmentCategory "
        "Correction NameChange OldAddress CategoryRule ReaderReport QueueAction Job",
        "view",
    )
    curate = read | _do("correct", "assign_names", "decide")
    edit = curate | _do("edit_names", "write_rules", "decide_many")
    keep_private = (
        read
        | _do("withhold", "redact", "decide")
        | _may("determinations", "Withholding Redaction RemovalRequest", "view")
    )
    run = (
        _may("auth", "User Group", "view", "add", "change")
        | _may("auth", "Group", "delete")
        | _may("admin", "LogEntry", "view")
        | _may("axes", "AccessAttempt", "view", "delete")
        | _may("axes", "AccessLog", "view")
    )
    return {
        READER: read,
        CURATOR: curate,
        EDITOR: edit,
        PRIVACY_OFFICER: keep_private,
        ADMINISTRATOR: edit | keep_private | run,
    }


ROLES = (READER, CURATOR, EDITOR, PRIVACY_OFFICER, ADMINISTRATOR)


def make_roles(group_model: Any) -> None:
    """Make the groups that are not there yet; ``group_model``: Group, as the migration or the program knows it."""
    for name in ROLES:
        group_model.objects.get_or_create(name=name)


def settle_roles(**_: Any) -> None:
    """Make what each role may do agree with the table. Called after each ``migrate``, which makes the permissions."""
    from django.contrib.auth.models import Group, Permission

    ids = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list("id", "content_type__app_label", "codename")
    }
    make_roles(Group)
    for name, permissions in roles().items():
        Group.objects.get(name=name).permissions.set([ids[one] for one in permissions if one in ids])
