"""The command ``python -m loaders county CODE --from FOLDER``: a county's folder set up in a home.

What stands in FOLDER is recognised by its content, checked together, tried out, and only then put
in place with one rename: where anything cannot be used, the home stays as it was.
"""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import yaml

from loaders.boundaries import outlines
from loaders.boundaries.outlines import Drawn
from loaders.boundaries.refusal import Refused, words
from loaders.reading import sheets
from loaders.reference import KINDS, REFERENCE, Reference
from loaders.regions import code_lists, shapes, successors
from loaders.regions.code_lists import CodeList, CodeListError
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import schematic
from loaders.regions.successors import SuccessorError
from store.county_folder import DECLARATION, FOLDER, NoCounty, OtherCounty, county_of
from store.shapes import current_version, schematic_levels, shapes_folder
from store.snapshots import STAGING, Home

REFUSED = 2
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et")
# What a county may bring ready-made: taken as it is, checked by `python -m rules check`.
OWN = ("parameters.yaml", "checks.yaml", "indicators.yaml", "terms.yaml", "briefings.yaml")
OWN_FOLDERS = ("layouts", "rules", "cases")


class NotFounded(ValueError):
    """The folder cannot be used; the message says why and what to do, in Chinese."""


@dataclass(slots=True)
class Brought:
    """What the folder was found to hold."""

    editions: dict[int, CodeList] = field(default_factory=dict)
    outline: Drawn | None = None
    rivers: Drawn | None = None
    successors: Path | None = None
    own: list[tuple[Path, str]] = field(default_factory=list)  # file, path in the county's folder
    said: dict[str, object] = field(default_factory=dict)  # of its county.yaml
    lines: list[str] = field(default_factory=list)


def declare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options; ``--home`` is that of every command."""
    command = commands.add_parser("county", help="用一个文件夹的代码、县界等设立一个县")
    command.add_argument("code", metavar="CODE", help="六位县代码")
    command.add_argument("--from", dest="folder", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--name", help="县名 (默认取自代码表或县界)")
    command.add_argument(
        "--edition", type=int, metavar="YEAR", help="代码表的年版 (默认取自文件名)"
    )
    command.add_argument("--crs", metavar="EPSG:xxxx", help="县界、河流文件没有声明的坐标系")
    command.add_argument("--gcj02", action="store_true", help="县界、河流是火星坐标, 换算后使用")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Set the county up and say what it has and lacks; 0, or 2 with the reason."""
    try:
        lines = found(options)
    except (NotFounded, CodeListError, SuccessorError) as error:
        print(f"未设立: {error}。原有内容未动。", file=sys.stderr)
        return REFUSED
    print(*lines, sep="\n")
    return 0


def found(options: argparse.Namespace) -> list[str]:
    """Set the county up; the lines to print. Raises NotFounded, CodeListError, SuccessorError."""
    code, home = options.code, Home(options.home)
    if not (len(code) == 6 and code.isdecimal()):
        raise NotFounded(f"县代码“{code}”应是六位数字")
    if not options.folder.is_dir():
        raise NotFounded(f"没有文件夹 {options.folder.name}")
    try:
        county_of(home.path, code)
    except OtherCounty as error:
        raise NotFounded(
            f"本快照文件夹已是 {error.own} 县的;请用 TAIZHANG_HOME 或 --home"
            f" 为 {code} 另指一个文件夹"
        ) from None
    except NoCounty:
        pass
    brought = recognise(options, code)
    with home.lock(getpass.getuser()):
        work = home.path / f"{STAGING}{os.getpid()}" / FOLDER
        try:
            _write(brought, options, work, home.path / FOLDER)
            divisions = _tried(code, work)
            _swap(work, home.path / FOLDER)
        finally:
            shutil.rmtree(work.parent, ignore_errors=True)
        drawn = _draw(home.path, divisions)
    return [*brought.lines, *_lacking(divisions, home.path), *drawn, *_next(code)]


# What the folder holds


def recognise(options: argparse.Namespace, code: str) -> Brought:
    """Every file of the folder for what it is; what is nothing known is said, not used."""
    brought = Brought()
    for path in sorted(p for p in options.folder.rglob("*") if p.is_file()):
        inner = path.relative_to(options.folder)
        if any(part.startswith((".", "~$")) for part in inner.parts):
            continue
        suffix = path.suffix.lower()
        if suffix in (".yaml", ".yml"):
            _own(brought, path, inner)
        elif suffix in outlines.SUFFIXES:
            _drawn(brought, path, options)
        elif suffix in _TABLES:
            _table(brought, path, code, options.edition)
        elif suffix not in (".shx", ".dbf", ".prj", ".cpg"):
            brought.lines.append(f"未用 {sheets.shown(path.name)}: 不是认识的文件")
    return brought


