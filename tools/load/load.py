#!/usr/bin/env python3
"""Many people in one set of books at once: some click through pages, others import orders and bill them, others bring bank files and
match them, and pairs reach for the same receipt. Counts errors and lost updates.

    load.py ADDRESS [--users 50] [--seconds 600] [--seed 1]

ADDRESS serves books made by 'duly demo', with --rate 0 and --today DAY as --day. Users follow links of the pages they are on, with a
pause between two clicks as people make it. At the end, everything that was answered with "done" must be in the books, once, and of
each pair that reached for the same receipt one must have got it. Ends with 1 where it is not so, or where any answer was an error.
"""

import argparse
import asyncio
import html
import json
import random
import re
import sys
import time
import uuid
from urllib.parse import quote, urlencode, urlsplit

# A page of ours that only reads: everything else that a link may lead to is left alone.
LINK = re.compile(rb"<a [^>]*href=\"(/[^\"#]*)")
ENTRY = """<Ntry><NtryRef>{ref}</NtryRef><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef>
<BkTxCd><Prtry><Cd>166</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
BANK = """<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>{id}</MsgId><CreDtTm>{day}T08:00:00</CreDtTm></GrpHdr><Stmt><Id>{id}</Id><CreDtTm>{day}T08:00:00</CreDtTm>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"""


class Broken(Exception):
    pass


class Line:
    """One person's connection, kept open between requests as a browser keeps it."""

    def __init__(self, address):
        parts = urlsplit(address)
        self.host, self.port = parts.hostname, parts.port
        self.reader = self.writer = None

    async def ask(self, method, target, body=b"", kind="", key=""):
        """Status and body. A connection that the server closed in between is opened anew, once, for what only reads."""
        for attempt in (1, 2):
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=1 << 24)
                attempt = 2
            try:
                return await asyncio.wait_for(self.send(method, target, body, kind, key), 120)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if attempt == 2 or method != "GET":
                    raise

    async def send(self, method, target, body, kind, key):
        head = f"{method} {target} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
        if kind:
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        if key:
            head += f"Idempotency-Key: {key}\r\n"
        self.writer.write(head.encode() + b"\r\n" + body)
        await self.writer.drain()
        top = await self.reader.readuntil(b"\r\n\r\n")
        status = int(top.split(b" ", 2)[1])
        length = re.search(rb"\r\ncontent-length: *(\d+)", top.lower())
        if length:
            return status, await self.reader.readexactly(int(length[1]))
        got = b""
        while b"transfer-encoding: chunked" in top.lower():
            size = int(await self.reader.readline(), 16)
            got += (await self.reader.readexactly(size + 2))[:size]
            if size == 0:
                break
        return status, got

    def close(self):
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None


