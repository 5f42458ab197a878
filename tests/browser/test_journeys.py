"""What visitors do, in a real browser: with a mouse, with the keyboard, on a phone, and without JavaScript."""

import csv
import re

import pytest
from playwright.sync_api import expect

from .addresses import PAGES


def test_from_a_question_to_a_decision(visit):
    page = visit("/")
    page.get_by_label("Search headings, reasons").fill("physical therapy")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("decisions")
    page.get_by_role("link", name=re.compile("^Overturned")).click()
    expect(page).to_have_url(re.compile(r"\?q=physical\+therapy&outcome=overturned$"))
    page.get_by_role("link", name=re.compile("^Physical Medicine and Rehabilitation")).first.click()
    chips = page.get_by_role("list", name="Chosen filters")
    expect(chips.get_by_role("link")).to_have_text(
        [re.compile("therapy"), re.compile("Overturned"), re.compile("Physical"), "Clear all"]
    )
    first = page.locator(".card h2 a").first
    title = first.inner_text()
    first.click()
    expect(page).to_have_url(re.compile(r"/cases/[\w-]+/\?q=physical\+therapy&.*&at=1#item-\d+$"))
    section = page.locator(":target")
    expect(section.get_by_role("heading", level=2)).to_have_text(title)
    expect(section.locator(".outcome").first).to_have_text("Overturned")
    page.go_back()
    expect(chips).to_be_visible()
    page.get_by_role("link", name="Remove Outcome: Overturned").click()
    expect(page).not_to_have_url(re.compile("outcome"))
    assert page.problems == []


def test_the_count_beside_a_value_is_what_the_click_finds(visit):
    page = visit("/decisions/?outcome=overturned")
    page.get_by_role("heading", name="Reviewer licensed in").click()
    value = page.locator("#filters .value", has_text="California")
    number = re.search(r"(\d+) decisions", value.inner_text().replace("\n", " "))[1]
    value.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(rf"^{number} decisions? "))


def test_from_a_list_to_a_value_to_its_decisions(visit):
    page = visit("/", javascript=False)
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Specialties").click()
    page.get_by_role("link", name="Highest rate").click()
    expect(page.locator("[aria-sort=descending]").first).to_have_text("Overturned")
    page.get_by_role("link", name="Pain Medicine", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pain Medicine")
    page.get_by_text("The numbers as a table").click()
    year = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="2016", exact=True)).first
    number = year.get_by_role("link").inner_text()
    year.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(rf"^{number} decisions? "))
    assert page.problems == []


def test_from_a_letter_to_its_source(visit):
    page = visit("/cases/cm16-0990003/")
    page.get_by_role("link", name="Source text as it came").click()
    expect(page.get_by_role("region", name="Source text")).to_contain_text("HOW THE IMR FINAL DETERMINATION WAS MADE")


def test_from_a_value_to_its_words_and_back_with_the_keyboard(visit):
    page = visit("/cases/cm17-0990014/source/", javascript=False)
    page.locator("#field-items-0-outcome a").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#words-items-0-outcome$"))
    expect(page.locator(":target")).to_have_text("Upheld")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Upheld")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#field-items-0-outcome$"))
    expect(page.locator(":target")).to_be_in_viewport()
    assert page.problems == []


def test_from_doubtful_words_to_the_question(visit):
    page = visit("/cases/cm17-0990014/source/")
    page.get_by_role("link", name="Question a", exact=True).click()
    expect(page.locator(":target")).to_contain_text("The heading says Upheld")
    expect(page.locator(":target")).to_be_in_viewport()
    page.locator(":target a").click()
    expect(page.locator(":target")).to_be_in_viewport()


def test_the_source_on_paper(visit):
    page = visit("/cases/cm17-0990014/source/")
    page.emulate_media(media="print")
    expect(page.locator("pre.source")).to_be_visible()
    expect(page.locator("#fields")).to_be_visible()
    expect(page.locator(".masthead")).to_be_hidden()
    assert page.locator(".sourcepage__side").evaluate("side => side.scrollHeight <= side.clientHeight + 1")
    assert page.pdf()[:5] == b"%PDF-"


