"""The data page: the form, jobs and their outcome, snapshots and the way back, refused rows."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from access.roles import ROLES, Role
from glossary import Lang, reason_words, term
from loaders import jobs
from loaders.reading import sheets
from store.snapshots import MANIFEST, Home
from tests import small_county, viewers
from tests.pages.conftest import Open, notices, opener, remarks, shown
from views.context import counties
from views.context import desk as desks
from views.context.sitemap import PAGES

REASON = reason_words("identity_check", "zh")[0]
ASKED = {
    "who": "王某",
    "data_date": "2025-12-31",
    "dry_run": False,
    "started_at": "2026-01-05T08:00:00+00:00",
    "files": ["甲.xlsx", "乙.txt"],
}


@pytest.fixture
def open_data(open_page: Open, home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    return lambda **query: open_page("data", **query)


def job(home: Home, number: int, ended: int | None = None, **files: Any) -> Path:
    """A job's folder as a process leaves it."""
    folder = home.path / "imports" / f"{number:06d}"
    folder.mkdir(parents=True)
    (folder / "asked.json").write_text(json.dumps(ASKED | files.pop("asked", {})))
    if ended is not None:
        (folder / "ended.json").write_text(json.dumps({"exit_code": ended}))
    if "report" in files:
        (folder / "report.json").write_text(json.dumps(files["report"]))
    (folder / "said.txt").write_text(files.get("said", ""))
    (folder / "progress.jsonl").write_text(files.get("progress", ""))
    return folder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The job runs for as long as its lock is held."""
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _exports(app: AppTest) -> list[str]:
    """Keys of the buttons that take something out."""
    return [one.key for one in app.button if one.key in ("download_refused", "export")]


def report(snapshot: int | None) -> dict[str, Any]:
    sheet = {"file": "甲.xlsx", "sheet": "一", "rows": 5, "accepted": 3, "mended": 1,
             "quarantined": {"identity_check": 1}, "mends": {"old_name": 1}}  # fmt: skip
    return {"snapshot": snapshot, "sheets": [sheet], "unread": [], "skipped": []}


def test_the_page_shows_form_snapshots_and_refused_rows(open_data: Open) -> None:
    app = open_data()
    text = shown(app)
    assert term("load_files", "zh") in text
    assert app.button(key="uploads_start").disabled, "nothing is given yet"
    assert "快照2个,当前为第2号" in text
    assert 'href="/?snapshot=1"' in text
    app = open_data(part="rows")
    text = shown(app)
    assert REASON in text and "名单.xlsx" in text and "6*****************" in text
    assert app.button(key="download_refused").label == term("download_refused", "zh")


def test_the_uploader_takes_what_the_reader_takes(open_data: Open) -> None:
    (uploader,) = open_data().get("file_uploader")
    assert set(uploader.proto.type) == sheets.SUFFIXES >= {".zip", ".et", ".mht"}


def test_mended_cells_are_listed_with_before_and_after(open_data: Open) -> None:
    text = shown(open_data(kind="mended"))
    assert "高坡老村" in text and "高坡村" in text
    assert "6*****************" not in text


def test_a_reason_and_a_file_filter_the_rows(open_data: Open) -> None:
    assert "6*****************" in shown(open_data(reason="identity_check"))
    app = open_data(reason="missing")
    assert "6*****************" not in shown(app)
    assert term("clear_filters", "zh") in shown(app)
    assert not _exports(app)
    assert "6*****************" not in shown(open_data(file="别.xlsx"))


def test_an_older_snapshot_shows_its_own_rows_and_links(open_data: Open) -> None:
    text = shown(open_data(snapshot="1"))
    assert "第1号快照" in text
    rows = shown(open_data(snapshot="1", part="rows"))
    assert "snapshot=1&amp;reason=identity_check" in rows


@pytest.mark.parametrize("role", ["county_leader", "inspector"])
def test_a_viewer_who_may_not_load_sees_snapshots_and_counts_only(
    open_data: Open, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    viewers.look(monkeypatch, viewers.role(role))
    app = open_data()
    text = shown(app)
    assert "快照2个" in text and 'href="/?snapshot=1"' in text
    text += shown(open_data(part="rows"))
    for hidden in ("名单.xlsx", REASON, "高坡老村", term("load_files", "zh")):
        assert hidden not in text
    assert not _exports(app) and not app.get("file_uploader")
    assert not [button for button in app.button if button.key == "roll_back"]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "data_clerk"])
def test_of_a_township_nobody_opens_the_page_that_counts_the_county(
    open_data: Open, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    viewers.look(monkeypatch, viewers.role(role, small_county.WEST))
    app = open_data()
    text = shown(app)
    assert notices(app) == [term("refused_hint", "zh")]
    for hidden in ("快照2个", "名单.xlsx", 'href="/data"'):
        assert hidden not in text
    assert not _exports(app) and not app.get("file_uploader")


def test_a_townships_clerk_sees_its_refused_rows_and_nothing_of_the_county(
    open_data: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refused row is of the east."""
    for place, count in ((small_county.EAST, 1), (small_county.WEST, 0)):
        viewers.look(monkeypatch, viewers.role("data_clerk", place))
        app = open_data(kind="mended")
        text = shown(app)
        assert f"您管的地方有 {count} 行没有入库" in text
        assert ("名单.xlsx" in text) == bool(count)
        assert _exports(app) == ["download_refused"] * count
        for hidden in ("快照2个", "高坡老村", term("load_files", "zh"), term("mended_cells", "zh")):
            assert hidden not in text
        assert not app.get("file_uploader")
        assert not [button for button in app.button if button.key == "roll_back"]


