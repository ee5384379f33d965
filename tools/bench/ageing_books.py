#!/usr/bin/env python3
"""Fill an empty set of books with many documents, receipts and allocations, to measure ageing on.

  python3 ageing_books.py --schema Sources/Books/Schema --sqlite FILE  [--documents 1000000] [--customers 10000]
  python3 ageing_books.py --schema Sources/Books/Schema --postgres URL [--documents 1000000] [--customers 10000]

Nine of ten documents are paid, 0 to 59 days after issue, by a receipt of their own; every tenth stays open. Issue days run evenly
over 2024 and 2025; everything is recorded at noon of its day. The audit record is left out: nothing here is verified.
The PostgreSQL database must exist (C collation) and psql be on the path.
"""
import argparse
import glob
import os
import sqlite3
import subprocess
import tempfile

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
# What the two engines say differently: adding days to 2024-01-01.
DAY = {
    "sqlite": "date('2024-01-01', '+' || ({0}) || ' days')",
    "postgres": "to_char(date '2024-01-01' + CAST({0} AS integer), 'YYYY-MM-DD')",
}


def statements(engine, documents, customers):
    def day(days):
        return DAY[engine].format(days)

    issue = f"i * 730 / {documents + 1}"
    paid = f"({issue} + i * 7919 % 60)"
    minor = "(1000 + i * 104729 % 500000)"
    noon = "T12:00:00.000000Z"
    early = f"'2024-01-01{noon}'"
    numbers = NUMBERS.format(count=documents)
    many = NUMBERS.format(count=customers)
    customer = f"(1 + i % {customers})"
    open_day = f"CASE WHEN i % 10 = 0 THEN {day(issue)} ELSE {day(paid)} END"
    yield f"""INSERT INTO sellers VALUES (1, 1, 'DE', 'Bench', 'DE', 'EUR', 'Europe/Berlin', 'de', '', '', '', '', '', '', 30)"""
    yield f"INSERT INTO book_clocks VALUES (1, '2024-01-01', '2026-03-01{noon}', 0)"
    yield f"""INSERT INTO commands VALUES (1, 'bench', 'bench', '{'x' * 43}', 'bench', '2024-01-01', '2026-03-01{noon}', '')"""
    yield f"""INSERT INTO customers {many} SELECT 1, i, 'C' || (100000 + i), 0, i, 'DE', '', 'EUR', 'de', 0, 0, 30, '', NULL, 0,
        'bench', {early} FROM n"""
    yield f"""INSERT INTO customer_details {many} SELECT 1, i, i, 'Customer ' || i, '', '', '', '', '', '', '', {early} FROM n"""
    yield f"""INSERT INTO documents {numbers} SELECT 1, i * 16, {customer}, {customer}, 'invoice', 'own', 'RE-' || i,
        {day(issue)}, {day(issue + ' + 30')}, 'EUR', {minor}, 0, {minor}, '', '', '', NULL, '', 'bench',
        {day(issue)} || '{noon}' FROM n"""
    yield f"""INSERT INTO receipts {numbers} SELECT 1, i * 16 + 1, NULL, {day(paid)}, {day(paid)}, {minor}, 'EUR', '', '', '', '',
        'bench', {day(paid)} || '{noon}' FROM n WHERE i % 10 <> 0"""
    for entry, kind, days, which in [
        (2, "sale", issue, ""), (3, "receipt", paid, " WHERE i % 10 <> 0"), (4, "allocation", paid, " WHERE i % 10 <> 0"),
    ]:
        yield f"""INSERT INTO entries {numbers} SELECT 1, i * 16 + {entry}, 'bench', '{kind}', {day(days)},
            {day(days)} || '{noon}', NULL FROM n{which}"""
    for entry, line, account, who, item, sign, days, which in [
        (2, 1, "receivables", customer, "i * 16", "", issue, ""),
        (2, 2, "revenue", "NULL", "NULL", "-", issue, ""),
        (3, 1, "bank", "NULL", "NULL", "", paid, " WHERE i % 10 <> 0"),
        (3, 2, "unapplied", "NULL", "i * 16 + 1", "-", paid, " WHERE i % 10 <> 0"),
        (4, 1, "unapplied", "NULL", "i * 16 + 1", "", paid, " WHERE i % 10 <> 0"),
        (4, 2, "receivables", customer, "i * 16", "-", paid, " WHERE i % 10 <> 0"),
    ]:
        yield f"""INSERT INTO journal_lines {numbers} SELECT 1, i * 16 + {entry}, {line}, '{account}', {who}, {item},
            {sign}{minor}, 'EUR', {sign}{minor}, 'EUR', 10000000000, {day(days)}, 'par', {day(days)},
            {day(days)} || '{noon}' FROM n{which}"""
    yield f"""INSERT INTO allocations {numbers} SELECT 1, i * 16 + 5, 'bench', i * 16 + 4, i * 16 + 1, i * 16, {customer},
        {day(paid)}, {minor}, 0, '', 9900, {day(paid)} || '{noon}' FROM n WHERE i % 10 <> 0"""
    yield f"""INSERT INTO open_items {numbers} SELECT 1, i * 16, 'receivables', {customer}, 'EUR', {day(issue)},
        {day(issue + ' + 30')}, {minor}, CASE WHEN i % 10 = 0 THEN {minor} ELSE 0 END,
        CASE WHEN i % 10 = 0 THEN {minor} ELSE 0 END, {open_day}, {open_day} || '{noon}' FROM n"""
    yield f"""INSERT INTO open_items {numbers} SELECT 1, i * 16 + 1, 'unapplied', {customer}, 'EUR', {day(paid)}, {day(paid)},
        -{minor}, 0, 0, {day(paid)}, {day(paid)} || '{noon}' FROM n WHERE i % 10 <> 0"""


def schema(folder, engine):
    for path in sorted(glob.glob(os.path.join(folder, "0*.sql"))):
        parts = os.path.basename(path).split(".")
        if len(parts) == 2 or parts[1] == engine:
            with open(path, encoding="utf-8") as text:
                yield text.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schema", required=True)
    parser.add_argument("--sqlite")
    parser.add_argument("--postgres")
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=10_000)
    chosen = parser.parse_args()
    if chosen.sqlite:
        connection = sqlite3.connect(chosen.sqlite, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -1000000")
        for text in schema(chosen.schema, "sqlite"):
            connection.executescript(text)
        connection.execute("BEGIN")
        for statement in statements("sqlite", chosen.documents, chosen.customers):
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if chosen.postgres:
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            # Foreign keys of rows that are made to fit are not looked up a million times.
            script.write("SET session_replication_role = replica;\n")
            for text in schema(chosen.schema, "postgres"):
                script.write(text + "\n")
            for statement in statements("postgres", chosen.documents, chosen.customers):
                script.write(statement + ";\n")
            script.write("VACUUM ANALYZE;\n")
            script.flush()
            subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", script.name, chosen.postgres], check=True)


if __name__ == "__main__":
    main()
