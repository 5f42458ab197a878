"""The curators' pages of names, rules and jobs: what each shows, does, refuses, and who may."""

import html
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from determinations import search
from determinations.curation import jobs, unresolved
from determinations.curation.working import work
from determinations.models import (
    Case,
    CategoryRule,
    CredentialWording,
    DisputedItem,
    Guideline,
    GuidelineCitation,
    GuidelineWording,
    Job,
    NameChange,
    Specialty,
    TreatmentCategory,
)
from determinations.search import DecisionQuery

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(client, sampled, django_capture_on_commit_callbacks):
    """Send a form; what waits for the commit is done."""

    def send(address, data, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data, **options)

    return send


def make(names, action):
    return reverse("admin:names_change", args=[names, action])


def stamp(page):
    return re.search(r'name="stamp" value="(\w+)"', page.content.decode())[1]


def text(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def do(press, curator, names, action, data, why="So it is called."):
    """Look at a change and make it; the page that it leads to."""
    seen = curator.get(make(names, action), data)
    assert seen.context["preview"], seen.context["form"].errors
    return press(make(names, action), data | {"stamp": stamp(seen), "why": why}, follow=True)


def test_wordings_that_wait_are_listed_with_letters_and_suggestions(curator, sampled):
    page = curator.get(reverse("admin:names_unresolved", args=["specialty"]))
    found = {row.wording.text: [one.name for one in row.suggestions] for row in page.context["rows"]}
    assert found["Family Practise"][0] == "Family Medicine"
    assert found["Pain Managment"][0] in ("Pain Medicine", "Pain Management")
    guidelines = curator.get(reverse("admin:names_unresolved", args=["guideline"])).context["rows"]
    counted = [row.letters for row in guidelines]
    assert counted == sorted(counted, reverse=True)
    for row in guidelines:
        letters = Case.objects.filter(items__citations__wording=row.wording).distinct().count()
        assert row.letters == letters


def test_they_are_found_by_their_words(curator, sampled):
    page = curator.get(reverse("admin:names_unresolved", args=["specialty"]), {"q": "managment pain"})
    assert [row.wording.text for row in page.context["rows"]] == ["Pain Managment"]
    assert not curator.get(reverse("admin:names_unresolved", args=["specialty"]), {"q": "xyz"}).context["rows"]


@pytest.mark.parametrize("by", ["record", "into"])
def test_one_click_assigns(by, curator, press):
    wording, record = (
        CredentialWording.objects.get(text="Family Practise"),
        Specialty.objects.get(name="Family Medicine"),
    )
    before = search.facets(DecisionQuery())["board"][str(record.pk)]
    data = {"wording": wording.pk, by: record.pk if by == "record" else "family medicine"}
    page = press(reverse("admin:names_unresolved", args=["specialty"]), data, follow=True)
    assert "“Family Practise” stands for Family Medicine: 1 letter(s)." in text(page)
    assert search.facets(DecisionQuery())["board"][str(record.pk)] > before
    assert wording.text not in [row.wording.text for row in page.context["rows"]]
    assert NameChange.objects.get().made_by == "curator"
    assert LogEntry.objects.get().object_id == str(NameChange.objects.get().pk)


def test_a_name_that_is_not_known_assigns_nothing(curator, press):
    wording = CredentialWording.objects.get(text="Family Practise")
    address = reverse("admin:names_unresolved", args=["specialty"])
    page = press(address, {"wording": wording.pk, "into": "Nobody’s"}, follow=True)
    assert "“Nobody’s” is no name that is known here." in text(page)
    assert not NameChange.objects.exists()


def test_a_wordings_page_shows_where_it_stands(curator, sampled):
    wording = GuidelineWording.objects.filter(guideline=None, citations__isnull=False).first()
    page = curator.get(reverse("admin:names_wording", args=["guideline", wording.pk]), follow=True)
    citation = wording.citations.first()
    assert citation.item.get_absolute_url() in page.content.decode()
    assert f"{citation.item.case.get_absolute_url()}source/" in page.content.decode()
    other = CredentialWording.objects.get(text="Family Practise")
    page = curator.get(reverse("admin:names_wording", args=["specialty", other.pk]), follow=True)
    assert "Family Practise" in page.context["places"][0].words


def test_places_in_withheld_letters_are_not_shown(sampled):
    wording = CredentialWording.objects.get(text="Family Practise")
    assert unresolved.places(wording)
    Case.objects.update(withheld=True)
    assert not unresolved.places(wording)
    assert not unresolved.places(GuidelineWording.objects.filter(guideline=None).first())


def test_a_join_is_looked_at_made_and_undone(curator, press):
    kept, gone = Specialty.objects.get(name="Internal Medicine"), Specialty.objects.get(name="Family Medicine")
    before = search.facets(DecisionQuery())["board"]
    data = {"record": gone.pk, "into": "Internal Medicine"}
    page = do(press, curator, "specialty", "join", data)
    assert "Family Medicine joined to Internal Medicine" in text(page)
    assert not Specialty.objects.filter(pk=gone.pk).exists()
    counted = search.facets(DecisionQuery())["board"]
    assert counted[str(kept.pk)] == before[str(kept.pk)] + before[str(gone.pk)]
    change = NameChange.objects.get()
    assert change.why == "So it is called."
    undo = reverse("admin:names_undo", args=[change.pk])
    assert undo in page.content.decode()
    press(undo, {"stamp": stamp(curator.get(undo))})
    assert search.facets(DecisionQuery())["board"] == before
    assert "was undone already" in text(press(undo, {"stamp": "x"}, follow=True))
    assert LogEntry.objects.count() == 2


ACTIONS = {
    "rename": ("guideline", lambda: {"record": Guideline.objects.first().pk, "name": "Another"}),
    "place a specialty": ("specialty", lambda: {
        "record": Specialty.objects.get(name="Neurology").pk, "kind": "subspecialty",
        "parents": [Specialty.objects.get(name="Internal Medicine").pk],
    }),
    "place a guideline": ("guideline", lambda: {"record": Guideline.objects.first().pk, "family": "Elsewhere"}),
    "place a category": ("treatment", lambda: {
        "record": TreatmentCategory.objects.get(slug="rehabilitation/pt-ot").pk,
        "parent": TreatmentCategory.objects.get(slug="therapies").pk,
    }),
    "split": ("guideline", lambda: {
        "record": (row := Guideline.objects.filter(wordings__isnull=False).first()).pk,
        "wordings": [row.wordings.first().pk], "name": "A Part",
    }),
    "create of a wording": ("guideline", lambda: {
        "wording": GuidelineWording.objects.filter(guideline=None).first().pk, "name": "New", "family": "Other",
    }),
    "create": ("treatment", lambda: {"name": "Robots", "parent": ""}),
    "assign": ("specialty", lambda: {
        "wording": CredentialWording.objects.get(text="Family Practise").pk, "into": "Family Medicine",
    }),
}  # fmt: skip


@pytest.mark.parametrize(("action", "told"), [(name.split()[0], told) for name, told in ACTIONS.items()], ids=ACTIONS)
def test_every_change_can_be_made_on_its_page(action, told, curator, press):
    names, data = told[0], told[1]()
    page = do(press, curator, names, action, data)
    change = NameChange.objects.get()
    assert (change.kind, change.names) == (action, names)
    assert change.summary in text(page)
    assert not Case.objects.awaiting_index().exists()


def test_a_change_that_was_overtaken_is_shown_anew_and_not_made(curator, press):
    record = Guideline.objects.first()
    data = {"record": record.pk, "name": "Another"}
    seen = stamp(curator.get(make("guideline", "rename"), data))
    Guideline.objects.filter(pk=record.pk).update(name="Meanwhile")
    page = press(make("guideline", "rename"), data | {"stamp": seen})
    assert "The names have changed since you looked" in text(page)
    assert page.context["preview"]
    assert not NameChange.objects.exists()


@pytest.mark.parametrize(
    ("names", "action", "data", "says"),
    [
        ("specialty", "rename", {"name": "Internal Medicine"}, "of that name already"),
        ("specialty", "rename", {"name": ""}, "This field is required"),
        ("specialty", "join", {"into": "Nothing of the Kind"}, "is no name that is known here"),
        ("specialty", "join", {"into": "Neurology"}, "two different names"),
        ("specialty", "split", {"name": "Half"}, "This field is required"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(names, action, data, says, curator, sampled):
    record = Specialty.objects.get(name="Neurology")
    page = curator.get(make(names, action), {"record": record.pk} | data)
    assert page.status_code == 200
    assert says in text(page)
    assert not page.context.get("preview")


@pytest.mark.parametrize(
    "path",
    [
        "make/body/rename/?record=1", "make/specialty/spell/?record=1",
        "make/specialty/burn/?record=1", "make/specialty/rename/?record=999999",
        "make/specialty/rename/?record=x", "make/specialty/rename/", "make/specialty/assign/", "waiting/treatment/",
        "waiting/body/", "wording/specialty/999999/", "999999/undo/", "make/specialty/rename/?record=²",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(path, curator, sampled):
    assert curator.get(f"/admin/determinations/namechange/{path}").status_code == 404


# ---- rules and jobs -----------------------------------------------------------------------------------------------


def test_a_rule_is_looked_at_made_followed_and_retired(curator, press):
    category = TreatmentCategory.objects.get(slug="home-health")
    data = {"pattern": "therapy", "category": category.pk}
    page = curator.get(reverse("admin:rule_make"), data)
    effect = page.context["effect"]
    assert effect.takes
    page = press(reverse("admin:rule_make"), data | {"why": "They are."}, follow=True)
    assert "Rule made: therapy → Home Health." in text(page)
    job = Job.objects.get()
    shown = curator.get(reverse("admin:determinations_job_change", args=[job.pk]))
    assert "Headings follow a rule" in text(shown)
    work()
    before = DisputedItem.objects.filter(filed_under=category).count()
    assert before >= effect.takes
    rule = CategoryRule.objects.get()
    retire = reverse("admin:rule_retire", args=[rule.pk])
    assert curator.get(retire).context["effect"].takes == effect.takes
    press(retire, {})
    work()
    assert DisputedItem.objects.filter(filed_under=category).count() == before - effect.takes
    assert "was retired already" in text(press(retire, {}, follow=True))
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"pattern": "phy*io", "category": "1"}, "A * stands at the end of a word"),
        ({"pattern": "", "category": "1"}, "This field is required"),
        ({"pattern": "brace", "category": "0"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(data, says, curator, sampled):
    if data["category"] == "1":
        data = data | {"category": TreatmentCategory.objects.first().pk}
    for page in (curator.get(reverse("admin:rule_make"), data), curator.post(reverse("admin:rule_make"), data)):
        assert says in text(page)
    assert not CategoryRule.objects.exists()


def test_work_is_stopped_and_gone_on_with(curator, press):
    job = jobs.begin("index", by="mary", total=10)
    turn = {action: reverse("admin:job_turn", args=[job.pk, action]) for action in ("stop", "go-on")}
    page = text(press(turn["stop"], {}, follow=True))
    assert "It stops after the step that it is at." in page
    assert "0 of 10 letters, stopped" in page
    assert "0 of 10 letters, waiting" in text(press(turn["go-on"], {}, follow=True))
    assert curator.get(turn["stop"]).status_code == 302
    job.refresh_from_db()
    assert job.state == "waiting", "a visit stops nothing"


# ---- who may ------------------------------------------------------------------------------------------------------

PAGES = {
    "assign_names": ["/admin/determinations/namechange/waiting/specialty/", "make:specialty/assign/?wording={wording}"],
    "edit_names": [
        "make:specialty/rename/?record={record}", "make:specialty/create/", "make:specialty/join/?record={record}",
    ],
    "write_rules": ["/admin/determinations/categoryrule/make/"],
}  # fmt: skip


@pytest.mark.parametrize(("permission", "page"), [(name, page) for name, pages in PAGES.items() for page in pages])
@pytest.mark.parametrize("held", [*PAGES, ""])
def test_each_page_needs_its_permission(permission, page, held, client, django_user_model, sampled):
    user = django_user_model.objects.create_user("mary", is_staff=True)
    if held:
        user.user_permissions.add(Permission.objects.get(codename=held))
    client.force_login(user)
    page = page.replace("make:", "/admin/determinations/namechange/make/").format(
        wording=CredentialWording.objects.first().pk, record=Specialty.objects.first().pk
    )
    expected = 200 if held == permission else 403
    assert client.get(page).status_code == expected
    if expected == 403:
        assert client.post(page.split("?")[0], {"record": "1", "wording": "1"}).status_code == 403


def test_visitors_are_sent_to_the_login(client, sampled):
    for page in (reverse("admin:names_unresolved", args=["specialty"]), reverse("admin:rule_make")):
        assert client.get(page)["Location"].startswith("/admin/login/")


def test_the_pages_keep_to_the_policy(curator, sampled):
    record = Guideline.objects.filter(wordings__isnull=False).first()
    pages = [
        reverse("admin:names_unresolved", args=["guideline"]),
        f"{make('guideline', 'split')}?record={record.pk}",
        f"{make('guideline', 'join')}?record={record.pk}",
        reverse("admin:rule_make"),
        reverse("admin:determinations_guideline_change", args=[record.pk]),
    ]
    for path in pages:
        content = curator.get(path).content.decode()
        assert "<script>" not in content
        assert not re.search(r"\son\w+=", content)
        assert " style=" not in content


def test_what_letters_say_is_escaped(curator, sampled):
    GuidelineWording.objects.create(text="<img src=x onerror=alert(1)>")
    wording = GuidelineWording.objects.get(text__startswith="<img")
    item = DisputedItem.objects.first()
    GuidelineCitation.objects.create(
        item=item, side="reviewer", position=99, text="<b>", mtus=False, family="x", wording=wording
    )
    for path in (
        reverse("admin:names_unresolved", args=["guideline"]),
        f"{make('guideline', 'assign')}?wording={wording.pk}",
    ):
        content = curator.get(path).content.decode()
        assert "<img src=x" not in content
        assert "&lt;img" in content


@pytest.mark.parametrize(("state", "shown"), [("", 2), ("in-force", 1), ("retired", 1), ("nonsense", 2)])
def test_rules_are_listed_by_whether_they_are_in_force(sampled, curator, state, shown):
    category = TreatmentCategory.objects.get(slug="surgery")
    CategoryRule.objects.create(pattern="one thing", category=category, made_by="mary")
    CategoryRule.objects.create(pattern="another", category=category, made_by="mary", retired_at=timezone.now())
    page = curator.get(reverse("admin:determinations_categoryrule_changelist"), {"state": state} if state else {})
    assert len(page.context["cl"].result_list) == shown
    assert "In force" in page.text
