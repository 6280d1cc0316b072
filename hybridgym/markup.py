"""The markup that documentation comments have in one language and not in others, taken out of them."""

import html
import re
from collections.abc import Callable

CUT = "\0"
"""Stands where prose ends."""
INLINE_TAG = r"\{@(?P<tag>\w+)\b\s*(?P<said>(?:[^{}]++|\{[^{}]*+\})*+)\}"
LITERAL = r"(?P<literal>`[^`]*`)"
BLOCK = r"(?P<block></?(?:pre|[uod]l|li|table|h[1-6]|blockquote|hr)\b[^<>]*>)"
BREAK = r"(?P<break></?(?:p|br|div)\b[^<>]*>)"
PLAIN_TAG = r"</?(?:a|abbr|b|big|cite|code|em|font|i|kbd|s|samp|small|span|strong|sub|sup|tt|u|var)\b[^<>]*>"
ENTITY = r"(?P<entity>&#?\w+;)"
HTML = re.compile(f"(?i){INLINE_TAG}|{LITERAL}|{BLOCK}|{BREAK}|{PLAIN_TAG}|{ENTITY}")
LINK_TARGET = re.compile(r"(?P<target>[^\s|(]+(?:\([^()]*\))?)[\s|]*(?P<label>.*)", re.DOTALL)
LINKS = frozenset({"link", "linkplain", "linkcode", "see"})
SAID = frozenset({"code", "literal", "summary", "value", "index"})
"""Inline tags that stand for what is in them."""
DESCRIPTION = re.compile(r"\A(?:\s*@\w+[^\n]*\n)*?\s*@(?:description|desc|summary|classdesc)\b[ \t]*\n?")

LINK_DEFINITION = re.compile(r"(?m)^[ \t]*\[[^\[\]\n]+\]:[ \t]*\S.*$")
RUST_LINK = re.compile(r"(?<![\w)\]])\[(?:\w+@)?([^\[\]^][^\[\]]*)\](?:\[[^\[\]]*\]|\([^()]*\))?")
RUST_LITERAL_LINK = re.compile(r"(?<=\[`)\w+@")
RUST_PATH = re.compile(r"(?<=[\w>])::(?=[\w<])")
GO_LINK = re.compile(r"\[\*?([A-Za-z][\w./]*)\]")
GO_END = re.compile(r"(?m)^(?:Deprecated:|BUG\(|TODO\b|FIXME\b|\t|  )")


def plain_of(documentation: str, markup: str) -> str:
    """Return documentation without the markup of a language; an unknown one leaves it as it is."""
    cleaner = CLEANERS.get(markup)
    return documentation if cleaner is None else cleaner(documentation)


def _without_html(text: str) -> str:
    return HTML.sub(_html_replacement, text).partition(CUT)[0]


def _html_replacement(match: re.Match[str]) -> str:
    if match["tag"]:
        return _inline_text(match["tag"].lower(), match["said"])
    if match["entity"]:
        return html.unescape(match["entity"])
    return match["literal"] or (CUT if match["block"] else "\n\n" if match["break"] else "")


def _inline_text(tag: str, said: str) -> str:
    """Return what an inline tag stands for: a link for its label, or for what it points to."""
    if tag in SAID:
        return said.strip()
    link = LINK_TARGET.match(said.strip()) if tag in LINKS else None
    if link is None:
        return CUT if tag == "snippet" else ""
    name = link["target"].partition("(")[0].replace("#", ".").replace("~", ".").strip(".")
    return link["label"].strip() or name


def _javadoc(documentation: str) -> str:
    return "\n".join(line.strip() for line in _without_html(documentation).split("\n"))


def _jsdoc(documentation: str) -> str:
    return _without_html(DESCRIPTION.sub("", documentation))


def _rustdoc(documentation: str) -> str:
    text = RUST_LITERAL_LINK.sub("", LINK_DEFINITION.sub("", documentation))
    return RUST_PATH.sub(".", RUST_LINK.sub(r"\1", text))


def _godoc(documentation: str) -> str:
    text = LINK_DEFINITION.sub("", documentation)
    end = GO_END.search(text)
    return GO_LINK.sub(r"\1", text[: end.start()] if end else text)


CLEANERS: dict[str, Callable[[str], str]] = {
    "godoc": _godoc,
    "javadoc": _javadoc,
    "jsdoc": _jsdoc,
    "rustdoc": _rustdoc,
}
