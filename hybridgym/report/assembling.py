"""assets/ → index.html: one file with its styles and scripts in it, which nothing else may run beside.

The policy lets scripts run whose hash it names, and those that these load; nothing is fetched from a network, and
no text becomes markup: `require-trusted-types-for` refuses `innerHTML` and its like.
"""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).with_name("assets")
PAGE, STYLE = "index.html", "page.css"
SCRIPTS = ("loading.js", "elements.js", "plots.js", "overview.js", "table.js", "drawing.js", "task.js", "page.js")
"""In the order in which they run; each may use what stands before it."""
MARK = '<meta name="generator" content="hybridgym report">'
"""By which a report is known that may be replaced."""


@cache
def index_page() -> bytes:
    """Return the page, which shows what the files in data/ hold."""
    style = _read(STYLE)
    scripts = [_read(name) for name in SCRIPTS]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src 'strict-dynamic' {_hashes(scripts)}",
            f"style-src {_hashes([style])}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types data",
        )
    )
    parts = {
        "<!-- policy -->": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        "<!-- generator -->": MARK,
        "<!-- style -->": f"<style>{style}</style>",
        "<!-- scripts -->": "\n".join(f"<script>{script}</script>" for script in scripts),
    }
    page = _read(PAGE)
    for place, part in parts.items():
        page = page.replace(place, part)
    return page.encode()


def _hashes(texts: Iterable[str]) -> str:
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
