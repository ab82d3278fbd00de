"""What a security review asks of the program, in one command: `make audit`.

Unsafe calls (bandit), known holes of the pinned packages (pip-audit), the licence of each and a
bill of materials in CycloneDX's format. What is written stands in ``build/audit``. Ends with 1 for
anything found, with 3 where the advisory service did not answer, so that nothing was asked.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / ".venv" / "bin" / "python"
OUT = ROOT / "build" / "audit"
TOOLS = Path(sys.executable).parent
ROOMS = ("access", "charts", "findings", "gate", "glossary", "loaders", "metrics", "pages", "rules")
CODE = (*ROOMS, "state", "store", "tools", "views", "dashboard.py", "server.py")
FOUND, NOT_ASKED = 1, 3
# Licences that a program under Apache-2.0 may be handed out with; LGPL as a library of its own.
FITS = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software|ISC|ISCL|MPL|Mozilla|Zlib|Unlicense|CNRI|HPND|LGPL"
    r"|Lesser General|0BSD|CC0)\b",
    re.IGNORECASE,
)


def pinned(requirements: str) -> list[str]:
    """The names of the packages in a lock file."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", requirements, re.MULTILINE)


def unfit(licences: list[dict[str, str]]) -> list[str]:
    """The packages with a licence that does not fit, or none, as ``name (licence)``."""
    return [
        f"{one['Name']} ({one['License']})" for one in licences if not FITS.search(one["License"])
    ]


def code() -> int:
    """Unsafe calls. SQL is put together from declared names, and values are parameters: B608."""
    found = subprocess.run(
        [TOOLS / "bandit", "-q", "-ll", "-s", "B608", "-r", *CODE],
        cwd=ROOT,
        check=False,
        stderr=subprocess.DEVNULL,  # what it says of comments that turn a test off
    )
    print(f"代码 bandit: {'有问题' if found.returncode else '无问题'}")
    return FOUND if found.returncode else 0


def holes() -> int:
    """Known holes of what is pinned; the answer is there only if the service gave one."""
    answer = OUT / "advisories.json"
    answer.unlink(missing_ok=True)
    asked = subprocess.run(
        [
            *(TOOLS / "pip-audit", "--strict", "--require-hashes", "--disable-pip"),
            *("--progress-spinner", "off", "-r", "requirements.txt", "-f", "json", "-o", answer),
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if not answer.is_file():
        said = asked.stderr.strip().splitlines()
        print(f"漏洞 pip-audit: 未查询 (公告服务没有答复): {said[-1] if said else ''}")
        return NOT_ASKED
    packages = json.loads(answer.read_text(encoding="utf8"))["dependencies"]
    open_ = [(one["name"], hole["id"]) for one in packages for hole in one.get("vulns", [])]
    for name, hole in open_:
        print(f"  {name}: {hole}")
    print(f"漏洞 pip-audit: {len(open_)}个, 查询{len(packages)}个软件包")
    return FOUND if open_ else 0


def licences() -> int:
    """The licence of every package that the program is handed out with."""
    names = pinned((ROOT / "requirements.txt").read_text(encoding="utf8"))
    listed = subprocess.run(
        [TOOLS / "pip-licenses", f"--python={PROGRAM}", "--format=json", "--packages", *names],
        check=True,
        capture_output=True,
        text=True,
    )
    table = json.loads(listed.stdout)
    lines = [f"| {one['Name']} | {one['Version']} | {one['License']} |" for one in table]
    text = "\n".join(["| package | version | licence |", "|---|---|---|", *lines, ""])
    (OUT / "licences.md").write_text(text, encoding="utf8")
    wrong = unfit(table)
    print(
        f"许可: {len(table)}个软件包, 不合用{len(wrong)}个{': ' if wrong else ''}{', '.join(wrong)}"
    )
    return FOUND if wrong else 0


def materials() -> int:
    """The bill of materials of the environment that the program runs in."""
    bill = OUT / "materials.cdx.json"
    subprocess.run(
        [
            *(TOOLS / "cyclonedx-py", "environment", "--output-reproducible", "--of", "JSON"),
            *("-o", bill, PROGRAM),
        ],
        check=True,
        capture_output=True,
    )
    parts = json.loads(bill.read_text(encoding="utf8"))["components"]
    print(f"物料清单 CycloneDX: {len(parts)}项, {bill.relative_to(ROOT)}")
    return 0


def main() -> int:
    """Run all four; the worst of what they end with, a finding before an unanswered question."""
    OUT.mkdir(parents=True, exist_ok=True)
    ends = {step() for step in (code, holes, licences, materials)}
    return next((end for end in (FOUND, NOT_ASKED) if end in ends), 0)


if __name__ == "__main__":
    raise SystemExit(main())
