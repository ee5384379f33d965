"""What the programs that look at the workspace share: a Chromium, a signed-in reader, the accessibility engine, a list of defects."""

import importlib.util
import os
import pathlib
import shutil
import sys
import time
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import sync_playwright

# WCAG 2.2 AA and all that it builds on.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# In CSS pixels: a desk and a telephone.
SIZES = {1440: 900, 390: 844}


def axe_source():
    """The text of axe-core, from the package that carries it."""
    found = importlib.util.find_spec("axe_playwright_python")
    return (pathlib.Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def chromium():
    program = shutil.which("chromium")
    if program is None:
        sys.exit("chromium was not found; ./test installs it")
    with sync_playwright() as playwright:
        # Tests run as root in containers, where Chromium's own sandbox does not start, and with little shared memory.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


def reader(browser, address, *, theme="light", width=1440, language="en", script=True):
    """A window of its own. Where DULY_BROWSER_USER names somebody, that person is signed in."""
    context = browser.new_context(
        base_url=address, color_scheme=theme, viewport={"width": width, "height": SIZES[width]},
        locale={"en": "en-GB", "de": "de-DE"}[language], java_script_enabled=script, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    user = os.environ.get("DULY_BROWSER_USER")
    if user:
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=name]", user)
        page.fill("input[name=password]", os.environ["DULY_BROWSER_PASSWORD"])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.close()
    return context


def local(address, link):
    """The path and query of a link to this site; None for any other."""
    if not link or link.startswith("#"):
        return None
    whole, home = urlsplit(urljoin(address, link)), urlsplit(address)
    if (whole.scheme, whole.netloc) != (home.scheme, home.netloc):
        return None
    return whole.path + ("?" + whole.query if whole.query else "")


class Defects:
    def __init__(self):
        self.all = []
        self.began = time.monotonic()

    def note(self, where, what):
        line = f"{where}: {what}"
        if line not in self.all:
            self.all.append(line)
            print("DEFECT " + line, flush=True)

    def end(self, looked):
        """Says what was looked at, and ends the program: with 1 where something is wrong."""
        took = time.monotonic() - self.began
        print(f"{looked}; {len(self.all)} defects; {took:.0f} s", flush=True)
        sys.exit(1 if self.all else 0)
