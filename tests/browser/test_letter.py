"""A letter's page in a real browser: copying a citation, walking through results, paper, a comparison on a phone."""

import re

import pytest
from playwright.sync_api import expect

LEGAL = "In re IMR Case No. CM17-0990014, Final Determination Letter (Cal. Div. of Workers’ Comp., Indep. Med. Rev. "


def open_citations(page):
    summary = page.locator(".cite > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cite__text").first).to_be_visible()


def test_a_citation_is_copied_with_the_keyboard_and_said_aloud(visit):
    page = visit("/cases/cm17-0990014/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_citations(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy Plain")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("Copied")
    expect(page.get_by_role("button", name="Copied Legal")).to_be_focused()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(LEGAL)
    assert copied.endswith("/cases/cm17-0990014/#item-1")
    assert page.problems == []


def test_bibtex_is_copied_line_by_line(visit):
    page = visit("/cases/cm17-0990014/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_citations(page)
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("Copied")
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0] == "@misc{imr-cm17-0990014-1,"
    assert lines[-1] == "}"
    assert "  year   = {2017}," in lines


def test_without_a_clipboard_the_older_way_copies_or_the_text_is_selected(visit):
    page = visit("/cases/cm17-0990014/")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')); }")
    open_citations(page)
    page.get_by_role("button", name="Copy Plain").click()
    expect(page.get_by_role("main").get_by_role("status")).to_have_text(re.compile("Copied|is selected"))
    assert page.evaluate("getSelection().toString()").startswith("IMR case CM17-0990014, item 1")


def test_without_javascript_there_is_no_button_and_one_click_selects(visit):
    page = visit("/cases/cm17-0990014/", javascript=False)
    open_citations(page)
    expect(page.locator(".copy")).to_have_count(0)
    expect(page.locator(".cite__text").first).to_have_css("user-select", "all")


@pytest.mark.parametrize("width", [375, 1280])
def test_from_result_to_result_with_the_keyboard_and_back(visit, width):
    page = visit("/decisions/?q=knee&outcome=upheld", width=width)
    titles = page.locator(".card h2 a").all_inner_texts()
    page.locator(".card h2 a").first.click()
    expect(page.locator(":target h2")).to_have_text(titles[0])
    expect(page.locator(":target mark").first).to_be_visible()
    trail = page.get_by_role("navigation", name="Results of your search")
    for title in titles[1:3]:
        trail.get_by_role("link", name=re.compile("^Next")).focus()
        page.keyboard.press("Enter")
        expect(page.locator(":target h2")).to_have_text(title)
        expect(page.locator(":target h2")).to_be_in_viewport()
    trail.get_by_role("link", name=re.compile("^Previous")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(":target h2")).to_have_text(titles[1])
    trail.get_by_role("link", name=re.compile("^Back to results")).click()
    expect(page).to_have_url(re.compile(r"/decisions/\?q=knee&outcome=upheld$"))
    assert page.problems == []


def test_what_has_focus_is_not_under_the_bar(visit):
    page = visit("/cases/cm16-0990003/?q=shoulder&at=1#item-3")
    bar = page.locator(".trail").bounding_box()
    heading = page.locator("#item-3 h2").bounding_box()
    assert heading["y"] >= bar["y"] + bar["height"]


def test_a_letter_on_paper(visit):
    page = visit("/cases/cm16-0990003/?q=shoulder&at=1")
    page.emulate_media(media="print")
    for hidden in (".trail", ".masthead", ".cite", ".permalink", ".contents"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".case__address")).to_have_text(re.compile("/cases/cm16-0990003/$"))
    for shown in (".decision__outcome", ".sides", ".lifted", ".decision__reasons", ".summary", ".case__facts"):
        expect(page.locator(shown).first).to_be_visible()
    assert page.pdf()[:5] == b"%PDF-"


def test_compare_on_a_phone_scrolls_inside_itself(visit):
    page = visit("/compare/?item=cm16-0990003/1&item=cm17-0990014/1", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    table = page.get_by_role("region", name="Decisions side by side")
    table.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("columnheader").last).not_to_be_in_viewport(ratio=0.9)
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("columnheader").last).to_be_in_viewport(ratio=0.9)