def test_going_back_says_what_it_means_and_is_written_down(open_data: Open, home: Home) -> None:
    app = open_data()
    app.button(key="roll_back").click().run()
    assert "第1号快照(2025-11-30)" in shown(app)
    assert home.current_number() == 2, "not before it is confirmed"
    app.text_input(key="roll_back_who").set_value("王某").run()
    app.button(key="sure").click().run()
    assert home.current_number() == 1
    (entry,) = jobs.rolled_back(home.path)
    assert (entry["who"], entry["from"], entry["to"]) == ("王某", 2, 1)
    assert "当前为第1号" in shown(app) and not app.exception
    assert "王某" in remarks(app)[-1]


def test_going_back_to_a_damaged_snapshot_is_refused(open_data: Open, home: Home) -> None:
    with home.open(1).path("household").open("ab") as handle:
        handle.write(b"x")
    app = open_data()
    app.button(key="roll_back").click().run()
    app.text_input(key="roll_back_who").set_value("王某").run()
    app.button(key="sure").click().run()
    assert notices(app)[0] == term("roll_back_damaged", "zh", number=1)
    assert home.current_number() == 2


def test_going_back_that_cannot_be_recorded_is_refused_in_words(
    open_data: Open, home: Home
) -> None:
    (home.path / "state.db").write_bytes(b"somebody wrote over it" * 200)
    app = open_data()
    app.button(key="roll_back").click().run()
    app.text_input(key="roll_back_who").set_value("王某").run()
    app.button(key="sure").click().run()
    assert notices(app)[0] == term("not_recorded", "zh")
    assert home.current_number() == 2


def test_a_running_job_shows_its_progress_and_no_form(open_data: Open, home: Home) -> None:
    step = {"stage": "clean", "file": "甲.xlsx", "done": 30, "of": 120}
    with held(job(home, 1, progress=json.dumps(step, ensure_ascii=False) + "\n{half")):
        app = open_data()
        text = shown(app)
        assert "--part: 25" in text and "30 / 120" in text and term("stage_clean", "zh") in text
        assert "乙.txt" in text and term("stage_waiting", "zh") in text
        assert not app.get("file_uploader")


def test_a_job_that_ended_without_a_word_was_killed(open_data: Open, home: Home) -> None:
    job(home, 1)
    text = shown(open_data())
    assert term("job_killed", "zh") in text and term("load_files", "zh") in text


