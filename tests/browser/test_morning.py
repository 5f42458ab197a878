"""A curator's morning, from the login to the move: what is decided shows at once, outlives a better parser, and can be
carried to an archive that is built from nothing.

It runs on each kind of database: two real archives with real processes, the first behind the real web server.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice

import pytest
from playwright.sync_api import expect

from bench import corpus
from tests.archives import archive
from tests.conftest import SAMPLES
from tests.servers import site
from tests.test_moving import without_head

pytestmark = [pytest.mark.every_database, pytest.mark.processes]

PASSWORD = "seven brown horses"
PEOPLE = {"ada": "editor", "ben": "curator", "pia": "privacy-officer"}
CERTIFICATION, SPECIALTY = "Practice of Whole Households", "Family Medicine"  # the one is printed, the other meant
FORTY = 40
NAME = "Thaddeus Quillfeather"
CONTRADICTION = "cm17-0990014"  # its heading says Upheld, its reasons find the request necessary
WITHHELD = "CM16-0990008"
JOINED, KEPT = (f"Chronic Pain Medical Treatment Guidelines ({year})" for year in (2009, 2016))
OLD_ADDRESS = "/guidelines/chronic-pain-medical-treatment-guidelines-2009/"

_PRINTED = re.compile(r"(?<=Certification\(s\)/Specialty: ).*(?= \n\n \n)")  # that stands on one line
_MAKE_PEOPLE = f"""
import os
from django.core.management import call_command
os.environ["IMR_CURATOR_PASSWORD"] = {PASSWORD!r}
for name, role in {PEOPLE!r}.items():
    call_command("createcurator", name, "--role", role)
"""
# As an older parser might have left it: every letter has to be written anew.
_OLDER_PARSER = """
from determinations.letters import PARSER_VERSION
from determinations.models import Case, DisputedItem, LetterSource
LetterSource.objects.update(parser_version=PARSER_VERSION - 1)
Case.objects.update(clinical_summary="Read badly.")
DisputedItem.objects.update(outcome="", rationale="Read badly.")
"""
_WALK = """
import json
from pathlib import Path
from django.conf import settings
from django.test import Client
from tests.public_site import body, everything, indexed
settings.LIMITS = dict.fromkeys(settings.LIMITS, "")
client = Client(SERVER_NAME="localhost")
withheld = "/cases/{withheld}/"
said = {{"pages": everything(client), "withheld": body(client, withheld), "index": indexed()}}
Path({path!r}).write_text(json.dumps(said, sort_keys=True), encoding="utf-8")
"""


# ---- the letters ------------------------------------------------------------------------------------------------


def write_letters(folder):
    """Forty letters of a certification that nobody knows, and one with a name in it; returns its address."""
    folder.mkdir()
    alike = (
        (name, text)
        for name, text in corpus.letters(1_000)
        if text.count("Decision rationale: ") == 1 and _PRINTED.search(text)
    )
    for name, text in islice(alike, FORTY):
        (folder / name).write_text(_PRINTED.sub(CERTIFICATION, text), encoding="utf-8")
    name, text = next(alike)
    text = text.replace("The patient is a", f"Mr. {NAME} is a")
    text = text.replace("Decision rationale: ", f"Decision rationale: The therapist of {NAME} wrote a report. ")
    assert text.count(NAME) == 2
    (folder / name).write_text(text, encoding="utf-8")
    return f"/cases/{name.removesuffix('.txt').lower()}/"


def build(made, letters):
    """What a new archive begins with: the shipped names, three people, the letters."""
    made.run("prepare")
    made.run("shell", "--verbosity", "0", "--command", _MAKE_PEOPLE)
    made.run("ingest", "--jobs", "1", str(SAMPLES), str(letters))


# ---- the pages, as a person sees them ---------------------------------------------------------------------------


@dataclass
class Morning:
    """The site, a browser window for each person, and what was decided, to be looked for again later."""

    url: str
    browser: object
    named: str  # the address of the letter with a name in it
    pages: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    decided: list = field(default_factory=list)  # state, case number, and what its row in the queue says
    of_specialty: tuple[int, int] = (0, 0)  # decisions and letters of the specialty, once it is given

    def page(self, name="visitor"):
        """The window of a person; the visitor's is not logged in."""
        if name not in self.pages:
            page = self.pages[name] = self.browser.new_context(base_url=self.url).new_page()
            page.set_default_timeout(20_000)
            page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: self._note(str(error)))
        return self.pages[name]

    def close(self):
        for page in self.pages.values():
            page.context.close()

    def _note(self, problem):
        if "status of 410" not in problem:  # of a letter that is withheld, which is looked for
            self.problems.append(problem)

    def log_in(self, name):
        page = self.page(name)
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("link", name="Review queue")).to_be_visible()
        return page

    def counted(self, asked=""):
        """Decisions and letters that the public finds."""
        page = self.page()
        page.goto(f"/decisions/{asked}")
        heading = page.locator("#results-heading").inner_text()
        found = re.fullmatch(r"(\d+) decisions? in (\d+) letters?|No decisions found", heading)
        return tuple(int(number or 0) for number in found.groups())

    def in_facet(self, facet, value):
        """The number beside a value in the list of filters."""
        page = self.page()
        page.goto("/decisions/")
        count = page.locator(f"[data-facet='{facet}']").get_by_role("link", name=re.compile(f"^{value} "))
        return int(re.search(r"\d+", count.locator(".value__count").inner_text())[0])

    def export(self, kind):
        """All decisions as a file that a visitor takes away."""
        page = self.page()
        page.goto("/decisions/")
        address = page.get_by_role("navigation", name="Take these decisions away").get_by_role("link", name=kind)
        return page.request.get(address.first.get_attribute("href")).text()


