"""The whole program and its wheels in one file, for a machine that reaches no package index.

``python tools/bundle.py`` writes ``build/taizhang-VERSION-PLATFORM.tar`` and its SHA-256 beside it.
The wheels are those of ``requirements.txt`` and of the provider of logins, by hash, for the Python
and the kind of machine that this runs on. Unpacked, ``make install``, ``make run`` and ``make
run-secure`` find them in ``wheels/`` and ask nobody.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINNED = ("requirements.txt", "requirements-login.txt")
sys.path.insert(0, str(ROOT))

from store.version import version  # noqa: E402 - the program's folder has to be known first


def platform() -> str:
    """Which Python and machine the wheels are for, such as ``cp311-linux-x86_64``."""
    return f"cp{sys.version_info.major}{sys.version_info.minor}-{sysconfig.get_platform()}"


def source() -> bytes:
    """The files of the last commit, as a tar; what is not committed is not handed out."""
    archive = ["git", "-C", str(ROOT), "archive", "--format=tar", "HEAD"]
    return subprocess.run(archive, check=True, capture_output=True).stdout


def fetch(wheels: Path) -> None:
    """Put the wheel of every pinned package into an empty folder.

    The two environments may pin a package at two versions: both wheels are there then.
    """
    shutil.rmtree(wheels, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    for pinned in PINNED:
        chosen = ["--only-binary", ":all:", "--require-hashes", "-r", str(ROOT / pinned)]
        subprocess.run([*pip, *chosen, "-d", str(wheels)], check=True)


def write(path: Path, wheels: Path, folder: str) -> str:
    """Write the bundle, all of it below ``folder``; its SHA-256."""
    with (
        tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as bundle,
        tarfile.open(fileobj=io.BytesIO(source())) as files,
    ):
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            member.name = f"{folder}/{member.name}"
            bundle.addfile(member, content)
        for wheel in sorted(wheels.iterdir()):
            bundle.add(wheel, f"{folder}/wheels/{wheel.name}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    """Write the bundle; 0, or 2 where git or pip does not do its part."""
    folder = f"taizhang-{version().rstrip('+')}"
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    path = build / f"{folder}-{platform()}.tar"
    try:
        fetch(build / "wheels")
        digest = write(path, build / "wheels", folder)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        print(f"未打包: {error}", file=sys.stderr)
        path.unlink(missing_ok=True)
        return 2
    path.with_suffix(".tar.sha256").write_text(f"{digest}  {path.name}\n", encoding="ascii")
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.0f} MB  SHA-256 {digest}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
