"""Files that never change: found by their address alone, compressed as the browser accepts it."""

import gzip
from pathlib import Path

import brotli
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gate import bundles
from tests.gate import asking, frontend


@pytest.fixture
def static(tmp_path):
    return frontend.written(tmp_path)


@pytest.fixture
def get(static):
    def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse("the page")

    files = bundles.of_streamlit(static, "")
    layers = [Middleware(bundles.Bundles, files)]
    app = Starlette(routes=[Route("/{rest:path}", page)], middleware=layers)

    def call(path, **headers):
        said = asking.ask(app, asking.scope("http", path, **headers))
        told = {name.decode(): text.decode() for name, text in said[0]["headers"]}
        return said[0]["status"], told, b"".join(each.get("body", b"") for each in said[1:])

    return call


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br; q=0.000", ""),
        ("identity", ""),
        ("", ""),
        ("brave, xgzip", ""),
    ],
)
def test_encoding_follows_what_the_browser_accepts(accept, encoding):
    assert bundles.accepted_encoding(accept) == encoding


UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_bundles_come_compressed_and_stay_for_ever(get, encoding):
    status, headers, body = get("/static/js/app.Ab1.js", accept_encoding=encoding)
    assert status == 200
    assert UNPACK[encoding](body) == frontend.SCRIPT.encode()
    assert headers.get("content-encoding", "") == encoding
    assert headers["content-type"].startswith("text/javascript")
    assert headers["vary"] == "Accept-Encoding"
    assert "immutable" in headers["cache-control"]
    assert int(headers["content-length"]) == len(body)


def test_an_unchanged_file_is_not_sent_again(get):
    _, first, _ = get("/static/js/app.Ab1.js", accept_encoding="br")
    status, headers, body = get(
        "/static/js/app.Ab1.js", accept_encoding="br", if_none_match=first["etag"]
    )
    assert (status, body) == (304, b"")
    assert headers["etag"] == first["etag"]
    status, other, _ = get("/static/js/app.Ab1.js", if_none_match=first["etag"])
    assert status == 200, "another encoding is another entity"
    assert other["etag"] != first["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/photo.png",
        "/static/js/missing.js",
        "/static/../index.html",
        "/static/js/../../index.html",
    ],
)
def test_all_that_is_no_bundle_passes_through(get, path):
    assert get(path)[2] == b"the page"


def test_what_a_first_visit_asks_for_is_packed_ahead(static, tmp_path):
    ours = tmp_path / "ours.css"
    ours.write_text("p {}")
    bundles.pack_first_visit(static, [ours])
    before = bundles.packed.cache_info()
    for path in (static / "static" / "js" / "app.Ab1.js", ours):
        bundles.packed(path, "br")
    assert bundles.packed.cache_info().misses == before.misses


def test_streamlits_own_page_names_bundles_that_are_there():
    named = list(bundles._named(Path(streamlit.__file__).parent / "static"))
    assert len(named) > 5 and all(path.is_file() for path in named)
