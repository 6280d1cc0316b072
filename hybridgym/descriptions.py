"""Documentation → a description that does not say the name: prose without markup, identifiers masked."""

import re
from collections.abc import Iterable

from hybridgym.markup import plain_of

MASK = "[…]"
"""Stands for a name that is left out; the statement says so."""
MAX_WORDS = 70
MIN_CONTENT_WORDS = 6
"""Fewer words with a meaning of their own cannot single out a definition."""

HEADER = re.compile(
    r"(parameters?|params|args|arguments|keyword arguments|keywords?|other parameters|returns?|yields?|raises|"
    r"examples?|usage|notes?|see also|references|attributes|members|methods|warnings?|warns|todo|type parameters|"
    r"requires|version(added|changed)|deprecated|seealso)\s*:*\s*",
    re.IGNORECASE,
)
FIELD = re.compile(r"\s*(:\w[\w \t*.,\[\]]*:|@\w+|\.\. |>>>|```|~~~|\||#|[-=~^\"'`*+]{3,}\s*$)")
BULLET = re.compile(r"\s*([-*+•]|\d+[.)]|\(\w\))\s+")
ROLE = re.compile(r":[\w:+.-]+:`~?([^`<]*?)(?:\s*<[^`>]*>)?`(?:_{1,2})?")
LITERAL = re.compile(r"(`{1,2})([^`]*)\1_{0,2}")
EPYDOC = re.compile(r"\b[A-Z]\{([^{}]*)\}")
EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])")
NAMED_LINK = re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{0,2}|\[([^\[\]]+)\]\([^()\s]*\)")
LINK = re.compile(r"<?\b(?:(?:https?|ftp)://|www\.)[^\s<>]*[^\s<>.,:;!?)]>?")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[`\"(])")
STOP_WORDS = frozenset(
    """a an and any are as at be been but by can do does each for from given has have how if in into is it its like
    may more no not of on one only or other over return returns should so some such than that the their them then
    there these they this those to up used uses using value values was what when where whether which while will
    with you your we our method function class object instance""".split()
)


def prose_of(documentation: str, markup: str = "") -> str:
    """Return what documentation says in sentences: its paragraphs before any section, list or example.

    `markup` is the language's own (`Language.markup`), besides what all of them have.
    """
    kept: list[str] = []
    for paragraph in _paragraphs(plain_of(documentation, markup)):
        lines = paragraph.split("\n")
        if HEADER.fullmatch(lines[0]) or FIELD.match(lines[0]) or BULLET.match(lines[0]):
            break
        prose = []
        for line in lines:
            if FIELD.match(line) or BULLET.match(line) or HEADER.fullmatch(line.strip()):
                break
            prose.append(line.strip())
        kept.append(" ".join(prose))
        if len(prose) < len(lines) or sum(len(k.split()) for k in kept) >= MAX_WORDS:
            break
    return _shortened(_without_markup(" ".join(kept)))


def masked(prose: str, name: str, around: Iterable[str] = ()) -> str:
    """Replace every mention of a name, in any case, called or inflected, by a mark.

    The names `around` it (its class, its module) are replaced only as they are written: a class `Context`
    does not take the word "context" away.
    """
    for other in sorted({n for n in around if n}, key=lambda n: (-len(n), n)):
        prose = re.sub(rf"(?<!\w){re.escape(other)}(?:\(\))?(?!\w)", MASK, prose)
    ending = r"(?:e?s|e?d|ing|\(\))?" if name.isalpha() and len(name) > 2 else r"(?:\(\))?"
    prose = re.sub(rf"(?<!\w){re.escape(name)}{ending}(?!\w)", MASK, prose, flags=re.IGNORECASE)
    if name.isalpha() and name.endswith("e") and len(name) > 3:
        prose = re.sub(rf"(?<!\w){re.escape(name[:-1])}ing(?!\w)", MASK, prose, flags=re.IGNORECASE)
    return re.sub(rf"(?:[\w.]*\.)?{re.escape(MASK)}(?:\.[\w]+)*(?:\(\))?", MASK, prose)


def content_words(description: str) -> list[str]:
    """Return the different words of a description that mean something by themselves."""
    found = re.findall(r"[^\W\d_]{3,}", description.lower())
    return sorted({w for w in found if w not in STOP_WORDS})


def _paragraphs(documentation: str) -> list[str]:
    lines = documentation.expandtabs().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    margins = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    margin = min(margins, default=0)
    text = "\n".join([lines[0].strip(), *(line[margin:].rstrip() for line in lines[1:])]).strip("\n")
    paragraphs = [p.strip("\n") for p in re.split(r"\n\s*\n", text) if p.strip()]
    # what is indented belongs to an example or a list above it
    first_indented = next((i for i, p in enumerate(paragraphs) if i and p.startswith((" ", "\t"))), len(paragraphs))
    return paragraphs[:first_indented]


def _without_markup(text: str) -> str:
    text = ROLE.sub(r"\1", text)
    text = NAMED_LINK.sub(lambda match: match[1] or match[2], text)
    text = LITERAL.sub(r"\2", text)
    text = EPYDOC.sub(r"\1", text)
    text = EMPHASIS.sub(r"\2", text)
    text = LINK.sub("", text)
    text = text.replace("::", ":")
    return " ".join(text.split())


def _shortened(text: str) -> str:
    """Return whole sentences up to a number of words, at least one."""
    kept: list[str] = []
    for sentence in SENTENCE_END.split(text):
        if kept and sum(len(k.split()) for k in kept) + len(sentence.split()) > MAX_WORDS:
            break
        kept.append(sentence)
    shortened = " ".join(kept).strip().rstrip(":,;")
    return shortened + "." if shortened and shortened[-1] not in ".!?" else shortened
