"""The page that a browser loads first: Streamlit's own, with what must be there before it runs.

Our styles stand in its head, so that nothing is drawn without them and then moved, and a small
script that runs in any browser; it says so where the browser is too old for the rest.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from glossary import LANGUAGES, Lang, term
from views.browser.bundle import BOOT_URL, STYLE_URL
from views.browser.components import TAGS
from views.context.address import base

# The newest syntax that Streamlit's bundles use, Chrome 94: a browser that cannot read it sets
# nothing, for it drops the whole script.
PROBE = "class Probe { static { window.taizhangModern = true } }"


@cache
def shell(index: str, lang: Lang) -> str:
    """Streamlit's ``index`` page as the program sends it, in a language."""
    style, boot = f"{base()}{STYLE_URL}", f"{base()}{BOOT_URL}"
    head = f'<link rel="stylesheet" href="{style}"><script>{PROBE}</script>' + (
        f'<script src="{boot}"></script>'
    )
    body = f'<p id="opening">{escape(term("opening", lang))}</p>' + (
        f'<div id="too-old">{_words("browser_old", lang)}</div>'
    )
    page = re.sub(r"<!--.*?-->", "", index, flags=re.DOTALL).lstrip()
    page = page.replace('<html lang="en"', f'<html lang="{TAGS[lang]}"', 1)
    title = f"<title>{escape(term('app_title', lang))}</title>"
    page = page.replace("<title>Streamlit</title>", title, 1)
    page = page.replace("<script", f"{head}<script", 1)
    scripts = f"<noscript>{_words('needs_scripts', lang)}</noscript>"
    return re.sub(r"<noscript>.*?</noscript>", scripts + body, page, flags=re.DOTALL)


def _words(key: str, lang: Lang) -> str:
    """A term in the page's language first, then in the other."""
    both = sorted(LANGUAGES, key=lambda other: other != lang)
    return "".join(f'<p lang="{TAGS[each]}">{escape(term(key, each))}</p>' for each in both)
