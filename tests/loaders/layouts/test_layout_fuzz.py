"""No declaration ends in anything but a layout that works or a LayoutError that says where."""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.accounts.report import Report
from loaders.layouts import matching
from loaders.layouts.declarations import Column, Layout, LayoutError, read
from loaders.layouts.declared_keys import COLUMN, LAYOUT, UNPIVOT
from store import schema
from tests.loaders import layout_cases as cases
from tests.loaders.samples import sample
from tests.loaders.sheets import sheet

PLACED = """
key: placed
zh: 按乡镇
table: household
place_from: {township: sheet, village: title}
columns:
  - {field: household_id, header: 户编号, required: true, fill_down: true}
  - {field: member_count, header: 家庭人口, required: true}
fixed: {registered: true}
"""
OWN = [cases.PERSON_LEVEL_LAYOUT, cases.ROSTER_LAYOUT, cases.YEARS_LAYOUT, PLACED]
STARTS: list[dict[str, Any]] = [*cases.KNOWN, *map(yaml.safe_load, OWN)]
NAMES = sorted({c.name for table in schema.TABLES for c in table.columns})
WORDS = [*NAMES, *(table.name for table in schema.TABLES), "head_identity_number", "township"]
WORDS += ["sheet", "title", "序号", "户编号", "{year}年人均纯收入", "{yaer}", "2019", "", " ", "是"]
KEYS = sorted({*LAYOUT, *COLUMN, *UNPIVOT, "wan", "feild"})

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2**40),
    st.floats(allow_nan=True),
    st.dates(date(1999, 1, 1), date(2030, 1, 1)),
    st.sampled_from(WORDS),
    st.text(max_size=4),
)
anything = st.recursive(
    scalars,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(st.sampled_from(KEYS + WORDS[:40]), inside, max_size=3),
    ),
    max_leaves=6,
)


def places(node: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every part of a declaration."""
    inside: list[Any] = []
    if isinstance(node, dict):
        inside = list(node)
    elif isinstance(node, list):
        inside = list(range(len(node)))
    return [way, *(each for key in inside for each in places(node[key], (*way, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A declaration with up to three parts replaced, removed, doubled or added."""
    declared = copy.deepcopy(draw(st.sampled_from(STARTS)))
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(places(declared)[1:] or [()]))
        if not way:
            return draw(anything)
        parent = declared
        for step in way[:-1]:
            parent = parent[step]
        kind = draw(st.sampled_from(["replace", "remove", "name", "add", "double"]))
        if kind == "remove":
            del parent[way[-1]]
        elif kind == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(KEYS))] = draw(anything)
        elif kind == "double" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[way[-1]]))
        else:
            parent[way[-1]] = draw(st.sampled_from(WORDS) if kind == "name" else anything)
    return declared


@cache
def samples() -> list[Any]:
    """A sheet of every start, and those of the others, to try a layout on."""
    made = [sheet(sample(layout)[0], name="永乐街道") for layout in cases.KNOWN]
    return [
        *made,
        sheet([cases.PERSON_LEVEL, *(cases.person_level(1, n) for n in (1, 2))]),
        sheet([cases.ROSTER, cases.roster(1, 1), cases.roster(2, 1)]),
        sheet([cases.YEARS, [cases.HOME, 3, 5000, 6000, ""], ["", 3, "x", 6000, 0.7]]),
        sheet(
            [["安山村户信息"], ["户编号", "家庭人口"], [cases.HOME, 3], ["", 3]], name="永乐街道"
        ),
    ]


def works(layout: Layout) -> None:
    """Load by a layout every sheet that it knows; raises what it should not."""
    known = [sheet for sheet in samples() if matching.match(sheet.head(5), [layout])]
    with cases.loaded(known[:3], [layout]) as (_, audit):
        Report.of(audit, date(2025, 12, 31), "611025").as_dict()


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_a_mutated_layout_works_or_says_what_is_wrong(declared: Any) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "own.yaml"
        path.write_text(yaml.safe_dump(declared, allow_unicode=True), "utf-8")
        try:
            (layout, *_) = matching.load(Path(folder))
        except LayoutError as error:
            assert str(error).startswith("own.yaml")
            return
    works(layout)


