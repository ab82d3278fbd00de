"""What our scripts and styles may use: the first script runs anywhere, the rest since Chrome 94.

Newer syntax would not be found out by the Chromium of the tests, which reads all of it.
"""

from __future__ import annotations

import re

import pytest

from server import STATIC
from views.browser.bundle import ASSETS, PLOTLY
from views.browser.shell import PROBE, shell

SCRIPTS = ("components.js", "scene.js", "surroundings.js", "present.js", "order.js", "map.js")
OURS = {path.name: path for path in ASSETS.values() if path.parent.name == "assets"}
# Syntax that ES5 does not have.
NEW_SYNTAX = r"=>|`|\?\?|\?\.|\*\*|\b(let|const|class|async|await|import|export|of)\b(?=[ ({])"
# Later than Chrome 94, by what to call it.
NEW_CALLS = (
    r"structuredClone\(|\.findLast|\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.with\(|withResolvers"
    r"|Object\.groupBy|canParse|AbortSignal\.(any|timeout)|checkVisibility|\.replaceChildren\("
    r"|Array\.fromAsync|\.isWellFormed|\.showPopover|startViewTransition|/v\b\.test"
    r"|\.(union|intersection|difference|isSubsetOf)\("
)
NEW_STYLES = (
    r":has\(|@container|@layer|@property|@scope|@starting-style|\bcolor-mix\(|\blab\(|\boklch\("
    r"|\bsubgrid\b|text-wrap|\d(d|s|l)v[hw]\b|\d(cq|lh|rlh|cap)\b|content-visibility: (?!visible)"
    r"|:popover-open|accent-color|anchor\(|light-dark\("
)


def code(name: str) -> str:
    """A file without its comments and what stands in quotes."""
    text = re.sub(r"/\*.*?\*/", "", OURS[name].read_text("utf8"), flags=re.DOTALL)
    if name.endswith(".css"):
        return text
    text = re.sub(r"(?<![:'\"])//.*", "", text)
    return re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', text)


def nested(styles: str) -> list[str]:
    """Rules within rules, which Chrome reads since 112: only a query may hold rules."""
    found, open_ = [], []
    for head in re.findall(r"[^{}]*[{}]", styles):
        if head.endswith("}"):
            open_.pop()
            continue
        inside = [one for one in open_ if not one.startswith("@")]
        if inside:
            found.append(head.strip())
        open_.append(head.strip())
    return found


def test_every_asset_is_asked() -> None:
    assert set(OURS) == {"boot.js", *SCRIPTS, "paper.css", PLOTLY.name}


def test_the_first_script_runs_in_any_browser() -> None:
    assert not re.findall(NEW_SYNTAX, code("boot.js"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_calls_what_is_newer_than_the_oldest_browser_that_is_let_in(name: str) -> None:
    assert not re.findall(NEW_CALLS, code(name))


def test_no_style_is_newer_than_that_either() -> None:
    assert not re.findall(NEW_STYLES, code("paper.css"))
    assert not nested(code("paper.css"))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (NEW_SYNTAX, "var f = x => x"),
        (NEW_SYNTAX, "const a = 1"),
        (NEW_SYNTAX, "a?.b"),
        (NEW_CALLS, "x.toSorted()"),
        (NEW_STYLES, "a:has(b) {}"),
        (NEW_STYLES, "a { height: 3dvh }"),
    ],
)
def test_the_lists_find_what_they_name(pattern: str, text: str) -> None:
    assert re.search(pattern, text)
    assert nested("a { b { color: red } }") == ["b {"]
    assert not nested("@media print { b { color: red } }")


@pytest.mark.parametrize(("lang", "first"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_in_both_languages_what_to_do(lang: str, first: str) -> None:
    page = shell((STATIC / "index.html").read_text("utf8"), lang)  # type: ignore[arg-type]
    assert f'<html lang="{first}"' in page
    assert page.index(PROBE) < page.index("boot-") < page.index('type="module"')
    [old] = re.findall(r'<div id="too-old">(.*?)</div>', page)
    assert re.findall(r'<p lang="(.*?)">', old)[0] == first
    assert "Chrome 94" in old and "浏览器" in old and "360" in old
    assert re.findall(r'<p lang="(.*?)">', re.findall(r"<noscript>(.*?)</noscript>", page)[0])