# ---- the steps --------------------------------------------------------------------------------------------------


def said(page, words):
    """Wait for what the page says after a deed; an index that is built anew takes its time on a busy machine."""
    expect(page.get_by_text(words)).to_be_visible(timeout=20_000)


def take_the_next(page, kind):
    page.goto("/admin/")
    page.get_by_role("link", name="Review queue").click()
    page.locator("th").get_by_role("link", name=kind, exact=True).click()
    page.get_by_role("button", name="Take the next one").click()


def five_questions(morning, page):
    """Four of the queue, each decided otherwise; the fifth is corrected."""
    take_the_next(page, "All reading warnings")
    for button, state, words, to in (
        ("Accept", "settled", "", ""),
        ("Not an error", "dismissed", "It is printed so.", ""),
        ("Ask", "asked", "Is this a book?", "pia"),
        ("Assign", "open", "", "ben"),
    ):
        number = page.locator(".queue__letter h2").inner_text()
        title = page.locator(".queue__question .queue__title").inner_text()
        shown = [number, f"with {to}" if to else "", words if state == "asked" else ""]
        page.get_by_label("Your question, or why").fill(words)
        page.get_by_label("Whom it concerns").select_option(to)
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).click()
        morning.decided.append((state, number, title, shown))
    assert len({(number, title) for _, number, title, _ in morning.decided}) == 4
    the_queue_stands(morning, page)


def the_queue_stands(morning, page):
    for state, number, title, shown in morning.decided:
        page.goto(f"/admin/queue/warnings/?status={state}&number={number}")
        row = page.locator("li[data-row]").filter(has_text=title)
        expect(row).to_have_count(1)
        for words in shown:
            expect(row).to_contain_text(words)


def an_outcome_is_corrected(morning, page):
    """Beside the letter, by the keyboard."""
    assert morning.counted(f"?q={CONTRADICTION}&outcome=overturned") == (0, 0)
    take_the_next(page, "Contradiction")
    expect(page.locator(".queue__letter h2")).to_have_text(CONTRADICTION.upper())
    with page.expect_navigation():
        page.keyboard.press("c")
    outcome = page.locator('[id="in-1-outcome"]')
    outcome.focus()
    expect(page.locator(".in-use").first).to_contain_text("Upheld")
    outcome.select_option("Overturned")
    page.get_by_label("Why", exact=True).fill("The reasons say so.")
    page.keyboard.press("Control+Enter")
    said(page, "Corrected item 1, Outcome: Overturned.")
    the_correction_stands(morning)


