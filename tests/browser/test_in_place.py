"""Searches that change in the page, in a real browser: the focus stays and the last click counts."""

import re

from playwright.sync_api import expect


def mark(page):
    """Something that a page loaded anew would not have."""
    page.evaluate("window.stayed = true")


def stayed(page):
    return page.evaluate("window.stayed === true")


def test_a_filter_changes_the_page_in_place_and_the_focus_stays(visit):
    page = visit("/decisions/?q=pain")
    mark(page)
    value = page.locator("#filters [data-key='outcome:overturned']")
    value.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=pain&outcome=overturned$"))
    expect(page).to_have_title(re.compile("^pain: Decisions"))
    expect(value).to_be_focused()
    expect(value).to_have_attribute("aria-current", "true")
    heading = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator("body > [role=status]")).to_have_text(heading)
    assert stayed(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?q=pain$"))
    expect(value).not_to_have_attribute("aria-current", "true")
    page.go_forward()
    expect(value).to_have_attribute("aria-current", "true")
    assert stayed(page)
    assert page.problems == []


def test_excluding_with_the_keyboard_and_taking_it_back(visit):
    page = visit("/decisions/")
    mark(page)
    page.get_by_role("link", name="Exclude Upheld").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Chosen filters").get_by_role("link")).to_have_text([re.compile("not Upheld")])
    back = page.get_by_role("link", name=re.compile("^No longer exclude Upheld"))
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Exclude Upheld")).to_be_attached()
    expect(page.locator("[data-key='outcome:upheld']")).to_be_focused()
    assert stayed(page)


def test_opened_lists_stay_open_through_a_change(visit):
    page = visit("/decisions/")
    guidelines = page.locator("details[data-keep=guideline]")
    guidelines.locator("summary").first.click()
    guidelines.locator(".sub > summary").first.click()
    page.get_by_role("link", name=re.compile("^Upheld")).click()
    expect(page).to_have_url(re.compile("outcome=upheld"))
    expect(guidelines.locator(".sub .value").first).to_be_visible()


def test_another_page_begins_at_its_top(visit):
    page = visit("/decisions/")
    mark(page)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("page=2$"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    assert stayed(page)


def test_words_are_searched_in_place_with_the_filters_that_are_shown(visit):
    page = visit("/decisions/")
    mark(page)
    page.get_by_role("link", name=re.compile("^Overturned")).click()
    expect(page).to_have_url(re.compile("outcome=overturned$"))
    page.get_by_role("combobox").fill("knee")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=knee&outcome=overturned$"))
    assert stayed(page)


def test_days_are_chosen_and_bars_followed_by_keyboard(visit):
    page = visit("/decisions/?q=pain")
    page.get_by_role("link", name=re.compile(r"^2016: \d+ decisions?$")).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=pain&year=2016$"))
    expect(page.get_by_role("link", name=re.compile(r"^March 2016: "))).to_be_attached()
    page.get_by_text("Choose days").click()
    page.get_by_label("From").fill("2015-02-01")
    page.get_by_role("button", name="Apply these days").click()
    expect(page).to_have_url(re.compile(r"\?q=pain&since=2015-02-01$"))
    expect(page.get_by_role("link", name="Remove Date of decision: Decided from Feb 1, 2015")).to_be_visible()


def test_the_last_of_several_clicks_counts(visit):
    page = visit("/decisions/")
    mark(page)
    waiting = []
    page.route("**/decisions/?outcome=upheld", lambda route: waiting.append(route))
    page.get_by_role("link", name=re.compile("^Upheld")).click()
    page.get_by_role("link", name=re.compile("^Overturned")).click()
    expect(page).to_have_url(re.compile("outcome=overturned$"))
    for route in waiting:
        route.continue_()
    page.wait_for_timeout(300)
    expect(page).to_have_url(re.compile("outcome=overturned$"))
    assert stayed(page)


def test_a_failed_change_ends_in_plain_navigation(visit):
    page = visit("/decisions/")
    mark(page)
    failed = []

    def fail_once(route):
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.fulfill(status=500, body="")

    page.route("**/decisions/?outcome=overturned", fail_once)
    page.get_by_role("link", name=re.compile("^Overturned")).click()
    expect(page).to_have_url(re.compile("outcome=overturned$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("decisions")
    assert failed
    assert not stayed(page)


def test_a_long_list_is_searched_where_it_stands(visit):
    page = visit("/decisions/?outcome=upheld")
    mark(page)
    page.get_by_role("link", name="Find or sort in “Drug”").click()
    find = page.get_by_label("Find by name")
    expect(find).to_be_focused()
    page.keyboard.type("oxyc")
    values = page.locator("[data-facet=drug] .values__all .value__label")
    expect(values).to_have_text(["Opioids", "Oxycodone"])
    page.locator(".values__all").get_by_role("link", name=re.compile("^Oxycodone")).click()
    expect(page).to_have_url(re.compile(r"\?outcome=upheld&drug=oxycodone$"))
    assert stayed(page)


def test_several_filters_on_a_phone_before_the_results(visit):
    page = visit("/decisions/", width=375)
    mark(page)
    page.get_by_role("link", name="Filters", exact=True).click()
    filters = page.locator("#filters")
    filters.get_by_role("link", name=re.compile("^Overturned")).click()
    expect(page).to_have_url(re.compile("outcome=overturned$"))
    expect(filters).to_be_visible()
    filters.get_by_role("link", name=re.compile("^Pharmaceuticals")).click()
    expect(page).to_have_url(re.compile("treatment=pharmaceuticals$"))
    filters.get_by_role("link", name=re.compile(r"^Show \d+ decisions?$")).click()
    expect(filters).to_be_hidden()
    expect(page.get_by_role("link", name="Filters (2)")).to_be_focused()
    page.get_by_role("link", name="Filters (2)").click()
    page.keyboard.press("Escape")
    expect(filters).to_be_hidden()
    assert stayed(page)
    assert page.problems == []
