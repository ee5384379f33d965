#!/usr/bin/env python3
"""Does to a served workspace what somebody would who means no good, and says what came of it.

    attack.py ADDRESS --log FILE

ADDRESS serves books with one seller and nothing else, with --log, standard error in FILE. Script, markup, line ends, paths and
formulas are put into every name, number, text and file name there is, and into addresses, queries, forms and headers; bodies are
too long, too deep or too many. Ends with 1 where anything of it takes effect.
"""

import argparse
import csv
import html.parser
import http.client
import io
import json
import pathlib
import re
import socket
import time
import uuid
from urllib.parse import quote, urlencode, urlsplit

from house import Defects, chromium, reader
from pages import crawl

EVIL = """<b data-evil=1 onmouseover="hit=1">x</b><script>window.hit=1</script><img src=x onerror="hit=1">"' """
MARK = "<b data-evil"
FORMULAS = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "'=1+1", "''@x", "-", "+49 421 5550"]
# What a spreadsheet takes for a formula, unless it is nothing but a number with a sign, or one to be called.
FORMULA = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(r"^[+-][0-9 .,()/-]*$")
SECRET = "secret-" + uuid.uuid4().hex
HEADERS = {"content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options"}


class Inline(html.parser.HTMLParser):
    """Script and style that stand in the page itself, and what evil became an element."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if tag == "style" or (tag == "script" and "src" not in names) or any(
                name == "style" or name.startswith("on") or name == "data-evil" for name in names):
            self.found.append(self.get_starttag_text() or tag)


class Site:
    def __init__(self, address, defects):
        self.address, self.defects = address, defects
        self.parts = urlsplit(address)

    def connect(self, timeout=60):
        return http.client.HTTPConnection(self.parts.hostname, self.parts.port, timeout=timeout)

    def ask(self, method, target, body=None, headers=None):
        """Status, headers and text; what every answer must have is looked at here."""
        connection = self.connect()
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            body = body.encode() if isinstance(body, str) else body
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        found = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        self.check(f"{method} {target[:100]}", answer.status, found, text)
        return answer.status, found, text

    def check(self, where, status, headers, text):
        for name in HEADERS - set(headers):
            self.defects.note(where, f"answers {status} without {name}")
        policy = headers.get("content-security-policy", "")
        if "unsafe" in policy or "default-src 'none'" not in policy:
            self.defects.note(where, f"has the policy '{policy}'")
        if "x-evil" in headers or "evil" in headers.get("set-cookie", ""):
            self.defects.note(where, "lets a header in")
        if status >= 500:
            self.defects.note(where, f"answers {status}: {text[:200]}")
        if headers.get("content-type", "").startswith("text/html"):
            if MARK in text:
                self.defects.note(where, "writes markup as it came")
            for found in Inline(text).found:
                self.defects.note(where, f"has script or style of its own: {found[:80]}")
        elif MARK in text and headers.get("content-type", "").split(";")[0] not in (
                "application/json", "text/csv", "text/plain", "application/pdf"):
            self.defects.note(where, f"writes markup as {headers.get('content-type')}")

    def send(self, words, fields, files=(), door="api/v1"):
        """A command, as the form of a page or the API sends it."""
        mark = uuid.uuid4().hex
        pieces = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                  for name, value in fields]
        pieces += [f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode()
                   + content.encode() + b"\r\n" for field, name, content in files]
        body = b"".join(pieces) + f"--{mark}--\r\n".encode()
        return self.ask("POST", f"/{door}/{words}", body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def raw(self, data, until, timeout=20):
        """Bytes over a socket of their own; what comes back until the mark, or until the other side closes."""
        with socket.create_connection((self.parts.hostname, self.parts.port), timeout=timeout) as line:
            got = b""
            try:
                line.sendall(data)
                while until not in got:
                    more = line.recv(65536)
                    if not more:
                        break
                    got += more
            except (ConnectionError, TimeoutError):
                pass
            return got


def table(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def store(site):
    """Evil in whatever can be stored."""
    defects = site.defects

    def bring(kind, rows, must=True):
        status, _, text = site.send("import", [("kind", kind)], [("files", f"{kind}{EVIL[:20]}.csv".replace('"', "%22"), table(rows))])
        if must and status != 200:
            defects.note(f"import {kind}", f"answers {status}: {text[:300]}")
        return status, text

    bring("tax-rates", [["country", "state", "tax_category", "vat_category", "rate_percent", "valid_from"], ["DE", "", "S", "S", "19", "2026-01-01"]])
    people = [["customer_id", "name", "country", "currency", "street", "postcode", "city", "email", "payment_terms_days", "price_list"]]
    people.append(["K1", EVIL, "DE", "EUR", EVIL, "27568", EVIL, "a@example.org", "14", "STD"])
    people.append(["K2<i data-evil=1>", "Ruhig KG", "DE", "EUR", "Weg 1", "28217", "Bremen", "b@example.org", "14", "STD"])
    people += [[f"F{number}", text, "DE", "EUR", text, "28217", text, "", "14", "STD"] for number, text in enumerate(FORMULAS)]
    bring("customers", people)
    bring("products", [["sku", "name_de", "name_en", "unit", "tax_category"], ["L1", EVIL, EVIL, "C62", "S"]])
    bring("prices", [["price_list", "sku", "currency", "min_qty", "unit_price", "valid_from"], ["STD", "L1", "EUR", "1", "19.95", "2026-01-01"]])
    bring("orders", [["order_id", "line_no", "customer_id", "currency", "order_date", "po_number", "sku", "quantity"],
                     ["A-1" + EVIL, "1", "K1", "EUR", "2026-01-05", EVIL, "L1", "10"],
                     ["A-2", "1", "K2<i data-evil=1>", "EUR", "2026-01-05", "=1+1", "L1", "10"]])
    bring("invoices", [["invoice_no", "type", "customer_id", "issue_date", "due_date", "currency", "gross"],
                       ["<b data-evil=1>9", "invoice", "K1", "2026-01-05", "2026-01-20", "EUR", "250.00"]])
    bring("receipts", [["payment_id", "booking_date", "currency", "amount", "payer_name", "remittance"],
                       ["P<b data-evil=1>", "2026-02-05", "EUR", "11.00", EVIL, EVIL]], must=False)
    # A line end in an address of mail would be a header of the letter.
    status, text = bring("customers", [["customer_id", "name", "country", "currency", "email"],
                                       ["K9", "Zeile", "DE", "EUR", "a@example.org\r\nBcc: evil@example.org"]], must=False)
    if status == 200 and "\"added\":1" in text:
        defects.note("import customers", "takes a mail address with a line end")
    site.send("bill", [("through", "2026-03-31"), ("issue", "true")])
    site.send("cash/match", [])
    site.send("reminder/run", [("id", EVIL[:60])])
    site.send("period/close", [("through", "2025-12-31"), ("id", "a\r\nX-Evil: 1")])


def reflect(site):
    """Evil in addresses, queries, forms and headers."""
    _, _, text = site.ask("GET", "/api/openapi.json")
    paths = json.loads(text)["paths"]
    evil = quote(EVIL, safe="")
    lines = quote("a\r\nX-Evil: 1\r\n\r\n<b data-evil=1>", safe="")
    for target in ["/", "/search", "/commands", "/api"] + [f"/{place}" for place in ("customers", "invoices", "commands", "files", "assets", "nowhere")]:
        for value in (evil, lines):
            site.ask("GET", f"{target}?q={value}&seller={value}&kind={value}&done={value}&lang={value}&name={value}&{value}=1")
            site.ask("GET", f"{target.rstrip('/')}/{value}")
            site.ask("GET", f"{target.rstrip('/')}/{value}.pdf")
            site.ask("DELETE", f"{target.rstrip('/')}/{value}")
    site.ask("GET", "/", headers={"Accept-Language": EVIL, "Accept": EVIL, "Cookie": f"duly_session={EVIL}", "Referer": EVIL})
    site.ask("GET", "/%ff%fe")
    site.ask("GET", "/%00")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path, methods in paths.items():
        method, operation = next(iter(methods.items()))
        if not path.startswith("/api/v1/") or "{" in path:
            continue
        words = path.removeprefix("/api/v1/")
        if method == "get":
            names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query" and one["name"] != "download"]
            site.ask("GET", f"{path}?" + urlencode([(name, EVIL) for name in names]))
            site.ask("GET", f"{path}?download=true&" + urlencode([(name, "a\r\nX-Evil: 1") for name in names]))
        else:
            content = operation["requestBody"]["content"]
            names = list(next(iter(content.values()))["schema"].get("properties", {}))
            names = [name for name in names if name != "dry_run"]
            dry = [("dry-run", "true")] if "dry_run" in json.dumps(content) else []
            for value in (EVIL, "a\r\nX-Evil: 1"):
                fields = [(name.replace("_", "-"), value) for name in names]
                site.ask("POST", f"/do/{words}", urlencode(fields + dry + [("_back", "/" + value), ("_id", value)]), form)
        site.ask("GET", f"/commands/{words}?" + urlencode([(name, EVIL) for name in names]))
    # Where a form says to go next: never to another house, never with a line end.
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:hit=1", "/x\r\nX-Evil: 1", "\t//evil.example"):
        status, headers, _ = site.ask("POST", "/do/period/reopen", urlencode([("from", "2025-06-01"), ("_back", back), ("_id", uuid.uuid4().hex)]), form)
        place = headers.get("location", "/")
        if not place.startswith("/") or place.startswith(("//", "/\\")) or "\r" in place:
            site.defects.note("POST /do/period/reopen", f"leads to {place}")


def paths(site, folder):
    """Names that would leave the folder they belong to."""
    before = sorted(str(one) for one in folder.rglob("*"))
    name = "evil-" + uuid.uuid4().hex
    content = "sku,name_en,unit,tax_category\nL2,Lamp,C62,S\n"
    for number, file in enumerate([f"../../{name}.csv", f"..\\..\\{name}.csv", f"/tmp/{name}.csv", f"{folder}/{name}.csv", "..", ".", "",
                                   "a\r\nX-Evil: 1.csv", "-rf.csv", "con\x00.csv", "x" * 5000 + ".csv"]):
        status, _, text = site.send("import", [("kind", "products"), ("dry-run", "true")], [("files", file, content)])
        if "L2" not in text and status not in (200, 400, 422):
            site.defects.note(f"upload {number}", f"answers {status}: {text[:200]}")
    for target in ["/files/../../etc/passwd", "/files/..%2f..%2f..%2fetc%2fpasswd", "/assets/../../../etc/passwd", "/assets/%2e%2e%2f%2e%2e%2fetc/passwd",
                   "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/files/%2fetc%2fpasswd", "/invoices/..%2f..%2fduly.db", "/api/v1/../../duly.db"]:
        status, _, text = site.ask("GET", target)
        if status == 200 or "root:" in text:
            site.defects.note(target, f"answers {status}")
    after = sorted(str(one) for one in folder.rglob("*") if not str(one).endswith(("-wal", "-shm", "-journal")))
    for one in set(after) - set(before):
        site.defects.note("an upload", f"made {one}")
    if pathlib.Path(f"/tmp/{name}.csv").exists():
        site.defects.note("an upload", "wrote where its name says")


def bombs(site):
    """More than anyone needs. The server must refuse, soon, and go on."""
    host = f"Host: 127.0.0.1:{site.parts.port}\r\n".encode()

    def bomb(name, allowed, ask, most=15):
        began = time.monotonic()
        try:
            status = ask()
        except (ConnectionError, http.client.HTTPException, TimeoutError) as error:
            status = type(error).__name__
        took = time.monotonic() - began
        if status not in allowed:
            site.defects.note(name, f"answers {status}")
        if took > most:
            site.defects.note(name, f"takes {took:.0f} s")
        if site.ask("GET", "/api/today")[0] != 200:
            site.defects.note(name, "the server does not go on")

    def declared():
        got = site.raw(b"POST /api/v1/import HTTP/1.1\r\n" + host + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 99999999999\r\n\r\nx",
                       until=b"\r\n\r\n")
        head = got.split(b"\r\n\r\n")[0].lower()
        if head and b"content-security-policy" not in head:
            site.defects.note("a declared length over the limit", "is answered without the headers of every answer")
        return int(got.split(b" ")[1]) if got.startswith(b"HTTP/1.1 ") else "nothing"

    bomb("a declared length over the limit", {413}, declared)
    def endless():
        """A body of pieces without an end, sent where nothing is taken: it is not kept."""
        piece = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        with socket.create_connection((site.parts.hostname, site.parts.port), timeout=20) as line:
            line.sendall(b"GET /nowhere HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n")
            line.setblocking(False)
            got, sent, rest = b"", 0, piece
            began = time.monotonic()
            while b"\r\n\r\n" not in got and time.monotonic() - began < 15:
                try:
                    went = line.send(rest)
                    sent, rest = sent + went, rest[went:] or piece
                except BlockingIOError:
                    time.sleep(0.001)
                except ConnectionError:
                    break
                try:
                    got += line.recv(65536)
                except BlockingIOError:
                    pass
                except ConnectionError:
                    break
        return int(got.split(b" ")[1]) if got.startswith(b"HTTP/1.1 ") else f"nothing after {sent >> 20} MiB"

    bomb("a body without an end", {413}, endless)
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    bomb("a million parts", {400, 413}, lambda: site.ask(
        "POST", "/api/v1/import", part * 1_000_000 + b"--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"})[0], most=30)
    bomb("a million fields", {400, 413}, lambda: site.ask(
        "POST", "/api/v1/bill", b"a=1&" * 1_000_000, {"Content-Type": "application/x-www-form-urlencoded"})[0], most=30)
    say = {"Content-Type": "application/json"}
    bomb("deep lists", {400}, lambda: site.ask("POST", "/api/v1/bill", '{"through":' + "[" * 200_000 + "]" * 200_000 + "}", say)[0])
    bomb("deep objects", {400}, lambda: site.ask("POST", "/api/v1/bill", '{"a":' * 100_000 + "1" + "}" * 100_000, say)[0])
    for number in ("1e400", "-1e400", "1" * 5000, "1e-99999", "0." + "1" * 5000):
        bomb(f"the number {number[:8]}", {400, 422}, lambda number=number: site.ask(
            "POST", "/api/v1/cash/apply", f'{{"receipt":"x","invoice":"y","amount":{number},"dry_run":true}}', say)[0])
    for limit in ("99999999999999999999", "-1", "9223372036854775807", "1e9", "٣"):
        bomb(f"limit {limit}", {200, 400, 422}, lambda limit=limit: site.ask("GET", "/api/v1/invoice/list?limit=" + quote(limit))[0])
    bomb("a long address", {400, 404, 414, 431, "ConnectionResetError", "RemoteDisconnected", "BrokenPipeError", "BadStatusLine"},
         lambda: site.connect().request("GET", "/search?q=" + "a" * 2_000_000) or 404)
    bomb("a long search", {200, 400, 414, 422, 431}, lambda: site.ask("GET", "/search?q=" + "a%20" * 10_000)[0])
    bomb("a part without an end", {400}, lambda: site.ask(
        "POST", "/api/v1/import", b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 1_000_000, {"Content-Type": "multipart/form-data; boundary=x"})[0])


def formulas(site):
    """No cell of a file of ours is a formula, and the file can be read back as it was."""
    for kind in ("customers", "products", "prices", "invoices", "receipts", "allocations"):
        status, _, text = site.ask("GET", f"/api/v1/export?kind={kind}&download=true")
        if status != 200:
            site.defects.note(f"export {kind}", f"answers {status}: {text[:200]}")
            continue
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                if FORMULA.match(cell) and not NUMBER.match(cell):
                    site.defects.note(f"export {kind}", f"has a cell that a spreadsheet computes: {cell[:40]!r}")
        if kind in ("customers", "products", "prices"):
            status, _, said = site.send("import", [("kind", kind)], [("files", f"{kind}.csv", text)])
            told = json.loads(said)["files"][0] if status == 200 else {}
            if told.get("unchanged") != told.get("rows") or not told.get("rows"):
                site.defects.note(f"export {kind}", f"does not import unchanged: {status} {said[:300]}")
    for name in ("aging", "journal"):
        _, _, text = site.ask("GET", f"/api/v1/report?name={name}&csv=true")
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                if FORMULA.match(cell) and not NUMBER.match(cell):
                    site.defects.note(f"report {name}", f"has a cell that a spreadsheet computes: {cell[:40]!r}")


def log(site, file):
    """What must stay between two stays between them."""
    site.ask("GET", f"/search?q={SECRET}&token={SECRET}")
    site.ask("GET", "/api/today", headers={"Authorization": f"Bearer {SECRET}", "Cookie": f"duly_session={SECRET}", "Idempotency-Key": SECRET})
    site.ask("POST", "/do/cash/apply", urlencode([("receipt", SECRET), ("_token", SECRET)]), {"Content-Type": "application/x-www-form-urlencoded"})
    site.ask("GET", "/nowhere%0d%0aGET%20/forged%20200")
    site.ask("GET", "/api/today")
    text = pathlib.Path(file).read_text(encoding="utf-8", errors="replace")
    if "GET /api/today" not in text:
        site.defects.note("the log", "does not hold the requests, so nothing is known of it")
    if SECRET in text:
        site.defects.note("the log", "holds a token or what was asked for: " + next(line for line in text.split("\n") if SECRET in line)[:200])
    for line in text.split("\n"):
        if line.startswith("GET /forged"):
            site.defects.note("the log", "holds a line that a request made up")
        if "data-evil" in line and "?" in line.split(" ")[1:2]:
            site.defects.note("the log", f"holds a query: {line[:100]}")


def look(site, address):
    """The pages, with all of it in them, in a browser: nothing of it may live."""
    with chromium() as browser:
        quiet = Defects.__new__(Defects)
        quiet.all, quiet.note = [], lambda where, what: None
        _, pages, _ = crawl(browser, address, quiet, 2)
        context = reader(browser, address)
        page = context.new_page()
        page.on("dialog", lambda dialog: (site.defects.note(page.url, "opens a window"), dialog.dismiss()))
        page.on("console", lambda message: "Content Security Policy" in message.text and site.defects.note(page.url, message.text[:200]))
        for path in pages + ["/search?q=" + quote(EVIL), "/customers/K1", "/nowhere/" + quote(EVIL, safe="")]:
            page.goto(path)
            if page.evaluate("!!document.querySelector('main [data-evil], main script') || 'hit' in window"):
                site.defects.note(path, "lets markup live")
        context.close()
        return len(pages)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--log", required=True)
    wanted = parser.parse_args()
    defects = Defects()
    site = Site(wanted.address, defects)
    store(site)
    reflect(site)
    paths(site, pathlib.Path(wanted.log).parent)
    bombs(site)
    formulas(site)
    log(site, wanted.log)
    defects.end(f"{look(site, wanted.address)} pages with evil in them")


if __name__ == "__main__":
    main()
