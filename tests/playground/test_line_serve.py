"""The playground's server: keep-alive, clean end on SIGTERM, nothing left open."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, request

from bot.playground.serve import hang_up, running

PROGRAM = """
from bot.playground.line import LocalLine
from bot.playground.line_app import create_app
from bot.playground.serve import Server, serve
import bot.playground.serve as module

class Told(Server):
    def serve_forever(self, poll_interval=0.5):
        print(self.port, flush=True)
        super().serve_forever(poll_interval)

module.Server = Told
serve(create_app(LocalLine()), "127.0.0.1", 0)
print("closed", flush=True)
"""


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    app = Flask("echo")

    @app.route("/echo", methods=["GET", "POST", "HEAD"])
    def echo() -> Response:
        if request.args.get("drop"):
            hang_up(request.environ)
        return Response(request.get_data() or b"nothing", headers={"X-Thai": request.args.get("q", "").encode().hex()})

    with running(app) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
        yield connection
        connection.close()


def test_one_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    ports = set()
    for number in range(3):
        connection.request("POST", "/echo", body=f"ครั้งที่ {number}".encode())
        ports.add(connection.sock.getsockname())
        assert connection.getresponse().read().decode() == f"ครั้งที่ {number}"

    assert len(ports) == 1


def test_paths_queries_and_head_are_understood(connection: http.client.HTTPConnection) -> None:
    connection.request("HEAD", "/echo?q=%E0%B8%81")
    answer = connection.getresponse()

    assert answer.read() == b""
    assert answer.getheader("X-Thai") == "ก".encode().hex()
    assert answer.getheader("Content-Length") == "7"


def test_a_dropped_call_gets_no_answer(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/echo?drop=1")

    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()


def test_nonsense_is_refused_and_the_server_lives_on(connection: http.client.HTTPConnection) -> None:
    with socket.create_connection((connection.host, connection.port), timeout=5) as raw:
        raw.sendall(b"nonsense\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")

    connection.request("GET", "/echo")
    assert connection.getresponse().status == 200


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_cleanly(ending: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=5):  # an open connection does not hold it back
            process.send_signal(ending)
            assert process.stdout.readline() == "closed\n"
            assert process.wait(5) == 0
