"""Sheets that need a layout of their own, and how they are loaded in memory by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from loaders.accounts.audit import Audit
from loaders.accounts.report import Report
from loaders.assembly.arrivals import Answers
from loaders.assembly.assemble import assemble
from loaders.assembly.carry_over import Base
from loaders.assembly.merging import Merging
from loaders.assembly.refused_rows import write_refused
from loaders.assembly.staging import Staging
from loaders.cleaning.section import Cleaner
from loaders.layouts import matching
from loaders.layouts.matching import Layout
from loaders.proposals import propose
from loaders.reading.sheets import Sheet
from loaders.regions.divisions import Divisions
from tests.loaders.sheets import HOUSEHOLD, household, identity

COUNTY = Divisions.load("611025")
KNOWN = propose.declared(propose.FOLDER)
HOME = "611025000001"

# A household's facts in the row of every person, as most systems export them.
PERSON_LEVEL = ["户编号", "乡镇", "行政村", "户主姓名", "户类型", "家庭人口", "耕地面积(亩)"]
PERSON_LEVEL += ["人编号", "姓名", "证件号码", "与户主关系", "健康状况"]
PERSON_LEVEL_LAYOUT = """
key: person_level
zh: 脱贫户信息
table: member
columns:
  - {field: household_id, header: 户编号, required: true}
  - {place: township, header: 乡镇}
  - {place: village, header: 行政村}
  - {field: member_id, header: 人编号, required: true}
  - {field: name, header: 姓名}
  - {field: identity_number, header: 证件号码}
  - {field: relation, header: 与户主关系}
  - {field: health, header: 健康状况}
also_fills:
  - table: household
    columns:
      - {field: head_name, header: 户主姓名}
      - {field: registered, header: 户类型, values: {脱贫户: true, 一般农户: false}}
      - {field: member_count, header: 家庭人口}
      - {field: farmland_mu, header: 耕地面积(亩)}
"""
# People of households that are known by their heads' identity numbers only.
ROSTER = [
    "行政村",
    "户主姓名",
    "户主身份证号",
    "家庭成员姓名",
    "身份证号",
    "与户主关系",
    "健康状况",
]
ROSTER_LAYOUT = """
key: roster
zh: 花名册
table: member
hash: {member_id: [identity_number]}
household_by: [head_identity_number]
columns:
  - {place: village, header: 行政村}
  - {field: head_name, header: 户主姓名, check: true}
  - {field: head_identity_number, header: 户主身份证号, required: true}
  - {field: name, header: 家庭成员姓名}
  - {field: identity_number, header: 身份证号, required: true}
  - {field: relation, header: 与户主关系}
  - {field: health, header: 健康状况}
"""
YEARS = ["户编号", "家庭人口", "2019年人均纯收入", "2020年人均纯收入", "2021年人均纯收入(万元)"]
YEARS_LAYOUT = """
key: years
zh: 各年收入
table: household_year
columns:
  - {field: household_id, header: 户编号, required: true}
  - {field: member_count, header: 家庭人口, required: true}
  - {field: per_capita_net_income_yuan, header: "{year}年人均纯收入"}
"""


def parsed(text: str) -> Layout:
    return matching.parse(yaml.safe_load(text))


def person_level(home: int, person: int, **cells: object) -> list[object]:
    """A row under PERSON_LEVEL; cells by header take the place of the usual."""
    number = f"61102500{home:04d}"
    relation = "户主" if person == 1 else "配偶"
    row = [number, "永乐街道", "安山村", "赵某某", "脱贫户", 2, 3.5]
    row += [f"{number}{person:02d}", f"赵某{'一二三四五'[person - 1]}"]
    row += [identity(order=10 * home + person), relation, "健康"]
    return list((dict(zip(PERSON_LEVEL, row, strict=True)) | cells).values())


def roster(home: int, person: int, **cells: object) -> list[object]:
    """A row under ROSTER, of the household and person of the same numbers in ``person_level``."""
    row = ["安山村", "赵某某", identity(order=10 * home + 1), "赵某"]
    row += [identity(order=10 * home + person), "户主" if person == 1 else "配偶", "健康"]
    return list((dict(zip(ROSTER, row, strict=True)) | cells).values())


def register(*numbers: int) -> list[list[object]]:
    """Rows of the register that every program knows, header first."""
    return [list[object](HOUSEHOLD), *(household(number) for number in numbers)]


@contextmanager
def loaded(
    made: Sequence[Sheet], own: Sequence[Layout] = ()
) -> Iterator[tuple[dict[str, pa.Table], Audit]]:
    """Tables and audit of sheets, by the known layouts and some more that win over these."""
    audit, known = Audit(), [*own, *matching.load()]
    with TemporaryDirectory() as folder:
        staging = Staging(Path(folder) / "staging", known)
        try:
            opened = []
            for sheet in made:
                for match in matching.matches(sheet, known):
                    cleaner = Cleaner(sheet, match, COUNTY, audit)
                    opened.append((cleaner.sheet, match))
                    for batch in cleaner.batches():
                        staging.add(batch.table, batch.rows, batch.spread)
            base = Base(None, staging)
            base.renumber({})
            merging = Merging(staging, base, date(2025, 12, 31), (), Answers())
            paths = assemble(staging, known, COUNTY, audit, merging)
            tables = {n: pq.read_table(p) for n, p in paths.items() if isinstance(p, Path)}
            refused = write_refused(staging.folder, audit, opened, None)
            tables["quarantine_row"] = pq.read_table(refused)
        finally:
            staging.close()
    yield tables | {"quarantine": audit.entries(), "mend": audit.mends()}, audit


def tables_of(made: Sequence[Sheet], *own: str) -> tuple[dict[str, pa.Table], Audit]:
    """The same by layouts in YAML; every row of every sheet is accounted for."""
    with loaded(made, list(map(parsed, own))) as (tables, audit):
        Report.of(audit, date(2025, 12, 31), "611025")
        return tables, audit


def values_of(table: pa.Table, *names: str) -> list[Any]:
    """Values of a column, or tuples of several, row by row."""
    columns = [table[name].to_pylist() for name in names]
    return columns[0] if len(names) == 1 else list(zip(*columns, strict=True))
