"""Who may do what: a table of roles and actions over every page of the admin, which is walked so that none is left out.

A new model, action or address of the admin fails here until it has its line.
"""

import io

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from determinations.access.rights import ADMINISTRATOR, CURATOR, EDITOR, PRIVACY_OFFICER, READER, ROLES, roles
from determinations.models import (
    Case,
    CategoryRule,
    Correction,
    GuidelineWording,
    Job,
    NameChange,
    ReaderReport,
    Redaction,
    Withholding,
)
from tests import curated

pytestmark = pytest.mark.django_db

LETTERS = {"R": READER, "C": CURATOR, "E": EDITOR, "P": PRIVACY_OFFICER, "A": ADMINISTRATOR}
ALL = "RCEPA"
READ = {"see": ALL}

# Model -> action -> the roles that may. "see" is its list and the page of a row; what begins with "do" is an action
# of the list.
MODELS = {
    "determinations.case": {"see": ALL, "change": "CEA"},
    "determinations.disputeditem": READ,
    "determinations.guidelinecitation": READ,
    "determinations.lettersource": READ,
    "determinations.reviewer": READ,
    "determinations.reviewercredential": READ,
    "determinations.treatmentcategory": READ,
    "determinations.rejectedfile": READ,
    "determinations.parseissue": READ,
    "determinations.specialty": READ,
    "determinations.guideline": READ,
    "determinations.credentialwording": READ,
    "determinations.guidelinewording": READ,
    "determinations.drug": READ,
    "determinations.drugwording": READ,
    "determinations.correction": READ,
    "determinations.namechange": READ,
    "determinations.oldaddress": READ,
    "determinations.categoryrule": READ,
    "determinations.readerreport": READ,
    "determinations.queueaction": READ,
    "determinations.job": READ,
    "determinations.withholding": {"see": "PA", "add": "PA"},
    "determinations.redaction": {"see": "PA", "add": "PA"},
    "determinations.removalrequest": {"see": "PA", "change": "PA"},
    "auth.user": {"see": "A", "add": "A", "change": "A", "do turn_off_second_factor": "A"},
    "auth.group": {"see": "A", "add": "A", "change": "A", "delete": "A", "do delete_selected": "A"},
    "admin.logentry": {"see": "A"},
    "axes.accesslog": {"see": "A"},
    "axes.accessattempt": {"see": "A", "delete": "A", "do delete_selected": "A"},
}

# Name of an address that is no model's list, row, history, adding or deleting -> who may open it, and how.
_COMPLETION = {"app_label": "determinations", "model_name": "guidelinewording", "field_name": "guideline"}
ADDRESSES = {
    "index": (ALL, [], {}),
    "app_list": (ALL, ["determinations"], {}),
    "autocomplete": (ALL, [], _COMPLETION),
    "password_change": (ALL, [], {}),
    "password_change_done": (ALL, [], {}),
    "second_factor": (ALL, [], {}),
    "jsi18n": (ALL, [], {}),
    "auth_user_password_change": ("A", lambda: [User.objects.first().pk], {}),
    "determinations_case_original": ("PA", lambda: [Case.objects.first().pk], {}),
    "determinations_withholding_lift": ("PA", lambda: [Withholding.objects.first().pk], {}),
    "determinations_redaction_lift": ("PA", lambda: [Redaction.objects.first().pk], {}),
    "names_change": ("EA", ["guideline", "create"], {}),
    "names_undo": ("EA", lambda: [NameChange.objects.first().pk], {}),
    "names_unresolved": ("CEA", ["guideline"], {}),
    "names_wording": (ALL, lambda: ["guideline", GuidelineWording.objects.first().pk], {}),
    "rule_make": ("EA", [], {}),
    "rule_retire": ("EA", lambda: [CategoryRule.objects.first().pk], {}),
    "job_turn": ("EA", lambda: [Job.objects.first().pk, "stop"], {}),
}
OPEN = {"login", "logout", "view_on_site"}  # for whoever comes; the last one only leads to a public page
OF_EVERY_MODEL = {"changelist", "add", "change", "delete", "history"}

REGISTERED = {model._meta.label_lower: registered for model, registered in admin.site._registry.items()}


@pytest.fixture
def people():
    """Role's letter -> a client that is logged in with that role and nothing else."""
    found = {}
    for letter, role in LETTERS.items():
        user = User.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        found[letter] = Client()
        found[letter].force_login(user)
        found[letter].user = user
    return found


def row(label):
    """A row of a model, made if there is none."""
    model = REGISTERED[label].model
    if label == "auth.group":
        return Group.objects.get_or_create(name="Another role")[0]
    if label == "axes.accessattempt":
        return model.objects.create(username="x", failures_since_start=1)
    if label == "axes.accesslog":
        return model.objects.create(username="x")
    if label == "admin.logentry":
        user = User.objects.first()
        return model.objects.log_actions(user.pk, [user], 2, "Looked at.", single_object=True)
    return model.objects.first()


