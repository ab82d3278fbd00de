"""``make run-secure``: the provider beside the dashboard, over HTTP, all on one machine."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from state.database import opened
from tests import small_county
from tests.gate.logging_in import audited, fill, follow
from tests.gate.real import ROOT, free_port

CANAILLE = ROOT / ".venv-login" / "bin" / "canaille"
pytestmark = pytest.mark.skipif(
    not CANAILLE.exists(), reason="Canaille is not installed: make .venv-login/installed"
)
VIEW = "/ledgers?region=619925102&q=~&rules=0123456789ab"
FIRST = {"admin", "leader", "township", "inspector", "clerk"}


@dataclass
class Secure:
    """Both servers: where they are asked, the home, and the first passwords."""

    origin: str
    provider: str
    home: Path

    @property
    def passwords(self) -> dict[str, str]:
        lines = (self.home / "login" / "first-passwords.txt").read_text().splitlines()
        return dict(line.split() for line in lines)

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.origin, timeout=60, trust_env=False)

    def log_in(self, browser: httpx.Client, name: str, password: str, view: str = "/"):
        asked = follow(browser, browser.get(view))
        asked = follow(browser, fill(browser, asked, login=name))
        return follow(browser, fill(browser, asked, password=password))


@contextmanager
def run_secure(home: Path) -> Iterator[Secure]:
    port, login_port = free_port(), free_port()
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TAIZHANG_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.run_secure", "--port", str(port),
         "--login-port", str(login_port)],
        cwd=ROOT, env={**clean, "TAIZHANG_HOME": str(home)}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    made = Secure(f"http://localhost:{port}", f"http://localhost:{login_port}", home)
    try:
        end = time.monotonic() + 180
        while True:
            try:
                if httpx.get(f"{made.origin}/_stcore/health", trust_env=False).status_code == 200:
                    break
            except httpx.TransportError:
                assert time.monotonic() < end and process.poll() is None, process.communicate()
                time.sleep(0.3)
        yield made
    finally:
        process.terminate()
        try:
            process.wait(40)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    with pytest.raises(httpx.TransportError):
        httpx.get(made.provider, trust_env=False)  # the provider goes with the dashboard


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    home = tmp_path_factory.mktemp("secure") / "home"
    small_county.publish(home)
    with run_secure(home) as running:
        yield running


def test_a_link_leads_through_canaille_to_its_view(secure: Secure) -> None:
    with secure.browser() as browser:
        seen = secure.log_in(browser, "inspector", secure.passwords["inspector"], VIEW)
        assert str(seen.url) == secure.origin + VIEW
        assert browser.get("/shapes/x").status_code == 404
    last = audited(secure.home)[-1]
    assert (last.actor, last.kind, last.outcome) == ("inspector", "login", "done")


def test_who_logs_out_is_asked_for_the_password_again(secure: Secure) -> None:
    with secure.browser() as browser:
        secure.log_in(browser, "clerk", secure.passwords["clerk"])
        said = follow(browser, browser.get("/auth/logout"))
        assert str(said.url).startswith(secure.origin) and "您已退出" in said.text
        asked = follow(browser, browser.get("/"))
        assert str(asked.url).startswith(secure.provider)


def test_each_first_account_has_the_right_of_its_name(secure: Secure) -> None:
    assert set(secure.passwords) == FIRST
    assert len(set(secure.passwords.values())) == len(FIRST)
    from access.rights import rights_of

    with opened(secure.home) as state:
        assert rights_of(state, "admin").scope("manage_rights").codes == (small_county.COUNTY,)
        assert not rights_of(state, "admin").scope("see").codes
        assert rights_of(state, "township").scope("see").codes == (small_county.EAST,)
        assert rights_of(state, "clerk").may("load", small_county.COUNTY)


def test_a_wrong_password_makes_the_next_try_wait(secure: Secure) -> None:
    def waits() -> bool:
        """Whether the right one, straight after a wrong one, has to wait, too."""
        with secure.browser() as browser:
            refused = secure.log_in(browser, "leader", "not the password")
            assert str(refused.url).startswith(secure.provider)
            asked = secure.log_in(browser, "leader", secure.passwords["leader"])
            if not str(asked.url).startswith(secure.provider):
                return False
            assert browser.get("/shapes/x").status_code == 401
            return True

    # A wrong one while another has to wait is not counted, and the wait may then just be over.
    assert any(waits() for _ in range(3))


def test_a_short_password_is_not_taken(secure: Secure) -> None:
    with secure.browser() as browser:
        secure.log_in(browser, "township", secure.passwords["township"])
        form = browser.get(f"{secure.provider}/profile/township/auth/password")
        assert form.status_code == 200 and 'name="password1"' in form.text
        both = {"password1": "short-123", "password2": "short-123", "action": "edit-password"}
        said = fill(browser, form, **both)
        assert re.search(r"(at least|至少) ?10", said.text)
    with secure.browser() as browser:
        seen = secure.log_in(browser, "township", secure.passwords["township"], VIEW)
        assert str(seen.url).startswith(secure.origin), "the old one is still the password"


def test_nobody_makes_an_account_or_a_group_by_themselves(secure: Secure) -> None:
    with secure.browser() as browser:
        assert browser.get(f"{secure.provider}/join").status_code == 404
        secure.log_in(browser, "clerk", secure.passwords["clerk"])
        for path in ("/groups", "/groups/add", "/users", "/admin/client", "/impersonate/admin"):
            assert browser.get(secure.provider + path).status_code in (403, 404), path


def test_what_the_provider_keeps_is_its_owners_alone(secure: Secure) -> None:
    for path in (secure.home / "login", *(secure.home / "login").rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
