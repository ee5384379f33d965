#!/usr/bin/env python3
"""The measurements of ./bench, which sets up what they need. See there for the options."""
import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import time

import ageing_books
import api
import floor_dump
import sealing
import serving
import workload
from measuring import Table, run

PROGRAM = os.environ["DULY_PROGRAM"]
POSTGRES = os.environ["DULY_BENCH_POSTGRES"]


class Bench:
    def __init__(self, chosen):
        self.size = chosen.size
        self.work = chosen.work
        self.floors = os.environ["DULY_BENCH_FLOORS"]
        self.books = os.path.join(chosen.work, "books")
        self.table = Table(chosen.size >= 100_000)
        shutil.rmtree(self.books, ignore_errors=True)
        os.makedirs(self.books)

    # What is measured on

    def company(self):
        return workload.company(self.work, self.size, PROGRAM)

    def duly(self, url, *words, **options):
        environment = {"DULY_BOOKS": url, "DULY_KEY_FILE": os.path.join(self.books, "bench.key")}
        environment.update(options.pop("environment", {}))
        return run([PROGRAM, *words], environment, url.startswith("postgres"), **options)

    def database(self, name, template="template0"):
        run(["psql", "-q", "-c", f'DROP DATABASE IF EXISTS {name}', f"{POSTGRES}/postgres"])
        extra = " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'" if template == "template0" else ""
        run(["psql", "-q", "-c", f"CREATE DATABASE {name} TEMPLATE {template}{extra}", f"{POSTGRES}/postgres"])
        return f"{POSTGRES}/{name}"

    def masters(self, url, orders=None):
        folder = self.company()
        self.duly(url, "init")
        for kind in ("sellers", "products", "prices", "tax-rates", "customers"):
            self.duly(url, "import", kind, os.path.join(folder, f"{kind}.csv"), "--today", "2025-01-01")
        if orders:
            self.duly(url, "import", "orders", orders, "--today", "2025-01-01")
        if not url.startswith("postgres"):
            # So that the file alone is the books, and can be copied.
            connection = sqlite3.connect(url)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()

    # The lines of the table

    def bill_sqlite(self):
        base, books, floor = (os.path.join(self.books, f"{name}.db") for name in ("base", "bill", "floor"))
        self.masters(base, os.path.join(self.company(), "orders.csv"))
        shutil.copy(base, books)
        billed = self.duly(books, "bill", "--through", "2099-12-31", "--issue", "--today", "2026-01-31", "--json")
        issued = json.loads(billed.output)["issued"]
        dump = os.path.join(self.books, "dump-sqlite")
        transactions = floor_dump.from_sqlite(books, dump)
        shutil.copy(base, floor)
        floor_dump.copy_series(books, floor)
        group = max(1, round(issued / transactions))
        words = [os.path.join(self.floors, "sqlite_floor"), floor, str(group), dump, ",".join(floor_dump.TABLES)]
        least = json.loads(run(words).output)
        self.billed("sqlite", billed, issued, least["cpu_seconds"], 3000, transactions)

    def bill_postgres(self):
        base = self.database("base")
        self.masters(base, os.path.join(self.company(), "orders.csv"))
        # What the server's housekeeping would have done by itself; it leaves tables alone that nothing was written to.
        for name in FILLED:
            run(["psql", "-q", "-c", f"VACUUM ANALYZE {name}", base])
        books, floor = self.database("bill", "base"), self.database("floor", "base")
        billed = self.duly(books, "bill", "--through", "2099-12-31", "--issue", "--today", "2026-01-31", "--json")
        issued = json.loads(billed.output)["issued"]
        dump = os.path.join(self.books, "dump-postgres")
        transactions = floor_dump.from_postgres(books, floor, dump)
        words = [os.path.join(self.floors, "pg_floor"), floor, "1000", dump, ",".join(floor_dump.TABLES)]
        whole = run(words, postgres=True)
        least = json.loads(whole.output)["client_cpu_seconds"] + whole.server
        self.billed("postgres", billed, issued, least, 1500, transactions)

    def billed(self, engine, billed, issued, floor, least_rate, transactions):
        rate, ratio = issued / billed.cpu, billed.cpu / floor
        self.table.add(
            f"bill --issue, {issued} × 3 lines, {engine}", f"{billed.cpu:.2f} CPU s, {rate:.0f} a CPU s", f"{floor:.2f} CPU s",
            f"ratio ≤ 3, ≥ {least_rate} a CPU s", ratio <= 3 and rate >= least_rate, ratio=ratio, cpu_seconds=billed.cpu,
            server_cpu_seconds=billed.server, wall_seconds=billed.wall, floor_cpu_seconds=floor, per_cpu_second=rate,
            peak_mib=billed.peak_mib, transactions=transactions)

    def ageing_sqlite(self):
        books = os.path.join(self.books, "ageing.db")
        self.duly(books, "init")
        connection = sqlite3.connect(books, isolation_level=None)
        for pragma in ("synchronous = OFF", "temp_store = MEMORY", "cache_size = -1000000"):
            connection.execute("PRAGMA " + pragma)
        connection.execute("BEGIN")
        for statement in ageing_books.statements("sqlite", self.size * 10, max(10, self.size // 10)):
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.ageing("sqlite", books, lambda sql: run(["sqlite3", "-readonly", books, sql]))

    def ageing_postgres(self):
        books = self.database("ageing")
        self.duly(books, "init")
        script = os.path.join(self.books, "ageing.sql")
        with open(script, "w", encoding="utf-8") as file:
            file.write("SET session_replication_role = replica;\n")
            for statement in ageing_books.statements("postgres", self.size * 10, max(10, self.size // 10)):
                file.write(statement + ";\n")
            file.write("VACUUM ANALYZE;\n")
        run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, books])
        self.ageing(
            "postgres", books,
            lambda sql: run(["psql", "-qAt", "-c", "SET jit = off", "-c", sql, books], postgres=True))

    def ageing(self, engine, books, ask):
        """A past day, and an instant in the past; each the best of three, after one that fills the caches."""
        day, known = "2025-06-30", "2025-07-15T12:00:00.000000Z"
        total = (
            "SELECT sum(minor) FROM journal_lines WHERE book = 1 AND item IS NOT NULL "
            f"AND day <= '{day}' AND recorded <= '{known}'")
        words = ("report", "aging", "--as-of", day, "--known-at", known, "--json")
        figures = [self.duly(books, *words) for _ in range(4)][1:]
        floors = [ask(total) for _ in range(4)][1:]
        best, least = min(figures, key=lambda one: one.cpu), min(floors, key=lambda one: one.cpu)
        ratio = best.cpu / max(least.cpu, 0.001)
        self.table.add(
            f"ageing, {self.size * 10} documents, {engine}", f"{best.cpu:.2f} CPU s, {best.wall:.2f} s", f"{least.cpu:.2f} CPU s",
            "ratio ≤ 2, under 2 s", ratio <= 2 and best.wall < 2, ratio=ratio, cpu_seconds=best.cpu, wall_seconds=best.wall,
            server_cpu_seconds=best.server, floor_cpu_seconds=least.cpu, peak_mib=best.peak_mib)

    def match(self):
        books = os.path.join(self.books, "match.db")
        folder = self.company()
        self.masters(books)
        self.duly(books, "import", "invoices", os.path.join(folder, "invoices.csv"), "--today", "2026-01-31")
        self.duly(books, "bank", "import", os.path.join(folder, "camt.053.xml"), "--today", "2026-01-31", "--json")
        connection = sqlite3.connect(books)
        items = connection.execute("SELECT count(*) FROM open_items WHERE account = 'receivables' AND open_minor <> 0").fetchone()[0]
        connection.close()
        matched = self.duly(books, "cash", "match", "--today", "2026-01-31", "--json")
        told = json.loads(matched.output)
        self.table.add(
            f"match {told['receipts']} receipts, {items} open", f"{matched.cpu:.2f} CPU s, {matched.wall:.2f} s", "–", "under 20 s",
            matched.wall < 20, cpu_seconds=matched.cpu, wall_seconds=matched.wall, peak_mib=matched.peak_mib,
            applied=told["applied"], proposed=told["proposed"], left=told["left"])

    def camt(self):
        megabytes = max(1, self.size // 1000)
        path, quarter = (workload.big_statement(self.company(), one) for one in (megabytes, max(1, megabytes // 4)))
        small = run([PROGRAM, "bank", "read", quarter], keep=False)
        # In turns, and each the best of five: what else the machine does only adds, and it does it to both.
        reads, walks = [], []
        for _ in range(5):
            reads.append(run([PROGRAM, "bank", "read", path], keep=False))
            walks.append(run([os.path.join(self.floors, "xml_walk"), path]))
        read, walked = (min(runs, key=lambda one: one.cpu) for runs in (reads, walks))
        ratio = read.cpu / walked.cpu
        flat = read.peak_mib <= small.peak_mib * 1.25 + 8
        self.table.add(
            f"bank read, camt.053 of {megabytes} MB", f"{read.cpu:.2f} CPU s, {read.peak_mib:.0f} MiB",
            f"{walked.cpu:.2f} CPU s", "ratio ≤ 2, memory flat", ratio <= 2 and flat, ratio=ratio,
            cpu_seconds=read.cpu, wall_seconds=read.wall, floor_cpu_seconds=walked.cpu, peak_mib=read.peak_mib,
            peak_mib_of_a_quarter=small.peak_mib)

    def orders(self):
        books = os.path.join(self.books, "orders.db")
        rows = self.size * 10
        path = workload.many_orders(self.company(), rows)
        self.masters(books)
        read = self.duly(books, "import", "orders", path, "--today", "2026-01-31", "--json")
        added = json.loads(read.output)["files"][0]["added"]
        self.table.add(
            f"import of {added} order rows", f"{read.cpu:.2f} CPU s, {read.wall:.1f} s, {read.peak_mib:.0f} MiB", "–",
            "under 60 s, under 1024 MiB", added == rows and read.wall < 60 and read.peak_mib < 1024, cpu_seconds=read.cpu,
            wall_seconds=read.wall, peak_mib=read.peak_mib)

    def seal_sqlite(self):
        books = os.path.join(self.books, "seal.db")
        sealing.measure(self, "sqlite", books, lambda sql: run(["sqlite3", books, sql]))

    def seal_postgres(self):
        books = self.database("seal")
        sealing.measure(
            self, "postgres", books,
            lambda sql: run(["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql, books], postgres=True))

    def pdf(self):
        count = str(max(50, self.size // 100))
        here = os.path.dirname(os.path.abspath(__file__))
        python = os.environ["DULY_BENCH_PYTHON"]
        ours = self.papers([os.environ["DULY_PAPERS"], count])
        bare = self.papers([os.path.join(self.floors, "pdf_loop"), count])
        typst = self.papers([python, os.path.join(here, "pdf_typst.py"), count])
        self.table.add(
            "PDF, one page, 20 lines, tagged", f"{ours:.0f} a CPU s", f"C {bare:.0f}, Typst {typst:.0f}",
            "≥ 1.5 × Typst, ≥ 60 % of the C loop", ours >= 1.5 * typst and ours >= 0.6 * bare, ratio=ours / bare,
            per_cpu_second=ours, c_loop_per_cpu_second=bare, typst_per_cpu_second=typst, times_typst=ours / typst)

    @staticmethod
    def papers(words):
        """The best of three: what else the machine does only takes away."""
        return max(json.loads(run(words).output)["per_cpu_second"] for _ in range(3))


    def pages(self):
        """Every list and file page over books with so many open items; 20 requests a second."""
        for engine in ("sqlite", "postgres"):
            books = os.path.join(self.books, "pages.db") if engine == "sqlite" else self.database("pages")
            self.masters(books, os.path.join(self.company(), "orders.csv"))
            billed = self.duly(books, "bill", "--through", "2099-12-31", "--issue", "--today", "2026-01-31", "--json")
            self.served(
                f"pages, {json.loads(billed.output)['issued']} open items, {engine}", books, serving.pages(books), 0.1)

    def api(self):
        """Half creating, half reading, by eight clients with a token, over books with so many invoices."""
        for engine, least in (("sqlite", 1000), ("postgres", 1500)):
            if engine not in os.environ.get("DULY_BENCH_ENGINES", "sqlite,postgres").split(","):
                continue
            books = os.path.join(self.books, "api.db") if engine == "sqlite" else self.database("api")
            api.measure(self, engine, books, least)

    def search(self):
        for engine in ("sqlite", "postgres"):
            books = os.path.join(self.books, "search.db") if engine == "sqlite" else self.database("search")
            self.duly(books, "init", "--seller", "Bench", "--country", "DE", "--currency", "EUR")
            terms = serving.fill_terms(books, self.size * 10)
            self.served(f"search, {terms} terms, {engine}", books, serving.questions(terms), 0.05)

    def served(self, what, books, addresses, most):
        with serving.Server(PROGRAM, books, os.path.join(self.books, "bench.key"), "--open") as server:
            found = serving.measure(server.url, addresses)
        facts = {key: value for key, value in found.items() if key != "problems"}
        for problem in found["problems"][:5]:
            print(f"  {problem}")
        self.table.add(
            what, f"p99 {found['p99'] * 1000:.0f} ms, median {found['median'] * 1000:.0f} ms, {found['largest'] // 1000} kB", "–",
            f"p99 under {most * 1000:.0f} ms, under 200 kB", found["p99"] < most and found["largest"] < 200_000 and not found["problems"],
            **facts)


FILLED = ["customers", "customer_details", "contacts", "customer_accounts", "search_terms", "products", "prices", "charges"]
NAMES = ["bill_sqlite", "bill_postgres", "ageing_sqlite", "ageing_postgres", "match", "camt", "orders", "seal_sqlite", "seal_postgres", "pdf", "pages", "api", "search"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--only", default=",".join(NAMES), help=", ".join(NAMES))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--work", required=True)
    chosen = parser.parse_args()
    bench = Bench(chosen)
    begun = time.time()
    for name in chosen.only.split(","):
        if name not in NAMES:
            parser.error(f"there is no '{name}'; there are {', '.join(NAMES)}")
        getattr(bench, name)()
    if not chosen.keep:
        shutil.rmtree(bench.books, ignore_errors=True)
    result = dict(
        taken=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun)), seconds=round(time.time() - begun), size=chosen.size,
        machine=platform.machine(), cores=os.cpu_count(), rows=bench.table.rows)
    path = os.path.join(chosen.work, "bench.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False, indent=1)
    print(f"Also in {path}")


if __name__ == "__main__":
    main()
