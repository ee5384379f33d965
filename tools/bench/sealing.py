"""Sealing: records sealed for each CPU second, and how long commands take while a sealer works and while none does."""
import os
import signal
import statistics
import subprocess
import time


# What a command such as issuing one invoice leaves: event, entry, document, trace, and the receipt of another.
KINDS = ("event", "entry", "document", "trace", "receipt")


def fill(ask, engine, transactions, first):
    """Audit records as single commands leave them, one transaction each; ids from `first` on, which no real one reaches."""
    newline = "char(10)" if engine == "sqlite" else "chr(10)"
    # 43 characters as of a hash; what they are makes no difference to the sealer.
    digits = "substr('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 1 + {0} % 20, 43)"
    lines = f" || {newline} || ".join(
        f"'{kind} 0' || substr(CAST(100000000000 + n AS TEXT), 1, 12) || ' ' || {digits.format(f'(n + {place})')}"
        for place, kind in enumerate(KINDS))
    numbers = (
        f"WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {transactions})" if engine == "sqlite"
        else f"WITH n AS (SELECT n FROM generate_series(1, {transactions}) AS n)")
    book = "(SELECT min(book) FROM sellers)"
    ask(
        f"INSERT INTO audit_records (book, audit, recorded, hashes) {numbers} "
        f"SELECT {book}, {first} + n, '2025-01-01T00:00:00.000000Z', {lines} || {newline} FROM n")
    ask(
        "INSERT INTO unsealed_records (book, audit) SELECT book, audit FROM audit_records "
        f"WHERE audit > {first} AND audit <= {first} + {transactions}")


def measure(bench, engine, url, ask):
    bench.duly(url, "init", "--seller", "Bench GmbH", "--country", "DE", "--currency", "EUR")
    if engine == "sqlite":
        ask("PRAGMA wal_checkpoint(TRUNCATE)")
    transactions = bench.size
    fill(ask, engine, transactions, 0)
    sealed = bench.duly(url, "audit", "seal", "--json")
    records = transactions * len(KINDS)
    rate = records / sealed.cpu
    # What the rows alone cost, written by the database itself: who is in which batch, and the queue emptied.
    ask("CREATE TABLE floor_sealed (book BIGINT NOT NULL, batch BIGINT NOT NULL, audit BIGINT NOT NULL, "
        "PRIMARY KEY (book, batch, audit), UNIQUE (book, audit))")
    ask("CREATE TABLE floor_waiting AS SELECT book, audit FROM sealed_records")
    least = ask(
        "INSERT INTO floor_sealed SELECT a.book, length(a.hashes), a.audit FROM audit_records a "
        "JOIN floor_waiting w ON w.book = a.book AND w.audit = a.audit; DELETE FROM floor_waiting")
    bench.table.add(
        f"seal, {transactions} × {len(KINDS)} records, {engine}", f"{sealed.cpu:.2f} CPU s, {rate:.0f} a CPU s",
        f"rows alone {least.cpu:.2f} CPU s", "≥ 50000 records a CPU s", rate >= 50_000,
        ratio=sealed.cpu / max(least.cpu, 0.001), cpu_seconds=sealed.cpu, server_cpu_seconds=sealed.server,
        wall_seconds=sealed.wall, per_cpu_second=rate, peak_mib=sealed.peak_mib)
    latency(bench, engine, url, ask)


def latency(bench, engine, url, ask):
    """Single commands, each a process, by turns without a sealer and beside one that never runs out of work."""
    def command(number):
        table = os.path.join(bench.books, "customer.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write(f"customer_id,name,country,currency\nB{number},Bench {number},DE,EUR\n")
        return bench.duly(url, "import", "customers", table).wall * 1000

    count = max(10, min(60, bench.size // 1000))
    times = {False: [], True: []}
    command(0)
    for turn in range(4):
        sealing = turn % 2 == 1
        worker = None
        if sealing:
            fill(ask, engine, max(1000, bench.size // 2), (turn + 1) * 10_000_000)
            worker = subprocess.Popen(
                [os.environ["DULY_PROGRAM"], "worker"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "DULY_BOOKS": url, "DULY_SMTP_URL": "",
                     "DULY_KEY_FILE": os.path.join(bench.books, "bench.key")})
            time.sleep(0.2)
        for one in range(count):
            times[sealing].append(command((turn + 1) * 1000 + one))
        if worker:
            worker.send_signal(signal.SIGTERM)
            worker.wait()
    off, on = (statistics.median(times[sealing]) for sealing in (False, True))
    slow = {sealing: sorted(times[sealing])[int(len(times[sealing]) * 0.95)] for sealing in times}
    bench.table.add(
        f"a command while records are sealed, {engine}", f"{on:.1f} ms, p95 {slow[True]:.1f}",
        f"no sealer {off:.1f}, p95 {slow[False]:.1f}", "ratio ≤ 1.25", on <= 1.25 * off, ratio=on / off,
        milliseconds=on, p95_milliseconds=slow[True], without_milliseconds=off, without_p95_milliseconds=slow[False])