def test_every_model_of_the_admin_is_in_the_table():
    assert set(REGISTERED) == set(MODELS)


def names_of_addresses():
    """Names of all addresses of the admin that are not the same five of every model."""
    found, waiting = set(), list(admin.site.urls[0])
    while waiting:
        pattern = waiting.pop()
        if hasattr(pattern, "url_patterns"):
            waiting += pattern.url_patterns
        elif pattern.name:
            found.add(pattern.name)
    standard = {f"{label.replace('.', '_')}_{page}" for label in REGISTERED for page in OF_EVERY_MODEL}
    return found - standard


def test_every_other_address_of_the_admin_is_in_the_table():
    assert names_of_addresses() == set(ADDRESSES) | OPEN


@pytest.mark.parametrize("label", MODELS)
def test_each_role_can_do_what_the_table_says_and_no_more(label, people):
    curated.one_of_each()
    registered, allowed = REGISTERED[label], MODELS[label]
    one, name = row(label), "admin:" + label.replace(".", "_")
    for letter, client in people.items():
        request = RequestFactory().get("/")
        request.user = client.user
        can = {
            "see": client.get(reverse(f"{name}_changelist")).status_code == 200,
            "add": client.get(reverse(f"{name}_add")).status_code == 200,
            "change": registered.has_change_permission(request, one),
            "delete": client.get(reverse(f"{name}_delete", args=[one.pk])).status_code == 200,
        }
        can |= {f"do {action}": True for action in registered.get_actions(request)}
        assert can["see"] == (client.get(reverse(f"{name}_change", args=[one.pk])).status_code == 200)
        assert can["see"] == (client.get(reverse(f"{name}_history", args=[one.pk])).status_code == 200)
        if not can["change"]:
            assert client.post(reverse(f"{name}_change", args=[one.pk]), {}).status_code == 403
        expected = {action for action, who in allowed.items() if letter in who}
        assert {action for action, may in can.items() if may} == expected, LETTERS[letter]


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_role_can_open_the_addresses_of_the_table_and_no_others(name, people):
    curated.one_of_each()
    who, arguments, data = ADDRESSES[name]
    arguments = arguments() if callable(arguments) else arguments
    for letter, client in people.items():
        status = client.get(reverse(f"admin:{name}", args=arguments), data).status_code
        # What is only done, and has no page, says so to who may do it.
        assert status in ((200, 302, 405) if letter in who else (403,)), (LETTERS[letter], status)


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - {"jsi18n"}))
def test_who_has_no_role_or_no_login_is_sent_to_the_login(name, client):
    curated.one_of_each()
    User.objects.create_superuser("root")
    _, arguments, data = ADDRESSES[name]
    arguments = arguments() if callable(arguments) else arguments
    address = reverse(f"admin:{name}", args=arguments)
    assert client.get(address, data).status_code == 302
    client.force_login(User.objects.create_user("reader of the site"))
    answer = client.get(address, data)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


# ---- withheld letters -------------------------------------------------------------------------------------------

OF_A_LETTER = {
    "case": "pk",
    "disputeditem": "case",
    "guidelinecitation": "item__case",
    "lettersource": "case",
    "parseissue": "case",
    "correction": "case",
    "readerreport": "case",
}


@pytest.mark.parametrize(("model", "path"), OF_A_LETTER.items())
def test_a_withheld_letter_is_there_for_privacy_officers_only(people, model, path):
    curated.one_of_each()
    case = Case.objects.filter(issues__isnull=False, items__citations__isnull=False).first()
    Correction.objects.update(case=case)
    ReaderReport.objects.update(case=case)
    Case.objects.filter(pk=case.pk).update(withheld=True)
    one = REGISTERED[f"determinations.{model}"].model.objects.filter(**{path: case.pk}).first()
    for letter, client in people.items():
        sees = letter in "PA"
        page = client.get(reverse(f"admin:determinations_{model}_change", args=[one.pk]))
        assert (page.status_code == 200) == sees, LETTERS[letter]
        assert sees or page.status_code in (302, 404)
        listed = client.get(reverse(f"admin:determinations_{model}_changelist"), {"pk__exact": one.pk})
        assert listed.context["cl"].result_list.filter(pk=one.pk).exists() == sees


# ---- the roles --------------------------------------------------------------------------------------------------

# The rights of the archive's own, as they are meant to be.
OWN = {
    "correct": "CEA",
    "assign_names": "CEA",
    "decide": "CEPA",
    "edit_names": "EA",
    "write_rules": "EA",
    "decide_many": "EA",
    "withhold": "PA",
    "redact": "PA",
}


@pytest.mark.parametrize(("codename", "who"), OWN.items())
def test_each_right_belongs_to_its_roles(people, codename, who):
    having = {letter for letter, client in people.items() if client.user.has_perm(f"determinations.{codename}")}
    assert having == set(who)


