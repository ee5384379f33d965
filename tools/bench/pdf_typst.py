"""The other floor of the PDF measurement: Typst (PyPI `typst`) making the page of pdf_loop.c, each document compiled apart.

Use: pdf_typst.py COUNT [FILE]   prints documents per CPU second; FILE keeps the last document.
One compiler object is kept, so fonts are found once and Typst's own cache helps; each document gets its own number and figures.
"""

import importlib.metadata
import json
import os
import sys
import tempfile
import time

import typst

GOODS = [
    ("Hydraulikschlauch DN 12", "HS-2SC-12"), ("Schnellkupplung 1/2 Zoll", "SK-7241"), ("Technikerstunde vor Ort", "TS-01"),
    ("Hebelzug 2 t, 3 m Hub", "KZ-2000"), ("Rundschlinge 1 t, 3 m", "RS-10-3"), ("Schäkel Güte 6, 4,75 t", "SCH-47"),
    ("Trennscheibe 125 mm", "DR-WS-25"), ("Handschuh PU, Größe 9", "HG-PU-9"), ("Staubmaske FFP2", "SB-FFP2"),
    ("Hydrauliköl HLP 46, 20 l", "OEL-46-20"), ("Fettkartusche EP 2", "FL-EP2"), ("Schraube M12 × 60", "BZ-M12"),
    ("Mutter M12, verzinkt", "MU-M12"), ("Scheibe 12, verzinkt", "US-12"), ("Leitung 3G1,5 Gummi, 50 m", "KB-3G15"),
    ("Baustrahler LED 50 W", "LED-50"), ("Zurrgurt 50 mm, 8 m", "ZG-50"), ("Holzkeil, Hartholz", "PL-KF"),
    ("Fäustel 2 kg, Esche", "HM-2"), ("Dichtringsatz 1/2 Zoll", "DI-12"),
]

# The code is not drawn (Typst has no QR of its own): that is to Typst's advantage.
PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: "Rechnung " + data.number, author: "Norderwerk Technik GmbH", date: datetime(year: 2026, month: 11, day: 11))
#set page(paper: "a4", margin: (left: 25mm, right: 20mm, top: 20mm, bottom: 20mm), footer: [
  #set text(size: 7.4pt, fill: rgb("#474c54"))
  #line(length: 100%, stroke: 0.5pt + rgb("#c8c4ba"))
  #grid(columns: (50mm, 46mm, 1fr, auto), row-gutter: 3pt,
    [Norderwerk Technik GmbH], [USt-IdNr. DE000000000], [IBAN DE02 1203 0000 0000 2020 51], [Seite #context counter(page).display() von 1],
    [Amtsgericht Hamburg HRB 00000], [Geschäftsführung: Ines Norder], [BIC BYLADEM1001], [])
])
#set text(font: "Inter", size: 8.6pt, lang: "de", number-width: "tabular")
#set par(leading: 4pt, spacing: 5pt)
#grid(columns: (1fr, auto), text(size: 20pt, weight: 600)[Norderwerk], align(right, text(size: 7.4pt)[
  Norderwerk Technik GmbH \\ Hafenstraße 12, 20457 Hamburg \\ 040 555 0100 · rechnung\\@norderwerk.example]))
#v(18mm)
#grid(columns: (100mm, 27mm, auto), [
  #text(size: 7.4pt)[Norderwerk Technik GmbH · Hafenstraße 12 · 20457 Hamburg]
  #line(length: 80mm, stroke: 0.5pt + rgb("#c8c4ba"))
  #text(size: 9.8pt)[Süderhof Logistik AG \\ Rechnungswesen \\ Am Speicher 4 \\ 27568 Bremerhaven]
], [Rechnung \\ Datum \\ Leistung \\ Kundennummer \\ Ihre Bestellung \\ Ihre USt-IdNr. \\ Fällig], [
  *#data.number* \\ 11.11.2026 \\ 10.11.2026 \\ K-10482 \\ B 26-3318 \\ DE123456788 \\ 11.12.2026])
#v(6mm)
#heading(level: 1, text(size: 13pt, weight: 600)[Rechnung #data.number])
#text(size: 9.2pt)[Vielen Dank für Ihren Auftrag.]
#v(2mm)
#table(columns: (10mm, 1fr, auto, auto, auto, auto), stroke: none, inset: (x: 3pt, y: 3pt),
  align: (left, left, right, right, right, right),
  table.header(..("Pos.", "Leistung", "Menge", "Einzelpreis", "Rabatt", "Betrag, EUR").map(it => text(size: 7.4pt, it))),
  table.hline(stroke: 1pt),
  ..data.rows.map(row => (row.at(0), [#row.at(1) #text(size: 7.4pt, fill: rgb("#646972"), row.at(2))], row.at(3), row.at(4), row.at(5),
    row.at(6), table.hline(stroke: 0.5pt + rgb("#e5e2db")))).flatten())
#align(right, table(columns: (60mm, 20mm), stroke: none, align: (left, right),
  [Summe netto], data.net, table.hline(stroke: 0.5pt + rgb("#c8c4ba")), [Umsatzsteuer 19 %], data.tax,
  table.hline(stroke: 0.5pt + rgb("#c8c4ba")), [*Zu zahlen, EUR*], [*#data.gross*]))
#v(4mm)
#line(length: 100%, stroke: 1pt)
#text(size: 7.4pt)[Mit der Banking-App scannen]
#set text(size: 9.2pt)
#grid(columns: (60mm, auto), row-gutter: 8pt, [#text(size: 7.4pt)[Bis] \\ 11.12.2026], [#text(size: 7.4pt)[Betrag] \\ #data.gross EUR])
#text(size: 7.4pt)[An] \\ #text(weight: 500)[Norderwerk Technik GmbH, DE02 1203 0000 0000 2020 51]

#text(size: 7.4pt)[Verwendungszweck, bitte genau so] \\ #text(weight: 500)[RF66 RE20 2610 418]
"""


def grouped(minor):
    return f"{minor // 100:,}".replace(",", ".") + f",{minor % 100:02d}"


def content(number):
    rows, total = [], 0
    for index, (name, sku) in enumerate(GOODS):
        count = (number * 7 + index * 13) % 90 + 1
        price = (number * 31 + index * 377) % 9000 + 105
        total += count * price
        rows.append([str(index + 1), name, sku, f"{count} Stk", grouped(price), "" if index % 3 else "8 %", grouped(count * price)])
    tax = (total * 19 + 50) // 100
    return json.dumps({"number": f"RE-2026-{number:05d}", "rows": rows, "net": grouped(total), "tax": grouped(tax), "gross": grouped(total + tax)})


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page.typ")
        with open(path, "w", encoding="utf-8") as file:
            file.write(PAGE)
        compiler = typst.Compiler(path)
        made = b""
        for number in range(5):
            made = compiler.compile(format="pdf", sys_inputs={"data": content(number)})
        start = time.process_time()
        for number in range(10000, 10000 + count):
            made = compiler.compile(format="pdf", sys_inputs={"data": content(number)})
        seconds = time.process_time() - start
    if len(sys.argv) > 2:
        with open(sys.argv[2], "wb") as file:
            file.write(made)
    print(json.dumps({"what": "pdf, Typst", "version": importlib.metadata.version("typst"), "documents": count, "cpu_seconds": round(seconds, 3),
                      "per_cpu_second": round(count / seconds, 1), "bytes": len(made)}))


if __name__ == "__main__":
    main()
