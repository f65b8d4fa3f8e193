"""Smoke tests use no network: what a child that has refused it can still reach, and what it cannot."""

import socket
import subprocess
import sys

import pytest

from envcheck.shipped import folder

# An audit hook stays for the rest of a process: each case has its own.
CHILD = """
import sys, types
package = types.ModuleType("envcheck_probes")
package.__path__ = [sys.argv[1]]
sys.modules["envcheck_probes"] = package
from envcheck_probes.smoke_steps.network import refuse_network
refuse_network()
try:
    exec(sys.argv[2])
except Exception as error:
    print("refused" if "smoke tests use no network: a connection to " in repr(error) else "failed: " + repr(error))
else:
    print("done")
"""
SERVED = """
import http.server, threading
class Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"42")
    def log_message(self, *arguments):
        pass
def serve(host):
    server = http.server.HTTPServer((host, 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
"""
TALK = """
import asyncio
async def talk():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    assert await reader.read() == b""
    writer.close()
    server.close()
asyncio.run(talk())
"""


def outcome(code: str) -> str:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder("probes")), code], capture_output=True, text=True, timeout=60, check=False
    )
    assert child.stderr == ""
    return child.stdout.strip()


# 192.0.2.0/24 and 2001:db8::/32 are reserved for documentation: nobody is there, even if a guard fails.
@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket().connect(('192.0.2.1', 80))",
        "import socket; socket.socket().connect_ex(('192.0.2.1', 80))",
        "import socket; socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))",
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "import socket; socket.create_connection(('example.invalid', 80), timeout=1)",
        "import socket; socket.getaddrinfo('example.invalid', 443)",
        "import socket; socket.getaddrinfo(b'example.invalid', 443)",
        "import socket; socket.gethostbyname('example.invalid')",
        "import socket; socket.gethostbyaddr('192.0.2.1')",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'42', ('192.0.2.1', 9))",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'42'], [], 0, ('192.0.2.1', 9))",
        "import socket; s = socket.socket(); s.setblocking(False); s.connect(('192.0.2.1', 80))",
        "import http.client; http.client.HTTPConnection('192.0.2.1', timeout=1).request('GET', '/')",
        "import http.client; http.client.HTTPSConnection('example.invalid', timeout=1).request('GET', '/')",
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=1)",
        "import urllib.request; urllib.request.urlopen('https://example.invalid/', timeout=1)",
        "import asyncio; asyncio.run(asyncio.open_connection('192.0.2.1', 80))",
    ],
)
def test_another_machine_is_not_reached(code: str) -> None:
    assert outcome(code) == "refused"


@pytest.mark.parametrize(
    "code",
    [
        "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname(), timeout=9)",
        "import socket; s = socket.create_server(('', 0)); socket.create_connection(('localhost', s.getsockname()[1]), timeout=9)",
        "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.socket().connect(('0.0.0.0', s.getsockname()[1]))",
        "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.socket().connect_ex(s.getsockname())",
        "import socket; socket.getaddrinfo(None, 80)",
        "import socket; socket.gethostbyname('localhost')",
        "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); s.sendto(b'42', s.getsockname())",
        "import socket; a, b = socket.socketpair(); a.sendall(b'42'); assert b.recv(9) == b'42'",
        SERVED
        + "import http.client; c = http.client.HTTPConnection('127.0.0.1', serve('127.0.0.1'), timeout=9); c.request('GET', '/')\n"
        + "assert c.getresponse().read() == b'42'",
        SERVED
        + "import urllib.request as u\n"
        + "assert u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:%d/' % serve('127.0.0.1'), timeout=9).read() == b'42'",
        TALK,
        "import multiprocessing as m; a, b = m.Pipe(); a.send(42); assert b.recv() == 42",
    ],
)
def test_this_machine_is_reached(code: str) -> None:
    assert outcome(code) == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sockets with a path")
def test_a_socket_with_a_path_is_reached() -> None:
    code = """
import os, socket, tempfile
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "socket")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    socket.socket(socket.AF_UNIX).connect(path)
"""
    assert outcome(code) == "done"


def test_this_machines_own_address_and_name_are_reached() -> None:
    # As Ray and Spark find it: a datagram's connect sends nothing, and tells the address towards others.
    with socket.socket(type=socket.SOCK_DGRAM) as towards_others:
        try:
            towards_others.connect(("192.0.2.1", 9))
            own = towards_others.getsockname()[0]
        except OSError:
            own = "127.0.0.1"  # no network at all
    code = f"import socket; s = socket.create_server(('', 0)); socket.create_connection(({own!r}, s.getsockname()[1]), timeout=9)"
    assert outcome(code) == "done"
    assert "refused" not in outcome("import socket; socket.getaddrinfo(socket.gethostname(), 80)")


def test_a_connected_datagram_tells_an_address_and_is_let_through() -> None:
    assert outcome("import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.connect_ex(('192.0.2.1', 9)); s.getsockname()") == "done"


def test_whom_it_would_have_reached_is_told() -> None:
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            CHILD.replace("print(", "print(error); print("),
            str(folder("probes")),
            "import socket; socket.getaddrinfo('h2o.invalid', 80)",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.stdout.splitlines()[0] == "smoke tests use no network: a connection to h2o.invalid was refused"
