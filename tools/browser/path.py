#!/usr/bin/env python3
"""Goes the main path of the work through the pages of a served workspace with one seller and nothing else.

    path.py ADDRESS --hand mouse|keyboard

Customers, products, prices, taxes and orders are imported, charges billed and issued, a bank file read and matched, a receipt
applied by hand, ageing read, reminders previewed and run, a statement read and one command undone. With the keyboard, no mouse
event is sent: everything is reached by Tab, typed, and pressed by Enter or Space. Ends with 1 where a figure is not what it must be.
"""

import argparse
import pathlib
import re
import sys
import tempfile

from house import chromium, reader

CUSTOMERS = """customer_id,name,country,currency,street,postcode,city,email,payment_terms_days,price_list
K1,Möwe & Söhne KG,DE,EUR,Deichweg 7,27568,Bremerhaven,kasse@moewe.example,14,STD
K2,Kranich OHG,DE,EUR,Moorstraße 2,28217,Bremen,post@kranich.example,30,STD
"""
PRODUCTS = "sku,name_de,name_en,unit,tax_category\nL1,Laterne,Lantern,C62,S\n"
PRICES = "price_list,sku,currency,min_qty,unit_price,valid_from\nSTD,L1,EUR,1,19.95,2026-01-01\n"
TAXES = "country,state,tax_category,vat_category,rate_percent,valid_from\nDE,,S,S,19,2026-01-01\n"
ORDERS = """order_id,line_no,customer_id,currency,order_date,po_number,sku,quantity,discount_pct
A-1,1,K1,EUR,2026-01-05,PO-77,L1,10,5
A-2,1,K2,EUR,2026-01-07,PO-78,L1,2,0
A-3,1,K1,EUR,2026-01-09,PO-79,L1,1,0
"""
# 10 × 19.95 less 5 % = 189.53 net; 2 × 19.95 = 39.90 net; 19.95 net; each with 19 % VAT.
GROSS = {"RE-2026-0001": "225.54", "RE-2026-0002": "47.48", "RE-2026-0003": "23.74"}
BANK = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>
<CreDtTm>2026-03-02T08:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id><CreDtTm>2026-03-02T08:00:00</CreDtTm>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">245.54</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>
"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>
<ValDt><Dt>2026-03-02</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef><BkTxCd><Prtry><Cd>166</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>
<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""


class Hand:
    """What both hands share: a file is chosen in the window that the browser opens for it."""

    def __init__(self, page):
        self.page, self.file = page, None
        # Listened for all the time: whoever begins to listen as the key is pressed may come too late.
        page.on("filechooser", lambda chooser: chooser.set_files(self.file))

    def bring(self, field, file):
        self.file = file
        self.open(field)
        self.page.wait_for_function("field => document.querySelector(field).files.length === 1", arg=field)


class Mouse(Hand):

    def follow(self, link):
        self.page.locator(link).first.click()

    def write(self, field, text):
        self.page.locator(field).first.click()
        self.page.keyboard.type(text)

    def tick(self, field):
        self.page.locator(field).first.click()

    def open(self, field):
        self.page.locator(field).first.click()

    def press(self, button):
        with self.page.expect_navigation():
            self.page.locator(button).first.click()


class Keyboard(Hand):
    """Tab until it is there, then the key that a person would press."""

    def reach(self, wanted):
        for _ in range(400):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(
                    "wanted => { const e = document.activeElement; return !!e && e === document.querySelector(wanted) }", wanted):
                return
        raise AssertionError(f"Tab never comes to {wanted} on {self.page.url}")

    def follow(self, link):
        self.reach(link)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, field, text):
        self.reach(field)
        self.page.keyboard.type(text)

    def tick(self, field):
        self.reach(field)
        self.page.keyboard.press("Space")

    def open(self, field):
        self.reach(field)
        self.page.keyboard.press("Space")

    def press(self, button):
        self.reach(button)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


