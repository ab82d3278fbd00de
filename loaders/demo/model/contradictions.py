"""What targets of a simulated county cannot be met together: told before anything is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Said = tuple[str, str]  # the key that it stands at, and what contradicts what, in Chinese

_SMALLEST, _LARGEST = 1.0, 8.0  # people a household, on average
_SUM = 1e-6  # that shares may be off by
_VILLAGES = 61  # of which three are made to lag, the 1st, 31st and 61st by collective income
_MONITORED = ("unstable", "borderline", "stricken")
_POSTS = ("ranger", "set_up", "special", "relief")
_COUNTS = (
    *("households", "exited_households", "exited_people", "poor_people_2018", "people_2025"),
    *("fell_back", "newly_identified", "relocated_households", "relocated_people"),
    *("sites", "large_sites", "projects", "workshops", "maintenance_yuan"),
    *("homes", "home_households", "home_people", "surveyed_households", "surveyed_people"),
    *("site_workshops", "site_parks", "site_jobs", "helpers", "team_members", "county_cadres"),
    *("work_bases", "workplace_jobs"),
)
_SHARES = ("exit_share_2019", "scattered_share", "cleared_share")


def contradictions(
    said: Mapping[str, Any], towns: Mapping[str, str], villages: Mapping[str, str], years: range
) -> Iterator[Said]:
    """Each target that is of the wrong kind, or that others leave no room for."""
    wrong = [*_kinds(said, years)]
    yield from wrong
    if wrong:  # what is no number cannot be compared
        return
    yield from _shares(said)
    yield from _register(said)
    yield from _moved(said, towns, villages)
    yield from _homes(said, villages)
    yield from _poverty(said)
    yield from _monitored(said)
    yield from _published(said, villages)
    yield from _uneven(said, towns, villages, years)
    if said["seat"] not in towns:
        yield "seat", f"县城所在地 {said['seat']} 不在本县乡镇代码中"
    for town in said["ethnicity_of_township"]:
        if town not in towns:
            yield "ethnicity_of_township", f"{town} 不在本县乡镇代码中"
    if len(villages) < _VILLAGES:
        yield "name", f"本县只有 {len(villages)} 个村,模拟至少要 {_VILLAGES} 个"


def _kinds(said: Mapping[str, Any], years: range) -> Iterator[Said]:
    for key in _COUNTS:
        if type(said[key]) is not int or said[key] < 0:
            yield key, f"应是不小于 0 的整数,现在是 {said[key]}"
    for key in (*_SHARES, "rate_2014", "rate_2018"):
        if type(said[key]) not in (int, float):
            yield key, f"应是数,现在是 {said[key]}"
    if set(said["monitored"]) != set(_MONITORED):
        yield "monitored", f"应有且只有 {'、'.join(_MONITORED)}"
    if lacking := [str(year) for year in years if year not in said["medians"]]:
        yield "medians", f"缺少 {'、'.join(lacking)} 年"
    if set(said["posts"]) != set(_POSTS) or any(type(n) is not int for n in said["posts"].values()):
        yield "posts", f"应有且只有 {'、'.join(_POSTS)},各是整数"
    if set(said["collective_shares"]) != {50000, 100000}:
        yield "collective_shares", "应有且只有 50000 和 100000"
    for fund in said["funds"]:
        if any(type(part.get("yuan")) is not int or part["yuan"] < 1 for part in fund["parts"]):
            yield "funds", f"{fund['name']} 的各项 yuan 应是大于 0 的整数"
    for one in said["targets"]:
        if not one.get("years") or not one.get("indicator"):
            yield "targets", "每项要有 indicator 和 years"
    for key in ("minimum_allowance_yuan", "own_payment_limit_yuan"):
        if not said["own_parameters"].get(key):
            yield "own_parameters", f"缺少 {key}"


def _shares(said: Mapping[str, Any]) -> Iterator[Said]:
    for key in _SHARES:
        if not 0 <= said[key] <= 1:
            yield key, f"是份额,应在 0 和 1 之间,现在是 {said[key]}"
    whole = {"exit_shares": said["exit_shares"], "ethnicity": said["ethnicity"]}
    for key, parts in whole.items():
        if abs(sum(parts.values()) - 1) > _SUM:
            yield key, f"各份之和应是 1,现在是 {sum(parts.values()):g}"
    for town, parts in said["ethnicity_of_township"].items():
        if abs(sum(parts.values()) - 1) > _SUM:
            yield "ethnicity_of_township", f"{town} 各份之和应是 1,现在是 {sum(parts.values()):g}"
    shares = said["collective_shares"]
    if not 1 >= shares[50000] >= shares[100000] >= 0.1:
        yield (
            "collective_shares",
            "10万元以上的村是5万元以上的一部分,两个份额应在 1 和 0.1 之间递减",
        )


def _register(said: Mapping[str, Any]) -> Iterator[Said]:
    left = said["households"] - said["exited_households"]
    if left < 0:
        yield (
            "exited_households",
            f"脱贫户 {said['exited_households']} 多于建档立卡户 {said['households']}",
        )
        return
    for key, people, households in (
        ("exited_people", said["exited_people"], said["exited_households"]),
        ("poor_people_2018", said["poor_people_2018"], left),
    ):
        if not _SMALLEST * households <= people <= _LARGEST * households:
            yield key, f"{people} 人分在 {households} 户,户均应在 1 至 8 人之间"
    if said["fell_back"] > said["exited_households"]:
        yield "fell_back", f"返贫户 {said['fell_back']} 多于脱贫户 {said['exited_households']}"
    if said["newly_identified"] > said["households"]:
        yield "newly_identified", "新识别户多于建档立卡户"
    if not _SMALLEST * said["households"] <= said["people_2025"] <= _LARGEST * said["households"]:
        yield (
            "people_2025",
            f"{said['people_2025']} 人分在 {said['households']} 户,户均应在 1 至 8 人",
        )


def _moved(
    said: Mapping[str, Any], towns: Mapping[str, str], villages: Mapping[str, str]
) -> Iterator[Said]:
    households, people = said["relocated_households"], said["relocated_people"]
    if households > said["households"]:
        yield "relocated_households", f"搬迁户 {households} 多于建档立卡户 {said['households']}"
    if not _SMALLEST * households <= people <= _LARGEST * households:
        yield "relocated_people", f"{people} 人分在 {households} 户,户均应在 1 至 8 人之间"
    inhabited = len({code[:9] for code in villages})
    if not inhabited <= said["sites"] <= len(villages):
        yield (
            "sites",
            f"安置点 {said['sites']} 个,每个乡镇至少一个、每村至多一个:应在 {inhabited} 和"
            f" {len(villages)} 之间",
        )
    if said["large_sites"] > said["sites"]:
        yield "large_sites", f"规模安置点 {said['large_sites']} 多于安置点 {said['sites']}"


def _homes(said: Mapping[str, Any], villages: Mapping[str, str]) -> Iterator[Said]:
    if said["homes"] > len(villages):
        yield "homes", f"幸福院 {said['homes']} 处,每村至多一处,本县有 {len(villages)} 个村"
    if not 8 * said["homes"] <= said["home_households"] <= 12 * said["homes"]:
        yield (
            "home_households",
            f"{said['home_households']} 户分在 {said['homes']} 处幸福院,平均应在 8 至 12 户之间",
        )
    for key, people, households in (
        ("home_people", said["home_people"], said["home_households"]),
        ("surveyed_people", said["surveyed_people"], said["surveyed_households"]),
    ):
        if not households <= people <= 4 * households:
            yield key, f"{people} 人分在 {households} 户,户均应在 1 至 4 人之间"
    if said["home_households"] > said["surveyed_households"]:
        yield "surveyed_households", f"摸底户 {said['surveyed_households']} 少于入住户"


def _poverty(said: Mapping[str, Any]) -> Iterator[Said]:
    if not 0 < said["rate_2018"] < said["rate_2014"] < 100:
        yield "rate_2014", "贫困发生率应在 0 和 100 之间,且 2018 年低于 2014 年"
        return
    registered = said["exited_people"] + said["poor_people_2018"]
    before = registered / (said["rate_2014"] / 100)
    after = said["poor_people_2018"] / (said["rate_2018"] / 100)
    if not 0.7 <= after / before <= 1.4:
        yield (
            "rate_2018",
            f"2014 年的率要求农村人口约 {before:,.0f},2018 年的率要求约 {after:,.0f},相差太远",
        )


def _monitored(said: Mapping[str, Any]) -> Iterator[Said]:
    if said["monitored"]["unstable"] > said["exited_households"]:
        yield "monitored", "脱贫不稳定户(unstable)多于脱贫户"


def _published(said: Mapping[str, Any], villages: Mapping[str, str]) -> Iterator[Said]:
    if said["site_workshops"] > said["workshops"]:
        yield (
            "site_workshops",
            f"安置点车间 {said['site_workshops']} 个多于车间 {said['workshops']} 个",
        )
    for one in said["published_projects"]:
        if not 0 < one["villages"] <= len(villages):
            yield (
                "published_projects",
                f"{one['villages']} 个村各一个项目,本县有 {len(villages)} 个村",
            )


def _uneven(
    said: Mapping[str, Any], towns: Mapping[str, str], villages: Mapping[str, str], years: range
) -> Iterator[Said]:
    known = ("strong", "weak", "improving", "on_paper")
    named = [town for mine in said["characters"].values() for town in mine]
    if odd := [*set(said["characters"]) - set(known)]:
        yield "characters", f"没有 {'、'.join(sorted(odd))} 这种乡镇,可用的有 {'、'.join(known)}"
    if odd := sorted({town for town in named if town not in towns}):
        yield "characters", f"{'、'.join(odd)} 不在本县乡镇代码中"
    if twice := sorted({town for town in named if named.count(town) > 1}):
        yield "characters", f"{'、'.join(twice)} 写了两次"
    if said["flood"]["around"] not in {code[:9] for code in villages}:
        yield "flood", f"{said['flood']['around']} 不在本县乡镇代码中"
    if said["flood"]["year"] not in years:
        yield "flood", f"受灾年份 {said['flood']['year']} 应在 {years[0]} 至 {years[-1]} 年之间"
    if not 0 < said["flood"]["villages"] <= len(villages):
        yield "flood", f"受灾村 {said['flood']['villages']} 个,本县有 {len(villages)} 个村"