def test_with_the_keyboard_alone(visit):
    page = visit("/decisions/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to filters")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#filters .value").first).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "focus can be seen"
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Exclude Upheld")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("outcome=overturned"))


def test_sub_categories_open_with_the_keyboard(visit):
    page = visit("/decisions/")
    page.locator(".sub > summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sub[open] .value").first).to_be_visible()


def test_filters_on_a_phone_open_and_close_without_a_script(visit):
    page = visit("/decisions/", width=375, javascript=False)
    filters = page.locator("#filters")
    expect(filters).to_be_hidden()
    page.get_by_role("link", name="Filters", exact=True).click()
    expect(filters).to_be_visible()
    filters.get_by_role("link", name=re.compile(r"^Show \d+ decisions")).click()
    expect(filters).to_be_hidden()
    page.get_by_role("link", name="Filters", exact=True).click()
    filters.get_by_role("link", name=re.compile("^Overturned")).click()
    expect(page.get_by_role("link", name="Filters (1)")).to_be_visible()
    expect(page.locator(".card").first).to_be_visible()


# ---- suggestions -------------------------------------------------------------------------------------------------


def test_a_suggestion_is_chosen_with_the_keyboard(visit):
    page = visit("/")
    box = page.get_by_role("combobox", name=re.compile("^Search headings"))
    box.press_sequentially("oxyco")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".suggest [role=status]")).to_have_text(re.compile(r"^\d+ suggestions?; the arrow keys"))
    page.keyboard.press("ArrowDown")
    option = page.locator("[role=option][aria-selected=true]")
    expect(option).to_contain_text("Oxycodone")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_value("oxyco")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/decisions/\?drug=oxycodone$"))
    assert page.problems == []


def test_what_is_typed_is_searched_for_unless_a_suggestion_is_chosen(visit):
    page = visit("/")
    page.get_by_role("combobox").press_sequentially("oxyco")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/decisions/\?q=oxyco$"))


def test_a_suggestion_is_chosen_with_the_mouse(visit):
    page = visit("/decisions/")
    page.get_by_role("combobox").press_sequentially("CM17-0990014")
    page.get_by_role("option", name="CM17-0990014").click()
    expect(page).to_have_url(re.compile("/cases/cm17-0990014/$"))


def test_the_box_works_where_suggestions_fail(visit):
    page = visit("/")
    page.route("**/suggest/**", lambda route: route.abort())
    page.get_by_role("combobox").press_sequentially("knee")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=knee"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("decisions")


def test_all_values_without_a_script(visit):
    page = visit("/decisions/?outcome=upheld", javascript=False)
    page.get_by_role("link", name="Find or sort in “Drug”").click()
    page.get_by_label("Find by name").fill("oxyc")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="By name").click()
    expect(page.locator(".value__label")).to_have_text(["Opioids", "Oxycodone"])
    page.get_by_role("link", name="Exclude Oxycodone").click()
    expect(page).to_have_url(re.compile(r"/decisions/\?outcome=upheld&not_drug=oxycodone$"))


