"""`duly serve` under a steady load: which addresses, over which books, and what came of them."""
import json
import os
import random
import sqlite3
import subprocess
import time
import urllib.parse

import open_load
import search_books

# Requests a second, and for how long.
RATE = 20
SECONDS = int(os.environ.get("DULY_BENCH_SECONDS", "60"))

# Every list and file page. `{customer}`, `{invoice}` and `{word}` are taken from the books; a page that is not there is a failure.
PAGES = [
    "/", "/customers", "/customers?order=open", "/customers/{customer}", "/invoices/{invoice}", "/search?q={word}", "/prices",
    "/products", "/bill", "/money", "/money/statements", "/ask", "/ask/letters", "/ask/policy", "/disputes", "/statements", "/reports",
    "/reports/aging", "/reports/rollforward", "/reports/dso", "/reports/collections", "/reports/late", "/reports/unbilled",
    "/reports/journal", "/reports/open-items", "/reports/placed", "/reports/work", "/settings", "/places", "/commands", "/import",
]


class Server:
    """A server on a free port of loopback, stopped by its process id."""

    def __init__(self, program, books, key, *words):
        environment = {**os.environ, "DULY_BOOKS": books, "DULY_KEY_FILE": key, "DULY_TODAY": "2026-03-31"}
        environment.pop("DULY_SMTP_URL", None)
        self.process = subprocess.Popen(
            [program, "serve", *words, "--rate", "0", "--port", "0", "--json"], stdout=subprocess.PIPE, env=environment, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"duly serve ended with {self.process.wait()}")
        self.url = json.loads(line)["url"]

    def cpu(self):
        """CPU seconds it has used."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8", errors="replace") as text:
            fields = text.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def ask(books, sql):
    """The rows of a query as lists of text, on either engine."""
    if not books.startswith("postgres"):
        connection = sqlite3.connect(books)
        try:
            return [[str(cell) for cell in row] for row in connection.execute(sql)]
        finally:
            connection.close()
    told = subprocess.run(["psql", "-qAt", "-F", "\t", "-c", sql, books], check=True, stdout=subprocess.PIPE, text=True)
    return [line.split("\t") for line in told.stdout.splitlines()]


def pages(books):
    """Each page in turns, of another record each time: the customers with most open items and others by chance."""
    dice = random.Random(7)
    customers = ask(books, """SELECT c.number, n.name FROM customers c JOIN customer_details n ON n.book = c.book AND n.details = c.details
        LEFT JOIN (SELECT book, customer, count(*) AS many FROM open_items WHERE open_minor <> 0 GROUP BY book, customer) i
            ON i.book = c.book AND i.customer = c.customer
        ORDER BY coalesce(i.many, 0) DESC, c.number""")
    invoices = [row[0] for row in ask(books, "SELECT number FROM documents ORDER BY number")]
    chosen = customers[:20] + dice.sample(customers, min(60, len(customers)))
    found = {
        "customer": [number for number, _ in chosen],
        "invoice": dice.sample(invoices, min(80, len(invoices))),
        "word": [name.split()[0][: dice.randint(2, 6)] for _, name in chosen if name.split()] + dice.sample(invoices, min(40, len(invoices))),
    }
    for words in found.values():
        dice.shuffle(words)
    return [
        (page, page.format(**{key: urllib.parse.quote(words[turn % len(words)], safe="") for key, words in found.items()}))
        for turn in range(80) for page in PAGES
    ]


def fill_terms(books, terms):
    """Writes customers until there are so many search terms; returns how many there are."""
    book = ask(books, "SELECT book FROM sellers")[0][0]
    early = "2024-01-01T12:00:00.000000Z"
    columns = {
        "customers": lambda i, words: [
            book, i, f"C{100000 + i}", 0, i, "DE", "", "EUR", "de", 0, 0, 30, "", None, 0, "bench", early],
        "customer_details": lambda i, words: [book, i, i, " ".join(words).title(), "", "", "", "", "", "", "", early],
        "search_terms": lambda i, words: [[book, word, "customer", i] for word in sorted(set(words))],
    }

    def rows(table):
        for place, words in search_books.rows(terms):
            made = columns[table](place, words)
            yield from made if table == "search_terms" else [made]

    if books.startswith("postgres"):
        for table in columns:
            copy = subprocess.Popen(["psql", "-q", "-c", f"COPY {table} FROM STDIN", books], stdin=subprocess.PIPE, text=True)
            for row in rows(table):
                copy.stdin.write("\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n")
            copy.stdin.close()
            if copy.wait() != 0:
                raise SystemExit(f"{table} was not filled")
        subprocess.run(["psql", "-q", "-c", "VACUUM ANALYZE", books], check=True)
    else:
        connection = sqlite3.connect(books, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table in columns:
            places = None
            batch = []
            for row in rows(table):
                places = places or ", ".join("?" * len(row))
                batch.append(row)
                if len(batch) == 10_000:
                    connection.executemany(f"INSERT INTO {table} VALUES ({places})", batch)
                    batch = []
            if batch:
                connection.executemany(f"INSERT INTO {table} VALUES ({places})", batch)
        connection.execute("COMMIT")
        connection.close()
    return int(ask(books, "SELECT count(*) FROM search_terms")[0][0])


def questions(terms):
    """What people type: two letters, half a word, a whole one, two words, a number, something that is not there."""
    dice = random.Random(11)
    asked = []
    for _ in range(200):
        place = dice.randint(1, max(1, terms // 4 - 1))
        one, two, town, form = search_books.words(place)
        asked += [one[:2], one[: dice.randint(3, 5)], two, f"{one} {town}", f"{one[:4]} {form}", f"C{100000 + place}", f"zz{place}"]
    return [("search", "/search?q=" + urllib.parse.quote(text)) for text in asked]


def measure(url, addresses):
    """Each kind of page once, so that caches are warm; then the load."""
    kinds = {}
    for kind, address in addresses:
        kinds.setdefault(kind, address)
    for answer in open_load.load(url, list(kinds.items()), 5, len(kinds) / 5):
        if not answer.good:
            raise SystemExit(f"{answer.address}: {answer.status} {answer.problem}")
    time.sleep(1)
    answers = open_load.load(url, addresses, RATE, SECONDS)
    times = [answer.seconds for answer in answers]
    return dict(
        p99=open_load.percentile(times, 99), median=open_load.percentile(times, 50), slowest=max(times),
        largest=max(answer.size for answer in answers), requests=len(answers),
        problems=[f"{answer.address}: {answer.status} {answer.problem}" for answer in answers if not answer.good],
        by_kind={
            kind: dict(
                p99=open_load.percentile([one.seconds for one in answers if one.kind == kind], 99),
                median=open_load.percentile([one.seconds for one in answers if one.kind == kind], 50),
                largest=max(one.size for one in answers if one.kind == kind))
            for kind in kinds
        })