class Path:
    def __init__(self, page, hand, folder):
        self.page, self.hand, self.folder = page, hand, folder
        self.steps = 0

    def file(self, name, text):
        place = self.folder / name
        place.write_text(text, encoding="utf-8")
        return str(place)

    def command(self, words, fields=None, files=None, ticks=(), dry=False):
        """Opens the form of a command from the list of all of them, fills it in and sends it; gives back what the page says."""
        self.page.goto("/commands")
        self.hand.follow(f"main a[href='/commands/{words}'], main a[href^='/commands/{words}?']")
        self.page.wait_for_url(re.compile(f"/commands/{words}(\\?|$)"))
        form = f"form[action='/do/{words}']"
        names = [("write", name, text) for name, text in (fields or {}).items()]
        names += [("bring", name, file) for name, file in (files or {}).items()]
        names += [("tick", name, None) for name in ticks]
        # In the order of the page, as a person goes through it.
        order = self.page.eval_on_selector_all(f"{form} [name]", "all => all.map((one) => one.name)")
        for kind, name, value in sorted(names, key=lambda one: order.index(one[1])):
            field = f"{form} [name='{name}']:not([type=hidden])"
            getattr(self.hand, kind)(field, *([] if value is None else [value]))
        self.hand.press(f"{form} button[name=dry-run]" if dry else f"{form} button:not([name])")
        self.steps += 1
        return self.page.inner_text("main")

    def must(self, text, *wanted):
        for one in wanted:
            if one not in text:
                raise AssertionError(f"step {self.steps} ({self.page.url}): '{one}' is missing in:\n{text[:1500]}")

    def open_of(self, invoice):
        self.page.goto(f"/invoices/{invoice}")
        return self.page.inner_text("main")

    def go(self):
        for kind, text in [("tax-rates", TAXES), ("customers", CUSTOMERS), ("products", PRODUCTS), ("prices", PRICES),
                           ("orders", ORDERS)]:
            file = self.file(f"{kind}.csv", text)
            if kind == "orders":
                trial = self.command("import", {"kind": kind}, {"files": file}, dry=True)
                self.must(trial, "orders.csv", "Nothing was kept")
            self.command("import", {"kind": kind}, {"files": file})
            if "done=" not in self.page.url:
                raise AssertionError(f"{kind} were not imported: {self.page.inner_text('main')[:1500]}")

        self.command("bill", {"through": "2026-03-31"}, ticks=["issue"])
        for number, gross in GROSS.items():
            self.must(self.open_of(number), number, gross)

        entries = ENTRY.format(amount="225.54", ref="B1", name="Möwe und Söhne", text="RE-2026-0001")
        entries += ENTRY.format(amount="20.00", ref="B2", name="Unbekannt", text="Danke")
        self.command("bank/import", files={"files": self.file("bank.xml", BANK.format(entries=entries))})
        self.command("cash/match")
        self.must(self.command("cash/list"), "225.54", "20.00")
        receipt = self.page.context.request.get("/api/v1/cash/list?open=true").json()["items"][0]
        self.command("cash/apply", {"receipt": receipt["payment_id"], "invoice": "RE-2026-0002", "amount": "20.00"})
        applied = self.page.url
        self.must(self.command("report", {"name": "aging"}), "51.22")

        self.must(self.command("reminder/preview"), "K1")
        self.command("reminder/run")
        self.must(self.command("statement/show", {"customer": "K2"}), "27.48")

        self.page.goto(applied)
        self.hand.press("main .done button")
        self.steps += 1
        self.must(self.command("statement/show", {"customer": "K2"}), "47.48")
        self.command("verify")
        verdict = self.page.context.request.get("/api/v1/verify").json()
        if not all(check["ok"] for check in verdict["checks"]):
            raise AssertionError(f"the books do not verify: {verdict}")

        # A refusal stands at its field and keeps what was typed.
        text = self.command("cash/apply", {"receipt": "NO-SUCH", "invoice": "RE-2026-0002", "amount": "1.00"})
        self.must(text, "cash.")
        kept = self.page.input_value("form[action='/do/cash/apply'] [name=receipt]")
        if kept != "NO-SUCH":
            raise AssertionError(f"a refusal lost what was typed: '{kept}'")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--hand", choices=["mouse", "keyboard"], default="mouse")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        context = reader(browser, wanted.address)
        page = context.new_page()
        if wanted.hand == "keyboard":
            page.add_init_script("""for (const kind of ['mousedown', 'mousemove', 'pointerdown', 'touchstart'])
              addEventListener(kind, () => console.log('not by keyboard: ' + kind), true);""")
        said = []
        # The refusal at the end answers 422, which Chromium notes.
        page.on("console", lambda message: "status of 422" in message.text or said.append(message.text))
        path = Path(page, Mouse(page) if wanted.hand == "mouse" else Keyboard(page), pathlib.Path(folder))
        try:
            path.go()
        except AssertionError as wrong:
            sys.exit(f"{wanted.hand}: {wrong}")
        if said:
            sys.exit(f"{wanted.hand}: the console says {said[:5]}")
        print(f"{wanted.hand}: {path.steps} steps")


if __name__ == "__main__":
    main()