class Office:
    def __init__(self, wanted):
        self.address, self.day = wanted.address, wanted.day
        self.end = time.monotonic() + wanted.seconds
        self.took, self.errors = [], []
        self.clicks = self.commands = self.refused = 0
        # What must be in the books at the end: orders that were billed, bank lines, pairs.
        self.orders, self.lines, self.pairs = [], [], []

    def goes_on(self):
        return time.monotonic() < self.end

    def note(self, what):
        if what not in self.errors and len(set(self.errors)) < 40:
            print("ERROR " + what, flush=True)
        self.errors.append(what)

    async def page(self, line, target):
        began = time.monotonic()
        status, body = await line.ask("GET", target)
        self.took.append(time.monotonic() - began)
        self.clicks += 1
        if status != 200:
            self.note(f"GET {target} answers {status}")
        return body

    async def read(self, line, target):
        status, body = await line.ask("GET", target)
        if status != 200:
            raise Broken(f"GET {target} answers {status}: {body[:300]!r}")
        return json.loads(body)

    async def command(self, line, words, fields, file=None):
        """The answer of a command; None where it was refused. Sent again with the same id where the books were busy."""
        key = uuid.uuid4().hex
        if file:
            mark = uuid.uuid4().hex
            body = "".join(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
            body += f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{file[0]}"\r\n\r\n{file[1]}\r\n--{mark}--\r\n'
            kind = f"multipart/form-data; boundary={mark}"
        else:
            body, kind = json.dumps(fields), "application/json"
        for _ in range(5):
            status, got = await line.ask("POST", f"/api/v1/{words}", body.encode(), kind, key)
            if status != 503:
                break
        self.commands += 1
        if status == 422:
            self.refused += 1
            return None
        if status != 200:
            self.note(f"{words} answers {status}: {got[:300]!r}")
            return None
        return json.loads(got)

    async def person(self, dice):
        """Follows links from Today on; starts over where a page leads nowhere."""
        line = Line(self.address)
        target = "/"
        while self.goes_on():
            body = await self.page(line, target)
            links = sorted({html.unescape(one.decode()) for one in LINK.findall(body)})
            links = [one for one in links if not re.search(r"\.(pdf|csv|xlsx|json|css|js|svg)(\?|$)|^/(assets|files|api/|sign)|download=", one)]
            target = dice.choice(links) if links and dice.random() < 0.9 else "/"
            if dice.random() < 0.1:
                target = "/search?q=" + quote(dice.choice(["k1", "gmbh", "12", "2026", "lw"]))
            await asyncio.sleep(dice.uniform(0.3, 1.7))
        line.close()

    async def biller(self, dice, name, seller, people, wares):
        line, count = Line(self.address), 0
        while self.goes_on():
            count += 1
            orders = [f"L-{name}-{count}-{number}" for number in range(1, 6)]
            rows = ["order_id,line_no,customer_id,seller,order_date,sku,quantity"]
            rows += [f"{order},1,{dice.choice(people)},{seller},{self.day},{dice.choice(wares)},{dice.randint(1, 9)}" for order in orders]
            if await self.command(line, "import", {"kind": "orders"}, (f"{name}-{count}.csv", "\n".join(rows) + "\n")):
                self.orders += orders
            await self.command(line, "bill", {"through": self.day, "issue": True, "seller": seller})
            await asyncio.sleep(dice.uniform(0.2, 1))
        line.close()

    async def banker(self, dice, name, seller, account, currency, invoices):
        line, count = Line(self.address), 0
        while self.goes_on():
            count += 1
            lines = []
            for number in range(1, 6):
                known = invoices.pop() if invoices and dice.random() < 0.7 else None
                lines.append({"ref": f"B-{name}-{count}-{number}", "day": self.day, "currency": currency,
                              "amount": known["open"] if known else f"{dice.randint(1, 900)}.{dice.randint(10, 99)}",
                              "text": known["invoice_no"] if known else "Danke"})
            text = BANK.format(id=f"{name}-{count}", day=self.day, account=account, currency=currency,
                               entries="".join(ENTRY.format(**one) for one in lines))
            if await self.command(line, "bank/import", {}, (f"{name}-{count}.xml", text)):
                self.lines += lines
            await self.command(line, "cash/match", {"seller": seller})
            await asyncio.sleep(dice.uniform(0.2, 1))
        line.close()

    async def pair(self, dice, name, seller, account, currency, invoices):
        """Two people give the same receipt, which is enough for one invoice, to two invoices at the same moment."""
        lines, count = [Line(self.address), Line(self.address)], 0
        while self.goes_on():
            count += 1
            two = dice.sample(invoices, 2)
            ref = f"P-{name}-{count}"
            entry = ENTRY.format(ref=ref, day=self.day, currency=currency, amount="1.00", text="Danke")
            text = BANK.format(id=ref, day=self.day, account=account, currency=currency, entries=entry)
            if await self.command(lines[0], "bank/import", {}, (f"{ref}.xml", text)) is None:
                continue
            self.lines.append({"ref": ref})
            answers = await asyncio.gather(*[
                self.command(line, "cash/apply", {"receipt": ref, "invoice": one["invoice_no"], "amount": "1.00", "seller": seller})
                for line, one in zip(lines, two)])
            self.pairs.append(sum(answer is not None for answer in answers))
            await asyncio.sleep(dice.uniform(0.2, 1))
        for line in lines:
            line.close()

    async def all(self, line, words, **query):
        """Every item of a list, page by page."""
        found, after = [], None
        while True:
            answer = await self.read(line, f"/api/v1/{words}?" + urlencode({**query, "limit": 1000, **({"after": after} if after else {})}))
            found += answer["items"]
            after = answer["next"]
            if after is None:
                return found

    async def settle(self, line):
        """What was answered must be there, once."""
        invoices = await self.all(line, "invoice/list", **{"from": self.day, "to": self.day})
        receipts = await self.all(line, "cash/list")
        have = {}
        for receipt in receipts:
            have[receipt["payment_id"]] = have.get(receipt["payment_id"], 0) + 1
        for one in self.lines:
            if have.get(one["ref"], 0) != 1:
                self.note(f"the bank line {one['ref']} is {have.get(one['ref'], 0)} times in the books")
        exported = await self.read(line, "/api/v1/export?kind=invoices")
        billed = {}
        for row in exported["items"]:
            for order in str(row.get("order_id", "")).split(" "):
                billed[order] = billed.get(order, 0) + 1
        waiting = await self.command(line, "bill", {"through": self.day, "dry_run": True})
        held = {one["order_id"] for one in (waiting or {}).get("held", [])}
        for order in self.orders:
            if billed.get(order, 0) != 1 and order not in held:
                self.note(f"the order {order} is billed {billed.get(order, 0)} times")
        numbers = [(one["seller"], one["invoice_no"]) for one in invoices]
        if len(set(numbers)) != len(numbers):
            self.note("a number was given twice")
        for got in self.pairs:
            if got != 1:
                self.note(f"{got} of a pair got the same receipt")
        verdict = await self.read(line, "/api/v1/verify")
        for check in verdict["checks"]:
            if not check["ok"]:
                self.note(f"verify finds {check}")


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--day", default="2026-03-31")
    wanted = parser.parse_args()
    office, line = Office(wanted), Line(wanted.address)
    seller = (await office.read(line, "/api/v1/seller/list"))["items"][0]
    house = await office.read(line, f"/api/v1/seller/show?code={seller['code']}")
    people = [one["customer"] for one in (await office.read(line, f"/api/v1/customer/list?limit=200&seller={seller['code']}"))["items"]
              if one["currency"] == seller["currency"] and one["country"] == seller["country"]]
    wares = [one["sku"] for one in (await office.read(line, "/api/v1/export?kind=products"))["items"]]
    open_ones = [one for one in (await office.read(line, f"/api/v1/invoice/list?limit=1000&status=overdue&seller={seller['code']}"))["items"]
                 if one["type"] == "invoice" and one["currency"] == seller["currency"] and float(one["open"]) > 50]
    if len(open_ones) < 10 or not people:
        sys.exit("the books have too few open invoices or customers; make them with 'duly demo'")
    random.Random(wanted.seed).shuffle(open_ones)
    half = len(open_ones) // 2
    dice = [random.Random(f"{wanted.seed} {number}") for number in range(wanted.users + 3)]
    account = house["accounts"][0]
    office.end = time.monotonic() + wanted.seconds
    tasks = [office.person(one) for one in dice[3:]]
    tasks.append(office.biller(dice[0], uuid.uuid4().hex[:6], seller["code"], people, wares))
    tasks.append(office.banker(dice[1], uuid.uuid4().hex[:6], seller["code"], account, seller["currency"], open_ones[:half]))
    tasks.append(office.pair(dice[2], uuid.uuid4().hex[:6], seller["code"], account, seller["currency"], open_ones[half:]))
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, BaseException):
            office.note(f"somebody had to stop: {type(result).__name__}: {result}")
    try:
        await office.settle(line)
    except Broken as broken:
        office.note(str(broken))
    took = sorted(office.took) or [0]
    print(f"{wanted.users} users, {office.clicks} pages, {office.commands} commands of which {office.refused} refused, "
          f"{len(office.orders)} orders, {len(office.lines)} bank lines, {len(office.pairs)} pairs; pages p50 {took[len(took) // 2] * 1000:.0f} ms, "
          f"p99 {took[len(took) * 99 // 100] * 1000:.0f} ms; {len(office.errors)} errors")
    if not office.orders or not office.lines or not office.pairs:
        sys.exit("nothing was written, so nothing is known")
    sys.exit(1 if office.errors else 0)


if __name__ == "__main__":
    asyncio.run(main())
