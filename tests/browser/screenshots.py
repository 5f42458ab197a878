"""Makes the README's pictures from the sample letters: ``make screenshots``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

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
        browser.close()


if __name__ == "__main__":
    main()
