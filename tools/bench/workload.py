"""The company that ./bench works on: the shared generator's where it is beside the checkout, else the program's own."""
import csv
import glob
import os
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "workload")


def company(work, size, program):
    """A folder with sellers, customers, products, prices, tax rates, orders of `size` documents of three lines and bank files."""
    folder = os.path.join(work, f"company-{size}")
    done = os.path.join(folder, "complete")
    if os.path.exists(done):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    generator = os.path.join(SHARED, "workload.py")
    if os.path.exists(generator):
        words = ["python3", generator, "--customers", str(max(10, size // 20)), "--invoices", str(size), "--lines", "3",
                 "--seed", "42", "--no-json", "--out", folder]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        for name in ("sellers.csv", "tax_rates.csv"):
            shutil.copy(os.path.join(SHARED, name), folder)
        os.rename(os.path.join(folder, "tax_rates.csv"), os.path.join(folder, "tax-rates.csv"))
    else:
        words = [program, "demo", "--out", folder, "--orders", str(size), "--customers", str(max(10, size // 20)),
                 "--lines", "3", "--until", "2025-12-31", "--seed", "42"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        os.rename(os.path.join(folder, "expected-invoices.csv"), os.path.join(folder, "invoices.csv"))
        join_statements(folder)
    open(done, "w", encoding="utf-8").close()
    return folder


def join_statements(folder):
    """The bank files of the months as one."""
    months = sorted(glob.glob(os.path.join(folder, "bank-*.xml")))
    with open(os.path.join(folder, "camt.053.xml"), "w", encoding="utf-8") as out:
        for place, path in enumerate(months):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            begin, end = text.find("<Stmt>"), text.rfind("</Stmt>") + len("</Stmt>")
            if begin < 0:
                begin = end = text.index("</BkToCstmrStmt>")
            out.write(text[0 if place == 0 else begin : end])
            if place == len(months) - 1:
                out.write(text[end:])


def many_orders(folder, rows):
    """The company's orders over and over under new numbers, until there are so many rows."""
    path = os.path.join(folder, f"orders-{rows}.csv")
    if os.path.exists(path):
        return path
    with open(os.path.join(folder, "orders.csv"), encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    heading, lines = lines[0], lines[1:]
    place = heading.index("order_id")
    written, turn = 0, 0
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(heading)
        while written < rows:
            for line in lines[: rows - written]:
                out.writerow([f"{cell}-{turn}" if column == place else cell for column, cell in enumerate(line)])
            written += min(len(lines), rows - written)
            turn += 1
    os.rename(path + ".new", path)
    return path


def big_statement(folder, megabytes):
    """The company's statements over and over in one file of so many megabytes (10^6 bytes) or a little more."""
    path = os.path.join(folder, f"camt-{megabytes}.xml")
    if os.path.exists(path):
        return path
    with open(os.path.join(folder, "camt.053.xml"), "rb") as file:
        text = file.read()
    begin, end = text.index(b"<Stmt>"), text.rindex(b"</Stmt>") + len(b"</Stmt>")
    head, tail = text[:begin], text[end:]
    statements = text[begin:end].split(b"</Stmt>")[:-1]
    size = len(head) + len(tail)
    with open(path + ".new", "wb") as file:
        file.write(head)
        while size < megabytes * 1_000_000:
            for statement in statements:
                file.write(statement + b"</Stmt>\n")
                size += len(statement) + 8
                if size >= megabytes * 1_000_000:
                    break
        file.write(tail)
    os.rename(path + ".new", path)
    return path
