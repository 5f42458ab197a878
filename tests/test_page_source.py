"""/cases/<slug>/source/: the text as it came, with the words of every value marked and linked both ways."""

import time
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from determinations import source_text
from determinations.ingest import ingest_paths
from determinations.letters import PARSER_VERSION, Citation, Credential, Found, Issue, Outcome, Span, parse_letter
from determinations.letters.accounting import account
from determinations.letters.facts import Amount, BodyPart, Frequency, NamedDrug, PriorTreatment, Reason
from determinations.models import LetterSource, ParseIssue
from determinations.source_text import label
from tests.conftest import SAMPLES
from tests.letters.builder import Parts, letter_2016, single_spaced
from tests.pages import page

pytestmark = pytest.mark.django_db

LETTER = SAMPLES / "CM16-0990003.txt"
ADDRESS = "/cases/cm16-0990003/source/"


class Marked(HTMLParser):
    """The <pre> of a source page: its whole text, the text within each id, and its links with their words."""

    def __init__(self, response):
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.within: dict[str, str] = {}
        self.links: list[tuple[str, str]] = []
        self.stops: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._in = False
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "pre":
            self._in = True
        elif self._in:
            self._open.append((tag, attributes.get("id", "")))
            if attributes.get("id"):
                self.within[attributes["id"]] = ""
            if tag == "a":
                assert [kind for kind, _ in self._open].count("a") == 1, "a link in a link"
                self.links.append((attributes["href"], ""))
                if attributes.get("tabindex") != "-1":
                    self.stops.append(attributes["href"])

    def handle_endtag(self, tag):
        if tag == "pre":
            self._in = False
        elif self._in:
            self._open.pop()

    def handle_data(self, data):
        if not self._in:
            return
        self.text += data
        for tag, name in self._open:
            if name:
                self.within[name] += data
            if tag == "a":
                self.links[-1] = (self.links[-1][0], self.links[-1][1] + data)


def visit(client, address=ADDRESS):
    response = client.get(address)
    assert response.status_code == 200
    return page(response), Marked(response)


def take_in(folder, text):
    (folder / "letter.txt").write_text(text, encoding="utf-8")
    ingest_paths([folder / "letter.txt"], jobs=1)
    return LetterSource.objects.get()


# ---- the text -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("CM*.txt")), ids=lambda path: path.stem)
def test_the_text_is_shown_as_it_came_and_every_fields_words_are_marked(client, path):
    text = path.read_text(encoding="utf-8")
    found, marks = visit(client, f"/cases/{path.stem.lower()}/source/")
    assert marks.text.removeprefix("\n") == text
    letter = parse_letter(text)
    pieces = account(text, letter)
    for field in {name for piece in pieces for name in piece.fields}:
        anchor = field.replace(".", "-")
        assert f"#words-{anchor}" in found.links, "the value leads to its words"
        assert f"field-{anchor}" in found.ids
        expected = "".join(text[p.span.start : p.span.end] for p in pieces if field in p.fields)
        assert expected.startswith(marks.within[f"words-{anchor}"])
    # Every word of a field leads to it, and nothing else is linked.
    linked = [(href, words) for href, words in marks.links if words]
    assert linked == [
        (f"#field-{piece.name.replace('.', '-')}", text[piece.span.start : piece.span.end])
        for piece in pieces
        if piece.kind == "field" and text[piece.span.start : piece.span.end].strip()
    ]


def test_every_link_within_the_page_leads_somewhere(client):
    found, marks = visit(client, "/cases/cm17-0990014/source/")
    anchors = [link[1:] for link in found.links if link.startswith("#")]
    assert len(anchors) > 40
    assert set(anchors) <= set(found.ids) | {"main"}
    assert len(marks.stops) == len(set(marks.stops)), "a field is one stop of the Tab key"


def test_the_values_are_said_in_words(client):
    found, _ = visit(client)
    for expected in (
        "Case number CM16-0990003",
        "Decision date November 10, 2016",
        "Item 1 of",
        "Reviewer’s credentials",
    ):
        assert expected in found.text


def test_the_text_alone_is_a_plain_file(client):
    response = client.get("/cases/cm16-0990003/source.txt")
    assert (response.status_code, response.content) == (200, LETTER.read_bytes())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_letter_and_text_lead_to_each_other(client):
    letter = page(client.get("/cases/cm16-0990003/"))
    assert {ADDRESS, f"{ADDRESS}#words-items-0-treatment", "/cases/cm16-0990003/source.txt"} <= set(letter.links)
    found, _ = visit(client)
    assert "/cases/cm16-0990003/" in found.links
    assert "words-items-0-treatment" in found.ids


