"""The overview and the map as a Streamlit tutorial teaches them, to be measured against.

The same numbers, charts and tables from the same snapshot: Parquet files read once with
``st.cache_data``, pandas in every run, plotly.express, ``st.dataframe``, a pydeck map with its
shapes inline, stock settings. ``map_provider=None`` is the one concession: no internet is asked.
"""

import json
import os
from pathlib import Path

import pandas as pd
import plotly.express as px
import pydeck as pdk
import streamlit as st

HOME = Path(os.environ.get("TAIZHANG_HOME", "data/home"))
SNAPSHOT = HOME / "snapshots" / f"{int((HOME / 'CURRENT').read_text()):06d}"
SERIES = Path(__file__).parents[2] / "data" / "reference" / "series" / "national_rural_poverty.csv"

WHOLE_COUNTY = "全县"
POOR = ("poor", "fell_back")
EVENTS = {2014: "建档立卡", 2019: "退出贫困县", 2020: "现行标准下全部脱贫"}
COLORS = [[219, 231, 240], [166, 197, 217], [107, 159, 190], [45, 113, 153], [10, 64, 98]]


@st.cache_data
def load_table(name):
    return pd.read_parquet(SNAPSHOT / f"{name}.parquet")


@st.cache_data
def load_national():
    return pd.read_csv(SERIES)[["year", "rate_pct"]].dropna()


@st.cache_data
def load_shapes(name):
    version = next((HOME / "shapes").glob("*.current")).read_text().strip()
    return json.loads((HOME / "shapes" / version / f"{name}.geojson").read_text())


@st.cache_data
def load_groups():
    """The six groups of the latest year: one row a household, one flag a group."""
    households = load_table("household").set_index("household_id")
    income = load_table("household_year")
    latest = income["year"].max()
    per_person = income.pivot(
        index="household_id", columns="year", values="per_capita_net_income_yuan"
    ).reindex(households.index)

    members = load_table("member")
    members = members[members["health"] != "deceased"]
    born = pd.to_datetime(members["birth_date"])
    members["age"] = latest - born.dt.year
    ill = members[members["health"].isin(["major_illness", "disabled"])]["household_id"]
    home = members[~(members["work_months"] >= 6)].groupby("household_id")["age"]
    alone = home.agg(["size", "min"]).reindex(households.index)

    moved = load_table("relocation").set_index("household_id").reindex(households.index)
    months = moved["months_in_new_home"].where(moved["moved_in_on"].notna())
    monitored = load_table("monitored_household")
    active = monitored[~monitored["cleared"] & (monitored["monitor_kind"] == "borderline")]

    return pd.DataFrame(
        {
            "village_code": households["village_code"],
            "大病残疾户": households.index.isin(ill),
            "独居老人户": (alone["size"] <= 1) & (alone["min"] >= 60),
            "“两头跑”搬迁户": (months > 0) & (months < 10),
            "收入下降户": per_person[latest] < per_person[latest - 1] * 0.9,
            "边缘户": households.index.isin(active["household_id"]),
            "2014年和2015年脱贫户": households["exit_year"].isin([2014, 2015]),
        }
    )


def load_names():
    regions = load_table("region")
    return regions.set_index("region_code")["short_name"]


def choose():
    """The township and the year: what both pages begin with."""
    regions = load_table("region")
    townships = regions[regions["level"] == "township"].set_index("short_name")["region_code"]
    left, right, _ = st.columns([1, 1, 4])
    township = left.selectbox("乡镇", [WHOLE_COUNTY, *townships.index], key="township")
    year = right.selectbox("年度", list(range(2014, 2026)), index=11, key="year")
    return townships.get(township, "611025"), township, year


def inside(table, region):
    return table[table["village_code"].str.startswith(region)]


def poverty_rate(households, villages, by):
    poor = households[households["poverty_state"].isin(POOR)].groupby(by)["member_count"].sum()
    people = villages.groupby(by)["population"].sum()
    return (poor.reindex(people.index, fill_value=0) / people * 100).round(2)


