"""Sign-in against an OpenID Connect provider on this machine."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlparse

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from playwright.sync_api import expect
from test_browser import CHROMIUM, Opener, browser_type_launch_args, free_port, fresh, serve, wait_until_measured

__all__ = ["browser_type_launch_args", "fresh"]

CLIENT = "border-metrics"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; make test installs it")


class Provider(BaseHTTPRequestHandler):
    """Signs everybody in as one analyst, without asking."""

    nonces: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        address = urlparse(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/.well-known/openid-configuration":
            self._answer(self._configuration())
        elif address.path == "/keys":
            self._answer({"keys": [KEY.as_dict(private=False)]})
        elif address.path == "/authorize":
            self.nonces["code"] = asked.get("nonce", "")
            self.send_response(302)
            query = urlencode({"code": "code", "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{query}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        now = int(time.time())
        claims = {
            **{"iss": self._issuer(), "aud": CLIENT, "sub": "1", "email": "analyst@example.org"},
            **{"iat": now, "exp": now + 600, "nonce": self.nonces["code"]},
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)
        self._answer({"access_token": "token", "token_type": "Bearer", "id_token": token, "expires_in": 600})

    def _issuer(self) -> str:
        return f"http://{self.headers['Host']}"

    def _configuration(self) -> dict[str, Any]:
        issuer = self._issuer()
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _answer(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output to the test."""


@contextmanager
def provider() -> Iterator[str]:
    """The provider; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def write_secrets(path: Path, port: int, issuer: str) -> Path:
    """The settings that turn sign-in on."""
    settings = {
        "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback",
        "cookie_secret": "for this test alone, and long enough",
        "client_id": CLIENT,
        "client_secret": "shared with the provider",
        "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
    }
    lines = ["[auth]", *(f'{name} = "{value}"' for name, value in settings.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_nobody_reads_before_signing_in_and_decisions_carry_the_name(tmp_path: Path, fresh: Opener) -> None:
    port = free_port()
    with provider() as issuer:
        secrets = write_secrets(tmp_path / "secrets.toml", port, issuer)
        with serve(tmp_path, port, "--secrets.files", str(secrets)) as address:
            page = fresh(f"{address}evidence?cable=09ALMATY801")
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
            assert page.get_by_text("ALMATY").count() == 0
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(f"{address}api/facts", timeout=10)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_text("Signed in as analyst@example.org")).to_be_visible()
            wait_until_measured(page)
            page.get_by_role("link", name="Review").click()
            expect(page.get_by_role("textbox", name="Who decides")).to_have_value("analyst@example.org")