@settings(max_examples=100)
@given(st.one_of(st.text(), st.binary()).filter(bool))
def test_any_text_or_bytes_end_in_a_layout_error(content: str | bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "own.yaml"
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        path.write_bytes(raw)
        with pytest.raises(LayoutError):
            read(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hash: {member_id: [village_code, sex]}", "没有一列填 sex"),
        ("hash: {sex: [name]}", "不是编号列"),
        ("household_by: [name]", "姓名会重名"),
        ("household_by: [head_identity_number]", "没有一列的 field 是 head_identity_number"),
        ("fixed: {sex: man}", "sex 只能是"),
        ("fixed: {work_months: many}", "work_months 不能是 many"),
        ("place_from: {township: cell}", "来源只能是 sheet、file、title"),
        ("place_from: {village: sheet}", "village 已有一列"),
        ("once_per: sex", "不是 member 表的主键"),
        ("number_rows: name", "不是整数列"),
        ("title_as: sex", "不是文字列"),
        ("check_total: name", "不是数字列"),
        ("units: {wan: [name]}", "不是金额"),
        ("units: {yi: [name]}", "没有 yi 这个键"),
        ("unpivot: {table: measure, field: kind, value: detail, columns: [搬迁]}", "不能转成"),
        ("unpivot: {table: measure}", "unpivot 缺少"),
        ("also_fills: [{table: measure, columns: []}]", "写在 unpivot 里"),
        ("also_fills: [{table: household}]", "缺少 columns"),
        ("sheet_as: source_file", "由程序填写"),
        ("zh: [甲]", "zh 要写成文字"),
    ],
)
def test_a_name_that_cannot_be_is_told_with_file_line_and_guide(
    tmp_path: Path, text: str, said: str
) -> None:
    base = "key: own\nzh: 甲\ntable: member\ncolumns:\n"
    base += "  - {place: village, header: 村}\n  - {field: name, header: 名, required: true}\n"
    base = base.replace("zh: 甲\n", "") if text.startswith("zh") else base
    (tmp_path / "a.yaml").write_text(base + text + "\n", "utf-8")
    with pytest.raises(LayoutError) as raised:
        matching.load(tmp_path)
    message = str(raised.value)
    assert said in message
    line = len((base + text).splitlines()) if "measure, columns" not in text else 1
    assert message.startswith(f"a.yaml 第 {line} 行: ") or "measure" in text
    assert message.endswith("(各键的写法见 docs/layouts.md)")


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("{field: village_code, header: 甲}", "请改成 place: village"),
        ("{field: name, header: 甲}", "name 写了两列"),
        ("{field: sex, header: 名}", "名 写了两列"),
        ("{field: sex, header: 甲, minimum: 0}", "minimum 只用于数字列"),
        ("{field: sex, header: 甲, values: {男: man}}", "sex 只能是"),
        ("{field: disability_grade, header: 甲, values: {一级: 壹}}", "不能是 壹"),
        ("{field: work_months, header: '{year}年', }", "只用于按年度存的表"),
        ("{field: work_months, header: '{nian}年'}", "只能是一个 {year}"),
        ("{field: identity_number, header: 甲, fill_down: 是}", "fill_down 要写成true 或 false"),
        ("{field: work_months, header: 甲, note_to: sex}", "放不下说明"),
        ("{field: head_identity_number, header: 甲}", "只用来找户"),
        ("{field: sex, header: 2019}", "header 要写成文字"),
        ("{ignore: true, header: 甲, values: {一: 1}}", "values 只用于有 field 的列"),
    ],
)
def test_a_column_that_cannot_be_is_told(tmp_path: Path, column: str, said: str) -> None:
    text = "key: own\nzh: 甲\ntable: member\ncolumns:\n"
    text += "  - {field: name, header: 名, required: true}\n"
    (tmp_path / "a.yaml").write_text(f"{text}  - {column}\n", "utf-8")
    with pytest.raises(LayoutError) as raised:
        matching.load(tmp_path)
    assert said in str(raised.value)
    assert str(raised.value).startswith("a.yaml 第 6 行")


def test_a_key_written_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(cases.YEARS_LAYOUT.strip() + "\nzh: 又一个\n", "utf-8")
    with pytest.raises(LayoutError, match=r"a\.yaml 第 8 行: 同一个键写了两次"):
        matching.load(tmp_path)


def test_two_files_of_one_key_are_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(cases.YEARS_LAYOUT, "utf-8")
    with pytest.raises(LayoutError, match=r"b\.yaml 第 2 行: key years 已有一份格式"):
        matching.load(tmp_path)


def test_the_fields_of_a_column_are_the_keys_that_are_checked() -> None:
    assert set(COLUMN) == set(Column.__dataclass_fields__)
    assert set(LAYOUT) == set(Layout.__dataclass_fields__) - {"wan"} | {"units"}
