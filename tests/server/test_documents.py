"""The document of every page: its language, and where an address that was changed leads."""

import pytest

from tests.server.test_server import get, home, static  # noqa: F401
from views.context import address


@pytest.mark.parametrize(
    ("query", "tag", "title"),
    [
        ("", "zh-CN", "台账"),
        ("lang=en", "en", "Taizhang"),
        ("year=2018&amp;lang=en", "en", "Taizhang"),
        ("lang=fr", "zh-CN", "台账"),
    ],
)
def test_a_document_says_its_language(get, query, tag, title):  # noqa: F811
    status, headers, body = get("/map", query=query, accept_encoding="gzip")
    text = body.decode()
    assert status == 200 and "content-encoding" not in headers
    assert f'<html lang="{tag}"' in text and f"<title>{title}</title>" in text


@pytest.mark.parametrize(
    ("path", "query", "leads"),
    [
        ("/Map", "year=2018", "/map?year=2018"),
        ("/map?year=2018", "", "/map?year=2018"),
        ("/map%3Fyear%3D2018", "", "/map?year=2018"),
        ("/risk_groups/", "", "/risk-groups"),
        ("/ledgers。", "region=611025101", "/ledgers?region=611025101"),
    ],
)
def test_a_changed_path_leads_to_its_page(get, path, query, leads):  # noqa: F811
    status, headers, _ = get(path, query=query)
    assert (status, headers["location"]) == (307, leads)


def test_what_no_page_is_called_is_said_in_both_languages(get):  # noqa: F811
    status, headers, body = get("/<b>nonsense</b>")
    text = body.decode()
    assert status == 404 and headers["cache-control"] == "no-store"
    assert "没有页面" in text and "There is no page" in text and "&lt;b&gt;nonsense" in text
    assert 'href="/"' in text


def test_below_a_path_of_its_own(static, home, monkeypatch, request):  # noqa: F811
    monkeypatch.setattr(address, "base", lambda: "/taizhang")
    call = request.getfixturevalue("get")
    assert call("/taizhang/Map", query="year=2018")[1]["location"] == "/taizhang/map?year=2018"
    assert call("/taizhang/map")[0] == 200 and call("/taizhang/nonsense")[0] == 404
    assert call("/taizhang", query="lang=en")[2].startswith(b'<html lang="en"')
