"""The big files of the household system: households, people and incomes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import (
    coded,
    day,
    decimal,
    filled,
    flag,
    month,
    spellings,
    text,
    whole,
    write_lines,
)
from loaders.demo.files.xlsx_writer import Sheet
from loaders.demo.model import planted_errors
from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation
from loaders.reading.simulated_mark import marked

Columns = dict[str, np.ndarray]

# In the order in which the system exports them.
_MEASURE_HEADERS = {
    "industry": "产业帮扶",
    "employment": "就业帮扶",
    "finance": "金融帮扶",
    "public_post": "公益岗位帮扶",
    "housing": "住房安全保障",
    "water": "饮水安全保障",
    "health": "健康帮扶",
    "education": "义务教育保障",
    "other_education": "教育帮扶",
    "safety_net": "综合保障",
    "social": "社会帮扶",
    "relocation": "搬迁",
    "living_conditions": "生产生活条件改善",
    "infrastructure": "基础设施建设",
}
_HOUSEHOLD_OPTIONAL = ["户联系电话", "林地面积(亩)", "与村主干路距离", "主要燃料类型"]
_PERSON_OPTIONAL = ["民族", "自然村", "人联系电话", "是否参加大病保险"]


def title_of(done: Simulation, name: str) -> str:
    """The title of a list, which says that its data are simulated."""
    return marked(f"{done.county.name}{name}")


def titled(done: Simulation, title: str) -> list[list[str]]:
    """The two rows above a header: the title, which says that the data are simulated, the time."""
    exported = dt.datetime.combine(done.data_date, dt.time(9, 30))
    return [[title_of(done, title)], [f"导出时间:{exported:%Y-%m-%d %H:%M:%S}"]]


def place_columns(rng: Rng, done: Simulation, codes: pd.Series) -> dict[str, np.ndarray]:
    """How rows name their place: county, township, village."""
    at = pd.Index(done.village["village_code"]).get_indexer(pd.Index(codes))
    return {
        "county": filled(len(codes), done.county.name),
        "township": done.village["township"].to_numpy(dtype=object)[at],
        "village": planted_errors.village_texts(rng, done.village, codes.to_numpy()),
    }


def household_sheet(rng: Rng, done: Simulation) -> Sheet:
    """户信息: one row a household, registered or monitored, with a column a kind of measure."""
    home, expected = done.household, done.expected_mess
    place = place_columns(rng, done, home["village_code"])
    ids = home["household_id"].to_numpy(dtype=object)
    columns: Columns = {
        "户编号": ids,
        "县": place["county"],
        "乡镇": place["township"],
        "行政村": place["village"],
        "自然村": text(home["village_group"]),
        "户主姓名": text(home["head_name"]),
        "户联系电话": text(home["phone"]),
        "户类型": np.where(home["registered"], "脱贫户", "一般农户").astype(object),
        "贫困户属性": coded(rng, home["poverty_attribute"], "poverty_attribute"),
        "识别时间": month(home["identified_on"]),
        "脱贫年度": whole(home["exit_year"]),
        "监测对象类别": coded(rng, home["monitor_kind"], "monitor_kind"),
        "主要致贫原因": coded(rng, home["cause_1"], "poverty_cause"),
        "致贫原因2": coded(rng, home["cause_2"], "poverty_cause"),
        "家庭人口": whole(home["member_count"]),
        "耕地面积(亩)": decimal(home["farmland_mu"], 1),
        "林地面积(亩)": decimal(home["woodland_mu"], 1),
        "住房面积": whole(home["floor_area_m2"]),
        "是否危房户": coded(rng, home["dangerous_house"], "dangerous_house"),
        "是否住房出现安全问题": flag(home["housing_unsafe"]),
        "是否饮水出现安全问题": flag(home["water_unsafe"]),
        "是否义务教育阶段适龄儿童少年失学辍学": flag(home["out_of_school"]),
        "是否有家庭成员未参加城乡居民(职工)基本医疗保险": flag(home["uninsured_member"]),
        "是否通生活用电": flag(home["power"]),
        "入户路类型": coded(rng, home["entry_road"], "entry_road"),
        "与村主干路距离": decimal(home["road_distance_km"], 1),
        "是否有卫生厕所": flag(home["sanitary_toilet"]),
        "主要燃料类型": coded(rng, home["fuel"], "fuel"),
        **_measure_columns(done),
    }
    _spoil_households(rng, columns, expected)
    columns = planted_errors.repeat_rows(columns, ids, expected["duplicate_household"])
    people = int(home["member_count"].sum())
    total = ["合计", *[""] * 13, str(people)]
    return Sheet("户信息", titled(done, "建档立卡户信息"), columns, [total])


def _measure_columns(done: Simulation) -> Columns:
    position = pd.Series(np.arange(len(done.household)), done.household["household_id"])
    at = position.reindex(done.measure["household_id"]).to_numpy()
    kind, detail = done.measure["kind"].to_numpy(), done.measure["detail"].to_numpy(dtype=object)
    columns = {}
    for key, header in _MEASURE_HEADERS.items():
        cells = filled(len(done.household), "")
        cells[at[kind == key]] = detail[kind == key]
        columns[header] = cells
    return columns


def _spoil_households(rng: Rng, columns: Columns, expected: dict[str, list[str]]) -> None:
    ids = columns["户编号"]
    columns["行政村"][np.isin(ids, expected["unknown_village"])] = planted_errors.UNKNOWN_VILLAGE
    wide = np.isin(ids, expected["full_width"])
    for header in ("家庭人口", "脱贫年度", "耕地面积(亩)"):
        columns[header][wide] = planted_errors.full_width(columns[header][wide])
    spaced = np.isin(ids, expected["stray_space"])
    columns["户主姓名"][spaced] = [
        f" {name[0]} {name[1:]} " for name in columns["户主姓名"][spaced]
    ]
    columns["行政村"][spaced] = [f"{name} " for name in columns["行政村"][spaced]]
    planted_errors.empty_some(rng, columns, _HOUSEHOLD_OPTIONAL)


def person_sheet(rng: Rng, done: Simulation, *, registered: bool) -> Sheet:
    """已脱贫人口名单 of the registered or 边缘易致贫人口名单 of the others, the real header row."""
    home = done.household.set_index("household_id")
    member = done.member[done.member["household_id"].map(home["registered"]).eq(registered)]
    expected = done.expected_mess
    if registered:
        lost = planted_errors.orphans(
            member.head(len(expected["orphan_member"])), expected["orphan_member"]
        )
        again = planted_errors.listed_again(member, expected["two_households"])
        member = pd.concat([member, lost, again], ignore_index=True)
    # People without a household keep what the household they were copied from says.
    known = home.reindex(member["household_id"]).ffill()
    columns = _person_columns(rng, done, member, known.reset_index(drop=True))
    ids = member["member_id"].to_numpy(dtype=object)
    planted_errors.break_identities(columns["证件号码"], ids, expected)
    planted_errors.empty_some(rng, columns, _PERSON_OPTIONAL)
    planted_errors.float_phones(columns["人联系电话"], ids, expected["float_phone"])
    columns = planted_errors.repeat_rows(columns, ids, expected["duplicate_member"])
    columns = {"序号": whole(np.arange(1, len(columns["姓名"]) + 1)), **columns}
    title = "已脱贫人口名单" if registered else "边缘易致贫人口名单"
    return Sheet(title, titled(done, title), columns, [["合计", *[""] * 9, str(len(ids))]])


def _person_columns(
    rng: Rng, done: Simulation, member: pd.DataFrame, home: pd.DataFrame
) -> Columns:
    """The columns behind 序号; ``home`` holds each member's household, row by row."""
    place = place_columns(rng, done, member["village_code"])
    income = done.household_year[done.household_year["year"].eq(LAST_YEAR)]
    income = income.set_index("household_id")["per_capita_net_income_yuan"]
    # Cases that are not decided upon are not in this list yet.
    watched = done.monitored_household.dropna(subset="identified_on").set_index("household_id")
    watched = watched.reindex(member["household_id"]).reset_index(drop=True)
    cleared = watched["cleared"].map({True: "是", False: "否"})
    return {
        "数据日期": filled(len(member), f"{done.data_date:%Y%m%d}"),
        "县(市、区、旗)": place["county"],
        "乡(镇)": place["township"],
        "行政村": place["village"],
        "自然村": text(home["village_group"]),
        "户编号": text(member["household_id"]),
        "人编号": text(member["member_id"]),
        "姓名": text(member["name"]),
        "证件号码": text(member["identity_number"]),
        "人数": whole(home["member_count"]),
        "与户主关系": coded(rng, member["relation"], "relation"),
        "民族": text(member["ethnicity"]),
        "文化程度": coded(rng, member["education"], "education"),
        "在校生状况": coded(rng, member["school_status"], "school_status"),
        "健康状况": coded(rng, member["health"], "health"),
        "劳动技能": coded(rng, member["labour"], "labour"),
        "务工时间\uff08月\uff09": whole(member["work_months"]),
        "是否参加大病保险": flag(member["major_illness_insured"]),
        "致贫原因1": coded(rng, home["cause_1"], "poverty_cause"),
        "危房户": coded(rng, home["dangerous_house"], "dangerous_house"),
        "是否解决安全饮用水": flag(~home["water_unsafe"].astype(bool)),
        "人均纯收入": decimal(income.reindex(member["household_id"])),
        "户联系电话": text(home["phone"]),
        "人联系电话": text(member["phone"]),
        "首次识别时间": month(home["identified_on"]),
        "人员识别时间": month(home["identified_on"]),
        "户类型": np.where(home["registered"], "脱贫户", "一般农户").astype(object),
        "易返贫致贫户(监测对象)类型": coded(rng, watched["monitor_kind"], "monitor_kind"),
        "风险是否消除": text(cleared),
        "风险识别时间": month(watched["identified_on"]),
        "风险消除时间": month(watched["cleared_on"]),
        **_since_2023(rng, member),
    }


