"""The command ``python -m loaders boundaries FILE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from loaders import boundaries
from store.county_folder import county_of


def declare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options; ``--county`` and ``--home`` are those of every command."""
    command = commands.add_parser("boundaries", help="把村界或乡镇界文件换上地图")
    command.add_argument("file", type=Path, metavar="FILE", help="GeoJSON、GeoPackage、Shapefile")
    command.add_argument("--code", metavar="COLUMN", help="代码或名称所在的列 (默认自动找)")
    command.add_argument("--level", choices=("village", "township"), help="级别 (默认自动认)")
    command.add_argument("--crs", metavar="EPSG:xxxx", help="文件没有声明的坐标系")
    command.add_argument("--gcj02", action="store_true", help="坐标是火星坐标, 换算后入库")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Load the file, print what came of it; 0 loaded, 2 refused, 3 loaded in part."""
    report = boundaries.load(
        options.file,
        options.home,
        county_of(options.home, options.county),
        level=options.level,
        column=options.code,
        crs=options.crs,
        gcj02=options.gcj02,
    )
    print(*report.lines(), sep="\n", file=sys.stderr if report.refusal else sys.stdout)
    return report.exit_code
