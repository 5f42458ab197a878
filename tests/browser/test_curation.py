"""Curators at work in a real browser: the letter beside the form, the keyboard, two at once."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.archives import with_samples
from tests.servers import site

from .test_accessibility import everywhere

PASSWORD = "a-long-enough-password"
SLUG = "cm16-0990003"
# Django's own frame around the pages, which is not ours to mend.
DJANGOS = {"region", "landmark-one-main", "page-has-heading-one", "landmark-unique", "landmark-no-duplicate-banner"}


_ACCOUNT = "from django.contrib.auth.models import User; User.objects.create_superuser('{name}', password='{password}')"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """An archive of this file's own: what is corrected here stays."""
    made = with_samples(tmp_path_factory.mktemp("curated"))
    for name in ("ada", "ben"):
        made.run("shell", "--command", _ACCOUNT.format(name=name, password=PASSWORD))
    return made


@pytest.fixture(scope="module")
def curated(archive):
    """The site of that archive."""
    with site(archive) as running:
        yield running


@pytest.fixture
def curator(browser, curated):
    """A function that logs somebody in: ``curator("ada", width=375)``."""
    contexts = []

    def log_in(name="ada", width=1280):
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"{curated.url}/admin/login/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/admin/")
        return page

    yield log_in
    for context in contexts:
        context.close()


@pytest.fixture
def case(archive):
    with closing(sqlite3.connect(archive.folder / "archive.sqlite3")) as database:
        [[pk]] = database.execute("SELECT id FROM determinations_case WHERE slug = ?", [SLUG]).fetchall()
    return pk


def edit(page, curated, pk, more=""):
    page.goto(f"{curated.url}/admin/determinations/case/{pk}/{more or 'change/'}")
    return page


def select_words(page, words):
    """Select words in the letter, as a mouse would."""
    page.evaluate(
        """(words) => {
        const walker = document.createTreeWalker(document.getElementById("letter-text"), NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const at = walker.currentNode.data.indexOf(words);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(walker.currentNode, at);
          range.setEnd(walker.currentNode, at + words.length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          return;
        }
        throw new Error(`not in the letter: ${words}`);
        }""",
        words,
    )


def test_axe_finds_nothing_where_letters_are_corrected(curator, curated, case):
    page = curator()
    assert everywhere(edit(page, curated, case), DJANGOS) == {}
    assert everywhere(edit(page, curated, case, "history/"), DJANGOS) == {}


def test_nothing_is_wider_than_a_phone(curator, curated, case):
    page = curator(width=320)
    for more in ("change/", "history/"):
        edit(page, curated, case, more)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_words_of_the_letter_go_into_a_field_by_the_keyboard_alone(curator, curated, case):
    page = edit(curator(), curated, case)
    page.get_by_label("UR denial date").focus()
    expect(page.locator(".in-use")).to_have_text("09/27/2016")
    select_words(page, "10/13/2016")
    page.keyboard.press("Alt+s")
    expect(page.get_by_label("UR denial date")).to_have_value("2016-10-13")
    expect(page.locator("#edit-status")).to_have_text("The selected words are in the field.")
    page.get_by_label("Why", exact=True).fill("Two dates were mixed up.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Corrected UR denial date: Oct 13, 2016.")).to_be_visible()
    page.goto(f"{curated.url}/cases/{SLUG}/")
    expect(page.get_by_text("Oct 13, 2016").first).to_be_visible()
    expect(page.get_by_label("Corrected by a curator")).to_contain_text("the letter says “Sep 27, 2016”")
    # One click goes back on it.
    edit(page, curated, case).get_by_role("button", name=re.compile("^Go back .*UR denial date")).click()
    expect(page.get_by_text("Went back on UR denial date")).to_be_visible()
    page.goto(f"{curated.url}/cases/{SLUG}/")
    expect(page.get_by_label("Corrected by a curator")).to_have_count(0)
    assert page.problems == []


def test_two_at_once(curator, curated, case):
    ada, ben = edit(curator("ada"), curated, case), edit(curator("ben"), curated, case)
    ada.locator('[id="in-1-outcome"]').select_option("Upheld")
    ada.get_by_label("Why", exact=True).fill("The letter says so.")
    ada.get_by_role("button", name="Save corrections").click()
    expect(ada.get_by_text("Corrected item 1, Outcome: Upheld.")).to_be_visible()
    ben.locator('[id="in-1-outcome"]').select_option("")
    ben.get_by_label("Why", exact=True).fill("It is not said.")
    ben.get_by_role("button", name="Save corrections").click()
    expect(ben.get_by_role("alert")).to_contain_text("ada changed this letter after you had opened it")
    expect(ben.get_by_text("ada set this meanwhile: Upheld.")).to_be_visible()
    expect(ben.locator('[id="in-1-outcome"]')).to_have_value("")
    # The search has followed the first.
    ada.goto(f"{curated.url}/decisions/?q={SLUG}&outcome=upheld")
    ada.goto(f"{curated.url}/admin/determinations/case/{case}/history/")
    ada.get_by_role("button", name="Restore version 0").click()
    expect(ada.get_by_text("Version 0 restored.").first).to_be_visible()
