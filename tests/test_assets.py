"""The files of the app itself as a browser receives them."""

from __future__ import annotations

import asyncio
import gzip
import socket
from typing import Any

import pytest
from starlette.datastructures import Headers

from metrics.views.assets import AN_HOUR, FOREVER, OWN, Assets
from metrics.views.server import send_at_once


def ask(address: str, **headers: str) -> tuple[Headers, bytes] | None:
    """What is answered; None where the request goes on to the app."""
    sent: list[dict[str, Any]] = []
    passed = []

    async def app(*_: Any) -> None:
        passed.append(address)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    given = {"accept-encoding": "gzip, deflate", **headers}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    asyncio.run(
        Assets(app, {"/", "/funding"})({"type": "http", "method": "GET", "path": address, "headers": raw}, None, send)
    )
    return None if passed else (Headers(raw=sent[0]["headers"]), sent[1]["body"])


def script() -> str:
    """Address of the app's first script."""
    return next(address for address in Assets(None).files if address.startswith("/static/js/index."))


def test_a_script_of_the_app_arrives_compressed_and_is_kept() -> None:
    answer = ask(script())
    assert answer is not None
    headers, body = answer
    assert headers["content-encoding"] == "gzip"
    assert headers["content-type"].startswith("text/javascript")
    assert headers["cache-control"] == FOREVER
    assert b"import" in gzip.decompress(body)


def test_a_font_arrives_as_it_is() -> None:
    answer = ask("/app/static/fonts/SourceSans3-Regular.woff2")
    assert answer is not None
    headers, body = answer
    assert body == (OWN / "fonts/SourceSans3-Regular.woff2").read_bytes()
    assert "content-encoding" not in headers
    assert headers["cache-control"] == AN_HOUR


@pytest.mark.parametrize("address", ["/static/js/none.js", "/app/static/../requirements.txt", "/static/", "/atlantis"])
def test_what_is_no_such_file_goes_on_to_the_app(address: str) -> None:
    assert ask(address) is None


def test_a_page_knows_the_address_of_its_server_whatever_its_own() -> None:
    for address in ("/", "/funding"):
        answer = ask(address)
        assert answer is not None
        headers, body = answer
        assert headers["content-type"].startswith("text/html")
        assert headers["cache-control"] == "no-cache"
        assert b"BACKEND_BASE_URL: " in body.partition(b"</head>")[0]


def test_answers_do_not_wait_for_the_browser_to_confirm_the_one_before() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        send_at_once()
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_browser_that_takes_no_compressed_files_or_asks_for_a_part_is_answered_by_the_app() -> None:
    assert ask(script(), **{"accept-encoding": "identity"}) is None
    assert ask(script(), range="bytes=0-9") is None
