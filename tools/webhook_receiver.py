#!/usr/bin/env python3
"""A real receiver of webhooks for the tests.

Listens on a free port of loopback, prints the port, and ends when its standard input does. Into FOLDER/heard it writes one line of
JSON for each message, with whether its signature fits the secret in FOLDER/secret (checked here, by itself). What it answers stands
in FOLDER/answers, a word a line, used up from the top; without one it answers 204:

  a number  that status
  redirect  302 to another path of this server
  long      200 and eight megabytes
  never     nothing, for a minute
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[1]
lock = threading.Lock()


def next_answer():
    path = os.path.join(folder, "answers")
    if not os.path.exists(path):
        return "204"
    with open(path, encoding="utf-8") as file:
        words = file.read().split()
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(words[1:]))
    return words[0] if words else "204"


def verified(headers, body):
    path = os.path.join(folder, "secret")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        key = base64.b64decode(file.read().strip().removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, given) for given in headers["webhook-signature"].split(" "))


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        with lock:
            answer = next_answer()
            heard = {
                "path": self.path,
                "id": self.headers.get("webhook-id", ""),
                "timestamp": self.headers.get("webhook-timestamp", ""),
                "type": self.headers.get("content-type", ""),
                "verified": verified(self.headers, body),
                "answer": answer,
                "body": body.decode("utf-8", "replace"),
                "connection": self.client_address[1],
            }
            with open(os.path.join(folder, "heard"), "a", encoding="utf-8") as file:
                file.write(json.dumps(heard) + "\n")
        if answer == "never":
            time.sleep(60)
            return
        content = b"x" * (8 << 20) if answer == "long" else b""
        self.send_response(200 if answer == "long" else 302 if answer == "redirect" else int(answer))
        if answer == "redirect":
            self.send_header("Location", "/elsewhere")
        if answer != "204":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
