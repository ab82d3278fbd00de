"""The bundle installs and answers on a machine without a package index."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from store.version import version
from tools import bundle


def test_the_bundle_holds_the_committed_files_and_the_wheels(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "one-1.0-py3-none-any.whl").write_bytes(b"wheel")
    digest = bundle.write(tmp_path / "all.tar", wheels, "taizhang-0")
    assert digest == hashlib.sha256((tmp_path / "all.tar").read_bytes()).hexdigest()
    with tarfile.open(tmp_path / "all.tar") as tar:
        names = tar.getnames()
        held = tar.extractfile("taizhang-0/Makefile")
        assert held and held.read() == (bundle.ROOT / "Makefile").read_bytes()
    assert "taizhang-0/wheels/one-1.0-py3-none-any.whl" in names
    assert "taizhang-0/requirements.txt" in names
    assert all(name.startswith("taizhang-0/") for name in names if name != "taizhang-0")
    assert not any("/data/home" in name or "/.venv" in name for name in names)


@pytest.mark.torture
def test_it_installs_with_the_package_index_switched_off(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "tools/bundle.py"], cwd=bundle.ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    with tarfile.open(bundle.ROOT / made.stdout.split("  ")[0]) as tar:
        tar.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    # Nothing listens there: whoever asks an index fails.
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}
    closed = kept | nowhere | {"PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    for target in ("install", ".venv-login/installed"):
        done = subprocess.run(
            ["make", target], cwd=folder, env=closed, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    program = folder / ".venv" / "bin" / "python"
    said = subprocess.run(
        [program, "server.py", "--version"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert version() in said.stdout
    wrote = subprocess.run(
        [program, "-c", "import geopandas, pydeck, sqlalchemy, streamlit, duckdb"],
        cwd=folder,
        check=False,
    )
    assert wrote.returncode == 0
    provider = folder / ".venv-login" / "bin" / "python"
    assert subprocess.run([provider, "-c", "import canaille"], check=False).returncode == 0
