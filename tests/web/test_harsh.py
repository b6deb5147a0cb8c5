"""The served app's door as raw bytes: nothing odd comes in, and every refusal is dressed."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")

from tests.web import served as tutor

MOST = 65_536


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[tutor.Served, str]]:
    """A server, and the cookie of the browser that has opened it."""
    options = tutor.learner(tmp_path_factory.mktemp("harsh"))
    with tutor.serving(options) as served:
        path = "/" + served.address.split("/", 3)[3]
        answer = spoken(served, f"GET {path} HTTP/1.1\r\nHost: {served.host}\r\n\r\n".encode())
        cookie = next(
            line.split(": ", 1)[1].split(";")[0]
            for line in answer.split("\r\n")
            if line.startswith("Set-Cookie")
        )
        yield served, cookie


def spoken(served: tutor.Served, request: bytes) -> str:
    """What the server answers to these bytes, up to the end of the headers."""
    host, port = served.host.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer and (got := line.recv(MOST)):
            answer += got
    return answer.split(b"\r\n\r\n")[0].decode("latin-1")


def status(served: tutor.Served, request: bytes, dressed: bool = True) -> int:
    answer = spoken(served, request)
    assert ("Content-Security-Policy: default-src 'none'" in answer) is dressed, answer
    return int(answer.split()[1])


def asked(path: bytes, host: str, cookie: str, *more: bytes, method: bytes = b"GET") -> bytes:
    headers = [b"Host: " + host.encode(), b"Cookie: " + cookie.encode(), *more]
    return method + b" " + path + b" HTTP/1.1\r\n" + b"\r\n".join(headers) + b"\r\n\r\n"


def test_no_other_name_of_this_machine(door: tuple[tutor.Served, str]) -> None:
    served, cookie = door
    port = served.host.split(":")[1]
    assert status(served, asked(b"/", served.host, cookie)) == 200
    for host in ("127.0.0.1", f"127.1:{port}", f"[::1]:{port}", f"0x7f.1:{port}",
                 f"me@127.0.0.1:{port}", f"evil.example:{port}", ""):  # fmt: skip
        assert status(served, asked(b"/", host, cookie)) == 421, host
    assert status(served, asked(b"http://evil.example/", served.host, cookie)) == 421


def test_no_other_origin_nor_a_second_one(door: tuple[tutor.Served, str]) -> None:
    served, cookie = door
    own = b"Origin: " + served.origin.encode()
    assert status(served, asked(b"/", served.host, cookie, own)) == 200
    for origin in (b"null", b"", b"http://evil.example", served.origin.encode() + b"/",
                   served.origin.replace("http", "https").encode()):  # fmt: skip
        line = b"Origin: " + origin
        assert status(served, asked(b"/", served.host, cookie, line)) == 403, origin
        assert status(served, asked(b"/", served.host, cookie, own, line)) == 403, origin


def test_no_way_out_of_the_files(door: tuple[tutor.Served, str]) -> None:
    served, cookie = door
    for path in (b"/file/../server.py", b"/file/..%2f..%2fsession.py", b"/file/%2e%2e/guard.py",
                 b"//etc/passwd", b"/file/page.js%00", b"/file/", b"/%ff"):  # fmt: skip
        assert status(served, asked(path, served.host, cookie)) == 404, path
    for method in (b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE"):
        assert status(served, asked(b"/", served.host, cookie, method=method)) == 405, method


def test_no_cookie_but_the_one_that_was_given(door: tuple[tutor.Served, str]) -> None:
    served, cookie = door
    name, value = cookie.split("=", 1)
    for wrong in (f"{name}=", f"{name}={value}x", f"{name}x={value}", f"{name}={value[:-1]}"):
        assert status(served, asked(b"/", served.host, wrong)) == 403, wrong
    raw = asked(b"/", served.host, f"{name}=BYTES").replace(b"BYTES", b"\xff\xfe")
    assert status(served, raw) == 403
    for token in (b"/?token=%ff", b"/?token=" + b"x" * 5_000, b"/?token=a&token=b"):
        assert status(served, asked(token, served.host, cookie)) == 403


def test_what_is_no_http_is_refused_as_text_and_harms_nobody(
    door: tuple[tutor.Served, str],
) -> None:
    served, cookie = door
    host, port = served.host.split(":")
    for odd in (b"\x16\x03\x01\r\n\r\n", b"FOO / HTTP/1.1\r\n\r\n", b"GET /" + b"y" * 20_000,
                asked(b"/", served.host, cookie, b"Host: evil.example")):  # fmt: skip
        answer = spoken(served, odd if odd.endswith(b"\r\n\r\n") else odd + b" HTTP/1.1\r\n\r\n")
        assert answer.split()[1] == "400" and "text/plain" in answer, answer
    half = [socket.create_connection((host, int(port))) for _ in range(60)]
    try:
        for line in half[::2]:
            line.sendall(b"GET / HT")
        assert status(served, asked(b"/", served.host, cookie)) == 200
    finally:
        for line in half:
            line.close()
