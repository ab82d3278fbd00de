"""Put every declared fault into a copy of the program, one at a time, and see who finds it.

    python -m tests.mutants [words of a file or of a reason ...]

The tests named must pass without any. Prints each fault as killed or survived and the sum. Exit
code 1 where more than three live, or where a declared text is no longer there. Set
TAIZHANG_DEMO_HOME to a loaded demo home to save its import;
it is copied, since a fault may derive anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]
MOST_ALIVE = 3
_CELLS = "tests/test_demo_cells.py::test_every_number_is_that_of_the_list_behind_it"
_NO_TESTS = 5


def nodes(tests: Sequence[str]) -> list[str]:
    """What pytest is given; ``@exit`` is the county's page in the test of every cell."""
    return [f"{_CELLS}[{one[1:]}-{{}}]" if one.startswith("@") else one for one in tests]


def stale(mutations: Sequence[Mutation], root: Path = ROOT) -> list[str]:
    """Faults that cannot be put in: their text does not stand once in their file."""
    found = []
    for mutation in mutations:
        path = root / mutation.file
        count = path.read_text("utf8").count(mutation.old) if path.is_file() else 0
        if count != 1:
            found.append(f"{mutation.file}: {count} times: {mutation.old}")
    return found


def _copied(folder: Path) -> Path:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def _run(tree: Path, tests: Sequence[str], home: Path | None) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("TAIZHANG_HOME", "TAIZHANG_DEMO_HOME")}
    if home is not None:
        env["TAIZHANG_DEMO_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider",
         *nodes(tests)],
        cwd=tree, env=env | {"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True,
    )  # fmt: skip


def _killed(tree: Path, mutation: Mutation, home: Path | None) -> bool:
    path = tree / mutation.file
    whole = path.read_text("utf8")
    path.write_text(whole.replace(mutation.old, mutation.new), "utf8")
    try:
        done = _run(tree, mutation.tests, home)
    finally:
        path.write_text(whole, "utf8")
    # A fault that stops the tests from being collected is found as well.
    if done.returncode == _NO_TESTS or "not found" in done.stderr:
        raise SystemExit(f"no tests for {mutation.file}: {done.stdout}{done.stderr}")
    return done.returncode != 0


def main(words: Sequence[str]) -> int:
    """Run those whose file or reason has one of the words, or all. The exit code."""
    if told := stale(MUTATIONS):
        print(*told, sep="\n")
        return 1
    chosen = [m for m in MUTATIONS if not words or any(w in f"{m.file} {m.why}" for w in words)]
    given, alive = os.environ.get("TAIZHANG_DEMO_HOME"), []
    with tempfile.TemporaryDirectory() as folder:
        tree, home = _copied(Path(folder) / "tree"), None
        if given:
            home = Path(shutil.copytree(given, Path(folder) / "home"))
            derive = [sys.executable, "-m", "metrics", "derive", "--home", str(home)]
            subprocess.run(derive, cwd=tree, check=True, stdout=subprocess.DEVNULL)
        sound = _run(tree, sorted({test for m in chosen for test in m.tests}), home)
        if sound.returncode:
            print("without any fault the tests fail:", sound.stdout[-2000:], sound.stderr, sep="\n")
            return 1
        for mutation in chosen:
            begun = time.monotonic()
            killed = _killed(tree, mutation, home)
            told = "killed" if killed else f"SURVIVED {mutation.lives}".strip()
            seconds = time.monotonic() - begun
            print(f"{told:9} {seconds:5.0f} s  {mutation.file}: {mutation.why}", flush=True)
            if not killed:
                alive.append(mutation)
    print(f"{len(chosen) - len(alive)} of {len(chosen)} killed, {len(alive)} live")
    return 1 if len(alive) > MOST_ALIVE else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