def the_correction_stands(morning):
    page = morning.page()
    page.goto(f"/cases/{CONTRADICTION}/")
    expect(page.get_by_label("Corrected by a curator")).to_contain_text("the letter says “Upheld”")
    assert morning.counted(f"?q={CONTRADICTION}&outcome=overturned") == (1, 1)
    assert morning.counted(f"?q={CONTRADICTION}&outcome=upheld") == (0, 0)


def a_certification_gets_its_name(morning, page):
    decisions, letters = morning.counted("?specialty=family-medicine")
    take_the_next(page, "Certifications without a name")
    expect(page.locator(".queue__question")).to_contain_text(CERTIFICATION)
    expect(page.locator(".queue__question")).to_contain_text(f"{FORTY} letters")
    page.get_by_role("link", name="Give it a name").click()
    page.get_by_role("link", name="Say what it stands for").click()
    page.get_by_label("It stands for").fill(SPECIALTY)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text(f"{FORTY} letters and {FORTY} decisions are concerned.")).to_be_visible()
    expect(page.get_by_role("row", name=SPECIALTY).first).to_contain_text(f"+{FORTY}")
    assert morning.counted("?specialty=family-medicine") == (decisions, letters)  # it was only shown
    page.get_by_label("Why").fill("It is another name of it.")
    page.get_by_role("button", name="Do it").click()
    said(page, f"“{CERTIFICATION}” stands for {SPECIALTY}: {FORTY} letter(s).")
    morning.of_specialty = decisions + FORTY, letters + FORTY
    the_certification_stands(morning)


def the_certification_stands(morning):
    assert morning.counted("?specialty=family-medicine") == morning.of_specialty
    assert morning.in_facet("board", SPECIALTY) == morning.counted("?board=family-medicine")[0] >= FORTY


def two_guidelines_are_joined_and_parted(morning, page):
    visitor = morning.page()
    visitor.goto(OLD_ADDRESS)
    before = visitor.locator("main").inner_text()
    page.goto("/admin/determinations/guideline/?q=Chronic+Pain+Medical")
    page.get_by_role("link", name=JOINED).click()
    page.get_by_role("link", name="Join to another").click()
    page.get_by_label("Join it to").fill(KEPT)
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("button", name="Do it").click()
    said(page, f"{JOINED} joined to {KEPT}: ")
    visitor.goto(OLD_ADDRESS)
    assert visitor.url == morning.url + OLD_ADDRESS.replace("2009", "2016")
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo it").click()
    said(page, f"Undone: {JOINED} joined to {KEPT}: ")
    visitor.goto(OLD_ADDRESS)
    assert visitor.url == morning.url + OLD_ADDRESS
    assert visitor.locator("main").inner_text() == before


def a_letter_is_withheld(morning, page):
    decisions, letters = morning.counted()
    own, _ = morning.counted(f"?q={WITHHELD}")
    assert own > 1
    page.goto(f"/admin/determinations/case/?q={WITHHELD}")
    page.get_by_role("link", name=WITHHELD).click()
    page.get_by_role("link", name="withhold it").click()
    page.get_by_label("Ground").select_option("person")
    page.get_by_label("Reason").fill("They asked for it.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Withhold the letter").click()
    said(page, "was added successfully")
    assert morning.counted() == (decisions - own, letters - 1)
    the_letter_is_gone(morning)


def the_letter_is_gone(morning):
    page = morning.page()
    for more in ("", "source/", "source.txt"):
        assert page.request.get(f"/cases/{WITHHELD.lower()}/{more}").status == 410
    assert page.goto(f"/cases/{WITHHELD.lower()}/").status == 410
    expect(page.get_by_role("heading", name="Withheld")).to_be_visible()
    assert morning.counted(f"?q={WITHHELD}") == (0, 0)
    assert WITHHELD not in morning.export("CSV")