def _own(brought: Brought, path: Path, inner: Path) -> None:
    target = inner.as_posix()
    if target == DECLARATION:
        said = yaml.safe_load(path.read_text("utf-8"))
        brought.said = said if isinstance(said, dict) else {}
    elif target in OWN or (len(inner.parts) == 2 and inner.parts[0] in OWN_FOLDERS):
        brought.own.append((path, target))
        brought.lines.append(f"声明 {target}")
    else:
        brought.lines.append(
            f"未用 {target}: 声明文件应是 {'、'.join(OWN)},或在 {'、'.join(OWN_FOLDERS)} 文件夹下"
        )


def _drawn(brought: Brought, path: Path, options: argparse.Namespace) -> None:
    name = sheets.shown(path.name)
    try:
        drawn = outlines.read(path, crs=options.crs, gcj02=options.gcj02)
    except Refused as refusal:
        sentence = words()["refusals"][refusal.reason].format(**refusal.details)
        raise NotFounded(f"{name}: {sentence.rstrip('。')}") from None
    if drawn.kind == "places":
        brought.lines.append(
            f"未用 {name}: 像是乡镇界或村界,设立后请运行 python -m loaders boundaries {name}"
        )
        return
    if getattr(brought, drawn.kind) is not None:
        word = "县界" if drawn.kind == "outline" else "河流"
        raise NotFounded(f"{name}: 已有一个{word}文件,请只留一个")
    setattr(brought, drawn.kind, drawn)
    word = "县界" if drawn.kind == "outline" else "河流"
    holes = len(_holes(drawn)) if drawn.kind == "outline" else 0
    hole = f",内有 {holes} 处不属本县" if holes else ""
    brought.lines.append(f"{word} {name} ({drawn.note}){hole}")


def _holes(drawn: Drawn) -> list[object]:
    """Rings of the outline that other counties lie in."""
    parts = getattr(drawn.shape, "geoms", [drawn.shape])
    return [ring for part in parts for ring in part.interiors]


def _table(brought: Brought, path: Path, code: str, edition: int | None) -> None:
    name = sheets.shown(path.name)
    with sheets.read(path) as reading:
        if reading.refusal:
            raise NotFounded(f"{name}: 无法读取,请重新导出")
        for sheet in reading.sheets:
            rows = list(code_lists.rows_of(sheet))
            if not rows:
                continue
            if _is_successors(rows[0][1]):
                _successors(brought, path)
                return
            where = f"{name}“{sheet.name}”" if sheet.name else name
            if code_lists.columns_of(rows) is None:
                brought.lines.append(f"未用 {where}: 没有代码和名称两列")
                continue
            year = edition or code_lists.year_of(path.stem, sheet.name)
            if year is None:
                year = datetime.now().astimezone().year
                brought.lines.append(f"{where} 没有写年版,按 {year} 年;可用 --edition 指定")
            into = brought.editions.setdefault(year, CodeList(year))
            code_lists.take(into, rows, code, where)


def _is_successors(head: Sequence[str]) -> bool:
    known = {n for key in ("old", "new") for n in (key, *successors.COLUMNS[key])}
    return len(known & set(head)) >= 2


def _successors(brought: Brought, path: Path) -> None:
    if path.suffix.lower() != ".csv":
        raise NotFounded(f"{sheets.shown(path.name)}: 继任表请另存为 csv(UTF-8)")
    brought.successors = path
    brought.lines.append(f"继任表 {sheets.shown(path.name)}: {len(successors.read(path))} 行")


# Writing, trying, putting in place


