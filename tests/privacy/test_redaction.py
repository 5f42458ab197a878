"""Privacy: words that are redacted are nowhere, and come back when that is lifted."""

import pytest
from django.core.exceptions import ValidationError

from determinations.corrections.applying import describe
from determinations.curation import correcting, privacy
from determinations.ingest import ingest_paths
from determinations.letters.redacting import MARK, Redacted, redacted, redacted_name, redacted_value
from determinations.models import CredentialWording, GuidelineWording, ParseIssue, ReaderReport, Redaction
from determinations.rereading import Choice, reread
from tests import secrets
from tests.privacy.doing import case, found, redact
from tests.secrets import NAME, NAME_WORDS, REDACTED

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Jane Doe came.", ["Jane Doe"], "[redacted] came."),
        ("JANE\n  doe’s knee", ["Jane Doe"], "[redacted]’s knee"),
        ("Janet Doe, Jane Doer", ["Jane Doe"], "Janet Doe, Jane Doer"),
        ("Jane_Doe", ["Doe"], "Jane_[redacted]"),
        ("Doe, doe. Doe", ["doe"], "[redacted], [redacted]. [redacted]"),
        ("Mr. O'Hara and O’Hara", ["O'Hara"], "Mr. [redacted] and [redacted]"),
        ("Quar-\nkenbush", ["Quarkenbush"], "[redacted]"),
        ("Quar\u00adken\u200bbush", ["Quarkenbush"], "[redacted]"),
        ("the griﬃn", ["Griffin"], "the [redacted]"),
        ("the griffin", ["griﬃn"], "the [redacted]"),
        ("Smith-\nJones", ["Smith-Jones"], "[redacted]"),
        ("Tel. (555) 010-2345.", ["(555) 010-2345"], "Tel. [redacted]."),
        ("a.b axb", ["a.b"], "[redacted] axb"),
        ("one two three", ["two", "one two"], "[redacted] three"),
        ("one two three", ["one two", "two three"], "[redacted]"),
        ("nothing", ["", "  "], "nothing"),
        ("", ["word"], ""),
    ],
)
def test_words_are_found_as_readers_find_them(text, words, expected):
    assert redacted(text, words) == expected
    assert redacted(expected, words) == expected


def test_words_are_found_over_the_foot_of_a_page():
    pages = [f"Line {n} of what the letter says about the matter in hand.\n" for n in range(40)]
    text = "".join(pages) + "She was seen by Zebulonia\n\nPage 2 of 5\n\nQuarkenbush in May.\n" + "".join(pages)
    assert "Quarkenbush" not in redacted(text, [NAME])
    assert "Zebulonia" not in redacted(text, [NAME])


def test_values_of_any_shape_are_redacted():
    value = {"Doe": ["Doe", {"a": "x Doe"}, 3, None, True], "b": "Doer"}
    expected = {"Doe": [MARK, {"a": f"x {MARK}"}, 3, None, True], "b": "Doer"}
    assert redacted_value(value, ["doe"]) == expected
    assert redacted_value(value, []) is value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/in/Doe_Jane-2016.pdf", "/in/[redacted]_[redacted]-2016.pdf"),
        ("doe.txt", "[redacted].txt"),
        ("Doerr.txt", "Doerr.txt"),
    ],
)
def test_names_of_files_are_redacted_word_by_word(name, expected):
    assert redacted_name(name, ["Jane Doe"]) == expected


def test_places_are_led_from_the_text_as_it_came_to_the_redacted_one_and_back():
    text = "Doe and Jane Doe, and the rest."
    one = Redacted.of(text, ["Jane Doe", "Doe"])
    assert one.text == f"{MARK} and {MARK}, and the rest."
    for word in ("and", "rest"):
        at = one.text.rindex(word)
        assert one.original_offset(at) == text.rindex(word)
        assert one.offset(text.rindex(word)) == at
    assert one.offset(text.index("Jane")) == one.offset(text.index("ane")) == one.text.rindex(MARK)
    assert one.original_offset(len(one.text)) == len(text)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "at least"),
        ("ab", "at least"),
        ("...", "at least"),
        ("x" * 501, "At most"),
        ("Nobody Of That Name", "No version"),
        ("[redacted]", "mark"),
        ("Redacted", "mark"),
        (REDACTED, "case number"),
        (REDACTED[-7:], "case number"),
    ],
)
def test_what_cannot_be_redacted_is_refused(letters, words, problem):
    with pytest.raises(ValidationError, match=problem):
        privacy.redact(case(REDACTED), words, "identity", "A name.", "officer")
    assert not Redaction.objects.exists()


