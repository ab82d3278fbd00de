"""Another provider by its discovery document alone: one of Keycloak's form, and its claims."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.gate.logging_in import client, follow, page_of, real_home, with_provider

REALM = "/realms/county"
OPENID = f"{REALM}/protocol/openid-connect"


def document(origin: str) -> dict[str, object]:
    """What such a realm says of itself."""
    return {
        "issuer": f"{origin}{REALM}",
        "authorization_endpoint": f"{origin}{OPENID}/auth",
        "token_endpoint": f"{origin}{OPENID}/token",
        "userinfo_endpoint": f"{origin}{OPENID}/userinfo",
        "end_session_endpoint": f"{origin}{OPENID}/logout",
        "jwks_uri": f"{origin}{OPENID}/certs",
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "PS256"],
        "scopes_supported": ["openid", "profile", "email", "roles", "web-origins", "acr"],
        "claims_supported": ["sub", "iss", "auth_time", "name", "preferred_username", "acr"],
        "prompt_values_supported": ["none", "login", "consent"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["plain", "S256"],
    }


class Realm(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        told = document(f"http://{self.headers['host']}")
        found = self.path == f"{REALM}/.well-known/openid-configuration"
        body = json.dumps(told).encode() if found else b"{}"
        self.send_response(200 if found else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def realm() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Realm)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_realm_is_asked_as_its_document_says(realm: str, tmp_path: Path) -> None:
    metadata = f"{realm}{REALM}/.well-known/openid-configuration"
    home = real_home(tmp_path)
    with with_provider(home, tmp_path, metadata) as running, client(running) as browser:
        asked = follow(browser, browser.get("/map?year=2024"), urlsplit(realm).netloc)
        target = urlsplit(asked.headers["location"])
        assert f"{target.scheme}://{target.netloc}{target.path}" == f"{realm}{OPENID}/auth"
        told = {name: values[0] for name, values in parse_qs(target.query).items()}
        assert told["client_id"] == "taizhang" and told["response_type"] == "code"
        assert told["redirect_uri"] == f"{running.origin}/oauth2callback"
        assert told["code_challenge_method"] == "S256" and told["nonce"] and told["state"]
        assert told["prompt"] == "login" and told["scope"] == "openid profile"


def test_a_provider_that_does_not_answer_is_told(tmp_path: Path) -> None:
    metadata = "http://127.0.0.1:9/.well-known/openid-configuration"
    home = real_home(tmp_path)
    with with_provider(home, tmp_path, metadata) as running, client(running) as browser:
        try:
            said = follow(browser, browser.get("/map?year=2024"))
        except httpx.TransportError:
            pytest.fail("the server ended")
        assert "没有登录成功" in said.text and "href='/map?year=2024'" in said.text


def test_an_account_is_called_by_the_claim_that_is_set(tmp_path: Path) -> None:
    mock = pytest.importorskip("oidc_provider_mock", reason="oidc-provider-mock is not installed")
    known = mock.User(sub="6f1c0d1e", claims={"preferred_username": "li.si", "name": "李试"})
    home = real_home(tmp_path)
    with mock.run_server_in_thread(user_claims=[known]) as server:
        metadata = f"http://localhost:{server.server_port}/.well-known/openid-configuration"
        named = {"TAIZHANG_OIDC_SUBJECT": "preferred_username"}
        with with_provider(home, tmp_path, metadata, **named) as running:
            with client(running) as browser:
                form = follow(browser, browser.get("/"))
                follow(browser, browser.post(form.url, data={"sub": "6f1c0d1e"}))
                assert "西川" in page_of(running, browser)
            with client(running) as browser:
                form = follow(browser, browser.get("/"))
                said = follow(browser, browser.post(form.url, data={"sub": "nameless"}))
                assert "没有登录成功" in said.text, "without that claim nobody is named"