def a_name_is_redacted(morning, page):
    """The program has found it; a privacy officer looks, and takes it out."""
    assert morning.counted("?q=Quillfeather") == (1, 1)
    take_the_next(page, "Likely identifiers")
    expect(page.locator(".queue__question")).to_contain_text(NAME)
    page.get_by_role("link", name="Correct", exact=True).click()
    page.get_by_role("link", name="redact words").click()
    page.get_by_label("Words").fill(NAME)
    page.get_by_label("Ground").select_option("identity")
    page.get_by_label("Reason").fill("A patient’s name.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("They stand there 2 times")).to_be_visible()
    page.get_by_role("button", name="Redact the words").click()
    said(page, "was added successfully")
    page.goto("/admin/queue/identifiers/")
    expect(page.locator("body")).not_to_contain_text("Quillfeather")
    the_name_is_gone(morning)


def the_name_is_gone(morning):
    page = morning.page()
    for more in ("", "source/"):
        page.goto(morning.named + more)
        expect(page.get_by_role("main")).to_contain_text("[redacted]")
        assert "Quillfeather" not in page.content()
    assert "Quillfeather" not in page.request.get(f"{morning.named}source.txt").text()
    assert morning.counted("?q=Quillfeather") == (0, 0)
    for kind in ("CSV", "JSON Lines"):
        exported = morning.export(kind)
        assert morning.named.split("/")[2].upper() in exported
        assert "Quillfeather" not in exported


def every_decision_stands(morning):
    the_queue_stands(morning, morning.page("ada"))
    the_correction_stands(morning)
    the_certification_stands(morning)
    assert morning.page().goto(OLD_ADDRESS).url == morning.url + OLD_ADDRESS
    the_letter_is_gone(morning)
    the_name_is_gone(morning)


# ---- what it is for ---------------------------------------------------------------------------------------------


def walked(folder, *archives):
    """What each archive says to the public, on every address and in its index; they are walked at the same time."""
    files = [folder / f"said-{number}.json" for number, _ in enumerate(archives)]
    walks = [
        one.start("shell", "--verbosity", "0", "--command", _WALK.format(path=str(file), withheld=WITHHELD.lower()))
        for one, file in zip(archives, files, strict=True)
    ]
    for walk in walks:
        printed, _ = walk.communicate()
        assert walk.returncode == 0, printed
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def exported(made, file):
    made.run("curation", "export", str(file))
    return without_head(file.read_text(encoding="utf-8").splitlines())


def it_says_the_same_with_the_decisions(folder, first, second):
    decisions = exported(first, folder / "curation.jsonl")
    second.run("curation", "import", str(folder / "curation.jsonl"))
    one, other = walked(folder, first, second)
    pages = one["pages"]
    assert len(pages) > 500
    assert {status for status, _ in pages.values()} == {200}
    assert [address for address, (_, text) in pages.items() if re.search(f"Quillfeather|{WITHHELD}", text, re.I)] == []
    assert set(other["pages"]) == set(pages)
    assert [address for address, said in pages.items() if other["pages"][address] != said] == []
    assert other["withheld"] == one["withheld"]
    assert one["withheld"][0] == 410
    assert other["index"] == one["index"]
    assert exported(second, folder / "again.jsonl") == decisions


def test_a_morning(browser, tmp_path):
    letters = tmp_path / "letters"
    named = write_letters(letters)
    with ExitStack() as stack:
        first, second = (stack.enter_context(archive(tmp_path / name)) for name in ("first", "second"))
        pool = stack.enter_context(ThreadPoolExecutor())
        build(first, letters)
        building = pool.submit(build, second, letters)  # while the browser waits for pages
        running = stack.enter_context(site(first))
        morning = Morning(running.url, browser, named)
        stack.callback(morning.close)

        ada = morning.log_in("ada")
        five_questions(morning, ada)
        an_outcome_is_corrected(morning, ada)
        a_certification_gets_its_name(morning, ada)
        two_guidelines_are_joined_and_parted(morning, ada)
        pia = morning.log_in("pia")
        a_letter_is_withheld(morning, pia)
        a_name_is_redacted(morning, pia)

        # A better parser reads every letter anew, and the same letters come in once more.
        first.run("shell", "--verbosity", "0", "--command", _OLDER_PARSER)
        count = len([*SAMPLES.glob("*.txt"), *letters.iterdir()])
        assert f"{count} letters read again by parser version" in (printed := first.run("reread", "--apply"))
        assert f"{count} changed" in printed
        assert f"{count} unchanged" in first.run("ingest", "--jobs", "1", str(SAMPLES), str(letters))
        every_decision_stands(morning)
        assert morning.problems == []

        # Another archive of the same letters says the same once it has the decisions.
        building.result()
        it_says_the_same_with_the_decisions(tmp_path, first, second)
