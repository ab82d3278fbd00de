"""The page that a browser loads first: Streamlit's own, with what must be there before it runs.

Our styles stand in its head, so that nothing is drawn without them and then moved, and a small
script that runs in any browser; it says so where the browser is too old for the rest.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from glossary import Lang, term
from views.browser.bundle import BOOT_URL, STYLE_URL

# The newest syntax that Streamlit's bundles use, Chrome 94: a browser that cannot read it sets
# nothing, for it drops the whole script.
PROBE = "class Probe { static { window.taizhangModern = true } }"
_LANGS: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}


@cache
def shell(index: str, lang: Lang) -> str:
    """Streamlit's ``index`` page as the program sends it, in a language."""
    head = f'<link rel="stylesheet" href="{STYLE_URL}"><script>{PROBE}</script>' + (
        f'<script src="{BOOT_URL}"></script>'
    )
    scripts = _words("no_scripts", lang)
    body = f'<p id="opening">{escape(term("opening", lang))}</p>' + (
        f'<div id="too-old">{_words("browser_old", lang)}</div>'
    )
    page = re.sub(r"<!--.*?-->", "", index, flags=re.DOTALL).lstrip()
    page = page.replace('<html lang="en">', f'<html lang="{_LANGS[lang]}">', 1)
    page = re.sub(
        r"<title>.*?</title>", f"<title>{escape(term('app_title', lang))}</title>", page, count=1
    )
    page = page.replace("<script", f"{head}<script", 1)
    return re.sub(
        r"<noscript>.*?</noscript>", f"<noscript>{scripts}</noscript>{body}", page, flags=re.DOTALL
    )


def _words(key: str, lang: Lang) -> str:
    """A term in the page's language first, then in the other."""
    both = sorted(_LANGS, key=lambda other: other != lang)
    return "".join(f'<p lang="{_LANGS[each]}">{escape(term(key, each))}</p>' for each in both)
