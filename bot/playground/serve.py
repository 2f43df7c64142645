"""A small WSGI server for the playground: the local LINE and the local Sheets, alone, in the demo, and in tests.

Why not granian: its worker is another process, and the state of a playground lives in memory beside the controls that
tests hold in their hands. Why not werkzeug's: it closes the connection after every answer, and both SDKs live on
keep-alive. So: one thread a connection, HTTP/1.1 keep-alive, no Nagle, one write an answer (2,000 Flask answers a
second measured with the client in the same process). It trusts its peers, so bind it to 127.0.0.1.
"""

import io
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_LINE = 65_536
MAX_BODY = 64 * 1024 * 1024


def serve(app: "WSGIApplication", host: str = "127.0.0.1", port: int = 0) -> None:
    """Serve ``app`` until SIGTERM or Ctrl-C; return when everything is closed. Call it from the main thread."""
    server = Server(app, host, port)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    before = {sig: signal.signal(sig, stop) for sig in (signal.SIGTERM, signal.SIGINT)}
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        for sig, handler in before.items():
            signal.signal(sig, handler)


@contextmanager
def running(app: "WSGIApplication", host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve ``app`` in a thread of this process (port 0: a free one); gives the base URL, no slash at its end."""
    server = Server(app, host, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True, name=f"playground-{server.port}")
    thread.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Server(socketserver.ThreadingTCPServer):
    """One thread a connection; closing it hangs up on everybody."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, app: "WSGIApplication", host: str, port: int) -> None:
        self.app = app
        self.host = host
        self._open: set[socket.socket] = set()
        self._open_changed = threading.Condition()
        super().__init__((host, port), _Connection)
        self.port: int = self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._open_changed:
            self._open.discard(request)
            self._open_changed.notify_all()

    def server_close(self) -> None:
        """Stop listening, hang up on every client, and wait (1 s at most) for their threads to notice."""
        super().server_close()
        with self._open_changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._open_changed.wait_for(lambda: not self._open, timeout=1)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        with suppress(ConnectionError):
            while self._one_request():
                pass

    def _one_request(self) -> bool:
        """Read one request and answer it; False when the connection must end."""
        line = self.rfile.readline(MAX_LINE)
        if not line.strip():
            return False
        try:
            method, target, version = line.decode("latin-1").split()
            environ = self._environ(method, target, version, self._headers())
        except ValueError:
            self.wfile.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return False
        keep = version == "HTTP/1.1" and environ.get("HTTP_CONNECTION", "").lower() != "close"
        return self._answer(environ, keep) and keep

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while (line := self.rfile.readline(MAX_LINE)) not in (b"\r\n", b"\n", b""):
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise ValueError("a header without a colon")
            headers[name.upper().replace("-", "_")] = value.strip()
        return headers

    def _environ(self, method: str, target: str, version: str, headers: dict[str, str]) -> dict[str, Any]:
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {f"HTTP_{name}": value for name, value in headers.items()}
        environ.update(
            {
                "REQUEST_METHOD": method,
                "SCRIPT_NAME": "",
                "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
                "QUERY_STRING": query,
                "CONTENT_TYPE": headers.get("CONTENT_TYPE", ""),
                "CONTENT_LENGTH": headers.get("CONTENT_LENGTH", ""),
                "SERVER_NAME": self.server.host,
                "SERVER_PORT": str(self.server.port),
                "SERVER_PROTOCOL": version,
                "REMOTE_ADDR": self.client_address[0],
                "wsgi.version": (1, 0),
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(self._body(headers)),
                "wsgi.errors": sys.stderr,
                "wsgi.multithread": True,
                "wsgi.multiprocess": False,
                "wsgi.run_once": False,
                "siang.connection": self.connection,
            }
        )
        return environ

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("TRANSFER_ENCODING"):
            raise ValueError("bodies come with a length here")
        length = int(headers.get("CONTENT_LENGTH") or 0)
        if not 0 <= length <= MAX_BODY:
            raise ValueError("the body is too long")
        if length and headers.get("EXPECT", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise ConnectionResetError("the client hung up in the middle of the body")
        return body

    def _answer(self, environ: dict[str, Any], keep: bool) -> bool:
        """Run the application and write its answer; False when the answer broke off."""
        head: list[str] = []
        written: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            head[:] = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
            return written.append

        chunks = self.server.app(environ, start_response)
        try:
            body = b"".join([*written, *chunks])
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return self._write(head, body, environ["REQUEST_METHOD"], keep)

    def _write(self, head: list[str], body: bytes, method: str, keep: bool) -> bool:
        if not head:
            head = [f"HTTP/1.1 {HTTPStatus.INTERNAL_SERVER_ERROR.value} Internal Server Error"]
        if not any(line.lower().startswith("content-length:") for line in head):
            head.append(f"Content-Length: {len(body)}")
        head.append("Connection: keep-alive" if keep else "Connection: close")
        top = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
        self.wfile.write(top if method == "HEAD" else top + body)
        return True


def hang_up(environ: dict[str, Any]) -> None:
    """Break the connection of the request at hand, as a failing network does; the caller sees no answer at all."""
    connection = environ.get("siang.connection")
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
