#!/usr/bin/env python3
"""A mail server for the tests: real SMTP, real TLS, and bad habits on request. Needs aiosmtpd 1.4.6 and the openssl program.

    mail_server.py --folder DIR [--listen starttls] [--mode accept] [--delay 5] [--user U --password P]

It listens on 127.0.0.1 on a free port for each --listen, prints the ports on one line when it is ready, and ends when its
standard input closes (with --forget it takes the folder along). Into the folder it writes

    ca.pem         the authority to trust (made at each start)
    000001.eml ... every message it accepted, byte by byte, numbered from 1
    accepted.tsv   a line for each of them: number, Message-ID, sender, recipients, number of the connection

A message is written down before the answer leaves: what the folder holds is what a recipient would have got.

--listen   plain            no TLS at all
           starttls         STARTTLS, certificate of ca.pem
           implicit         TLS from the first byte
           wrong-authority  STARTTLS, certificate of an authority nobody trusts
           wrong-name       STARTTLS, certificate of ca.pem for another host
--mode     what happens to a message; a recipient whose local part begins with `MODE.` asks for it for one message:
           accept           taken
           refuse           550 at RCPT
           full             452 at RCPT
           grey             451 at RCPT
           refuse-sender    553 at MAIL
           relogin          530 at MAIL
           no-data          554 at DATA
           drop-at-data     the connection ends where 354 was due
           drop-at-content  the connection ends right after 354
           spam             554 after the content
           busy             451 after the content
           odd              a 2xx answer that is not 250 after the content
           drop             the connection ends after the content, the message is lost
           lost             the connection ends after the content, the message was taken
           slow             taken, the answer comes after --delay seconds
           closing          taken, then 421 for the next command on this connection, and the end
           rude             554 instead of a greeting (as --mode only)
           away             421 instead of a greeting (as --mode only)
"""

import argparse
import asyncio
import email
import email.policy
import logging
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

BY_RECIPIENT = """accept refuse full grey refuse-sender relogin no-data drop-at-data drop-at-content spam busy odd drop lost
slow closing""".split()
BY_START = ["rude", "away"]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_authority(folder, name):
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
            "-keyout", str(key), "-out", str(certificate))
    return key, certificate


def make_context(folder, authority, host):
    """A TLS context with a fresh certificate for the host, given by the authority."""
    name = authority[1].stem + "-" + host
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    kind = "IP" if host[0].isdigit() else "DNS"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-CA", str(authority[1]), "-CAkey", str(authority[0]), "-subj", f"/CN={host}",
            "-addext", f"subjectAltName={kind}:{host}", "-addext", "basicConstraints=critical,CA:FALSE",
            "-keyout", str(key), "-out", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class Folder:
    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.count = len(list(path.glob("*.eml")))

    def accept(self, envelope, connection):
        self.count += 1
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.compat32)
        fields = [str(self.count), message["Message-ID"] or "", envelope.mail_from, ",".join(envelope.rcpt_tos),
                  str(connection)]
        # The line comes last: a reader who sees it finds the message complete.
        (self.path / f"{self.count:06}.eml").write_bytes(envelope.original_content)
        with open(self.path / "accepted.tsv", "a", encoding="utf-8") as log:
            log.write("\t".join(fields) + "\n")


class Handler:
    def __init__(self, folder, mode, delay):
        self.folder, self.mode, self.delay = folder, mode, delay

    def mode_of(self, recipients):
        for recipient in recipients:
            local = recipient.split("@")[0]
            for mode in BY_RECIPIENT:
                if local.startswith(mode + "."):
                    return mode
        return self.mode

    async def handle_MAIL(self, server, session, envelope, address, options):
        if getattr(session, "closing", False):
            await server.push("421 4.3.2 closing down")
            server.transport.close()
            return "421 4.3.2 closing down"
        if self.mode == "refuse-sender" or address.startswith("refuse-sender."):
            return "553 5.1.8 this sender may not write here"
        if self.mode == "relogin" or address.startswith("relogin."):
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 2.1.0 sender ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        mode = self.mode_of([address])
        if mode == "refuse":
            return "550 5.1.1 no such mailbox"
        if mode == "full":
            return "452 4.2.2 mailbox full"
        if mode == "grey":
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        mode = self.mode_of(envelope.rcpt_tos)
        if mode == "spam":
            return "554-5.7.1 this looks like\r\n554 5.7.1 unwanted mail"
        if mode == "busy":
            return "451 4.3.0 try again later"
        if mode == "drop":
            server.transport.abort()
            return "451 nobody hears this"
        self.folder.accept(envelope, server.number)
        if mode == "lost":
            server.transport.abort()
            return "250 nobody hears this"
        if mode == "slow":
            await asyncio.sleep(self.delay)
        if mode == "closing":
            session.closing = True
        if mode == "odd":
            return "252 2.0.0 taken, in my own way"
        return f"250 2.0.0 queued as {self.folder.count}"


