"""How ./bench measures: CPU seconds, wall seconds and peak memory of a program, and the CPU of the PostgreSQL server."""
import json
import os
import subprocess
import tempfile
import time


class Measured:
    def __init__(self, cpu, wall, peak, server, output):
        self.client = cpu
        self.server = server
        self.cpu = cpu + server
        self.wall = wall
        self.peak_mib = peak / 1024
        self.output = output


def server_cpu():
    """Seconds all processes of the server have used, those that ended included; it must run on this machine."""
    postmaster = int(os.environ["DULY_BENCH_POSTMASTER"])
    tick = os.sysconf("SC_CLK_TCK")
    total = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as text:
                fields = text.read().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parent, user, system, children_user, children_system = int(fields[1]), *(int(fields[i]) for i in (11, 12, 13, 14))
        if int(name) == postmaster:
            total += user + system + children_user + children_system
        elif parent == postmaster:
            total += user + system
    return total / tick


def run(words, environment=None, postgres=False, ok=(0,), keep=True):
    """Runs a program to its end. Its standard output is kept, or thrown away; its standard error is shown where it failed."""
    before = server_cpu() if postgres else 0.0
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile("r") as answer:
        subprocess.run(
            [os.path.join(os.environ["DULY_BENCH_FLOORS"], "measure"), answer.name, *words], check=True, stderr=err,
            stdout=out if keep else subprocess.DEVNULL, env={**os.environ, **(environment or {})})
        used = json.load(answer)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
        if used["status"] not in ok:
            err.seek(0)
            raise SystemExit(f"{' '.join(words)}: ended with {used['status']}\n{text[-2000:]}\n{err.read().decode()[-4000:]}")
    if postgres:
        # A backend's time is the postmaster's once it has been waited for.
        time.sleep(0.3)
    return Measured(used["cpu"], used["wall"], used["peak_kib"], server_cpu() - before if postgres else 0.0, text)


class Table:
    """The lines of ./bench: figure, floor, ratio, target, verdict."""

    def __init__(self, full):
        self.rows = []
        self.full = full

    def add(self, what, figure, floor, target, reached, **facts):
        ratio = f"{facts['ratio']:.2f}" if "ratio" in facts else ""
        verdict = ("reached" if reached else "MISSED") if self.full else ("would reach" if reached else "would miss")
        self.rows.append(
            dict(what=what, figure=figure, floor=floor, target=target, reached=bool(reached), full_size=self.full, **facts))
        print(f"{what:<44} {figure:<34} floor {floor:<22} ratio {ratio:<6} {target:<42} {verdict}", flush=True)