def _write(brought: Brought, options: argparse.Namespace, work: Path, before: Path) -> None:
    """Write the county's folder anew, over what it held before."""
    work.parent.mkdir(parents=True, exist_ok=True)
    if before.is_dir():
        shutil.copytree(before, work)
    codes = work / "codes"
    codes.mkdir(parents=True, exist_ok=True)
    for edition in brought.editions.values():
        code_lists.check(edition)
        edition.write(codes)
        counts = [len(edition.codes[kind]) for kind in KINDS]
        brought.lines.append(
            f"{edition.year} 年版代码: 乡镇 {counts[0]} 个,村(社区) {counts[1]} 个"
        )
    for drawn in (brought.outline, brought.rivers):
        if drawn:
            drawn.write(work / f"{drawn.kind}.geojson")
    if brought.successors:
        shutil.copyfile(brought.successors, work / "successors.csv")
    for source, target in brought.own:
        (work / target).parent.mkdir(exist_ok=True)
        shutil.copyfile(source, work / target)
    _from_shipped(options.code, work)
    if not any(codes.glob("villages_*.csv")):
        raise NotFounded("没有代码表;请放入一个有代码和名称两列的 csv 或 xlsx,含乡镇和村(社区)")
    if not (work / "outline.geojson").is_file():
        raise NotFounded(
            "没有县界,地图画不出来;请放入县界的 GeoJSON、GeoPackage 或 Shapefile,"
            "可从天地图等公开服务取得"
        )
    said = {**_said_before(work), **brought.said, "code": options.code}
    said["name"] = options.name or _name(brought) or said.get("name", "")
    if not said["name"]:
        raise NotFounded("不知道县名;请加 --name 县名")
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    (work / DECLARATION).write_text(text, "utf-8")


def _said_before(work: Path) -> dict[str, object]:
    path = work / DECLARATION
    return (yaml.safe_load(path.read_text("utf-8")) or {}) if path.is_file() else {}


def _name(brought: Brought) -> str:
    newest_first = sorted(brought.editions.items(), reverse=True)
    listed = next((each.county_name for _, each in newest_first if each.county_name), "")
    return listed or str(brought.said.get("name") or "") or (brought.outline or _NOTHING).name


_NOTHING = Drawn("outline", None, "", "")


def _from_shipped(code: str, work: Path) -> None:
    """The outline and rivers that the program has of this county, where the folder has none."""
    for path, name in (
        (REFERENCE / "boundaries" / f"{code}_tianditu.geojson", "outline.geojson"),
        (REFERENCE / "rivers" / f"{code}_rivers_wdbii.geojson", "rivers.geojson"),
    ):
        if path.is_file() and not (work / name).is_file():
            shutil.copyfile(path, work / name)


def _tried(code: str, work: Path) -> Divisions:
    """The county by its new folder: its codes, and shapes for all of its places."""
    divisions = Divisions(Reference.in_folder(code, work))
    try:
        schematic(divisions)
    except ValueError:
        raise NotFounded(
            "县界内排不下各乡镇、村的示意图形;请核对县界是否完整、是否就是本县"
        ) from None
    return divisions


def _swap(work: Path, target: Path) -> None:
    """Put the new folder in the place of the old one."""
    old = work.with_name("before")
    if target.exists():
        target.rename(old)
    try:
        work.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _draw(home: Path, divisions: Divisions) -> Iterator[str] | list[str]:
    """Draw the county's schematic shapes, unless it has loaded some of its own."""
    divisions = Divisions.load(divisions.county_code, home)
    version = current_version(home, divisions.county_code)
    if version and schematic_levels(shapes_folder(home), version) != {"township", "village"}:
        return ["地图仍用已入库的边界;代码有变化时请再运行 python -m loaders boundaries"]
    shapes.renew(home, divisions)
    return []


# What it has, what it lacks, and what follows


def _lacking(divisions: Divisions, home: Path) -> Iterator[str]:
    reference = divisions.reference
    yield (
        f"{divisions.county_name} {divisions.county_code}: 乡镇 {len(divisions.towns)} 个,"
        f"村(社区) {len(divisions.villages)} 个,代码年版 {'、'.join(map(str, divisions.editions))}"
    )
    if divisions.no_regions:
        yield f"不作村看待、不列出: {'、'.join(sorted(divisions.no_regions.values()))}"
    if len(divisions.editions) == 1:
        yield "缺 较早的年版: 改过名、换过代码的地方只按现名认;可再放入旧代码表,或写 successors.csv"
    if reference.successors is None:
        yield "缺 继任表 successors.csv: 并、分、改名的乡镇和村认不出旧名时再补"
    if reference.rivers is None:
        yield "缺 河流: 不影响,地图上不画河"
    if not (home / FOLDER / "parameters.yaml").is_file():
        yield "缺 本县标准 parameters.yaml: 用到县定标准的规则答“无法判断”,见 docs/rules.md"
    yield "乡镇界、村界为示意;有实际边界时运行 python -m loaders boundaries 文件"


def _next(code: str) -> Iterator[str]:
    yield f"已设立 county/ ({code});可接着用 python -m rules check 检查声明,"
    yield "用 python -m loaders import 文件 入库"