def test_every_right_that_a_model_defines_is_in_the_table_of_rights():
    standard = ("view_", "add_", "change_", "delete_")
    own = Permission.objects.filter(content_type__app_label="determinations").values_list("codename", flat=True)
    assert {name for name in own if not name.startswith(standard)} == set(OWN)


def test_every_permission_of_a_role_exists():
    known = {f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")}
    assert set().union(*roles().values()) <= known
    assert set(roles()) == set(ROLES)


def test_roles_are_put_right_by_migrate_and_other_groups_left_alone():
    curator, own = Group.objects.get(name=CURATOR), Group.objects.create(name="Interns")
    withhold = Permission.objects.get(codename="withhold")
    curator.permissions.add(withhold)
    own.permissions.add(withhold)
    Group.objects.get(name=READER).delete()
    call_command("migrate", verbosity=0)
    assert withhold not in curator.permissions.all()
    assert withhold in own.permissions.all()
    assert Group.objects.get(name=READER).permissions.count() == len(roles()[READER])


def test_an_administrator_can_change_no_superuser_and_make_none(people):
    superuser = User.objects.create_superuser("root", "", "a-long-enough-password")
    client = people["A"]
    page = reverse("admin:auth_user_change", args=[superuser.pk])
    assert client.post(page, {"username": "root", "is_active": ""}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[superuser.pk])).status_code == 403
    me = reverse("admin:auth_user_change", args=[client.user.pk])
    data = {"username": "me", "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": []}
    data |= {"last_login_0": "", "last_login_1": "", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert client.post(me, data).status_code == 302
    client.user.refresh_from_db()
    assert client.user.username == "me"
    assert not client.user.is_superuser


def test_a_role_that_is_shipped_is_shown_and_not_changed(people):
    page = reverse("admin:auth_group_change", args=[Group.objects.get(name=EDITOR).pk])
    assert people["A"].get(page).status_code == 200
    assert people["A"].post(page, {"name": "Another"}).status_code == 403


# ---- accounts ---------------------------------------------------------------------------------------------------


def create(*arguments, password="seven brown horses", monkeypatch=None):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    out = io.StringIO()
    call_command("createcurator", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "role"),
    [
        (["ann"], ADMINISTRATOR),  # the first account
        (["ann", "--role", "reader"], READER),
        (["ann", "--role", "Privacy Officer"], PRIVACY_OFFICER),
        (["ann", "--role", "privacy-officer"], PRIVACY_OFFICER),
    ],
)
def test_createcurator_makes_an_account_in_a_role(monkeypatch, client, arguments, role):
    said = create(*arguments, monkeypatch=monkeypatch)
    user = User.objects.get(username="ann")
    assert [group.name for group in user.groups.all()] == [role]
    assert user.is_staff
    assert not user.is_superuser
    assert user.check_password("seven brown horses")
    assert "/admin/login/" in said
    client.post("/admin/login/", {"username": "ann", "password": "seven brown horses"})
    assert client.get("/admin/").status_code == 200


def test_the_next_account_is_a_curators(monkeypatch):
    create("ann", monkeypatch=monkeypatch)
    create("bob", monkeypatch=monkeypatch)
    assert User.objects.get(username="bob").groups.get().name == CURATOR


def test_createcurator_takes_the_password_from_the_environment(monkeypatch):
    monkeypatch.setenv("IMR_CURATOR_PASSWORD", "eight brown horses")
    create("ann", password="", monkeypatch=monkeypatch)
    assert User.objects.get(username="ann").check_password("eight brown horses")


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("ann", "short", "too short"),
        ("ann", "password1234", "too common"),
        ("ann", "918273645546372819", "entirely numeric"),
        ("annabella.marsh", "annabella.marsh", "too similar"),
        ("ann", "", "too short"),
        ("ann lee!", "seven brown horses", "valid username"),
    ],
)
def test_createcurator_refuses_what_is_weak_or_no_name(monkeypatch, name, password, said):
    with pytest.raises(CommandError, match=said):
        create(name, password=password, monkeypatch=monkeypatch)
    assert not User.objects.exists()


def test_createcurator_refuses_a_name_that_is_taken_and_a_role_that_is_none(monkeypatch):
    create("ann", monkeypatch=monkeypatch)
    with pytest.raises(CommandError, match="already exists"):
        create("ann", monkeypatch=monkeypatch)
    with pytest.raises(CommandError, match="expected one of reader, curator"):
        create("bob", "--role", "boss", monkeypatch=monkeypatch)
    with pytest.raises(CommandError, match="Say which name"):
        create(monkeypatch=monkeypatch)


def test_nobody_has_a_right_without_a_login():
    assert not AnonymousUser().has_perm("determinations.view_case")
