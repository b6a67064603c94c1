"""An HTTP client that costs next to nothing: raw sockets kept alive, TCP_NODELAY, no parsing beyond need.

Here: one visit, and many at once. Not here: which pages (`bench.pages`). `http.client` alone costs as much
as the pages' yardstick and would drown the differences.
"""

import gzip
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_BLOCK = 65_536


class Unexpected(Exception):
    """A page answered with something else than 200: what is measured would not be the page."""


@dataclass
class Answer:
    """One answer, its body as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        raw = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return raw.decode()


class Client:
    """One kept-alive connection with the cookies it was given and, as in a browser, those it gets first."""

    def __init__(self, port: int, cookies: str = "", *, gzipped: bool = False) -> None:
        self.port = port
        self._cookies, self._gzipped = cookies, gzipped
        self._headers = self._written()
        self.wake()

    def wake(self) -> None:
        """A new connection: between two rounds the server may have closed the one that nobody used."""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path: str) -> None:
        self.socket.sendall(b"GET %b HTTP/1.1\r\n%b" % (path.encode(), self._headers))

    def post(self, path: str, body: bytes) -> Answer:
        length = (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n".encode()
        )
        head = b"POST %b HTTP/1.1\r\n%b%b" % (path.encode(), length, self._headers)
        self.socket.sendall(head + body)
        return self.answer()

    def answer(self) -> Answer:
        raw = b""
        while (end := raw.find(b"\r\n\r\n")) < 0:
            raw += self._more()
        first, *lines = raw[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "set-cookie" in headers and self._cookies.count("=") < 2:
            # Otherwise a new token would be made at every page, as no browser asks for.
            self._cookies += "; " + headers["set-cookie"].partition(";")[0]
            self._headers = self._written()
        return Answer(int(first.split(" ")[1]), headers, self._body(raw[end + 4 :], headers))

    def get(self, path: str) -> Answer:
        self.ask(path)
        return self.answer()

    def close(self) -> None:
        self.socket.close()

    def _written(self) -> bytes:
        told = f"Host: 127.0.0.1:{self.port}\r\n" + (f"Cookie: {self._cookies}\r\n" if self._cookies else "")
        return (told + ("Accept-Encoding: gzip\r\n" if self._gzipped else "") + "\r\n").encode()

    def _more(self) -> bytes:
        block = self.socket.recv(_BLOCK)
        if not block:
            raise Unexpected("The server closed the connection.")
        return block

    def _body(self, raw: bytes, headers: dict[str, str]) -> bytes:
        if "content-length" in headers:
            length = int(headers["content-length"])
            while len(raw) < length:
                raw += self._more()
            return raw
        while not raw.endswith(b"0\r\n\r\n"):
            raw += self._more()
        return _joined(raw)


def _joined(raw: bytes) -> bytes:
    """The chunks of a chunked body as one."""
    body, at = b"", 0
    while True:
        end = raw.index(b"\r\n", at)
        size = int(raw[at:end], 16)
        if size == 0:
            return body
        body += raw[end + 2 : end + 2 + size]
        at = end + 4 + size


def visits(client: Client, paths: Sequence[str], count: int) -> list[float]:
    """Seconds for each of `count` visits, one after the other."""
    taken = []
    client.close()
    client.wake()
    for at in range(count):
        path = paths[at % len(paths)]
        started = time.perf_counter()
        answer = client.get(path)
        taken.append(time.perf_counter() - started)
        if answer.status != 200:
            raise Unexpected(f"{path} answered {answer.status}")
    return taken


def throughput(
    open_client: Callable[[], Client], paths: Sequence[str], *, clients: int, seconds: float
) -> float:
    """Pages per second with so many clients at once. One thread waits for all: it must not be the brake."""
    everyone = [open_client() for _ in range(clients)]
    with selectors.DefaultSelector() as waiting:
        for at, client in enumerate(everyone):
            waiting.register(client.socket, selectors.EVENT_READ, client)
            client.ask(paths[at % len(paths)])
        asked, done, started = clients, 0, time.perf_counter()
        while (now := time.perf_counter()) - started < seconds:
            for key, _events in waiting.select(timeout=5):
                if key.data.answer().status != 200:
                    raise Unexpected("A page failed under load.")
                done += 1
                key.data.ask(paths[asked % len(paths)])
                asked += 1
    for client in everyone:
        client.close()
    return done / (now - started)