def test_a_failure_stays_until_a_later_import_succeeds(open_data: Open, home: Home) -> None:
    job(home, 1, 2, said="读取 100%\n未入库: 磁盘已满,请清理后重试。\n")
    assert "磁盘已满" in shown(open_data())
    job(home, 2, 3, report=report(None), asked={"dry_run": True})
    text = shown(open_data())
    assert term("job_checked", "zh") in text and "磁盘已满" in text
    assert "读入5行 = 原样入库3 + 修正1 + 隔离1" in text
    job(home, 3, 3, report=report(7))
    text = shown(open_data())
    assert term("job_partly", "zh", number=7) in text and "磁盘已满" not in text


def test_an_empty_home_takes_the_first_upload(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    front = open_page()
    assert not front.exception and 'href="/data"' in shown(front)
    app = open_page("data")
    assert not app.exception and app.get("file_uploader")
    assert "611025" in " ".join(app.selectbox(key="uploads_county").options)


def test_an_empty_home_of_a_reader_offers_nothing(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    monkeypatch.setenv("TAIZHANG_READ_ONLY", "1")
    app = open_page("data")
    assert notices(app)[0] == term("not_loaded_ask", "zh")
    assert not app.get("file_uploader")


def test_a_damaged_current_snapshot_leads_to_the_way_back(open_data: Open, home: Home) -> None:
    desks.manifest.cache_clear()
    counties._shelf.cache_clear()
    with home.current().path("household").open("ab") as handle:
        handle.write(b"x")
    app = open_data()
    assert notices(app)[0] == term("damaged_hint", "zh")
    app.button(key="roll_back").click().run()
    app.text_input(key="roll_back_who").set_value("王某").run()
    app.button(key="sure").click().run()
    assert home.current_number() == 1 and not app.exception
    assert "第1号快照" in shown(app)


@pytest.fixture(scope="module")
def register_alone(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after the first upload, of the register and nothing else."""
    home = Home(tmp_path_factory.mktemp("register"))
    register = ("region", "household")
    every = small_county.tables()
    tables = {n: t if n in register else t.slice(0, 0) for n, t in every.items()}
    about = {"county_code": small_county.COUNTY, "loaded_by": "王某", "sources": [], "report": {}}
    home.publish(tables, data_date=small_county.DATA_DATE, **about)
    return home


@pytest.mark.usefixtures("everybody_known")
@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_a_first_upload_of_the_register_alone_opens_on_every_page(
    register_alone: Home, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    opens = opener(register_alone, monkeypatch)
    app = opens(page, **({"id": "H03"} if page == "household" else {}))
    assert not app.exception and "2025-12-31" in shown(app)


def test_a_snapshot_without_a_readable_manifest_is_left_out(open_data: Open, home: Home) -> None:
    desks.manifest.cache_clear()
    (home.snapshots / "000003").mkdir()
    (home.snapshots / "000003" / MANIFEST).write_text("{")
    assert len(desks.entries(home)) == 2


QUESTION = {
    "kind": "part_or_whole",
    "table": "household",
    "township": "611025001",
    "scope": {"registered": False},
    "before": 80,
    "given": 54,
}


def test_a_question_is_answered_before_anything_is_loaded(
    open_data: Open, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = report(None) | {"questions": [QUESTION], "checked": True}
    folder = job(home, 1, ended=4, report=found, asked={"county_code": "611025", "fresh": False})
    (folder / "files" / "001").mkdir(parents=True)
    started: list[dict[str, Any]] = []
    monkeypatch.setattr(
        jobs, "start", lambda *place, **options: started.append(options) or jobs.Job(folder)
    )
    app = open_data()
    text = shown(app)
    assert term("job_waits", "zh") in text and "611025001 非建档立卡" in text
    assert "--as-part" not in text, "a page has no command line"
    assert app.button(key="asked_1_go").disabled
    app.radio(key="asked_1_household").set_value("as-part").run()
    app.button(key="asked_1_go").click().run()
    (options,) = started
    assert options["answers"] == {"as-part": ["household"]} and options["of"].number == 1
    assert not app.exception


def test_a_question_can_be_given_up(open_data: Open, home: Home) -> None:
    found = report(None) | {"questions": [QUESTION], "checked": True}
    folder = job(home, 1, ended=4, report=found, asked={"county_code": "611025", "fresh": False})
    (folder / "files" / "001").mkdir(parents=True)
    app = open_data()
    app.button(key="asked_1_drop").click().run()
    assert not (folder / "files").exists()
    assert "asked_1_drop" not in {button.key for button in app.button}


def test_numbers_that_seem_changed_are_confirmed_by_a_person(
    open_data: Open, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = {"subject": "household", "old": "1", "new": "2", "people": 3}
    found = report(2) | {"renumbering": [pair]}
    folder = job(home, 1, ended=0, report=found, asked={"county_code": "611025", "fresh": False})
    started: list[dict[str, Any]] = []
    monkeypatch.setattr(
        jobs, "start", lambda *place, **options: started.append(options) or jobs.Job(folder)
    )
    app = open_data()
    assert app.button(key="renumber_1_yes").disabled
    app.multiselect(key="renumber_1").set_value(["1=2"]).run()
    app.text_input(key="renumber_1_who").set_value("王某").run()
    app.button(key="renumber_1_yes").click().run()
    (options,) = started
    assert options["answers"] == {"renumber": ["1=2"]} and not app.exception


def test_what_changed_is_told_by_table(open_data: Open, home: Home) -> None:
    counts = {"before": 120, "added": 1, "changed": 2, "gone": 3, "after": 118}
    found = report(2) | {
        "changes": {"household": counts, "member": dict.fromkeys(counts, 0)},
        "arrivals": {"household": {"mode": "places"}},
    }
    job(home, 1, ended=0, report=found)
    text = shown(open_data())
    assert term("taken_places", "zh") in text
    row = text[text.index("户信息</") :]
    cells = [row.index(f">{n}<") for n in (120, 1, 2, 3, 118)]
    assert cells == sorted(cells)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_changed_is_told_by_township_and_in_the_pages_words(
    open_data: Open, home: Home, lang: Lang
) -> None:
    counts = {"before": 40, "added": 5, "changed": 6, "gone": 7, "after": 38}
    places = {"611025103": counts | {"place": "大坪"}}
    changes = {"household": counts | {"townships": places}}
    job(home, 1, ended=0, report=report(2) | {"base": 1, "changes": changes})
    text = shown(open_data(lang=lang) if lang == "en" else open_data())
    row = text[text.index(">大坪<") :]
    assert f">{term('table_household', lang)}<" in row
    cells = [row.index(f">{n}<") for n in (40, 5, 6, 7, 38)]
    assert cells == sorted(cells)


def test_an_import_is_taken_back_on_the_page_and_marked(
    open_data: Open, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = home.snapshots / "000002" / MANIFEST
    told = json.loads(manifest.read_text("utf-8"))
    told["report"]["base"] = 1
    manifest.write_text(json.dumps(told), "utf-8")
    app = open_data()
    assert app.button(key="withdraw_yes").disabled
    app.selectbox(key="withdraw_number").set_value(2).run()
    app.text_input(key="withdraw_who").set_value("王某").run()
    app.button(key="withdraw_yes").click().run()
    assert home.current_number() == 3
    assert home.current().manifest["report"]["withdraws"] == 2
    app = open_data()
    assert term("withdrawn_mark", "zh") in shown(app)
    assert not notices(app), "the current data do not hold it"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_earlier_data_date_is_asked_about_before_and_told_after(
    open_data: Open, home: Home, lang: Lang
) -> None:
    app = open_data(lang=lang) if lang == "en" else open_data()
    app.date_input[0].set_value(date(2025, 11, 30)).run()
    says = term("earlier_date", lang, date="2025-12-31")
    assert says in remarks(app)
    app.checkbox(key="uploads_current").check().run()
    assert says not in remarks(app)
    job(home, 1, ended=0, report=report(3) | {"current": False})
    app.run()
    assert term("not_made_current", lang) in shown(app)
    app.date_input[0].set_value(date(2025, 12, 31)).run()
    assert "uploads_current" not in {box.key for box in app.checkbox}
