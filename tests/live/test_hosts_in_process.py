"""Hosts reach servers from the process itself, as a target of an exploration has it, and through a client of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

SHOWS = """
import http.server, json, threading, urllib.error, urllib.request
from harness import fake_hosts


class Names(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps([self.server.name, self.headers["Host"], self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def served(name):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Names)
    server.name = name
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def got(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)
    except urllib.error.URLError as error:
        return str(error.reason)


direct = served("direct")
fake_hosts({"api.pay.example": served("pay")})
fake_hosts({"Mail.example": served("mail")})
urls = ["https://api.pay.example/v1?x=1", "https://mail.example:8443/", "http://mail.example/send", f"{direct}/here"]
print(json.dumps([got(one) for one in [*urls, "https://other.example/"]]))
"""


def test_hosts_reach_fakes_until_the_process_ends() -> None:
    """Of each call of `fake_hosts`, on any port and without TLS too; loopback is reached directly, others never."""
    environ = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    command = [sys.executable, "-c", SHOWS]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=300)

    pay, mail, plain, direct, other = json.loads(done.stdout)
    assert pay == ["pay", "api.pay.example", "/v1?x=1"]
    assert mail == ["mail", "mail.example:8443", "/"]
    assert plain == ["mail", "mail.example", "/send"]
    assert direct[::2] == ["direct", "/here"]
    assert other == "Tunnel connection failed: 403 no fake of this scenario has the host other.example"
