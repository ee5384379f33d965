"""An open-loop load: requests leave on a timetable, whether earlier ones were answered or not, and each one's time counts from the
moment it should have left. So a server that stalls is not spared the requests that would have come meanwhile."""
import asyncio
import time
import urllib.parse


class Answer:
    def __init__(self, address, kind, status, seconds, size, problem=""):
        self.address, self.kind, self.status, self.seconds, self.size, self.problem = address, kind, status, seconds, size, problem

    @property
    def good(self):
        return self.status == 200 and not self.problem


async def ask(connection, host, port, address):
    """One GET over a connection that stays open; the connection, the status and the size of the body."""
    if connection is None:
        connection = await asyncio.open_connection(host, port)
    reader, writer = connection
    writer.write(f"GET {address} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/html\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    status = int(head[0].split()[1])
    fields = dict(line.split(":", 1) for line in head[1:] if ":" in line)
    size = 0
    if fields.get("transfer-encoding", "").strip() == "chunked":
        while True:
            length = int((await reader.readline()).split(b";")[0], 16)
            await reader.readexactly(length + 2)
            size += length
            if length == 0:
                break
    else:
        size = int(fields.get("content-length", "0"))
        await reader.readexactly(size)
    if fields.get("connection", "").strip() == "close":
        writer.close()
        connection = None
    return connection, status, size


async def one(url, kind, address, due, free, patience):
    host, port = url.hostname, url.port
    connection = free.pop() if free else None
    try:
        connection, status, size = await asyncio.wait_for(ask(connection, host, port, address), patience)
        answer = Answer(address, kind, status, time.perf_counter() - due, size)
        if connection is not None:
            free.append(connection)
        return answer
    except (OSError, EOFError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError) as problem:
        if connection is not None:
            connection[1].close()
        return Answer(address, kind, 0, time.perf_counter() - due, 0, repr(problem))


async def run(url, addresses, rate, seconds, patience):
    free, tasks = [], []
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        kind, address = addresses[number % len(addresses)]
        tasks.append(asyncio.create_task(one(url, kind, address, due, free, patience)))
    answers = await asyncio.gather(*tasks)
    for _, writer in free:
        writer.close()
    return answers


def load(url, addresses, rate, seconds, patience=30.0):
    """`addresses`: pairs of a kind and a path with its query, taken in turns. All answers, in the order they were due."""
    return asyncio.run(run(urllib.parse.urlsplit(url), addresses, rate, seconds, patience))


def percentile(seconds, share):
    """The smallest time that so great a share of all did not exceed (nearest rank)."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
