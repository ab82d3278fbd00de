"""Pictures of the pages from the running program, for the README: ``make shots``."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from store.snapshots import Home
from tests.browser.conftest import ARGUMENTS, chromium_path, serving, visit

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "pictures"
# name: address, width, height
PICTURES = {
    "overview": ("/", 1280, 720),
    "map": ("/map?indicator=poverty_rate&year=2017", 1280, 800),
    "trends": ("/trends?indicator=per_capita_income", 1280, 800),
    "risk-groups": ("/risk-groups", 1280, 1000),
    "classes": ("/classes", 1280, 1000),
    "exit": ("/exit?year=2019", 1280, 1000),
    "remaining": ("/remaining?year=2019", 1280, 1000),
    "safety-net": ("/safety-net", 1280, 860),
    "sieves": ("/sieves", 1280, 860),
    "dynamics": ("/dynamics", 1280, 1000),
    "monitoring": ("/monitoring", 1280, 1000),
    "stress": ("/stress", 1280, 1000),
    "ledgers": ("/ledgers?group=income_drop&sort=income_change_percent", 1280, 800),
    "household": ("/household?id=61102500000018", 1280, 1000),
    "village": ("/village?region=611025101202", 1280, 800),
    "data": ("/data", 1280, 860),
    "quality": ("/quality", 1280, 1000),
    "admin": ("/admin", 1280, 720),
    "definitions": ("/definitions", 1280, 800),
    "phone": ("/", 390, 844),
}


def main() -> None:
    """Start the dashboard over the home and photograph it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    home = Home(os.environ.get("TAIZHANG_HOME", ROOT / "data" / "home"))
    with serving(home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        for name, (path, width, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            visit(page, address + path)
            page.wait_for_timeout(4_000)
            page.screenshot(path=TARGET / f"{name}.png")
            page.close()
            print(f"docs/pictures/{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
