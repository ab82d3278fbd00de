"""The files of the yearly surveys: watched people, work away from home, villages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import coded, day, decimal, filled, flag, month, text, whole
from loaders.demo.files.register_files import Columns, place_columns, titled
from loaders.demo.files.xlsx_writer import Sheet
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation


def monitored_sheet(rng: Rng, done: Simulation) -> Sheet:
    """监测对象信息: one row a person of every household ever watched."""
    watched = done.monitored_household
    member = done.member[done.member["household_id"].isin(watched["household_id"])]
    watched = watched.set_index("household_id").loc[member["household_id"]].reset_index()
    place = place_columns(rng, done, member["village_code"])
    # The stray 0 stands behind one header in some of the province's exports.
    cleared = "风险是否已消除0" if done.data_date.month == 11 else "风险是否已消除"
    risks = {
        f"致贫/返贫风险{i}": coded(rng, watched[f"risk_{i}"], "monitor_risk") for i in range(1, 6)
    }
    home = done.household.set_index("household_id").loc[member["household_id"]].reset_index()
    columns: Columns = {
        "县": place["county"],
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(member["household_id"]),
        "户类型": np.where(home["registered"], "脱贫户", "一般农户").astype(object),
        "监测对象类别": coded(rng, watched["monitor_kind"], "monitor_kind"),
        "姓名": text(member["name"]),
        "证件类型": filled(len(member), "居民身份证"),
        "证件号码": text(member["identity_number"].str[:18]),
        "与户主关系": coded(rng, member["relation"], "relation"),
        "性别": coded(rng, member["sex"], "sex"),
        "出生日期": day(member["birth_date"], "%Y%m%d"),
        "民族": text(member["ethnicity"]),
        "健康状况": coded(rng, member["health"], "health"),
        "劳动技能": coded(rng, member["labour"], "labour"),
        "识别监测时间": month(watched["identified_on"]),
        **risks,
        "其他备注": text(watched["risk_note"]),
        **_steps(rng, watched),
        cleared: flag(watched["cleared"]),
        "消除监测时间": month(watched["cleared_on"]),
        "风险消除方式": coded(rng, watched["clear_method"], "clear_method"),
        "合规自付支出": decimal(watched["own_payment_yuan"]),
        "整户无劳动能力兜底保障户": flag(watched["no_labour_safety_net"]),
        "户联系电话": text(home["phone"]),
        **_release(watched),
        "信息采集人": text(watched["contact_name"]),
        "信息采集人联系电话": text(watched["contact_phone"]),
    }
    return Sheet("监测对象信息", titled(done, "监测对象信息"), columns)


def _steps(rng: Rng, watched: pd.DataFrame) -> Columns:
    return {
        "线索发现时间": day(watched["clue_on"], "%Y%m%d"),
        "线索来源": text(watched["clue_source"]),
        "入户核实时间": day(watched["home_checked_on"], "%Y%m%d"),
        "村级公示时间": day(watched["notice_on"], "%Y%m%d"),
        "乡镇审核时间": day(watched["township_checked_on"], "%Y%m%d"),
        "帮扶措施落实时间": day(watched["measures_on"], "%Y%m%d"),
        "实施开发式帮扶措施情况": coded(rng, watched["development_measure"], "development_measure"),
    }


def _release(watched: pd.DataFrame) -> Columns:
    """What the household had when its risk was gone."""
    unsafe = "风险消除后是否有家庭成员未参加城乡居民(职工)基本医疗保险"
    return {
        "风险消除后工资性收入": decimal(watched["cleared_wage_yuan"]),
        "风险消除后生产经营性收入": decimal(watched["cleared_business_yuan"]),
        "风险消除后财产性收入": decimal(watched["cleared_property_yuan"]),
        "风险消除后转移性收入": decimal(watched["cleared_transfer_yuan"]),
        "风险消除后生产经营性支出": decimal(watched["cleared_expense_yuan"]),
        "风险消除后家庭纯收入": decimal(watched["cleared_net_income_yuan"]),
        "风险消除后家庭人均纯收入": decimal(watched["cleared_per_capita_yuan"]),
        "风险消除后合规自付支出": decimal(watched["cleared_own_payment_yuan"]),
        "风险消除后是否义务教育阶段适龄儿童少年失学辍学": flag(watched["cleared_out_of_school"]),
        unsafe: flag(watched["cleared_uninsured_member"]),
        "风险消除后是否住房损毁": flag(watched["cleared_housing_unsafe"]),
        "风险消除后是否饮水设施损毁": flag(watched["cleared_water_unsafe"]),
    }


def work_sheet(rng: Rng, done: Simulation, *, planned: bool) -> Sheet:
    """已外出务工信息: one row a spell of work away; 计划外出务工信息: one row a plan."""
    work = done.employment[done.employment["planned"].eq(planned)]
    place = place_columns(rng, done, work["village_code"])
    member = done.member.set_index("member_id").loc[work["member_id"]]
    title = "计划外出务工信息" if planned else "已外出务工信息"
    columns: Columns = {
        "序号": whole(np.arange(1, len(work) + 1)),
        "县": place["county"],
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(work["household_id"]),
        "人编号": text(work["member_id"]),
        "姓名": text(member["name"]),
        "证件号码": text(member["identity_number"].str[:18]),
        **(_plan(rng, work) if planned else _spell(rng, work)),
        "就业渠道": text(work["channel"]),
        "联系电话": text(work["phone"]),
    }
    return Sheet(title, titled(done, title), columns)


def _spell(rng: Rng, work: pd.DataFrame) -> Columns:
    return {
        "外出务工时间": day(work["started_on"]),
        "返回时间": day(work["ended_on"]),
        "是否返乡": flag(work["returned"]),
        "务工区域": coded(rng, work["work_place"], "work_place"),
        "务工所在地": text(work["work_region"]),
        "月均收入(元)": whole(work["month_pay_yuan"]),
    }


def _plan(rng: Rng, work: pd.DataFrame) -> Columns:
    return {
        "计划外出时间": day(work["started_on"]),
        "计划务工区域": coded(rng, work["work_place"], "work_place"),
        "计划务工所在地": text(work["work_region"]),
        "期望月收入(元)": whole(work["month_pay_yuan"]),
    }


def village_sheet(done: Simulation) -> Sheet:
    """行政村信息: one row a village and year, by today's names."""
    frame = done.village_year
    keyed = done.village.set_index("village_code")
    columns: Columns = {
        "年度": whole(frame["year"]),
        "县": filled(len(frame), done.county.name),
        "乡镇": keyed["township"].reindex(frame["village_code"]).to_numpy(dtype=object),
        "行政村": keyed["short"].reindex(frame["village_code"]).to_numpy(dtype=object),
        "总人口数(人)": whole(frame["population"]),
        "总户数(户)": whole(frame["households"]),
        "是否贫困村": flag(frame["poor_village"]),
        "村集体经济收入(元)": decimal(frame["collective_income_yuan"]),
        "是否通安全饮水": flag(frame["water_ok"]),
        "是否通硬化路": flag(frame["road_hard"]),
        "是否通动力电": flag(frame["power_ok"]),
        "是否有村级综合服务平台": flag(frame["service_desk"]),
        "低保人口数(人)": whole(frame["allowance_people"]),
        "残疾人口数(人)": whole(frame["disabled_people"]),
        "饮水困难户数(户)": whole(frame["water_trouble_households"]),
        "住危房户数(户)": whole(frame["unsafe_house_households"]),
        "耕地面积(亩)": decimal(frame["farmland_mu"], 1),
        "林地面积(亩)": decimal(frame["woodland_mu"], 1),
        "行政村卫生室个数(个)": whole(frame["clinics"]),
        "乡村医生人数(人)": whole(frame["doctors"]),
        "行政村文化(图书)室个数(个)": whole(frame["libraries"]),
        "村委会所在地是否通客运班车": flag(frame["bus"]),
        "基层组织建设是否达标": flag(frame["party_branch_ok"]),
        "就学是否方便": flag(frame["school_near"]),
        "就医是否方便": flag(frame["doctor_near"]),
    }
    return Sheet("行政村信息", titled(done, "行政村信息"), columns)
