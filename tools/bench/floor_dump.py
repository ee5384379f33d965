"""The rows that a bill run inserted, as the floors read them (floor_rows.h): in the order of the invoices, each with its group."""
import os
import shutil
import sqlite3
import subprocess

# In the order in which they are inserted. `{t}` is a row of the table, `d` the documents with their place.
TABLES = {
    "commands": "JOIN d ON d.book = t.book AND d.command = t.command",
    "documents": "JOIN d ON d.book = t.book AND d.document = t.document",
    "document_lines": "JOIN d ON d.book = t.book AND d.document = t.document",
    "document_taxes": "JOIN d ON d.book = t.book AND d.document = t.document",
    "document_numbers": "JOIN d ON d.book = t.book AND d.document = t.document",
    "entries": "JOIN d ON d.book = t.book AND d.command = t.command",
    "journal_lines": "JOIN entries e ON e.book = t.book AND e.entry = t.entry JOIN d ON d.book = t.book AND d.command = e.command",
    "open_items": "JOIN d ON d.book = t.book AND d.document = t.item",
    "outbox": "JOIN d ON d.book = t.book AND d.document = t.document",
    # One for each transaction: it goes with the first document of it.
    "audit_records": "JOIN (SELECT book, recorded, min(place) AS place FROM d GROUP BY book, recorded) d "
    "ON d.book = t.book AND d.recorded = t.recorded",
}
PLACES = """CREATE TEMP TABLE d AS
    SELECT book, document, command, recorded, row_number() OVER (ORDER BY book, document) - 1 AS place FROM documents"""


def from_sqlite(books, folder):
    """Dumps the rows; says how many transactions they came in."""
    prepare(folder)
    connection = sqlite3.connect(books)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(PLACES)
    connection.execute("CREATE INDEX temp.d_by_document ON d (book, document)")
    connection.execute("CREATE INDEX temp.d_by_command ON d (book, command)")
    for table, join in TABLES.items():
        columns = [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]
        chosen = ", ".join(f"t.{name}" for name, _ in columns)
        with open(os.path.join(folder, f"{table}.tsv"), "w", encoding="utf-8") as file:
            file.write(head(columns))
            rows = connection.execute(f"SELECT d.place, {chosen} FROM {table} t {join} ORDER BY d.place, t.rowid")
            for row in rows:
                file.write("\t".join(map(cell, row)) + "\n")
    transactions = connection.execute("SELECT count(*) FROM (SELECT DISTINCT book, recorded FROM d)").fetchone()[0]
    connection.close()
    return transactions


def copy_series(books, floor):
    """Counters that the run made: numbers refer to them, and the floors only insert."""
    connection = sqlite3.connect(floor)
    connection.execute("ATTACH ? AS run", (books,))
    connection.execute("INSERT OR IGNORE INTO number_series SELECT * FROM run.number_series")
    connection.commit()
    connection.close()


def from_postgres(books, floor, folder):
    prepare(folder)
    session = [PLACES + ";", "CREATE INDEX ON d (book, document);", "CREATE INDEX ON d (book, command);", "ANALYZE d;"]
    for table, join in TABLES.items():
        text = ask(
            books, f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{table}' "
            "AND table_schema = 'public' ORDER BY ordinal_position")
        columns = [tuple(line.split("|")) for line in text.splitlines()]
        chosen = ", ".join(f"t.{name}" for name, _ in columns)
        path = os.path.join(folder, f"{table}.tsv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(head(columns))
        session.append(
            f"\\copy (SELECT d.place, {chosen} FROM {table} t {join} ORDER BY d.place, t.ctid) TO PROGRAM 'cat >> {path}'")
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", books], input="\n".join(session), text=True, check=True)
    series = subprocess.run(
        ["psql", "-q", "-c", "COPY number_series TO STDOUT", books], capture_output=True, text=True, check=True).stdout
    load = ("CREATE TEMP TABLE s (LIKE number_series);\nCOPY s FROM STDIN;\n" + series
            + "\\.\nINSERT INTO number_series SELECT * FROM s ON CONFLICT DO NOTHING;\n")
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", floor], input=load, text=True, check=True)
    return int(ask(books, "SELECT count(*) FROM (SELECT DISTINCT book, recorded FROM documents) t"))


def ask(database, sql):
    return subprocess.run(["psql", "-qAt", "-c", sql, database], capture_output=True, text=True, check=True).stdout.strip()


def prepare(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)


def head(columns):
    kinds = {"TEXT": "t", "text": "t", "BLOB": "b", "bytea": "b"}
    names = "\t".join(["grp"] + [name for name, _ in columns])
    return names + "\n" + "\t".join(["i"] + [kinds.get(kind, "i") for _, kind in columns]) + "\n"


def cell(value):
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return value.hex()
    text = str(value)
    if isinstance(value, str) and any(mark in text for mark in "\\\t\n\r"):
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text
