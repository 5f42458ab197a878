"""The review queue: its lists, and one question at a time for each curator."""

import pytest
from django.utils import timezone

from determinations.curation.queue import lists
from determinations.curation.queue.deciding import ACTIONS, decide
from determinations.curation.queue.kinds import KINDS, waiting
from determinations.curation.queue.lists import Whose, take_next
from determinations.models import Case, CredentialWording, ParseIssue
from tests.queue.rows import first, many_of, wanted

pytestmark = pytest.mark.django_db


# ---- lists -----------------------------------------------------------------------------------------------------


def ids(found):
    return [entry.row.pk for entry in found.entries]


def test_pages_hold_every_row_once(queue):
    many_of(queue, 45)
    met, after = [], 0
    while after is not None:
        found = lists.page(wanted("uncategorised"), after)
        met += ids(found)
        after = found.after
    assert met == list(ParseIssue.objects.filter(code="uncategorised").order_by("pk").values_list("pk", flat=True))


def test_filters(queue, people):
    mine, other = ParseIssue.objects.filter(code="uncategorised").order_by("pk")
    decide(KINDS["uncategorised"], mine.pk, ACTIONS["assign"], by="eva", to="ana")
    elsewhere = Case.objects.get(slug="cm17-0990014")
    third = ParseIssue.objects.create(
        case=elsewhere, source=elsewhere.current_source, code="uncategorised", message="There.", start=0, end=0
    )
    for more, expected in (
        ({}, [mine, other, third]),
        ({"whose": Whose.MINE}, [mine]),
        ({"whose": Whose.NOBODYS}, [other, third]),
        ({"number": "cm17-0990014"}, [third]),
        ({"number": " CM16-0990003 "}, [mine, other]),
        ({"number": "CM99"}, []),
        ({"status": "asked"}, []),
        ({"whose": Whose.MINE, "number": "CM17-0990014"}, []),
    ):
        assert ids(lists.page(wanted("uncategorised", **more))) == [row.pk for row in expected], more


def test_letters_that_are_withheld_are_for_privacy_officers_alone(queue):
    Case.objects.filter(pk=queue.pk).update(withheld=True)
    issue = first("uncategorised")
    assert lists.page(wanted("uncategorised")).entries == ()
    assert take_next(wanted("uncategorised")) is None
    assert lists.entry(KINDS["uncategorised"], issue.pk) is None
    assert len(lists.page(wanted("uncategorised", withheld=True)).entries) == 2
    assert lists.entry(KINDS["uncategorised"], issue.pk, withheld=True).row == issue


def test_wordings_stand_in_the_order_of_the_letters_they_touch():
    for slug, path in (
        ("guideline-wordings", "citations__item__case"), ("credential-wordings", "reviewers__cases"),
    ):  # fmt: skip
        page = lists.page(wanted(slug), size=500)
        letters = {
            wording.pk: len(set(type(wording).objects.filter(pk=wording.pk).values_list(path, flat=True)) - {None})
            for wording in KINDS[slug].rows()
        }
        assert [(entry.row.pk, entry.letters) for entry in page.entries] == sorted(
            letters.items(), key=lambda one: (-one[1], one[0])
        )
        small, after = [], 0
        while after is not None:
            found = lists.page(wanted(slug), after, size=3)
            small, after = small + ids(found), found.after
        assert small == ids(page)


def test_a_wording_that_has_a_name_waits_no_more(queue):
    wording = first("credential-wordings")
    CredentialWording.objects.filter(pk=wording.pk).update(
        specialty=CredentialWording.objects.exclude(specialty=None).first().specialty
    )
    assert waiting()["credential-wordings"].open == 1


def test_the_words_in_question_with_what_stands_around_them(queue):
    issue = first("uncategorised")
    text = issue.source.text
    quote = lists.entry(KINDS["uncategorised"], issue.pk).quote
    assert quote.words.split() == text[100:112].split()
    assert (quote.before.split(), quote.cut_before) == (text[:100].split(), False)
    assert " ".join(text[112:].split()).startswith(" ".join(quote.after.split()))
    assert "\n\n" not in quote.before + quote.words + quote.after
    assert quote.cut_after
    short = lists.page(wanted("uncategorised")).entries[0].quote
    assert len(short.before) <= 90 < len(quote.before)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (10**9, 10**9), (0, 5), (10, 10**9)])
def test_places_that_are_no_place_fail_nothing(queue, start, end):
    issue = first("uncategorised")
    ParseIssue.objects.filter(pk=issue.pk).update(start=start, end=end)
    found = lists.entry(KINDS["uncategorised"], issue.pk)
    assert (found.quote is None) == (end == 0)
    assert found.quote is None or len(found.quote.words) < 1_300


# ---- one at a time ---------------------------------------------------------------------------------------------


def test_two_curators_never_get_the_same(queue):
    many_of(queue, 8)
    taken = {"ana": [], "ben": []}
    for _ in range(5):
        for name, rows in taken.items():
            rows.append(take_next(wanted("uncategorised", by=name), rows[-1] if rows else 0))
    assert len({*taken["ana"], *taken["ben"]}) == 10
    assert take_next(wanted("uncategorised", by="ana"), taken["ana"][-1]) is None
    assert set(ParseIssue.objects.filter(assigned_to__username="ben").values_list("pk", flat=True)) == set(taken["ben"])


def test_what_somebody_has_taken_comes_first_to_him_again(queue):
    pk = take_next(wanted("uncategorised", by="ana"))
    assert take_next(wanted("uncategorised", by="ana")) == pk
    assert take_next(wanted("uncategorised", by="ben")) != pk


def test_who_is_overtaken_gets_the_one_after(queue, monkeypatch):
    """Another curator takes the row between the look at the list and the taking."""
    one, other = ParseIssue.objects.filter(code="uncategorised").order_by("pk")
    look = lists._ids

    def overtaken(*arguments):
        found = list(look(*arguments))
        ParseIssue.objects.filter(pk=one.pk).update(assigned_to=lists.person("ben"), assigned_at=timezone.now())
        return iter(found)

    monkeypatch.setattr(lists, "_ids", overtaken)
    assert take_next(wanted("uncategorised", by="ana")) == other.pk