def test_an_address_in_capitals_leads_to_the_text(client):
    response = client.get("/cases/CM16-0990003/source/")
    assert (response.status_code, response["Location"]) == (301, ADDRESS)


def test_the_page_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(ADDRESS)


# ---- questions ------------------------------------------------------------------------------------------------------
def test_questions_are_marked_and_linked_both_ways(client):
    found, marks = visit(client, "/cases/cm17-0990014/source/")
    assert "The heading says Upheld, the reasons find the request necessary." in found.text
    assert ("#question-a", "") in marks.links
    assert "#words-a" in found.links
    assert marks.within["words-a"] == marks.within["words-items-0-conclusion"]


def test_words_that_nothing_was_read_from_are_marked(client, empty_archive, tmp_path):
    take_in(tmp_path, LETTER.read_text().replace("HOW THE IMR", "A word that none has read\n\nHOW THE IMR", 1))
    found, marks = visit(client)
    assert "Nothing was read from these words: 'A word that none has read'." in found.text
    assert marks.within["words-a"] == "A word that none has read"


def test_a_question_without_words_has_its_place(client, empty_archive, tmp_path):
    text = single_spaced([one for one in letter_2016(Parts()) if not one[0].startswith("CLINICAL CASE SUMMARY")])
    take_in(tmp_path, text)
    found, marks = visit(client, "/cases/cm16-0777001/source/")
    assert "The section 'summary' of the form is not in the letter." in found.text
    assert marks.within["words-a"] == ""


def test_a_question_that_a_curator_settled_says_so(client):
    ParseIssue.objects.filter(case__slug="cm17-0990014").update(status="dismissed")
    found, _ = visit(client, "/cases/cm17-0990014/source/")
    assert "Settled by a curator" in found.text


def test_marks_that_overlap_are_cut_so_that_each_closes_in_its_place(client, empty_archive, tmp_path, monkeypatch):
    """Questions may begin in one field and end in another."""
    text = LETTER.read_text()
    real = parse_letter(text)
    spans = [
        Span(3, 60),
        Span(30, 200),
        Span(200, 200),
        Span(150, 1500),
        Span(0, len(text)),
        Span(len(text), len(text)),
    ]
    issues = tuple(Issue("test", "Overlaps.", span) for span in spans)
    take_in(tmp_path, text)
    letter = type(real)(**{name: getattr(real, name) for name in real.__dataclass_fields__} | {"issues": issues})
    monkeypatch.setattr(source_text, "parse_letter", lambda _: letter)
    found, marks = visit(client)  # which fails on tags that close nothing, links in links and ids that stand twice
    assert marks.text.removeprefix("\n") == text
    assert {f"words-{name}" for name in "abcdef"} <= set(found.ids)


# ---- versions -------------------------------------------------------------------------------------------------------
def test_versions_of_an_amended_letter(client, empty_archive, tmp_path):
    amended = LETTER.read_text().replace("Overturned", "Upheld")
    (tmp_path / "amended.txt").write_text(amended)
    ingest_paths([LETTER, tmp_path])
    assert f"{ADDRESS}?version=1" in page(client.get("/cases/cm16-0990003/")).links
    first, words = visit(client, f"{ADDRESS}?version=1")
    current, amended_words = visit(client)
    assert "1 of 2, superseded" in first.text
    assert "This is an earlier version of the letter." in first.text
    assert "2 of 2, current" in current.text
    assert "Overturned" in [text for name, text in words.within.items() if name.endswith("-outcome")]
    assert "Overturned" not in [text for name, text in amended_words.within.items() if name.endswith("-outcome")]
    assert client.get("/cases/cm16-0990003/source.txt?version=1").content == LETTER.read_bytes()
    for bad in ("3", "0", "x", "%00", "1.0", "01", "-1", "99999999999999999999", "\u0661"):
        assert client.get(f"{ADDRESS}?version={bad}").status_code == 404
        assert client.get(f"/cases/cm16-0990003/source.txt?version={bad}").status_code == 404


def test_a_reading_by_another_parser_is_said(client):
    assert "parser version 1 read" not in visit(client)[0].text
    LetterSource.objects.filter(case__slug="cm16-0990003").update(parser_version=1)
    found, _ = visit(client)
    assert f"parser version 1 read. The marks here are those of today’s, version {PARSER_VERSION}" in found.text