def _since_2023(rng: Rng, member: pd.DataFrame) -> Columns:
    """What the person table of 2023 has behind the columns of 2022."""
    grade = member["disability_grade"].map({1: "一级", 2: "二级", 3: "三级", 4: "四级"})
    received = {True: "享受", False: "未享受"}
    return {
        "性别": coded(rng, member["sex"], "sex"),
        "出生日期": day(member["birth_date"], "%Y%m%d"),
        "务工所在地": coded(rng, member["work_place"], "work_place"),
        "是否计划外出务工": flag(member["plans_work"]),
        "是否参加城乡居民基本医疗保险": flag(member["resident_medical_insured"]),
        "是否参加城镇职工基本医疗保险": flag(member["employee_medical_insured"]),
        "是否参加城乡居民基本养老保险": flag(member["resident_pension"]),
        "是否参加城镇职工基本养老保险": flag(member["employee_pension"]),
        "享受低保政策情况": text(member["minimum_allowance"].map(received)),
        "享受特困供养政策情况": text(member["extreme_poverty"].map(received)),
        "残疾类别": coded(rng, member["disability_kind"], "disability_kind"),
        "残疾等级": text(grade),
        "失学或辍学原因": coded(rng, member["dropout_reason"], "dropout_reason"),
        "公益性岗位": text(member["public_posts"]),
        "公益性岗位个数": whole(member["public_post_count"]),
        "公益性岗位(月数)": whole(member["public_post_months"]),
        "公益性岗位上岗时间": month(member["public_post_on"]),
    }


