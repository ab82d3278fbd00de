"""The files of who works near home: posts by township, workplaces, training, leaders."""

from __future__ import annotations

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
    text,
    whole,
    write_lines,
)
from loaders.demo.files.register_files import Columns, place_columns, title_of, titled
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation
from loaders.reading.simulated_mark import marked


def write_work(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the ledger of posts, a workbook a township, and the lists beside it."""
    folder.mkdir()
    stamp = f"{done.data_date:%Y%m%d}"
    _write_posts(folder / "公益性岗位", rng, done)
    write_workbook(folder / f"就业帮扶车间和基地台账_{stamp}.xlsx", [_workplaces(rng, done)])
    title = title_of(done, "吸纳就业花名册")
    write_lines(folder / f"吸纳就业花名册_{stamp}.csv", title, _rolls(rng, done), ",", "utf-8-sig")
    title = title_of(done, "技能培训台账")
    write_lines(folder / f"技能培训台账_{stamp}.txt", title, _trained(rng, done))
    write_workbook(folder / f"创业致富带头人台账_{stamp}.xlsx", [_leaders(rng, done)])
    title = title_of(done, "带头人带动户花名册")
    write_lines(folder / f"带头人带动户花名册_{stamp}.txt", title, _led(rng, done))


def _names(done: Simulation, ids: pd.Series) -> np.ndarray:
    return text(ids.map(done.member.set_index("member_id")["name"]))


def _write_posts(folder: Path, rng: Rng, done: Simulation) -> None:
    """公益性岗位台账: one workbook a township, every other with a header of two rows."""
    folder.mkdir()
    frame = done.post
    held = frame["vacated_on"].isna()
    place = place_columns(rng, done, frame["village_code"])
    cells: Columns = {
        "岗位编号": text(frame["post_id"]),
        "岗位类别": coded(rng, frame["post_kind"], "post_kind"),
        "岗位职责": text(frame["duty"]),
        "村": place["village"],
        "户编号": text(frame["household_id"]),
        "人编号": text(frame["member_id"]),
        "上岗人员姓名": text(frame["holder_name"]),
        "公示日期": day(frame["noticed_on"]),
        "上岗日期": day(frame["appointed_on"]),
        "离岗日期": day(frame["vacated_on"]),
        "协议到期日期": day(frame["agreement_until"].where(held)),
        "月补贴标准(元)": whole(frame["month_yuan"]),
        "补贴发放至": month(frame["paid_through"]),
        "上月出勤天数(天)": whole(frame["attended_days"].where(held)),
    }
    township = frame["village_code"].str[:9].to_numpy(dtype=object)
    towns = done.village.drop_duplicates("township_code")[["township_code", "township"]]
    for number, (code, name) in enumerate(towns.itertuples(index=False)):
        mine = township == code
        columns = {
            "序号": whole(np.arange(1, int(mine.sum()) + 1)),
            "乡镇": filled(int(mine.sum()), name),
            **{header: each[mine] for header, each in cells.items()},
        }
        above = [[marked(f"{name}公益性岗位台账")], [f"填报单位:{name}"]]
        groups = {
            "岗位情况": ["岗位编号", "岗位类别", "岗位职责"],
            "上岗情况": ["上岗人员姓名", "公示日期", "上岗日期", "离岗日期", "协议到期日期"],
            "补贴发放": ["月补贴标准(元)", "补贴发放至", "上月出勤天数(天)"],
        }
        foot = [["填表人:", "", "", "审核人:"]]
        sheet = Sheet("公益性岗位", above, columns, foot, groups=groups if number % 2 == 0 else {})
        write_workbook(folder / f"{name}公益性岗位台账.xlsx", [sheet])


def _workplaces(rng: Rng, done: Simulation) -> Sheet:
    frame = done.workplace
    place = place_columns(rng, done, frame["village_code"])
    columns: Columns = {
        "序号": whole(np.arange(1, len(frame) + 1)),
        "车间编号": text(frame["workplace_id"]),
        "车间名称": text(frame["name"]),
        "类别": coded(rng, frame["workplace_kind"], "workplace_kind"),
        "乡镇": place["township"],
        "行政村": place["village"],
        "资产编号": text(frame["asset_id"]),
        "提供岗位(个)": whole(frame["jobs"]),
        "是否运行": flag(frame["running"]),
    }
    return Sheet("车间和基地", titled(done, "就业帮扶车间和基地台账"), columns)


def _rolls(rng: Rng, done: Simulation) -> Columns:
    frame = done.workplace_worker
    place = place_columns(rng, done, frame["village_code"])
    names = done.workplace.set_index("workplace_id")["name"]
    return {
        "车间编号": text(frame["workplace_id"]),
        "车间名称": text(frame["workplace_id"].map(names)),
        "乡镇": place["township"],
        "户籍村": place["village"],
        "户编号": text(frame["household_id"]),
        "人编号": text(frame["member_id"]),
        "姓名": _names(done, frame["member_id"]),
        "入职日期": day(frame["started_on"]),
        "离职日期": day(frame["ended_on"]),
        "月工资(元)": whole(frame["month_pay_yuan"]),
    }


def _trained(rng: Rng, done: Simulation) -> Columns:
    frame = done.training
    place = place_columns(rng, done, frame["village_code"])
    return {
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(frame["household_id"]),
        "人编号": text(frame["member_id"]),
        "姓名": _names(done, frame["member_id"]),
        "培训项目": text(frame["course"]),
        "结业日期": day(frame["trained_on"]),
        "培训天数(天)": whole(frame["course_days"]),
        "是否取得证书": flag(frame["certified"]),
    }


def _leaders(rng: Rng, done: Simulation) -> Sheet:
    frame = done.leader
    place = place_columns(rng, done, frame["village_code"])
    columns: Columns = {
        "序号": whole(np.arange(1, len(frame) + 1)),
        "带头人编号": text(frame["leader_id"]),
        "带头人姓名": text(frame["leader_name"]),
        "带头人类别": coded(rng, frame["leader_kind"], "leader_kind"),
        "经营主体名称": text(frame["enterprise"]),
        "联系电话": text(frame["leader_phone"]),
        "乡镇": place["township"],
        "行政村": place["village"],
        "村两委推荐日期": day(frame["recommended_on"]),
        "驻村工作队考察日期": day(frame["leader_inspected_on"]),
        "乡镇审核日期": day(frame["leader_reviewed_on"]),
        "县级审定日期": day(frame["leader_approved_on"]),
        "最近培训日期": day(frame["leader_trained_on"]),
    }
    groups = {
        "基本情况": ["带头人姓名", "带头人类别", "经营主体名称", "联系电话"],
        "选择程序": ["村两委推荐日期", "驻村工作队考察日期", "乡镇审核日期", "县级审定日期"],
    }
    title = titled(done, "创业致富带头人台账")
    return Sheet("带头人", title, columns, groups=groups)


def _led(rng: Rng, done: Simulation) -> Columns:
    frame = done.led_household
    place = place_columns(rng, done, frame["village_code"])
    heads = done.household.set_index("household_id")["head_name"]
    names = done.leader.set_index("leader_id")["leader_name"]
    return {
        "乡镇": place["township"],
        "行政村": place["village"],
        "带头人编号": text(frame["leader_id"]),
        "带头人姓名": text(frame["leader_id"].map(names)),
        "户编号": text(frame["household_id"]),
        "户主姓名": text(frame["household_id"].map(heads)),
        "带动方式": coded(rng, frame["lead_way"], "lead_way"),
        "带动起始时间": month(frame["led_since_on"]),
        "年增收(元)": decimal(frame["led_income_yuan"], 0),
    }