class Server(SMTP):
    """aiosmtpd with a hand on the moments its hooks do not reach."""

    greeted = False
    count = 0

    def connection_made(self, transport):
        # Called once more when STARTTLS puts another transport in place.
        if not hasattr(self, "number"):
            Server.count += 1
            self.number = Server.count
        super().connection_made(transport)

    async def push(self, status):
        if not self.greeted:
            self.greeted = True
            answer = {"rude": "554 5.3.2 no mail service here", "away": "421 4.3.2 not now"}.get(self.event_handler.mode)
            if answer:
                await super().push(answer)
                self.transport.close()
                return
        await super().push(status)

    async def smtp_DATA(self, arg):
        mode = self.event_handler.mode_of(self.envelope.rcpt_tos) if self.envelope else "accept"
        if mode == "no-data":
            await self.push("554 5.5.1 no valid recipients")
        elif mode == "drop-at-data":
            self.transport.abort()
        elif mode == "drop-at-content":
            await self.push("354 go on")
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


async def serve(options):
    folder = Folder(pathlib.Path(options.folder))
    handler = Handler(folder, options.mode, options.delay)

    def authenticate(server, session: Session, envelope: Envelope, mechanism, data):
        good = (data.login.decode(), data.password.decode()) == (options.user, options.password)
        return AuthResult(success=good, handled=False if not good else True)

    with tempfile.TemporaryDirectory() as made:
        made = pathlib.Path(made)
        contexts = {}
        kinds = options.listen or ["starttls"]
        if kinds != ["plain"] * len(kinds):
            authority = make_authority(made, "ca")
            (folder.path / "ca.pem").write_bytes(authority[1].read_bytes())
            if "starttls" in kinds or "implicit" in kinds:
                contexts["starttls"] = contexts["implicit"] = make_context(made, authority, "127.0.0.1")
            if "wrong-name" in kinds:
                contexts["wrong-name"] = make_context(made, authority, "mail.example")
            if "wrong-authority" in kinds:
                contexts["wrong-authority"] = make_context(made, make_authority(made, "stranger"), "127.0.0.1")

    loop = asyncio.get_running_loop()
    ports = []
    for kind in kinds:
        implicit = kind == "implicit"
        offered = None if implicit else contexts.get(kind)

        def make(offered=offered):
            return Server(
                handler, loop=loop, hostname="mail.test", ident="test", tls_context=offered,
                require_starttls=offered is not None, auth_require_tls=offered is not None,
                auth_required=options.user is not None, authenticator=authenticate if options.user else None)

        server = await loop.create_server(make, "127.0.0.1", 0, ssl=contexts["implicit"] if implicit else None)
        ports.append(server.sockets[0].getsockname()[1])
    print(*ports, flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    if options.forget:
        shutil.rmtree(folder.path, ignore_errors=True)
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description="A mail server for the tests.")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--listen", action="append",
                        choices=["plain", "starttls", "implicit", "wrong-authority", "wrong-name"])
    parser.add_argument("--mode", default="accept", choices=BY_RECIPIENT + BY_START)
    parser.add_argument("--delay", type=float, default=5.0)
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--forget", action="store_true", help="remove the folder at the end")
    parser.add_argument("--verbose", action="store_true", help="tell on standard error what clients do wrong")
    options = parser.parse_args()
    # Broken lines and refused certificates are what the tests are about, no news.
    if not options.verbose:
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
