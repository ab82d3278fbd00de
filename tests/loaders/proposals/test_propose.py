"""A layout proposed for headers that nobody has seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from loaders.__main__ import main
from loaders.layouts import matching
from loaders.proposals import propose
from loaders.proposals.column_profiles import Profile
from loaders.proposals.header_similarity import Likeness, plain
from loaders.reading import sheets as readers
from loaders.reference import counties
from loaders.regions.divisions import Divisions
from store.snapshots import Home
from tests.loaders import sheets
from tests.loaders.samples import sample

WORDS = yaml.safe_load((Path(__file__).parents[2] / "cases" / "headers.yaml").read_text("utf-8"))
KNOWN = propose.declared(propose.FOLDER)
PLACES = [Divisions.load(code) for code in counties()]
SHARE = 0.9


def renamed(headers: list[str], layout: dict[str, Any]) -> list[str]:
    """A layout's headers in the wording of a county that nobody has seen."""
    words = WORDS.get(layout["key"], {})
    own = {h: c["header"] for c in layout["columns"] for h in (c["header"], *c.get("also", ()))}
    return [words.get(own.get(header, header), header) for header in headers]


def mistakes(found: propose.Proposal, headers: list[str], truth: list[str | None]) -> list[str]:
    """Columns that are not what they should be; those spread over rows are known by their names."""
    taken = {
        guess.profile.header: guess.column
        and (guess.column.get("field") or guess.column.get("place"))
        for guess in found.guesses
    } | dict.fromkeys(found.spread, "spread")
    return [
        f"{header}: {taken.get(header)}, not {right}"
        for header, right in zip(headers, truth, strict=True)
        if taken.get(header) != right
    ]


@pytest.mark.parametrize("layout", KNOWN, ids=lambda layout: layout["key"])
def test_nine_of_ten_columns_are_found_under_words_not_seen_before(layout: dict[str, Any]) -> None:
    rows, truth = sample(layout)
    headers = renamed(rows[0], layout)
    found = propose.propose([headers, *rows[1:]], KNOWN, PLACES)
    wrong = mistakes(found, headers, truth)
    assert found.base["table"] == layout["table"]
    assert len(wrong) <= (1 - SHARE) * len(headers), wrong
    proposed = matching.parse(yaml.safe_load(propose.text(found, "甲.xlsx", "一")))
    match = matching.match([headers, *rows[1:]], [proposed])
    assert match is not None, "the proposal loads the sheet that it was made from"
    known = len(match.at) + len(match.spread)
    assert known >= SHARE * len([header for header in headers if header])


def test_the_demo_countys_own_sheets_too(demo: Home) -> None:
    columns, wrong = 0, []
    for path in sorted((demo.path.parent / "raw").glob("*/*-12-31/*.*")):
        with readers.read(path) as reading:
            rows = reading.sheets[0].head(propose.ROWS)
        match = matching.match(rows)
        assert match is not None
        (layout,) = [each for each in KNOWN if each["key"] == match.layout.key]
        truth = [c and (c.field or c.place) for c in map(match.at.get, range(len(rows[0])))]
        truth = ["spread" if i in match.spread else found for i, found in enumerate(truth)]
        headers = renamed([header.strip() for header in rows[match.header]], layout)
        found = propose.propose([headers, *rows[match.header + 1 :]], KNOWN, PLACES)
        wrong += mistakes(found, headers, truth)
        columns += len(headers)
    assert len(wrong) <= (1 - SHARE) * columns, wrong


def small() -> list[list[str]]:
    """Eight people under a title, a unit line and unseen headers, and a column nobody knows."""
    headers = ["编排号", "乡镇名称", "村名", "农户编码", "人员编码", "人员姓名", "身份证"]
    headers += ["同户主的关系", "口味偏好"]
    people = [sheets.person(i, 1) for i in range(1, 9)]
    rows = [
        [str(i), *map(str, person[:7]), "偏咸不要香菜"] for i, person in enumerate(people, start=1)
    ]
    return [["某县人口表"], ["单位:人"], headers, *rows]


def test_the_header_row_is_found_below_titles() -> None:
    assert propose.header_row(small()) == 2


@pytest.mark.parametrize("rows", [[], [["1", "2"], ["3", "4"]], [["只有一格"]]])
def test_without_a_header_row_there_is_no_proposal(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="表头"):
        propose.propose(rows, KNOWN, PLACES)


def test_no_cell_of_the_sheet_stands_in_the_proposal() -> None:
    rows = small()
    proposed = propose.text(propose.propose(rows, KNOWN, PLACES), f"{sheets.identity()}.xlsx", "一")
    assert "table: member" in proposed
    assert '{ignore: true, header: "口味偏好"}' in proposed
    cells = {cell for row in rows[3:] for cell in row if len(cell) > 1}
    assert not [cell for cell in cells - {"户主"} if cell in proposed]  # part of a header
    assert sheets.identity() not in proposed


def test_what_is_unsure_asks_to_be_looked_at() -> None:
    lines = propose.text(propose.propose(small(), KNOWN, PLACES), "甲.xlsx", "一").splitlines()
    unknown = next(line for line in lines if "口味偏好" in line)
    sure = next(line for line in lines if "identity_number" in line)
    assert "文字" in unknown and "required: true" in sure
    confidence = float(sure.partition("# ")[2].split()[0])
    assert 0.6 <= confidence <= 1 and "证件号码" in sure


def test_the_command_proposes_and_the_import_takes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = small()
    book = sheets.workbook(tmp_path / "新表.xlsx", {"一": rows, "二": rows[:4]})
    assert main(["layout", str(book), "--home", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "--sheet" in said.err and "二" in said.err
    proposed = matching.parse(yaml.safe_load(said.out))
    match = matching.match(rows, [proposed])
    assert match is not None and match.header == 2
    fields = [column.field or column.place for _, column in sorted(match.at.items())]
    assert fields[1:8] == ["township", "village", "household_id", "member_id", "name",
                           "identity_number", "relation"]  # fmt: skip


@pytest.mark.parametrize(("name", "said"), [("没有", "没有这个工作表"), (None, "文件不存在")])
def test_the_command_says_why_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str | None, said: str
) -> None:
    book = tmp_path / "甲.xlsx"
    if name:
        sheets.workbook(book, {"一": small()})
    words = ["layout", str(book), "--home", str(tmp_path)]
    assert main(words + (["--sheet", name] if name else [])) == 2
    assert said in capsys.readouterr().err


def test_words_that_mean_the_same_are_one() -> None:
    assert plain("农户编码") == plain("农户 代码")
    likeness = Likeness(["户编号", "姓名", "人编号", "出生日期"])
    assert likeness.of("农户编码", "户编号") > likeness.of("农户编码", "人编号")
    assert likeness.of("户编号", "户编号") == pytest.approx(1)
    assert likeness.of("甲", "乙") == 0


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2", "3"], "order"),
        (["3", "3", "1"], "count"),
        (["1.5", "20", "-3"], "number"),
        ([sheets.identity(), sheets.identity(order=2)], "identity"),
        (["10000000001", "10000000002"], "phone"),
        (["2019-01-01", "2020.3", "2021年5月"], "date"),
        (["是", "否"], "flag"),
        (["61992500000001", "A01"], "identifier"),
        (["赵某", "钱某某"], "name"),
        (["无", "", "/"], "empty"),
        (["新建蓄水池一座并铺设管道三公里", "改造"], "text"),
    ],
)
def test_what_cells_look_like(cells: list[str], kind: str) -> None:
    assert Profile.of("列", cells).kind == kind
