"""The chips of the ledgers page: each opens exactly its count, from wherever one stands."""

from __future__ import annotations

import re

import pytest

from tests.pages.conftest import Open
from tests.pages.tables import Page, read

_STARTS = [
    {},
    {"group": "major_illness_disability"},
    {"group": "income_drop"},
    {"group": "major_illness_disability.exited_2014_2015"},
    {"group": "only.exited_2014_2015"},
    {"state": "missing"},
    {"state": "overdue"},
    {"ledger": "income_drop"},
    {"ledger": "income_drop", "state": "due"},
    {"ledger": "income_drop", "state": "without_cause"},
    {"group": "exited_2014_2015", "state": "missing"},
    {"indicator": "ledger_overdue"},
    {"select": "rule.exit_housing.missed"},
    {"group": "elderly_living_alone", "lang": "en"},
]


def _households(page: Page) -> int:
    found = re.search(r"共([\d,]+)户|· ([\d,]+) households?", page.headings[0])
    assert found, page.headings
    return int((found[1] or found[2]).replace(",", ""))


@pytest.mark.parametrize("start", _STARTS, ids=str)
def test_each_chip_opens_its_count_and_never_more(open_page: Open, start: dict[str, str]) -> None:
    page = read(open_page("ledgers", **start))
    here = _households(page)
    chips = page.facets
    for chip in chips:
        assert chip.number <= here
        assert _households(read(open_page("ledgers", **chip.query))) == chip.number, chip
    assert chips or here <= 1 or start.get("state"), "nothing is offered"


def test_two_chips_one_after_the_other_narrow(open_page: Open) -> None:
    page = read(open_page("ledgers", group="major_illness_disability"))
    chip = page.link("2014年和2015年脱贫户")
    assert chip.query == {"group": "major_illness_disability.exited_2014_2015"}
    again = read(open_page("ledgers", **chip.query))
    assert "大病残疾户+2014年和2015年脱贫户" in again.headings[0]
    back = again.link("大病残疾户×")
    assert back.query == {"group": "exited_2014_2015"}


def test_states_belong_to_the_data_date(open_page: Open) -> None:
    """The year chosen does not rule the ledgers, and the page says so."""
    app = open_page("ledgers", year="2024", state="overdue")
    page = read(app)
    assert page.headings[0] == "试验县 · 2025-12-31 · 台账逾期 · 共1户1人"
    assert not [
        link for link in read(open_page("ledgers", year="2024")).links if "逾期" in link.text
    ]


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "2025-12-31台账逾期1条"), ("en", "on 2025-12-31")]
)
def test_blocks_of_the_data_date_say_it(open_page: Open, lang: str, says: str) -> None:
    page = read(open_page("risk_groups", year="2024", part="ledgers", lang=lang))
    assert any(says in heading for heading in page.headings)
    table = page.table("逾期" if lang == "zh" else "Overdue")
    late = [row[3] for row in table.rows if row[3].number]
    assert [(cell.number, cell.query["state"], cell.query["ledger"]) for cell in late] == [
        (1, "overdue", "elderly_living_alone")
    ]
    assert "year" not in late[0].query, "the last year is the data date's"
