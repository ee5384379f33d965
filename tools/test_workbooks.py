"""Writes workbooks for the tests into a folder: as other programs make them, and as nobody should."""
import datetime
import sys
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

folder = Path(sys.argv[1])
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def by_openpyxl():
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.title = "Old"
    hidden.append(["nothing"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("Rows")
    sheet.append(["id", "day", "at", "amount", "flag", "rate", "note"])
    sheet.append([4711, datetime.date(2026, 1, 31), datetime.datetime(2026, 1, 31, 9, 15), 0.1 + 0.2, True, 0.19, "Bäcker & Söhne"])
    sheet.append([123456789012345, datetime.date(1900, 2, 28), None, 1e-7, False, 0.08875, "two\nlines "])
    sheet.append(["007", datetime.date(2199, 12, 31), None, -1234.5, None, 1, "=1+1"])
    sheet["G4"].data_type = "s"
    for row in range(2, 5):
        sheet.cell(row, 6).number_format = "0.00%"
        sheet.cell(row, 2).number_format = '[$-407]d". "mmmm yyyy;@'
    book.create_sheet("Second").append(["other"])
    book.save(folder / "openpyxl.xlsx")

    formulas = openpyxl.Workbook()
    formulas.active.append(["a", "b"])
    formulas.active.append([1, "=A2*2"])
    formulas.save(folder / "formulas.xlsx")

    mac = openpyxl.Workbook()
    mac.epoch = CALENDAR_MAC_1904
    mac.active.append(["day"])
    mac.active.append([datetime.date(2026, 10, 31)])
    mac.save(folder / "1904.xlsx")


def raw(name, sheet, strings=None, styles=None, absolute=False, more=()):
    prefix = "/xl/" if absolute else ""
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>")
        archive.writestr(
            "_rels/.rels",
            f"<Relationships><Relationship Id='a' Type='{RELATIONS}/officeDocument' Target='{'/' if absolute else ''}xl/workbook.xml'/></Relationships>")
        archive.writestr(
            "xl/workbook.xml",
            f"<x:workbook xmlns:x='{MAIN}' xmlns:r='{RELATIONS}'><x:sheets><x:sheet name='Odd' sheetId='1' r:id='s'/></x:sheets></x:workbook>")
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f"<Relationships><Relationship Id='s' Type='{RELATIONS}/worksheet' Target='{prefix}worksheets/one.xml'/>"
            f"<Relationship Id='t' Type='{RELATIONS}/sharedStrings' Target='{prefix}strings.xml'/>"
            f"<Relationship Id='u' Type='{RELATIONS}/styles' Target='{prefix}styles.xml'/></Relationships>")
        archive.writestr("xl/worksheets/one.xml", sheet)
        if strings:
            archive.writestr("xl/strings.xml", strings)
        if styles:
            archive.writestr("xl/styles.xml", styles)
        for path, text in more:
            archive.writestr(path, text)


def sheet(rows, before=""):
    return f"<?xml version='1.0' encoding='UTF-8'?>{before}<x:worksheet xmlns:x='{MAIN}'><x:sheetData>{rows}</x:sheetData></x:worksheet>"


def text(words):
    return f"<x:c t='inlineStr'><x:is><x:t>{words}</x:t></x:is></x:c>"


def by_hand():
    strings = (
        f"<sst xmlns='{MAIN}'><si><t>name</t></si><si><r><t>Rich </t></r><r><t xml:space='preserve'>text</t></r>"
        "<rPh sb='0' eb='1'><t>sound</t></rPh></si><si><t>line_x000D_end _x005F_x0041_</t></si><si/></sst>")
    styles = (
        f"<styleSheet xmlns='{MAIN}'><numFmts><numFmt numFmtId='164' formatCode='yy\\-mm\\-dd'/>"
        "<numFmt numFmtId='165' formatCode='&quot;day &quot;0.00'/><numFmt numFmtId='166' formatCode='[h]:mm'/></numFmts>"
        "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='166'/><xf numFmtId='20'/><xf numFmtId='22'/></cellXfs>"
        "<dxfs><dxf><numFmt numFmtId='164' formatCode='0'/></dxf></dxfs></styleSheet>")
    rows = (
        "<x:row/><x:row r='3' hidden='1'><x:c r='B3' t='s'><x:v>0</x:v></x:c><x:c t='s'><x:v>1</x:v></x:c>" + text("day")
        + text("number") + text("why") + "</x:row>"
        "<x:row r='7'><x:c r='B7' t='s'><x:v>2</x:v></x:c><x:c r='C7' t='str'><x:f>A1</x:f><x:v>=cached</x:v></x:c>"
        "<x:c r='D7' s='1'><x:v>46326</x:v></x:c><x:c r='E7' s='2'><x:v>1.2345678901234501E+3</x:v></x:c></x:row>"
        "<x:row r='9'><x:c r='B9' t='d'><x:v>2026-10-31</x:v></x:c><x:c r='C9' t='b'><x:v>1</x:v></x:c>"
        "<x:c r='D9' s='5'><x:v>46326.385416666664</x:v></x:c><x:c r='E9' s='3'><x:v>1.5</x:v></x:c>"
        "<x:c r='F9' s='4'><x:v>4.1666666666666664E-2</x:v></x:c></x:row>"
        "<x:row r='12'><x:c r='B12' t='e'><x:v>#DIV/0!</x:v></x:c><x:c r='D12' s='1'><x:v>60</x:v></x:c></x:row>")
    raw("odd.xlsx", sheet(rows), strings, styles, absolute=True)
    two = "<x:row>" + text("a") + text("b") + "</x:row>"
    raw("order.xlsx", sheet(f"{two}<x:row r='5'>{text('1')}</x:row><x:row r='4'>{text('1')}</x:row>"))
    raw("wide.xlsx", sheet(f"{two}<x:row>{text('1')}{text('2')}{text('3')}</x:row>"))
    raw("index.xlsx", sheet(f"{two}<x:row><x:c t='s'><x:v>9</x:v></x:c></x:row>"))
    raw("broken.xlsx", sheet(f"{two}<x:row>{text('1')}</x:rov>"))
    laughs = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {b} '{('&' + a + ';') * 20}'>" for a, b in zip("abcdefg", "bcdefgh")) + "]>"
    raw("laughs.xlsx", sheet(f"{two}<x:row>{text('&h;')}</x:row>", laughs))
    raw("bomb.xlsx", sheet(f"{two}<x:row>{text('1')}{' ' * (64 << 20)}</x:row>"))
    raw("long.xlsx", sheet(f"{two}<x:row>{text('x' * (2 << 20))}</x:row>"))
    raw("deep.xlsx", sheet(two + "<y>" * 5000 + "</y>" * 5000))
    raw("many.xlsx", sheet("".join(f"<x:row>{text('a' * 30)}{text(str(i))}</x:row>" for i in range(1000))))
    for name, path in [("document.docx", "word/document.xml"), ("table.ods", "content.xml"), ("binary.xlsb", "xl/workbook.bin")]:
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(path, "<x/>")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016)
    (folder / "secret.xlsx").write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    (folder / "old.xls").write_bytes(head + "Workbook".encode("utf-16-le") + bytes(500))


by_openpyxl()
by_hand()
