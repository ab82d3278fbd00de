"""What stands around every page: where this is, where the menu leads, what a bad link is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from access.roles import Role
from glossary import Lang, term
from tests import viewers
from tests.pages.conftest import Open, copied, notices, shown
from tests.small_county import EAST, HILL, WEST
from views.context.address import KEYS
from views.context.page_keys import CHECK, LOOK, MANAGE, SAVED, WORKPLACES
from views.context.sitemap import BY_KEY, PAGES
from views.context.workplaces import grouped, workplaces

_PAGES = [page.key for page in PAGES]
_LINK = "[here](https://evil.example) :red[x] $y$ <b>z</b>"


def _in(lang: Lang) -> dict[str, str]:
    return {"lang": lang} if lang == "en" else {}


def _menu(app: AppTest) -> str:
    return next(line for line in shown(app).splitlines() if '<nav class="menu' in line)


def _where(app: AppTest) -> str:
    line = next(line for line in shown(app).splitlines() if 'class="masthead"' in line)
    return re.sub("<[^>]*>", "|", re.search('class="where">(.*?)<span class="muted">', line)[1])  # type: ignore[index]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", _PAGES)
def test_every_page_says_what_it_is_and_is_marked_in_the_menu(
    open_page: Open, page: str, lang: Lang
) -> None:
    spec = BY_KEY[page]
    app = open_page(page, **_in(lang), **({"id": "H03"} if page == "household" else {}))
    assert term(spec.title, lang) in _where(app)
    shown_under = BY_KEY[spec.under or spec.key]
    marked = re.findall(r'aria-current="(?:page|true)">([^<]*)<', _menu(app))
    named = [term(shown_under.section, lang), term(shown_under.title, lang)]
    assert [unescape(words) for words in marked] == named
    assert copied(app).split(chr(10))[0].startswith(term(spec.title, lang))


@pytest.mark.parametrize("page", ["overview", "map", "exit", "trends"])
def test_place_and_year_are_always_seen(open_page: Open, page: str) -> None:
    where = _where(open_page(page, region=HILL, year="2024"))
    assert "东岭镇高坡村" in where and "2024年" in where


def test_the_menu_keeps_what_was_chosen(open_page: Open) -> None:
    app = open_page("overview", region=EAST, year="2024", snapshot="1", lang="en")
    links = [unescape(href) for href in re.findall(r'href="([^"]*)"', _menu(app))]
    assert len(links) == len([page for page in PAGES if not page.hidden])
    for href in links:
        assert f"region={EAST}" in href and "year=2024" in href, href
        assert "snapshot=1" in href and "lang=en" in href, href


@pytest.mark.parametrize(
    ("role", "first"),
    [("county_leader", LOOK), ("inspector", CHECK), ("data_clerk", MANAGE)],
)
def test_what_a_person_does_stands_open_in_their_menu(role: Role, first: str) -> None:
    found = list(workplaces(viewers.role(role)))
    assert found[0] == first
    assert sorted(found) == sorted((*WORKPLACES, SAVED))


def test_whoever_merely_reached_the_server_looks(open_page: Open) -> None:
    menu = _menu(open_page("map"))
    assert re.findall(r'class="workplace"[^>]*>([^<]*)<', menu) == [term(LOOK, "zh")]
    assert re.findall(r"<summary[^>]*>([^<]*)<", menu) == [
        term(name, "zh") for name in (CHECK, MANAGE, SAVED)
    ]


def test_headings_of_a_workplace_hold_each_page_once() -> None:
    check = workplaces(viewers.role("inspector"))[CHECK]
    found = grouped(check)
    assert [of for of, _ in found] == ["", "menu_households", "menu_help", "menu_proof"]
    assert sorted(page.key for _, held in found for page in held) == sorted(p.key for p in check)
    assert [page.key for page in dict(found)[""]] == ["ledgers"]


def test_a_workplace_laid_open_is_its_headings(open_page: Open, look: Callable[..., None]) -> None:
    look(viewers.role("inspector"))
    menu = _menu(open_page("ledgers"))
    assert re.findall(r"<summary[^>]*>([^<]*)<", menu)[:3] == [
        term(name, "zh") for name in ("menu_households", "menu_help", "menu_proof")
    ]
    closed = re.findall(r"<details[^>]*>.*?</details>", menu)
    assert 'href="/ledgers"' not in "".join(closed) and 'href="/ledgers"' in menu


def test_a_page_that_knows_no_place_hands_it_on(open_page: Open) -> None:
    app = open_page("definitions", region=EAST, year="2024")
    assert not notices(app)
    assert term("handed_on", "zh", chosen="东岭镇 · 2024年") in shown(app)
    assert f'href="/map?region={EAST}&amp;year=2024"' in _menu(app)
    assert f"region={EAST}" not in copied(app), "who is sent the link chose nothing"


def test_a_year_that_nobody_chose_is_not_kept(open_page: Open) -> None:
    assert 'href="/exit"' in _menu(open_page("overview"))
    assert 'href="/overview' not in _menu(open_page("exit"))


@pytest.mark.parametrize("page", _PAGES)
def test_what_an_address_holds_is_text_on_every_page(open_page: Open, page: str) -> None:
    told = dict.fromkeys((*KEYS, "x"), _LINK)
    # A place, zone or short link that there is not is refused, and nothing of it repeated.
    del told["region"], told["zone"], told["link"]
    app = open_page(page, **{**told, **({"id": "H03"} if page == "household" else {})})
    assert not app.exception
    markdown = [one.value for kind in ("markdown", "warning", "info", "error", "caption")
                for one in app.get(kind)]  # fmt: skip
    assert not [text for text in markdown if "evil" in text]
    said = " ".join(notices(app))
    assert "[here](https://evil.example)" in said
    assert "<b>z</b>" not in shown(app) and "https://evil" not in re.sub(
        ">[^<]*<", "><", shown(app)
    )


def test_a_bad_place_is_no_place_and_not_the_county(open_page: Open) -> None:
    for key, given in (("region", "611025101999"), ("region", _LINK), ("zone", _LINK)):
        app = open_page("ledgers", **{key: given})
        assert notices(app) == [term("refused_hint", "zh")]
        text = shown(app)
        assert given not in text and "evil" not in text and "id=H0" not in text
        assert f'href="/?region={EAST}"' in text and "bar_township" not in _keys(app)


@pytest.mark.parametrize(
    ("key", "values"), [("region", [WEST, "611025"]), ("group", ["borderline", "income_drop"])]
)
def test_a_key_given_twice_leaves_the_choice(open_page: Open, key: str, values: list[str]) -> None:
    app = open_page("ledgers", **{key: values})
    assert len(notices(app)) == 1 and "id=H0" not in shown(app)
    assert f"{key}={values[0]}" in shown(app)


def _keys(app: AppTest) -> set[str]:
    return {box.key for box in app.selectbox}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_unknown_or_of_another_page_is_told(open_page: Open, lang: Lang) -> None:
    app = open_page("map", colour="red", group="borderline", **_in(lang))
    assert notices(app) == [
        term("fallen_unknown", lang, key="colour", given="red"),
        term("fallen_foreign", lang, key="group", given="borderline"),
    ]


@pytest.mark.parametrize("page", ["ledgers", "monitoring"])
def test_a_page_past_the_end_is_told_over_the_list(open_page: Open, page: str) -> None:
    said = notices(open_page(page, page="99"))
    assert said == [term("page_past_end", "zh", asked=99, pages=1)]


def test_a_name_typed_stays_in_the_session(open_page: Open) -> None:
    app = open_page("ledgers")
    app.text_input(key="bar_q").set_value("李 试").run()
    handle = app.query_params["q"]
    assert re.fullmatch(r"\[?'?~[0-9a-f]{12}'?\]?", str(handle))
    text = shown(app)
    assert "共1户" in text and "李试" in text
    links = re.findall(r'(?:href=|")(/[^" ]*)', text)
    assert not [href for href in links if "李" in href or "%E6%9D%8E" in href]
    assert "q=" not in copied(app)
    assert term("share_without_search", "zh") in text
    other = open_page("ledgers", q=str(handle).strip("[]'"))
    assert notices(other) == [term("fallen_left_out", "zh")] and "共1户" not in shown(other)


def test_an_identity_number_in_a_link_finds_nobody_and_is_not_repeated(open_page: Open) -> None:
    number = "61102519900101123X"
    app = open_page("ledgers", q=number)
    assert notices(app) == [term("fallen_left_out", "zh")]
    assert number not in shown(app) and number not in copied(app)