# ---- what a letter may hold -----------------------------------------------------------------------------------------
HOSTILE = '<script>alert("x")</script><img src=x onerror=y></pre>&amp;'


@pytest.mark.parametrize("place", ["Decision rationale:", "HOW THE IMR", "Case Number:", "State(s) of Licensure:"])
def test_hostile_text_is_escaped_wherever_it_stands(client, empty_archive, tmp_path, place):
    text = LETTER.read_text().replace(place, f"{HOSTILE} {place} {HOSTILE}", 1)
    case = take_in(tmp_path, text).case
    for path in (case.get_absolute_url(), f"{case.get_absolute_url()}source/", "/decisions/?q=alert"):
        response = client.get(path)
        page(response)
        assert b"<script>alert" not in response.content
        assert b"<img" not in response.content
    assert Marked(client.get(f"{case.get_absolute_url()}source/")).text.removeprefix("\n") == text
    assert client.get(f"{case.get_absolute_url()}source.txt")["X-Content-Type-Options"] == "nosniff"


@pytest.mark.any_database
def test_a_text_far_longer_than_any_letter_is_cut_and_says_so(client, empty_archive, tmp_path):
    text = single_spaced(letter_2016(Parts(), summary=["The worker rests. " * 300_000]))
    assert 5_000_000 < len(text) < 10_000_000
    source = take_in(tmp_path, text)
    started = time.monotonic()
    found, marks = visit(client, "/cases/cm16-0777001/source/")
    assert time.monotonic() - started < 5
    assert f"This text has {len(text):,} characters" in found.text
    assert marks.text.removeprefix("\n") == text[: source_text.LONGEST_SHOWN]
    assert client.get("/cases/cm16-0777001/source.txt").content.decode() == source.text


@pytest.mark.any_database
def test_thousands_of_items_are_shown_in_time(client, empty_archive, tmp_path):
    take_in(tmp_path, single_spaced(letter_2016(*[Parts(treatment="MRI", rationale="Not now.")] * 1_000)))
    started = time.monotonic()
    found, _ = visit(client, "/cases/cm16-0777001/source/")
    assert time.monotonic() - started < 10
    assert len(found.ids) > 2_000


# ---- values and labels ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("case_number", "Case number"),
        ("dates.ur_denial", "UR denial date"),
        ("items.3.rationale", "Reasons"),
        ("items.0.reviewer.citations.1", "Reviewer’s guideline 2"),
        ("items.0.request.body_parts.0", "Body part 1"),
        ("items.0.something_new.4", "Something new 5"),
    ],
)
def test_a_field_has_a_name_for_people_also_if_the_table_does_not_know_it(path, expected):
    assert label(path) == expected


SOMEWHERE = Span(0, 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Found("as printed", SOMEWHERE), "as printed"),
        (Found(date(2017, 1, 3), SOMEWHERE), "January 3, 2017"),
        (Found(Outcome.UPHELD, SOMEWHERE), "Upheld"),
        (Found(Amount(Decimal(12), "visit"), SOMEWHERE), "12 visits"),
        (Found(Amount(Decimal(3), "week", low=Decimal(2)), SOMEWHERE), "2–3 weeks"),
        (Found(Amount(Decimal(1), "tablet"), SOMEWHERE), "1 tablet"),
        (Found(Frequency(Decimal(3), "week"), SOMEWHERE), "3 a week"),
        (Credential("Orthopedic Surgery", "Orthopaedic Surgery", SOMEWHERE), "Orthopaedic Surgery"),
        (Credential("Unheard of", None, SOMEWHERE), "Unheard of"),
        (Citation("A Book, p. 3", False, "A Book", None, "Knees", ("3",), "A Book", SOMEWHERE), "A Book, p. 3"),
        (Citation("ODG Knee, MRI", False, "ODG", "ODG Knee", "MRI", ("3",), "ODG", SOMEWHERE), "ODG Knee, MRI, 3"),
        (BodyPart("shoulder", "left", SOMEWHERE), "shoulder, left"),
        (NamedDrug("Norco", "hydrocodone", "Opioids", SOMEWHERE), "hydrocodone"),
        (PriorTreatment("acupuncture", 6, SOMEWHERE), "acupuncture, 6"),
        (Reason("no-functional-improvement", SOMEWHERE), "no-functional-improvement"),
        (None, ""),
    ],
)
def test_a_value_of_any_kind_is_shown_in_a_few_words(value, expected):
    assert source_text.shown(value) == expected
