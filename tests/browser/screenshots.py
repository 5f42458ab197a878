"""Makes the README's pictures from the sample letters: ``make screenshots``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.archives import ROOT, Archive
from tests.servers import QUIET, chromium, site

PICTURES = {
    "home": ("/", 1280, 900, False),
    "decisions": ("/decisions/?treatment=pharmaceuticals&state=CA", 1280, 900, False),
    "case": ("/cases/cm17-0990014/", 1280, 900, False),
    "source": ("/cases/cm17-0990014/source/#field-items-0-conclusion", 1280, 900, False),
    "source-dark-phone": ("/cases/cm16-0990003/source/#words-items-1-treatment", 390, 844, True),
    "case-dark-phone": ("/cases/cm16-0990003/", 390, 844, True),
}

# Pages for curators: the picture of a letter being corrected.
CURATED = {"curation-queue": "/admin/queue/", "curation-edit": "/admin/determinations/case/{case}/change/"}
_PASSWORD = "pictures-for-the-readme"
_ACCOUNT = f"from django.contrib.auth.models import User; User.objects.create_superuser('ada', password='{_PASSWORD}')"
_CASE = "from determinations.models import Case; print(Case.objects.get(slug='cm16-0990003').pk)"


def main() -> None:
    """Start a site with the samples and take each picture."""
    folder = ROOT / "docs" / "images"
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        archive = Archive(Path(name))
        archive.run("prepare", "--samples")
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        with site(archive) as server:
            for picture, (path, width, height, dark) in PICTURES.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if dark else "light",
                    reduced_motion="reduce",  # else a picture shows the page on its way to what was asked for
                )
                page.goto(server.url + path, wait_until="networkidle")
                page.screenshot(path=folder / f"{picture}.png")
                page.close()
            _curated(browser, archive, server.url, folder)
        browser.close()


def _curated(browser: Browser, archive: Archive, url: str, folder: Path) -> None:
    """The pictures of docs/curation.md, as somebody who is logged in sees the pages."""
    archive.run("shell", "--verbosity", "0", "--command", _ACCOUNT)
    case = archive.run("shell", "--verbosity", "0", "--command", _CASE).split()[-1]
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light", reduced_motion="reduce")
    page.goto(f"{url}/admin/login/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", _PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    for picture, path in CURATED.items():
        page.goto(url + path.format(case=case), wait_until="networkidle")
        page.screenshot(path=folder / f"{picture}.png")
    page.close()


if __name__ == "__main__":
    main()
