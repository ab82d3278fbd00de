"""Put every declared fault into a copy of the program, one at a time, and see who finds it.

    python -m tests.mutants [words of a file or of a reason ...]

The tests named must pass without any; they stop at the first that fails. Prints each fault as
killed or survived and the sum; one whose tests do not end in time is not killed. Exit code 1 where
more than three live, one lives without a reason, one with a reason is killed, or a declared text is
no longer there. Set TAIZHANG_DEMO_HOME to a loaded demo home to save its import; it is copied,
since a fault may derive anew.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.mutants.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]
MOST_ALIVE = 3
_CELLS = "tests/test_demo_cells.py::test_every_number_is_that_of_the_list_behind_it"
_NO_TESTS = 5
# Seconds that the tests of one fault may take, and those of all without any.
LIMIT, LIMIT_OF_ALL = 900, 3600


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


def _run(tree: Path, tests: Sequence[str], home: Path | None, limit: int) -> tuple[int, str]:
    """Exit code and what was printed; TimeoutExpired after ``limit`` seconds, nothing left over."""
    env = {k: v for k, v in os.environ.items() if k not in ("TAIZHANG_HOME", "TAIZHANG_DEMO_HOME")}
    if home is not None:
        env["TAIZHANG_DEMO_HOME"] = str(home)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider",
         *nodes(tests)],
        cwd=tree, env=env | {"PYTHONDONTWRITEBYTECODE": "1"}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        told, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, told


def fate(tree: Path, mutation: Mutation, home: Path | None, limit: int = LIMIT) -> str:
    """What became of a fault put into a tree: ``killed``, ``SURVIVED``, or ``NO END`` in time."""
    path = tree / mutation.file
    whole = path.read_text("utf8")
    path.write_text(whole.replace(mutation.old, mutation.new), "utf8")
    try:
        code, told = _run(tree, mutation.tests, home, limit)
    except subprocess.TimeoutExpired:
        return "NO END"
    finally:
        path.write_text(whole, "utf8")
    # A fault that stops the tests from being collected is found as well.
    if code == _NO_TESTS or "ERROR: not found" in told:
        raise SystemExit(f"no tests for {mutation.file}: {told}")
    return "killed" if code else "SURVIVED"


def unexplained(fates: Mapping[Mutation, str]) -> list[str]:
    """What is wrong with who lives: too many, one without its reason, a reason of one killed."""
    alive = [m for m, became in fates.items() if became != "killed"]
    told = [f"{len(alive)} live, {MOST_ALIVE} may"] if len(alive) > MOST_ALIVE else []
    told += [f"lives without a reason: {m.file}: {m.why}" for m in alive if not m.lives]
    told += [
        f"is killed, and has a reason to live: {m.file}: {m.why}"
        for m, became in fates.items()
        if m.lives and became == "killed"
    ]
    return told


def main(words: Sequence[str]) -> int:
    """Run those whose file or reason has one of the words, or all. The exit code."""
    if told := stale(MUTATIONS):
        print(*told, sep="\n")
        return 1
    chosen = [m for m in MUTATIONS if not words or any(w in f"{m.file} {m.why}" for w in words)]
    given, fates = os.environ.get("TAIZHANG_DEMO_HOME"), dict[Mutation, str]()
    with tempfile.TemporaryDirectory() as folder:
        tree, home = _copied(Path(folder) / "tree"), None
        if given:
            home = Path(shutil.copytree(given, Path(folder) / "home"))
            derive = [sys.executable, "-m", "metrics", "derive", "--home", str(home)]
            subprocess.run(derive, cwd=tree, check=True, stdout=subprocess.DEVNULL)
        every = sorted({test for m in chosen for test in m.tests})
        code, told = _run(tree, every, home, LIMIT_OF_ALL)
        if code:
            print("without any fault the tests fail:", told[-2000:], sep="\n")
            return 1
        for mutation in chosen:
            begun = time.monotonic()
            fates[mutation] = fate(tree, mutation, home)
            seconds = time.monotonic() - begun
            said = f"{mutation.file}: {mutation.why}"
            print(f"{fates[mutation]:9} {seconds:5.0f} s  {said}", flush=True)
    alive = sum(became != "killed" for became in fates.values())
    print(f"{len(fates) - alive} of {len(fates)} killed, {alive} live")
    told_of = unexplained(fates)
    print(*told_of, sep="\n", end="\n" if told_of else "")
    return 1 if told_of else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
