"""The API under eight clients: the creating and reading of a program that keeps another system and the books in step."""
import json
import os
import random
import subprocess
import time
import urllib.parse

import serving
from measuring import run, server_cpu

CLIENTS = 8

# Of sixteen requests, eight create. An order and a customer as JSON, a receipt applied by hand, a cent given up; a customer, what is open
# of theirs, a document, what happened with a customer.
MIX = ["order", "show", "customer", "invoice", "apply", "open", "order", "show",
       "order", "invoice", "write-off", "open", "apply", "timeline", "customer", "show"]
# A second and client: more than any server answers, so that nobody runs out.
MOST_RATE = 600


def books_of(bench, engine, books):
    """Books with so many invoices and the receipts of the company's bank files."""
    bench.masters(books, os.path.join(bench.company(), "orders.csv"))
    bench.duly(books, "bill", "--through", "2099-12-31", "--issue", "--today", "2026-01-31", "--json")
    bench.duly(books, "bank", "import", os.path.join(bench.company(), "camt.053.xml"), "--today", "2026-01-31", "--json")
    if engine == "postgres":
        # What the server's housekeeping would have done by itself.
        run(["psql", "-q", "-c", "VACUUM ANALYZE", books])


def requests(books, seconds):
    """Lines for the load: each receipt and each document to be changed once."""
    dice = random.Random(5)
    customers = serving.ask(books, """SELECT c.number, s.code FROM customers c JOIN sellers s ON s.book = c.book
        WHERE s.code = 'DE' ORDER BY c.number""")
    documents = serving.ask(books, """SELECT d.number, s.code FROM documents d JOIN sellers s ON s.book = d.book
        WHERE s.code = 'DE' ORDER BY d.number""")
    receipts = [row[0] for row in serving.ask(books, """SELECT r.payment_id FROM receipts r JOIN sellers s ON s.book = r.book
        WHERE s.code = 'DE' AND r.currency = 'EUR' ORDER BY r.payment_id""")]
    sku = serving.ask(books, "SELECT min(sku) FROM products")[0][0]
    dice.shuffle(documents)
    dice.shuffle(receipts)
    changed = iter(documents)

    def get(place, **fields):
        return "GET", f"/api/v1/{place}?" + urllib.parse.urlencode(fields), ""

    def post(place, **fields):
        return "POST", f"/api/v1/{place}", json.dumps(fields, ensure_ascii=False)

    def made(kind, number):
        customer = dice.choice(customers)[0]
        if kind == "order":
            return post("import", kind="orders", id=f"bench-{number}", files=[dict(
                order_id=f"B-{number}", line_no="1", customer_id=customer, seller="DE", currency="EUR", order_date="2026-03-31", sku=sku,
                quantity="2")])
        if kind == "customer":
            return post("import", kind="customers", id=f"bench-{number}", files=[dict(
                customer_id=f"N-{number}", name=f"Neukunde {number}", country="DE", seller="DE", currency="EUR", street="Am Markt 1",
                postcode="10115", city="Berlin")])
        if kind == "apply":
            return post(
                "cash/apply", receipt=receipts[number % len(receipts)], invoice=next(changed)[0], amount="0.01", seller="DE",
                id=f"bench-{number}")
        if kind == "write-off":
            return post(
                "cash/write-off", invoice=next(changed)[0], amount="0.01", reason="small-difference", seller="DE", id=f"bench-{number}")
        if kind == "show":
            return get("customer/show", number=customer, seller="DE")
        if kind == "open":
            return get("invoice/list", customer=customer, status="open", seller="DE", limit="50")
        if kind == "timeline":
            return get("timeline", customer=customer, seller="DE", limit="50")
        return get("invoice/show", number=dice.choice(documents)[0], seller="DE")

    lines = []
    for number in range(int(MOST_RATE * CLIENTS * seconds)):
        # Each client goes through the mix, and all of them at different places of it.
        kind = MIX[(number // CLIENTS + 2 * (number % CLIENTS)) % len(MIX)]
        try:
            lines.append("\t".join((kind, *made(kind, number))))
        except StopIteration:
            break
    return lines


def token(bench, books):
    """A user who may do all of it, and their token."""
    password = os.path.join(bench.books, "password")
    with open(password, "w", encoding="utf-8") as file:
        file.write("correct horse battery staple 47\n")
    os.chmod(password, 0o600)
    bench.duly(books, "user", "add", "bench", "--role", "administrator", "--password-file", password)
    words = [word for scope in ("read", "bill", "cash", "collect", "admin") for word in ("--scope", scope)]
    return json.loads(bench.duly(books, "token", "create", "--user", "bench", "--name", "bench", *words, "--json").output)["token"]


def measure(bench, engine, books, least):
    books_of(bench, engine, books)
    secret = token(bench, books)
    path = os.path.join(bench.books, "requests")
    lines = requests(books, serving.SECONDS)
    warm = 16 * CLIENTS
    for name, part in (("warm", lines[:warm]), ("load", lines[warm:])):
        with open(f"{path}-{name}", "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in part)
    with serving.Server(os.environ["DULY_PROGRAM"], books, os.path.join(bench.books, "bench.key")) as server:
        port = urllib.parse.urlsplit(server.url).port

        def load(name, seconds):
            told = subprocess.run(
                [os.path.join(bench.floors, "api_load"), str(port), secret, str(CLIENTS), str(seconds), f"{path}-{name}"],
                check=True, stdout=subprocess.PIPE, text=True)
            return json.loads(told.stdout)

        load("warm", 30)
        time.sleep(1)
        own, other = server.cpu(), server_cpu() if engine == "postgres" else 0.0
        found = load("load", serving.SECONDS)
        own, other = server.cpu() - own, server_cpu() - other if engine == "postgres" else 0.0
    every, errors = found["all"], found["errors"]
    rate, each = every["requests"] / found["seconds"], (own + other) / every["requests"] * 1000
    bench.table.add(
        f"api, {CLIENTS} clients, half creating, {engine}",
        f"{rate:.0f} a s, p50 {every['p50']:.1f} p99 {every['p99']:.1f} ms, {each:.2f} ms CPU", "–",
        f"≥ {least} a s, p99 under 50 ms, 0 errors", rate >= least and every["p99"] < 50 and errors == 0,
        per_second=rate, errors=errors, server_cpu_milliseconds=own / every["requests"] * 1000,
        database_cpu_milliseconds=other / every["requests"] * 1000, client_cpu_seconds=found["cpu"], all=every, kinds=found["kinds"])
    if errors:
        print(f"  {errors} requests failed")
    for kind, one in sorted(found["kinds"].items()):
        print(f"  {kind:<10} {one['requests']:>7} p50 {one['p50']:6.1f} p99 {one['p99']:6.1f} slowest {one['slowest']:7.1f} ms")
