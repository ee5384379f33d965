#!/usr/bin/env python3
"""Looks at every page of a served workspace in Chromium, and says what is wrong with it.

    pages.py ADDRESS [--screenshots FOLDER] [--thorough]

Pages are those of the rail and, from each, those it links to. Of pages that differ in a name or a query alone, a few are looked
at. Each must answer 200 with less than 200 KB, say nothing on the console, fit its window, show what it says without script, too,
let the keyboard through in reading order with a focus that shows, and give axe nothing to complain of. Themes, widths and languages
are taken in pairs, so that each meets each of the others once; --thorough takes all of them, and more pages.
"""

import argparse
import itertools
import pathlib
import re
from urllib.parse import parse_qsl, urlsplit

from house import RULES, SIZES, Defects, axe_source, chromium, local, reader

MOST_BYTES = 200 * 1024
PAIRS = [("light", 1440, "en"), ("dark", 1440, "de"), ("dark", 390, "en"), ("light", 390, "de")]
ALL = list(itertools.product(["light", "dark"], [1440, 390], ["en", "de"]))
# Answers with a file, not a page.
FILES = re.compile(r"\.(pdf|csv|xlsx|json|xml|zip)$")

TELL_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  let fixed = false, clipped = false;
  for (let p = e; p && p !== document.body; p = p.parentElement) {
    const s = getComputedStyle(p);
    if (s.position === 'fixed' || s.position === 'sticky' || s.position === 'absolute') fixed = true;
    if (p !== e && /auto|scroll|hidden/.test(s.overflowX + s.overflowY)) clipped = true;
  }
  const all = [...document.querySelectorAll('*')];
  const spots = [[.5,.5],[.1,.5],[.9,.5],[.5,.1],[.5,.9]];
  const shown = spots.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (e.contains(top) || top.contains(e) || (e.labels && [...e.labels].some((l) => l.contains(top))));
  });
  const ring = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  let focus = ring(style);
  for (let p = e.parentElement, n = 0; p && n < 2 && !focus; p = p.parentElement, n++)
    focus = p.matches(':focus-within') && ring(getComputedStyle(p));
  return {
    place: all.indexOf(e), positive: e.tabIndex > 0, focus, shown, fixed, clipped, inMain: !!e.closest('main'),
    box: { left: box.left + scrollX, top: box.top + scrollY, right: box.right + scrollX, bottom: box.bottom + scrollY },
    name: e.tagName.toLowerCase() + ' "' + (e.innerText || e.getAttribute('aria-label') || e.name || '').trim().slice(0, 40) + '"',
  };
}"""


def shape(path):
    """What pages of one make have in common: /invoices/RE-1?line=2 is /invoices/*?line."""
    parts = urlsplit(path)
    place = parts.path.strip("/").split("/")
    named = [place[0]] + (["*"] if len(place) > 1 else [])
    if place[0] in ("settings", "reports", "commands", "prices", "money", "ask", "bill") and len(place) > 1:
        named = place[:2]
    keys = sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)} - {"lang", "seller", "done"})
    return "/" + "/".join(named) + ("?" + "&".join(keys) if keys else "")


def crawl(browser, address, defects, few):
    """The pages of the rail, and one link further: path by path, and the files they offer."""
    context = reader(browser, address)
    page = context.new_page()
    page.goto("/")
    rail = [local(address, link) for link in page.eval_on_selector_all(
        ".rail .places a", "all => all.map((one) => one.getAttribute('href'))")]
    if len(rail) < 10:
        defects.note("/", f"the rail has {len(rail)} places, not ten")
    starts = list(dict.fromkeys([path for path in rail if path] + ["/commands", "/api"]))
    found, files, counted = dict.fromkeys(starts), {}, {}
    for start in starts:
        page.goto(start)
        for link in page.eval_on_selector_all("main a, header a", "all => all.map((one) => one.getAttribute('href'))"):
            path = local(address, link)
            # Every page is looked at in both languages anyway.
            if path is None or path in found or path in files or "lang" in dict(parse_qsl(urlsplit(path).query)):
                continue
            into = files if FILES.search(urlsplit(path).path) or path.startswith(("/files", "/api/")) else found
            make = (into is files, shape(path))
            # Forms of commands are one make with many names.
            if path.startswith("/commands/"):
                make = (False, "/commands/*")
            counted[make] = counted.get(make, 0) + 1
            most = few * 4 if make[1] == "/commands/*" else few
            if counted[make] <= most:
                into[path] = None
    context.close()
    return starts, list(found), list(files)


class Looker:
    def __init__(self, browser, address, defects, screenshots):
        self.browser, self.address, self.defects = browser, address, defects
        self.axe = axe_source()
        self.screenshots = pathlib.Path(screenshots) if screenshots else None
        self.texts = {}
        self.looks = 0

    def window(self, context):
        """A page that notes what the console says."""
        page = context.new_page()
        self.said = []
        page.on("console", lambda message: self.said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        # What the next page cut off is no failure.
        page.on("requestfailed", lambda request: "ERR_ABORTED" in (request.failure or "")
                or self.said.append(f"{request.url} failed: {request.failure}"))
        return page

    def look(self, page, path, combination, *, deep):
        theme, width, language = combination
        where = f"{path} ({theme}, {width}, {language})"
        self.said.clear()
        answer = page.goto(path, wait_until="load")
        self.looks += 1
        if answer.status != 200:
            self.defects.note(path, f"answers {answer.status}")
            return
        size = len(answer.body())
        if size >= MOST_BYTES:
            self.defects.note(path, f"{size // 1024} KB")
        wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if wide[0] > wide[1]:
            self.defects.note(where, f"is {wide[0]} wide in a window of {wide[1]}: {self.widest(page)}")
        if page.evaluate("document.documentElement.lang") != language:
            self.defects.note(where, "is in another language")
        if (path, language) not in self.texts:
            self.texts[path, language] = words(page)
        if self.screenshots:
            name = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "today"
            page.screenshot(path=self.screenshots / f"{name[:80]}.{width}.{theme}.{language}.png", full_page=True)
        if deep:
            # As tall as the page, so that nothing lies under a bar at the foot of the window.
            tall = page.evaluate("Math.min(20000, document.documentElement.scrollHeight + 100)")
            page.set_viewport_size({"width": width, "height": max(tall, SIZES[width])})
            page.evaluate(self.axe)
            found = page.evaluate(
                "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES)
            for violation in found["violations"]:
                nodes = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:3])
                more = violation["nodes"][0].get("failureSummary", "").replace("\n", " ")
                self.defects.note(where, f"axe {violation['id']} at {nodes}: {more[:220]}")
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            self.tab_through(page, where)
        for text in self.said:
            self.defects.note(where, f"console: {text}")

    def widest(self, page):
        return page.evaluate("""() => { const most = document.documentElement.clientWidth;
          return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > most + 1
            && !e.closest('.scroll')).slice(0, 3).map((e) => e.tagName.toLowerCase() + '.' + e.className).join(' ') }""")

    def tab_through(self, page, where, most=45):
        page.evaluate("document.activeElement && document.activeElement.blur(); scrollTo(0, 0)")
        before = None
        for _ in range(most):
            page.keyboard.press("Tab")
            now = page.evaluate(TELL_FOCUS)
            if now is None or (before and now["place"] <= before["place"] and before["place"] - now["place"] > 40):
                break
            if now["positive"]:
                self.defects.note(where, f"{now['name']} has a tab order of its own")
            # Within an input of a day, the browser shows itself which part of it has the focus.
            within = before and before["place"] == now["place"]
            if not now["focus"] and not within:
                self.defects.note(where, f"the focus does not show at {now['name']}")
            if not now["shown"]:
                self.defects.note(where, f"{now['name']} is hidden while it has the focus")
            if before and now["place"] < before["place"]:
                self.defects.note(where, f"the focus goes back from {before['name']} to {now['name']}")
            if before and before["inMain"] and now["inMain"] and not (before["fixed"] or now["fixed"]):
                up = now["box"]["bottom"] <= before["box"]["top"]
                if up and now["box"]["left"] < before["box"]["right"]:
                    self.defects.note(where, f"the focus goes up from {before['name']} to {now['name']}")
            before = now

    def without_script(self, paths, language):
        """The page says the same where no script runs."""
        context = reader(self.browser, self.address, language=language, script=False)
        page = context.new_page()
        for path in paths:
            with_script = self.texts.get((path, language))
            if with_script is None:
                continue
            page.goto(path)
            plain = words(page)
            if squeeze(plain) == squeeze(with_script):
                continue
            # The first look may have come before the figures of the month were ready.
            with_script = self.again(path, language)
            if squeeze(plain) != squeeze(with_script):
                self.defects.note(path, f"says something else without script: {difference(plain, with_script)}")
        context.close()

    def again(self, path, language):
        context = reader(self.browser, self.address, language=language)
        page = context.new_page()
        page.goto(path)
        text = words(page)
        context.close()
        return text


def words(page):
    """What the page says, without the keys that only the script makes work."""
    return page.evaluate("""() => {
      const keys = [...document.querySelectorAll('main kbd')].filter((key) => !key.hidden);
      keys.forEach((key) => { key.hidden = true; key.dataset.was = key.style.display; key.style.display = 'none'; });
      const text = document.querySelector('main').innerText;
      keys.forEach((key) => { key.hidden = false; key.style.display = key.dataset.was; delete key.dataset.was; });
      return text;
    }""")


def squeeze(text):
    """Without the seconds and the minutes, which go on between two looks."""
    return re.sub(r"\d\d:\d\d(:\d\d)?", "", re.sub(r"\s+", " ", text)).strip()


def difference(one, other):
    one, other = squeeze(one).split(" "), squeeze(other).split(" ")
    at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    return f"'{' '.join(one[at:at + 6])}' where script says '{' '.join(other[at:at + 6])}'"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--screenshots")
    parser.add_argument("--thorough", action="store_true")
    wanted = parser.parse_args()
    defects = Defects()
    if wanted.screenshots:
        pathlib.Path(wanted.screenshots).mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        starts, pages, files = crawl(browser, wanted.address, defects, 6 if wanted.thorough else 2)
        looker = Looker(browser, wanted.address, defects, wanted.screenshots)
        for number, combination in enumerate(ALL if wanted.thorough else PAIRS):
            theme, width, language = combination
            context = reader(browser, wanted.address, theme=theme, width=width, language=language)
            page = looker.window(context)
            seen = set()
            for place, path in enumerate(pages):
                # The first of each make is asked everything, in the first and third pair: both themes and both widths. Of the others
                # each pair takes its share.
                make = shape(path) if not path.startswith("/commands/") else "/commands/*"
                first = path in starts or make not in seen
                seen.add(make)
                if wanted.thorough or wanted.screenshots or first or place % 4 == number or number == 0:
                    looker.look(page, path, combination, deep=wanted.thorough or (first and number in (0, 2)))
            context.close()
        looker.without_script(pages, "en")
        context = reader(browser, wanted.address)
        for path in files:
            answer = context.request.get(path)
            if answer.status != 200:
                defects.note(path, f"answers {answer.status}")
        context.close()
    defects.end(f"{len(pages)} pages and {len(files)} files, {looker.looks} looks")


if __name__ == "__main__":
    main()