def write_income(path: Path, rng: Rng, done: Simulation) -> None:
    """家庭收入: tab-separated lines in GB18030, one a household and year."""
    frame = done.household_year
    place = place_columns(rng, done, frame["village_code"])
    states = {key: names[0] for key, names in spellings("poverty_state").items()}
    classes = {key: names[0] for key, names in spellings("labour_class").items()}
    columns: Columns = {
        "年度": whole(frame["year"]),
        "县": place["county"],
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(frame["household_id"]),
        "家庭人口": whole(frame["member_count"]),
        "脱贫状态": text(frame["poverty_state"].map(states)),
        "工资性收入": decimal(frame["wage_yuan"]),
        "生产经营性收入": decimal(frame["business_yuan"]),
        "财产性收入": decimal(frame["property_yuan"]),
        "转移性收入": decimal(frame["transfer_yuan"]),
        "生产经营性支出": decimal(frame["expense_yuan"]),
        "家庭纯收入": decimal(frame["net_income_yuan"]),
        "家庭人均纯收入": decimal(frame["per_capita_net_income_yuan"]),
        "合规自付支出": decimal(frame["own_payment_yuan"]),
        "劳动力人数": whole(frame["able_members"]),
        "弱劳动力人数": whole(frame["weak_members"]),
        "患病人数": whole(frame["ill_members"]),
        "是否不愁吃": flag(frame["food_ok"]),
        "是否不愁穿": flag(frame["clothing_ok"]),
        "义务教育是否有保障": flag(frame["schooling_ok"]),
        "基本医疗是否有保障": flag(frame["medical_ok"]),
        "住房安全是否有保障": flag(frame["housing_ok"]),
        "饮水安全是否有保障": flag(frame["water_ok"]),
        "是否计划脱贫": flag(frame["exit_planned"]),
        "户分类": text(frame["recorded_class"].map(classes)),
    }
    planted_errors.empty_some(rng, columns, ["合规自付支出"])
    write_lines(path, title_of(done, "家庭收入"), columns)
