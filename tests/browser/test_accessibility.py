"""axe-core's rules (WCAG 2.2 A and AA, best practices) on every page, light and dark, narrow and wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .addresses import PAGES

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
# The rules that look at colours; what the others look at is the same in the dark.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def violations(page, ignored=frozenset(), rules=ALL):
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options)", {**rules, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes']][:3]}"
        for one in found["violations"]
        if one["id"] not in ignored
    ]


def everywhere(page, ignored=frozenset()):
    """What axe finds, by width and colours. The page is loaded once: nothing in it depends on how it came."""
    found = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scrollTo(0, 0)")  # what stays in place covers whatever is scrolled under it
        for colours, rules in (("light", ALL), ("dark", OF_COLOURS)):
            page.emulate_media(color_scheme=colours)
            found[f"{width} {colours}"] = violations(page, ignored, rules)
    return {place: those for place, those in found.items() if those}


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path):
    assert everywhere(visit(path)) == {}


def test_axe_finds_nothing_where_curators_log_in(visit):
    assert everywhere(visit("/admin/login/")) == {}


@pytest.mark.parametrize(
    "path",
    [
        "/cases/cm17-0990014/?q=wrist",
        "/decisions/?not_outcome=upheld",
        "/decisions/?not_outcome=upheld#filters",
        "/specialties/",
        "/treatments/pharmaceuticals/",
        "/api/",
    ],
)
def test_axe_finds_nothing_with_everything_opened(visit, path):
    page = visit(path)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert everywhere(page) == {}


def test_axe_finds_nothing_in_suggestions(visit):
    page = visit("/decisions/")
    page.get_by_role("combobox", name="Search decisions").press_sequentially("opio")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert everywhere(page) == {}


def test_axe_finds_nothing_in_a_list_that_is_searched(visit):
    page = visit("/decisions/")
    page.get_by_role("link", name="Find or sort in “Drug”").click()
    page.get_by_label("Find by name").fill("oxy")
    expect(page.locator(".values__all .value")).to_have_count(2)
    page.get_by_role("button", name="By name").click()
    assert everywhere(page) == {}