def test_every_version_is_redacted_and_everything_comes_back(client, letters, commit):
    one = case(REDACTED)
    assert one.sources.count() == 2
    before = {source.version: source.text for source in one.sources.all()}
    summary, wordings = one.clinical_summary, set(GuidelineWording.objects.values_list("text", flat=True))
    credentials = set(CredentialWording.objects.values_list("text", flat=True))
    redaction = redact(commit)
    for source in one.sources.all():
        shown = client.get(f"/cases/{one.slug}/source/?version={source.version}").content.decode()
        assert "Quarkenbush" not in shown
        assert MARK in shown
        # By the hash of the whole the words could be guessed.
        assert source.sha256 not in shown
        assert source.original_text == before[source.version]
        assert "Quarkenbush" in "".join(words for words, gone in privacy.original(source) if gone)
    assert MARK in case(REDACTED).clinical_summary
    commit(privacy.lift_redaction, redaction, "officer")
    assert {source.version: source.text for source in one.sources.all()} == before
    assert case(REDACTED).clinical_summary == summary
    assert set(GuidelineWording.objects.values_list("text", flat=True)) >= wordings
    assert set(CredentialWording.objects.values_list("text", flat=True)) >= credentials
    assert found(NAME_WORDS[1]) > 0
    with pytest.raises(ValidationError, match="already"):
        privacy.lift_redaction(redaction, "officer")


def test_what_people_wrote_is_redacted_and_put_back(letters, commit):
    one, words = case(REDACTED), f"Of {NAME} it is said."
    key = one.items.first().key
    commit(
        correcting.correct, one.pk, [correcting.Change(key, "rationale", words)], why=f"So says {NAME}.", by="curator"
    )
    report = ReaderReport.objects.create(case=one, words=f"{NAME} is my neighbour.")
    issue = one.issues.first()
    ParseIssue.objects.filter(pk=issue.pk).update(note=f"Ask {NAME}", status="dismissed")
    place = one.current_source.text[issue.start : issue.end]
    first = redact(commit)
    correction = one.corrections.get()
    report.refresh_from_db()
    assert (correction.value, correction.why) == (f"Of {MARK} it is said.", f"So says {MARK}.")
    assert report.words == f"{MARK} is my neighbour."
    assert case(REDACTED).items.get(position=1).rationale == correction.value
    assert describe(correction)
    kept = ParseIssue.objects.get(note=f"Ask {MARK}")
    assert kept.status == "dismissed"
    assert kept.source.text[kept.start : kept.end] == redacted(place, [NAME])
    # What is written later with the words in it is redacted as it comes.
    change = correcting.Change(key, "rationale", f"{NAME} again")
    commit(correcting.correct, one.pk, [change], why="Later.", by="curator")
    assert one.corrections.get(retired_at=None).value == f"{MARK} again"
    commit(privacy.lift_redaction, first, "officer")
    report.refresh_from_db()
    assert report.words == f"{NAME} is my neighbour."
    assert one.corrections.exclude(retired_at=None).get().value == words
    assert one.corrections.get(retired_at=None).value == f"{MARK} again"
    assert ParseIssue.objects.filter(note=f"Ask {NAME}", status="dismissed").exists()


def test_of_two_redactions_one_is_lifted(letters, commit):
    one = case(REDACTED)
    report = ReaderReport.objects.create(case=one, words=f"{NAME} takes cyclobenzaprine")
    first, other = redact(commit), redact(commit, words="cyclobenzaprine")
    report.refresh_from_db()
    assert report.words == f"{MARK} takes {MARK}"
    commit(privacy.lift_redaction, first, "officer")
    report.refresh_from_db()
    assert report.words == f"{NAME} takes {MARK}"
    assert NAME in one.current_source.text
    assert "yclobenzaprine" not in one.current_source.text
    # What is written meanwhile is not undone when the rest is put back.
    ReaderReport.objects.filter(pk=report.pk).update(words=f"{MARK} of its own")
    commit(privacy.lift_redaction, other, "officer")
    report.refresh_from_db()
    assert report.words == f"{MARK} of its own"
    assert "yclobenzaprine" in one.current_source.text


def test_a_new_version_is_read_without_the_words(letters, commit, tmp_path):
    redact(commit)
    text = secrets.named_letter().replace("Upheld", "Overturned")
    path = tmp_path / f"Zebulonia Quarkenbush {REDACTED} amended.txt"
    path.write_text(text, encoding="utf-8")
    assert ingest_paths([path], jobs=1).counts["updated"] == 1
    one = case(REDACTED)
    assert one.sources.count() == 3
    assert one.current_source.version == 3
    assert one.current_source.original_text == text
    assert set(one.items.values_list("outcome", flat=True)) == {"Overturned"}
    assert [row for secret in NAME_WORDS for row in secrets.rows_with(secret)] == []
    assert found(NAME_WORDS[1]) == 0


def test_reading_again_changes_nothing_of_a_redacted_letter(letters, commit):
    redact(commit)
    report = reread(Choice(everything=True))
    assert report.comparison.changed == 0