def test_from_nothing_to_something_without_a_script(visit):
    page = visit("/decisions/?q=acupunture&state=CA", javascript=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("No decisions found")
    page.get_by_role("link", name=re.compile("decisions without “acupunture”")).click()
    expect(page).to_have_url(re.compile(r"\?state=CA$"))
    page.go_back()
    page.get_by_role("link", name="acupuncture", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?q=acupuncture&state=CA$"))


def test_what_has_focus_among_the_filters_of_a_phone_is_not_under_their_head(visit):
    page = visit("/decisions/", width=375)
    page.get_by_role("link", name="Filters", exact=True).click()
    page.locator("#filters .value:visible").nth(25).focus()
    head = page.locator(".filters__head").bounding_box()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        focused = page.locator(":focus").bounding_box()
        assert focused["y"] >= head["y"] + head["height"]


def test_results_do_not_move_while_the_page_loads(visit, server):
    page = visit("/about/")
    page.add_init_script(
        "window.moved = 0;"
        "new PerformanceObserver(list => list.getEntries().forEach(one => { window.moved += one.value }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(server.url + "/decisions/?q=knee", wait_until="networkidle")
    page.wait_for_timeout(300)
    assert page.evaluate("window.moved") < 0.02


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/decisions/?q=knee",
        "/decisions/facets/drug/",
        "/search-help/",
        "/cases/cm16-0990003/",
        "/cases/cm16-0990003/source/",
        "/about/",
    ],
)
def test_everything_is_there_without_javascript(visit, path):
    page = visit(path, javascript=False)
    assert page.locator("main").inner_text()
    assert page.problems == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_window(visit, path):
    page = visit(path)
    assert (page.get_by_role("heading", level=1).inner_text() == "There is no such page") == (path == "/nowhere/")
    wider = []
    for opened in (False, True):
        if opened:
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        for width in (320, 375, 768, 1280, 1600):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wider.append((width, "opened" if opened else "closed"))
    assert wider == []


def test_paper_shows_the_letter_and_not_the_site(visit):
    page = visit("/cases/cm16-0990003/")
    page.emulate_media(media="print")
    for hidden in (".masthead", ".colophon", ".skip"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".decision").first).to_be_visible()
    assert page.pdf()[:5] == b"%PDF-"


# Everything that the page brought over the wire: itself, styles, scripts, fonts; packed as it came, with its headers.
WEIGHT = """async () => {
    await document.fonts.ready;
    const came = ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind));
    return came.reduce((sum, one) => sum + one.transferSize, 0);
}"""


def test_the_first_view_of_every_page_is_small(visit, server):
    page = visit("/healthz")
    session = page.context.new_cdp_session(page)
    sizes = {}
    for path in PAGES:
        page.goto("about:blank")
        session.send("Network.clearBrowserCache")
        page.goto(server.url + path)
        sizes[path] = page.evaluate(WEIGHT)
    assert min(sizes.values()) > 60_000, "styles and fonts are counted"
    assert {path: size for path, size in sizes.items() if size >= 100_000} == {}


def test_data_blocks_are_no_inline_scripts_to_the_policy(visit):
    """The strict policy forbids inline scripts; a block of structured data is none, and the browser says nothing."""
    for path in ("/", "/decisions/?q=therapy", "/cases/cm16-0990003/"):
        page = visit(path)
        assert page.locator('script[type="application/ld+json"]').count() == 1
        policy = page.evaluate("fetch(location.href).then(answer => answer.headers.get('Content-Security-Policy'))")
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert page.problems == []


def test_a_result_set_is_taken_away(visit):
    page = visit("/decisions/?q=therapy&outcome=overturned")
    number = re.match(r"[\d,]+", page.get_by_role("heading", level=1).inner_text())[0]
    with page.expect_download() as waiting:
        page.get_by_role("navigation", name="Take these decisions away").get_by_role("link", name="CSV").click()
    file = waiting.value
    assert re.fullmatch(r"imr-decisions-therapy-\d{4}-\d\d-\d\d\.csv", file.suggested_filename)
    with open(file.path(), encoding="utf-8-sig", newline="") as rows:  # noqa: PTH123
        found = list(csv.DictReader(rows))
    assert len(found) == int(number)
    assert {row["outcome"] for row in found} == {"Overturned"}


def test_the_page_of_the_api_without_a_script_on_a_phone(visit):
    page = visit("/api/", width=320, javascript=False)
    page.get_by_text("Parameters", exact=True).first.click()
    expect(page.get_by_text("Reviewer licensed in: none of these").first).to_be_visible()
    page.get_by_role("link", name="Decisions", exact=True).last.click()
    expect(page.locator(":target")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.problems == []