def income_per_person(households, by):
    registered = households[households["poverty_state"].notna()]
    sums = registered.groupby(by)[["net_income_yuan", "member_count"]].sum()
    return (sums["net_income_yuan"] / sums["member_count"]).round(0)


def monitored_in(region, year):
    monitored = inside(load_table("monitored_household"), region)
    since = pd.to_datetime(monitored["identified_on"]).dt.year
    until = pd.to_datetime(monitored["cleared_on"]).dt.year.fillna(9999)
    return monitored[(since <= year) & (~monitored["cleared"] | (until > year))]


def show_kpis(region, year, households, rates):
    """Six numbers with their change since the year before."""
    out = households[households["poverty_state"].notna() & ~households["poverty_state"].isin(POOR)]
    exited = out.groupby("year")["member_count"].sum()
    income = income_per_person(households, "year")
    watched = len(monitored_in(region, year))
    ledgers = inside(load_table("ledger_entry"), region)
    closed = ledgers["closed_on"].notna()
    overdue = (~closed & (pd.to_datetime(ledgers["due_on"]) < "2025-12-31")).sum()

    def change(series, digits=0):
        if year - 1 not in series.index:
            return None
        return round(float(series.get(year, 0) - series[year - 1]), digits)

    cards = st.columns(6)
    cards[0].metric("贫困发生率", f"{rates[year]:.2f}%", change(rates, 2), delta_color="inverse")
    cards[1].metric("累计脱贫人口", f"{exited.get(year, 0):,}", change(exited))
    before = len(monitored_in(region, year - 1))
    cards[2].metric("监测户", f"{watched:,}", watched - before, delta_color="inverse")
    cards[3].metric("建档立卡户人均纯收入", f"{income[year]:,.0f} 元", change(income))
    cards[4].metric("逾期条目", f"{overdue:,}")
    cards[5].metric("台账销号率", f"{closed.mean() * 100:.1f}%")


def show_trend(place, rates, county_rates):
    national = load_national()
    lines = [
        pd.DataFrame({"年度": rates.index, "贫困发生率": rates.values, "地区": place}),
        pd.DataFrame(
            {"年度": national["year"], "贫困发生率": national["rate_pct"], "地区": "全国"}
        ),
    ]
    if place != WHOLE_COUNTY:
        county = {"年度": county_rates.index, "贫困发生率": county_rates.values}
        lines.append(pd.DataFrame(county).assign(地区=WHOLE_COUNTY))
    table = pd.concat(lines)
    table = table[table["年度"].between(2014, 2025)]
    figure = px.line(table, x="年度", y="贫困发生率", color="地区", markers=True)
    figure.add_hline(2, line_dash="dash", annotation_text="贫困县退出标准 2%")
    for year, event in EVENTS.items():
        figure.add_vline(year, line_dash="dot", annotation_text=event)
    figure.update_layout(title=f"{place}贫困发生率(%)")
    st.plotly_chart(figure)


def show_groups(place, region):
    groups = inside(load_groups(), region)
    counts = groups.drop(columns="village_code").sum().sort_values().rename_axis("类别")
    table = counts.reset_index(name="户数")
    title = f"{place}六类重点人群"
    st.plotly_chart(px.bar(table, x="户数", y="类别", orientation="h", text="户数", title=title))


def show_villages(year, households, villages):
    """The villages that worsened and improved most since the year before."""
    by = ["village_code", "year"]
    table, better = poverty_rate(households, villages, by).unstack(), "lower"
    if year - 1 not in table.columns:
        return
    if not table[year - 1].any():
        table, better = income_per_person(households, by).unstack(), "higher"
    names = load_names()
    table = pd.DataFrame(
        {
            "村": table.index.map(names),
            "乡镇": table.index.str[:9].map(names),
            str(year - 1): table[year - 1],
            str(year): table[year],
            "变化": (table[year] - table[year - 1]).round(2),
        }
    ).sort_values("变化", ascending=better == "lower")
    improved, worsened = st.columns(2)
    improved.subheader("好转最多的村")
    improved.dataframe(table.head(5), hide_index=True)
    worsened.subheader("变差最多的村")
    worsened.dataframe(table.tail(5).iloc[::-1], hide_index=True)


