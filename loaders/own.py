"""A county's own codes, layouts and terms, tried: ``python -m loaders check``.

``python -m rules check`` runs it with the rest of what the county declares.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import glossary
from loaders.layouts import declarations, matching
from loaders.layouts.declarations import Layout, LayoutError
from loaders.regions.divisions import Divisions
from loaders.regions.successors import SuccessorError
from store.county_folder import FOLDER, Broken, Fault, declared_code, misfit, path_in, read


def declare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; ``--home`` is that of every command."""
    command = commands.add_parser("check", help="检查本县的代码、表样和用词")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what cannot be used; 1 where anything is, else 0."""
    wrong = [*faults(options.home), *_failed(options.home)]
    for each in wrong:
        print(each)
    return int(bool(wrong))


def faults(home: Path) -> list[Fault]:
    """What of a county's codes, layouts and terms cannot be used."""
    return [*_codes(home), *layout_faults(home), *glossary.faults(home)]


def _codes(home: Path) -> Iterator[Fault]:
    try:
        code = declared_code(home)
        if code:
            Divisions.load(code, home)
    except Broken as error:
        yield from error.faults
    except (SuccessorError, FileNotFoundError) as error:
        yield Fault(FOLDER, 1, str(error))


def layout_faults(home: Path) -> list[Fault]:
    """The layouts of a home that cannot be used."""
    return usable(home)[1]


def usable(home: Path) -> tuple[tuple[Layout, ...], list[Fault]]:
    """The layouts that a home knows, less those of its own that cannot be used, and these.

    For pages that only name layouts; an import refuses to begin with one that is broken.
    """
    known = {layout.key: layout for layout in matching.load()}
    folder, broken = path_in(home, "layouts"), []
    for path in sorted(folder.glob("*.yaml")):
        try:
            layout = declarations.read(path)
            known[layout.key] = layout
        except LayoutError as error:
            name = str(path.relative_to(home))
            broken.append(Fault(name, error.line, error.problem))
    return tuple(known.values()), broken


def _failed(home: Path) -> Iterator[Fault]:
    """Cases of ``cases/layouts.yaml`` in which headers are not taken for what they should be."""
    path = path_in(home, "cases") / "layouts.yaml"
    entries, broken = read(home, path)
    yield from broken
    known, _ = usable(home)
    keys = {layout.key for layout in known}
    for key, cases in entries.items():
        if key not in keys:
            yield entries.fault(key, "没有这个表样,或它的声明不能用")
            continue
        for case in cases if isinstance(cases, list) else [cases]:
            if why := misfit(case, ("case", "headers"), ("expect",)):
                yield entries.fault(key, why)
            elif _recognised(case["headers"], known, key) is not case.get("expect", True):
                expected = "应认作本表样" if case.get("expect", True) else "不应认作本表样"
                yield entries.fault(key, f"“{case['case']}”{expected}")


def _recognised(headers: Sequence[object], known: Sequence[Layout], key: str) -> bool:
    found = matching.match([[str(header) for header in headers]], known)
    return found is not None and found.layout.key == key
