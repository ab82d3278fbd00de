"""A real server and a provider that answers oddly when told to: who comes in, where, how long."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import update
from streamlit.proto.BackMsg_pb2 import BackMsg

from access import grants
from gate.frames import incoming
from state import links
from state.database import opened
from state.links import Sent
from state.tables import Session
from tests.gate import logging_in
from tests.gate.logging_in import (
    audited,
    client,
    connected,
    follow,
    page_of,
    real_home,
    run,
    with_provider,
)
from tests.gate.real import Running

mock = pytest.importorskip("oidc_provider_mock", reason="oidc-provider-mock is not installed")

VIEW = "/ledgers?region=619925102&q=~&rules=0123456789ab&sort=-household_id&lang=en"
NOTHING = "没有可以查看的内容"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_home(tmp_path_factory.mktemp("login"))


@pytest.fixture(scope="module")
def provider():
    with mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def running(home, provider, tmp_path_factory):
    metadata = f"{provider}/.well-known/openid-configuration"
    with with_provider(home, tmp_path_factory.mktemp("server"), metadata) as server:
        yield server


def log_in(
    running: Running, browser: httpx.Client, subject: str, view: str = "/"
) -> httpx.Response:
    """The last answer of a login by somebody who opened a view."""
    form = follow(browser, browser.get(view))
    return follow(browser, browser.post(form.url, data={"sub": subject}))


def test_a_link_leads_through_the_login_to_exactly_its_view(running: Running, home: Path) -> None:
    with client(running) as browser:
        before = len(audited(home))
        asked = browser.get(VIEW)
        assert asked.status_code == 302 and "Taizhang" not in asked.text
        seen = log_in(running, browser, "li.si", VIEW)
        assert seen.status_code == 200
        assert str(seen.url) == running.origin + VIEW
        text = page_of(running, browser)
        assert "西川" in text and "东岭" not in text and "李试" in text
        (entry,) = audited(home)[before:]
        assert (entry.actor, entry.kind, entry.outcome) == ("li.si", "login", "done")


def test_a_short_link_leads_through_the_login_to_its_view_and_gives_no_rights(
    running: Running, home: Path
) -> None:
    def sent(region: str) -> str:
        query = f"region={region}&year=2025&snapshot=1&v=1"
        shown = {"places": [region], "latest": True, "numbers": {"list": 2}}
        view = Sent("ledgers", query, 1, date(2025, 12, 31), "0123456789ab", shown)
        with opened(home) as state:
            return links.make(state, view, owner="wang.shi", title="会上").code

    for region, there in (("619925102", True), ("619925101", False)):
        code = sent(region)
        with client(running) as browser:
            asked = browser.get(f"/s/{code}")
            assert asked.status_code == 302 and "region" not in asked.headers["location"]
            seen = log_in(running, browser, "li.si", f"/s/{code}")
            view = f"/ledgers?region={region}&year=2025&snapshot=1&v=1&link={code}"
            assert str(seen.url) == running.origin + (view if there else f"/?link={code}")


def test_two_links_opened_at_once_lead_to_their_own_views(running: Running) -> None:
    with client(running) as browser:
        forms = [follow(browser, browser.get(f"/map?year={year}")) for year in (2024, 2025)]
        second = follow(browser, browser.post(forms[1].url, data={"sub": "li.si"}))
        assert str(second.url).endswith("/map?year=2025")
        first = follow(browser, browser.post(forms[0].url, data={"sub": "li.si"}))
        assert str(first.url).endswith("/map?year=2024"), "logged in already: to the view"


@pytest.mark.parametrize(
    "view", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/auth/logout", "/a b"]
)
def test_a_login_leads_to_pages_of_ours_alone(running: Running, view: str) -> None:
    with client(running) as browser:
        start = browser.get("/").headers["location"]
        start = start.partition("&view=")[0] + f"&view={quote(view, safe='')}"
        form = follow(browser, browser.get(start))
        seen = follow(browser, browser.post(form.url, data={"sub": "li.si"}))
        assert str(seen.url) == f"{running.origin}/"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/media/x.xlsx", 404), ("/shapes/x", 401), ("/api/x", 401), ("/export/x", 401),
        ("/index.html", 302), ("/nonsense", 302), ("/household?id=H01", 302),
        ("/assets/none", 404), ("/_stcore/health", 200), ("/logged-out", 200),
    ],
)  # fmt: skip
def test_nothing_answers_without_a_login(running: Running, path: str, status: int) -> None:
    with client(running) as browser:
        assert browser.get(path).status_code == status
        forged = {"x-taizhang-login": "0" * 64, "cookie": "_streamlit_user=eyJ9.x.y"}
        assert browser.get(path, headers=forged).status_code == status
        assert browser.get(path, headers={"x-forwarded-user": "li.si"}).status_code == status


def test_a_websocket_without_a_login_shows_nothing(running: Running) -> None:
    with client(running) as browser:
        text = page_of(running, browser)
        assert "/auth/logout" in text and "西川" not in text and "试验县" not in text
        with running.open(additional_headers={"x-taizhang-login": "0" * 64}) as socket:
            assert "西川" not in run(socket)


def test_somebody_without_any_right_sees_a_page_that_tells_nothing(
    running: Running, home: Path
) -> None:
    with client(running) as browser:
        assert log_in(running, browser, "nobody", "/household?id=H05").status_code == 200
        text = page_of(running, browser, "id=H05")
        assert NOTHING in text and "试验县" not in text and "H05" not in text.replace("id=H05", "")
        assert browser.get("/shapes/x").status_code == 403
        assert browser.get("/export/x").status_code == 403
    last = audited(home)[-1]
    assert (last.actor, last.kind, last.outcome) == ("nobody", "refusal", "refused")


def test_a_right_taken_away_counts_on_a_page_that_is_open(running: Running, home: Path) -> None:
    with opened(home) as state:
        number = grants.give(state, "wang.wu", "inspector", [logging_in.WEST], by="test")
        with client(running) as browser:
            log_in(running, browser, "wang.wu")
            with connected(running, browser) as socket:
                assert "西川" in run(socket)
                grants.revoke(state, number, by="test", why="gone")
                text = run(socket)
                assert NOTHING in text and "西川" not in text


@pytest.mark.parametrize(
    ("column", "ago", "why"),
    [("last_use", timedelta(minutes=30), "idle"), ("issued", timedelta(hours=12), "age")],
)
def test_a_login_ends_by_silence_and_by_age(
    running: Running, home: Path, column: str, ago: timedelta, why: str
) -> None:
    with client(running) as browser:
        log_in(running, browser, "li.si", "/map?year=2024")
        with connected(running, browser) as socket:
            assert "西川" in run(socket)
            _set(home, **{column: datetime.now(UTC) - ago})
            text = run(socket, "year=2024")
            assert "/auth/logout" in text and "西川" not in text
        assert browser.get("/map").status_code == 302
        assert browser.get("/shapes/x").status_code == 401
        left = browser.get("/auth/logout", headers={"referer": f"{running.origin}/map?year=2024"})
        assert "/oauth2/end_session" in left.headers["location"], "the provider's session too"
        last = audited(home)[-1]
        assert (last.kind, last.about["why"]) == ("logout", why)
        said = follow(browser, browser.get("/oauth2callback"))
        words = {"idle": "太久没有操作", "age": "登录已满时限"}[why]
        assert words in said.text and "href='/map?year=2024'" in said.text


def test_nothing_is_pressed_any_more_once_a_login_has_ended() -> None:
    """An act behind a button, and a fragment, run before the page does: neither must begin."""

    async def over() -> bool:
        return False

    def reaches(message: BackMsg) -> BackMsg | None:
        told = [{"type": "websocket.receive", "bytes": message.SerializeToString()}]
        told.append({"type": "websocket.disconnect"})

        async def receive():
            return told.pop(0)

        passed = asyncio.run(incoming(receive, over)())
        return BackMsg.FromString(passed["bytes"]) if "bytes" in passed else None

    pressed = BackMsg()
    pressed.rerun_script.query_string = "year=2024"
    pressed.rerun_script.fragment_id = "one"
    pressed.rerun_script.widget_states.widgets.add(id="load", trigger_value=True)
    left = reaches(pressed)
    assert left is not None and left.rerun_script.query_string == "year=2024"
    assert not left.rerun_script.fragment_id and not left.rerun_script.widget_states.widgets
    file = BackMsg()
    file.backend_operation_request.deferred_file.file_id = "x"
    assert reaches(file) is None
    assert reaches(BackMsg(app_heartbeat=True)) is not None


def test_who_logs_out_is_out_and_their_cookie_with_them(running: Running, home: Path) -> None:
    with client(running) as browser:
        log_in(running, browser, "li.si")
        kept = {each.name: each.value for each in browser.cookies.jar}
        assert browser.get("/auth/logout").status_code == 302
        assert audited(home)[-1].about["why"] == "left"
        said = follow(browser, browser.get("/oauth2callback"))
        assert "您已退出" in said.text and "You are logged out" in said.text
        with httpx.Client(base_url=running.origin, cookies=kept, trust_env=False) as thief:
            assert thief.get("/shapes/x").status_code == 401
            assert thief.get("/").status_code == 302


def test_a_login_that_is_refused_leads_to_a_page_that_says_so(running: Running, home: Path) -> None:
    with client(running) as browser:
        form = follow(browser, browser.get("/map?year=2024"))
        refused = follow(browser, browser.post(form.url, data={"action": "deny"}))
        assert "没有登录成功" in refused.text and "href='/map?year=2024'" in refused.text
        assert browser.get("/shapes/x").status_code == 401
    last = audited(home)[-1]
    assert (last.kind, last.outcome, last.about["why"]) == ("login", "refused", "access_denied")


def test_a_token_for_another_login_is_refused(running: Running) -> None:
    with client(running) as browser:
        form = follow(browser, browser.get("/"))
        other = form.url.copy_set_param("nonce", "another")
        refused = follow(browser, browser.post(other, data={"sub": "li.si"}))
        assert "没有登录成功" in refused.text
        assert browser.get("/shapes/x").status_code == 401


def test_a_token_that_is_too_old_is_refused(home: Path, tmp_path: Path) -> None:
    with mock.run_server_in_thread(access_token_max_age=timedelta(seconds=-600)) as server:
        metadata = f"http://localhost:{server.server_port}/.well-known/openid-configuration"
        with with_provider(home, tmp_path, metadata) as running, client(running) as browser:
            assert "没有登录成功" in log_in(running, browser, "li.si").text
            assert browser.get("/shapes/x").status_code == 401


def test_cookies_are_httponly_and_of_this_site_and_behind_tls_of_tls_alone(
    home: Path, provider: str, running: Running, tmp_path: Path
) -> None:
    with client(running) as browser:
        form = follow(browser, browser.get("/"))
        answer = browser.post(form.url, data={"sub": "li.si"})
        cookies = browser.send(answer.next_request).headers.get_list("set-cookie")
        user = next(each for each in cookies if each.startswith("_streamlit_user="))
        assert "httponly" in user.lower() and "samesite=lax" in user.lower()
        assert "secure" not in user.lower(), "over plain http it would not come back"
    metadata = f"{provider}/.well-known/openid-configuration"
    public = {"TAIZHANG_PUBLIC_URL": "https://taizhang.example"}
    with with_provider(home, tmp_path, metadata, **public) as behind:
        for path in ("/_stcore/health", "/"):
            _, headers, _ = behind.request("GET", path, Host="taizhang.example")
            for name, value in headers.items():
                if name.lower() == "set-cookie":
                    assert "; secure" in value.lower() and "samesite=" in value.lower()
        login = behind.request("GET", "/", Host="taizhang.example")[1]["location"]
        _, headers, _ = behind.request("GET", login, Host="taizhang.example")
        assert "; secure" in headers["set-cookie"].lower()
        assert quote("https://taizhang.example/oauth2callback", safe="") in headers["location"]


def test_what_cookies_are_signed_with_is_its_owners_alone_and_stays(
    running: Running, home: Path
) -> None:
    path = home / "cookie.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text()) == 64


def test_a_group_that_the_provider_tells_gives_what_the_county_says(
    home: Path, tmp_path: Path
) -> None:
    told = home / "county" / "groups.yaml"
    told.parent.mkdir()
    known = mock.User(sub="zhao.liu", claims={"groups": ["督查组", "others"]})
    told.write_text('groups:\n  督查组: {role: inspector, regions: ["619925102"]}\n')
    try:
        with mock.run_server_in_thread(user_claims=[known]) as server:
            metadata = f"http://localhost:{server.server_port}/.well-known/openid-configuration"
            with with_provider(home, tmp_path, metadata) as running, client(running) as browser:
                log_in(running, browser, "zhao.liu")
                with connected(running, browser) as socket:
                    text = run(socket)
                    assert "西川" in text and "东岭" not in text
                    told.write_text('groups:\n  others: {role: 督查, regions: ["619925102"]}\n')
                    assert NOTHING in run(socket), "an entry that cannot be used gives nothing"
        with pytest.raises(AssertionError, match="others"), with_provider(home, tmp_path, metadata):
            pass
    finally:
        told.unlink()
        told.parent.rmdir()


def _set(home: Path, **values: datetime) -> None:
    """Move the clock of the newest login."""
    with opened(home) as state, state.writing() as session:
        newest = session.query(Session).order_by(Session.issued.desc()).first()
        assert newest is not None
        session.execute(update(Session).where(Session.key == newest.key).values(**values))