def overview():
    st.title("镇安县 台账(模拟数据)")
    region, place, year = choose()
    every_household, every_village = load_table("household_year"), load_table("village_year")
    households, villages = inside(every_household, region), inside(every_village, region)
    rates = poverty_rate(households, villages, "year")
    show_kpis(region, year, households, rates)
    left, right = st.columns(2)
    with left:
        show_trend(place, rates, poverty_rate(every_household, every_village, "year"))
    with right:
        show_groups(place, region)
    show_villages(year, households, villages)


def colored_shapes(counts):
    """The villages of ``counts`` as GeoJSON with number and colour in their properties."""
    classes = pd.cut(counts, 5, labels=False)
    shapes = load_shapes("village")
    kept = [f for f in shapes["features"] if f["properties"]["code"] in counts.index]
    for feature in kept:
        code = feature["properties"]["code"]
        feature["properties"]["value"] = int(counts[code])
        feature["properties"]["fill"] = COLORS[int(classes[code])]
    return {"type": "FeatureCollection", "features": kept}, classes


def show_map(shapes, sites):
    lines = {"stroked": True, "filled": False, "line_width_min_pixels": 1.5}
    layers = [
        pdk.Layer(
            "GeoJsonLayer",
            shapes,
            get_fill_color="properties.fill",
            get_line_color=[255, 255, 255],
            line_width_min_pixels=1,
            pickable=True,
        ),
        pdk.Layer("GeoJsonLayer", load_shapes("rivers"), get_line_color=[157, 188, 203], **lines),
        pdk.Layer("GeoJsonLayer", load_shapes("township"), get_line_color=[90, 90, 90], **lines),
        pdk.Layer("GeoJsonLayer", load_shapes("county"), get_line_color=[30, 30, 30], **lines),
        pdk.Layer(
            "ScatterplotLayer",
            sites[["name", "longitude", "latitude"]],
            get_position=["longitude", "latitude"],
            get_radius=400,
            get_fill_color=[255, 255, 255],
        ),
    ]
    corners = [p for f in shapes["features"] for ring in rings(f["geometry"]) for p in ring]
    view = pdk.data_utils.compute_view(corners)
    tooltip = {"html": "<b>{name}</b> 监测户 {value}"}
    st.pydeck_chart(
        pdk.Deck(layers, initial_view_state=view, map_provider=None, tooltip=tooltip), height=560
    )


def rings(geometry):
    if geometry["type"] == "Polygon":
        return geometry["coordinates"]
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


def map_page():
    st.title("镇安县 监测户(模拟数据)")
    region, _, year = choose()
    villages = inside(load_table("village_year"), region)
    watched = monitored_in(region, year).groupby("village_code").size()
    counts = watched.reindex(villages["village_code"].unique(), fill_value=0)
    shapes, classes = colored_shapes(counts)
    left, right = st.columns([5, 2])
    with left:
        places = counts.groupby(classes).agg(["min", "max", "size"])
        st.caption(" · ".join(f"{a}–{b} 户:{n} 个村" for a, b, n in places.values))
        show_map(shapes, inside(load_table("settlement_site"), region).dropna(subset="longitude"))
    with right:
        table = counts.sort_values(ascending=False).rename_axis("村").reset_index(name="户")
        table["村"] = table["村"].map(load_names())
        st.dataframe(table, hide_index=True, height=560)


st.set_page_config(page_title="台账", layout="wide")
st.navigation(
    [
        st.Page(overview, title="总览", default=True),
        st.Page(map_page, title="地图", url_path="map"),
    ],
    position="top",
).run()
