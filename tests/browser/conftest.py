"""A real Chromium on a real site: gunicorn in front of an archive of the sample letters."""

import os

import pytest
from django.db import connections

from tests.archives import with_samples
from tests.servers import QUIET, chromium, site


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path).replace(os.sep, "/"):
            item.add_marker(pytest.mark.browser)
            # Where other work has the processors, a click may be lost while a page is being laid out.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The site that the browser visits. Always on SQLite: what a browser shows does not depend on the database."""
    archive = with_samples(tmp_path_factory.mktemp("site"))
    with site(archive) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """Chromium. A person's machine without it skips, saying how to get it; with CI=true its absence is a failure."""
    from playwright.sync_api import expect, sync_playwright

    path = chromium()
    if path is None:
        message = "no Chromium here; get it with `apt install chromium`, or say where it is: CHROMIUM=/path/to/chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        # Playwright has an event loop in this thread from now on, which is none of the tests of Django that come later.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        expect.set_options(timeout=15_000)
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        connections.close_all()  # those of the event loop, which nobody can reach once it is gone
        browser.close()


@pytest.fixture
def visit(browser, server):
    """A function that opens a page in a fresh window: ``visit("/", width=375, dark=True)``."""
    contexts = []

    def open_page(path, width=1280, dark=False, javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: page.problems.append(request.url) if server.url not in request.url else None)
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
