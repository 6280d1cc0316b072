"""A browser of this system, for tests of pages that are opened from disk."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = (1280, 900), (360, 740)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a headless browser that is installed here; playwright's own downloads are not used.

    It runs an event loop in this thread as long as it lives, so no longer than the tests of one module.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        # Without its sandbox it runs as root too; it opens nothing but files of the tests.
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def opened(
    browser: Browser, page: Path, fragment: str = "", *, size: tuple[int, int] = DESKTOP, dark: bool = False
) -> Iterator[Page]:
    """Give a page that was opened from disk; fails where it complains, or asks for anything but files beside it."""
    width, height = size
    tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
    said: list[str] = []
    asked: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", dismissed)
    tab.on("request", lambda request: asked.append(request.url))
    try:
        tab.goto(f"{page.as_uri()}{fragment}")
        tab.wait_for_selector(".view:not([hidden]) h1:not(:empty)")
        yield tab
    finally:
        tab.close()
    assert not said, said
    elsewhere = [url for url in asked if not url.startswith(page.parent.as_uri())]
    assert not elsewhere, elsewhere
