"""A curator in the browser: logs in, turns the second factor on, logs in with it; every page usable, nothing inline."""

import base64
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import totp
from playwright.sync_api import expect

from tests.archives import ROOT, with_samples
from tests.servers import site

from .test_accessibility import TAGS, everywhere

PASSWORD = "seven brown horses"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A site with an account, of these tests' own."""
    archive = with_samples(tmp_path_factory.mktemp("people"))
    command = [sys.executable, "manage.py", "createcurator", "ann", "--role", "editor"]
    subprocess.run(command, cwd=ROOT, env=archive.environment, input=f"{PASSWORD}\n", text=True, check=True)
    with site(archive) as running:
        yield running


def log_in(page, **fields):
    for label, text in ({"Username:": "ann", "Password:": PASSWORD} | fields).items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Log in").click()


def content(page):
    """What axe finds in a page's own content, narrow and wide, light and dark; the frame around it is Django's."""
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            page.wait_for_timeout(400)  # Django's colours change slowly
            run = Axe().run(page, context="#content", options={"runOnly": {"type": "tag", "values": TAGS}})
            found += [(width, colours, one["id"], one["nodes"][0]["html"]) for one in run.response["violations"]]
    return found


def code(key):
    secret = base64.b32decode(key.replace(" ", ""))
    return f"{totp(secret):06}"


def test_a_curator_turns_the_second_factor_on_and_logs_in_with_it(visit):
    page = visit("/admin/")
    assert everywhere(page) == {}
    log_in(page, **{"Password:": "wrong words entirely"})
    expect(page.get_by_role("alert")).to_be_visible()
    assert everywhere(page) == {}
    log_in(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Second factor").click()
    assert content(page) == []
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert content(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    key = page.locator("code").inner_text()
    page.get_by_label("Code", exact=True).fill(code(key))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert content(page) == []
    recovery = page.locator("li code").first.inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Log out").click()
    page.goto(page.url.split("/admin/")[0] + "/admin/")
    log_in(page)
    expect(page.get_by_role("alert")).to_contain_text("asks for a code")
    log_in(page, **{"Code:": recovery})
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the archive holds")
    assert not [problem for problem in page.problems if "Security Policy" in problem or "http" in problem]
