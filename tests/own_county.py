"""What the small county declares for itself: one of each kind."""

from __future__ import annotations

from pathlib import Path

PARAMETERS = """\
crowded_people:
  zh: 人多户人数
  en: People of a crowded household
  unit: people
  values:
    - {from: 2014-01-01, value: 4, source: 县文件}
"""
RULES = """\
rules:
  crowded:
    zh: 人多
    en: Crowded
    since: 2014
    where: member_count >= crowded_people
    evidence: [member_count]
    definition_zh: 家庭人口达到县定人数。
    definition_en: As many members as the county's number.
    source: 县文件
  exit_income:
    zh: 收入超过县线
    en: Income above the county's line
    since: 2014
    where: per_capita_net_income_yuan > monitoring_line_yuan
    definition_zh: 人均纯收入超过监测线。
    definition_en: Net income per person above the monitoring line.
    source: 县文件
"""
SYSTEM = """\
zh: 本县关注
en: What the county watches
relation: household_fact
since: 2020
definition_zh: 本县自定。
definition_en: The county's own.
rules:
  watched_crowd:
    zh: 关注的人多户
    en: Crowded and watched
    where: in_crowded AND NOT poor
    definition_zh: 人多且已脱贫。
    definition_en: Crowded and not poor.
    source: 县文件
"""
CHECKS = """\
household_crowded:
  level: household
  severity: hint
  zh: 人数过多
  en: Many members
  says_zh: 名单中有{living_members}人。
  says_en: "{living_members} people listed."
  where: living_members >= {least} AND crowded_people > 0
  numbers: {least: 3}
  evidence: [living_members]
  source: 县文件
member_number:
  level: member
  severity: hint
  zh: 不能计算
  en: Cannot be computed
  says_zh: 不能计算。
  says_en: Cannot be computed.
  where: CAST(relation AS INTEGER) > 1
  evidence: [relation]
  source: 县文件
"""
INDICATORS = """\
themes:
  own: {zh: 本县指标, en: The county's own}
indicators:
  crowded_share:
    theme: own
    zh: 人多户占比
    en: Share of crowded households
    unit: percent
    from: household_fact
    where: in_crowded
    among: registered
    per: {from: household_fact, where: registered}
    better: lower
    target: {parameter: crowded_people, zh: 县定, en: Ours}
    definition_zh: 人多户占建档立卡户的比例。
    definition_en: Crowded ones among registered households.
    source: 县文件
"""
TERMS = "app_title: {zh: 帮扶台账, en: Our ledger}\n"
CASES = {
    "household_exit": """\
year: 2020
crowded:
  - {case: exactly as many, given: {member_count: 4}, expect: true}
  - {case: one fewer, given: {member_count: 3}, expect: false}
  - {case: not known, given: {}, expect: null}
  - {case: the county counts from six, given: {member_count: 5, crowded_people: 6}, expect: false}
""",
    "own": "watched_crowd:\n"
    "  - {case: poor, given: {member_count: 5, poor: true}, expect: false}\n",
    "checks": "household_crowded:\n  - {case: three, given: {living_members: 3}, expect: true}\n",
    "indicators": "crowded_share:\n"
    "  - {case: never registered, given: {registered: false, member_count: 9}, expect: false}\n"
    "  - {case: nine of them, given: {registered: true, member_count: 9}, expect: true}\n",
}
FILES = {
    "parameters.yaml": PARAMETERS,
    "rules/household_exit.yaml": RULES,
    "rules/own.yaml": SYSTEM,
    "checks.yaml": CHECKS,
    "indicators.yaml": INDICATORS,
    "terms.yaml": TERMS,
    **{f"cases/{name}.yaml": text for name, text in CASES.items()},
}


def write(home: Path, **changed: str) -> None:
    """Write the county's folder; ``changed`` are texts appended, by the file's stem."""
    for name, text in FILES.items():
        path = home / "county" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        more = "" if "cases" in name else changed.get(path.stem, "")
        path.write_text(text + more, "utf-8")
