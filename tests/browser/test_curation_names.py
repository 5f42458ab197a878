"""The curators' pages of names and rules in a real browser: usable by keyboard, without JavaScript, by anybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.archives import Archive
from tests.servers import site

from .test_accessibility import TAGS

_CURATOR = """
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("mary", "mary@example.org", "a-long-enough-password")
"""
ADMIN = "/admin/determinations"
PAGES = [
    f"{ADMIN}/namechange/waiting/specialty/",
    f"{ADMIN}/namechange/waiting/guideline/",
    f"{ADMIN}/namechange/make/specialty/assign/?wording=1",
    f"{ADMIN}/namechange/make/specialty/join/?record=1&into=Dermatology",
    f"{ADMIN}/namechange/make/specialty/place/?record=1",
    f"{ADMIN}/namechange/make/guideline/split/?record=1",
    f"{ADMIN}/namechange/make/guideline/create/",
    f"{ADMIN}/namechange/make/drug/spell/?record=1&text=urine+drug",
    f"{ADMIN}/namechange/make/drug/place/?record=1",
    f"{ADMIN}/categoryrule/make/?pattern=therapy&category=1",
    f"{ADMIN}/categoryrule/make/?pattern=th*y&category=",
]


@pytest.fixture(scope="module")
def curated(tmp_path_factory, browser):
    """A page of a curator who is logged in, on an archive of its own."""
    archive = Archive(tmp_path_factory.mktemp("curated"))
    archive.run("prepare", "--samples")
    archive.run("shell", "--verbosity", "0", "--command", _CURATOR)
    with site(archive) as running:
        for javascript in (True, False):
            context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=javascript)
            page = context.new_page()
            page.goto(running.url + "/admin/login/")
            page.fill("#id_username", "mary")
            page.fill("#id_password", "a-long-enough-password")
            page.keyboard.press("Enter")
            page.wait_for_url("**/admin/")
            if javascript:
                with_script = page
        yield running, with_script, page


def everywhere(page):
    """What axe finds in the page's own part, by width and colours; the frame around it is Django's."""
    found = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            options = {"runOnly": {"type": "tag", "values": TAGS}}
            result = Axe().run(page, context="#content", options=options)
            found[f"{width} {colours}"] = [
                f"{one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}"
                for one in result.response["violations"]
            ]
    return {place: those for place, those in found.items() if those}


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path, curated):
    server, page, _ = curated
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(server.url + path)
    assert everywhere(page) == {}
    assert not problems


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_phone(path, curated):
    server, page, _ = curated
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(server.url + path)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.names-page *')].filter(one => {
            const box = one.getBoundingClientRect();
            return box.width && box.right > innerWidth + 1 && !one.closest('.wide');
        }).map(one => one.outerHTML.slice(0, 80))"""
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wide == []


def test_a_wording_is_assigned_by_keyboard_without_javascript_and_taken_back(curated):
    server, _, page = curated
    page.goto(server.url + f"{ADMIN}/namechange/waiting/specialty/")
    button = page.get_by_role("button", name="Family Medicine").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert "“Family Practise” stands for Family Medicine" in page.inner_text(".messagelist")
    page.goto(server.url + "/specialties/family-medicine/")
    assert page.title()
    page.goto(server.url + f"{ADMIN}/namechange/")
    page.get_by_role("link", name="“Family Practise” stands for Family Medicine").click()
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo it").press("Enter")
    page.wait_for_load_state()
    page.goto(server.url + f"{ADMIN}/namechange/waiting/specialty/")
    assert page.get_by_role("link", name="Family Practise").count()


def test_a_rule_is_followed_in_the_background(curated):
    server, page, _ = curated
    page.goto(server.url + f"{ADMIN}/categoryrule/make/")
    page.fill("#id_pattern", "therapy")
    page.select_option("#id_category", label="Home Health")
    page.get_by_role("button", name="Show what it takes").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Make the rule").click()
    page.goto(server.url + f"{ADMIN}/job/")
    for _ in range(60):
        page.reload()
        states = page.locator("td.field-state").all_inner_texts()
        if states and set(states) == {"Done"}:
            break
        page.wait_for_timeout(500)
    assert set(states) == {"Done"}
    page.goto(server.url + "/treatments/home-health/")
    assert "therapy" in page.inner_text("main").lower()
