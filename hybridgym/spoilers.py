"""Statement → what it gives away of the answer: names, tests, commits, lines and paths that an agent is to find.

Nothing that the start state has anyway is given away by a line or a name of it. In prose, words that could be plain
English count only where they are written as code.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from hybridgym.languages import language_of
from hybridgym.parsing import names_in, outline_of
from hybridgym.task import LINK, Change, Tree, Value

MIN_LINE: Final = 8
"""Characters of a line of code that tells something; shorter ones are everywhere."""
MIN_PROSE: Final = 6
"""Words of a line of a comment or of a text that tells something."""
MIN_NAME: Final = 3
MIN_HASH: Final = 7

_NAME: Final = re.compile(r"[^\W\d]\w*")
_HASH: Final = re.compile(rf"(?<!\w)[0-9a-fA-F]{{{MIN_HASH},64}}(?!\w)")
_FENCED: Final = re.compile(
    r"^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?P<code>.*?)(?:^[ ]{0,3}(?P=fence)|\Z)", re.M | re.S
)
_INDENTED: Final = re.compile(r"(?:\A|\n[ \t]*\n)(?P<code>(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+)")
_QUOTED: Final = re.compile(r"(?<!`)(?P<ticks>`{1,3})(?!`)(?P<code>[^`]+)(?P=ticks)")
_CALLED: Final = re.compile(r"(?<!\w)[^\W\d]\w*(?=\()|(?<=[\w)\]]\.)[^\W\d]\w*")
_MARKS: Final = " \t#/*;-!<>\"'"
"""What comments and list items begin or end with."""


class Spoiled(StrEnum):
    """What is given away."""

    NAME = "a name that the answer brings in"
    HIDDEN = "a name that is to be found"
    TEST = "a test"
    COMMIT = "a commit"
    LINE = "a line of the answer"
    PATH = "a file that the answer changes"


class Spoiler(Value, frozen=True, kw_only=True):
    """Something that a statement gives away, and the words that do."""

    kind: Spoiled
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Secrets(Value, frozen=True, kw_only=True):
    """What a statement may not give away."""

    gold: tuple[Change, ...] = ()
    """What the answer changes: lines and names that it adds are secret."""
    paths: tuple[str, ...] = ()
    """Of files of which the statement may not say that they change."""
    tests: tuple[str, ...] = ()
    """Ids of the tests that grade: `path::Class::function[parameters]`."""
    commits: tuple[str, ...] = ()
    """Hashes of the commits that have the answer."""
    hidden: tuple[str, ...] = ()
    """What must not be said in any case of its letters, be it plain words."""
    said: tuple[str, ...] = ()
    """Parts of the statement, word for word, that are no secret: what is asked for."""
    public: frozenset[str] = frozenset()
    """Names that may be said though the answer brings them in: what its tests call, for example."""


def spoilers(statement: str, start: Tree, secrets: Secrets) -> tuple[Spoiler, ...]:
    """Return what a statement gives away, sorted by kind and text; `start` is what an agent begins with."""
    text = _Text(_without(statement, secrets.said))
    found = {
        *((Spoiled.HIDDEN, name) for name in secrets.hidden if name and mentions(text.whole, name)),
        *((Spoiled.COMMIT, said) for said in _commits(text, secrets.commits)),
        *((Spoiled.TEST, said) for said in _tests(text, secrets.tests)),
        *((Spoiled.PATH, said) for said in _paths(text, start, secrets.paths)),
        *_brought_in(text, start, secrets),
    }
    return tuple(Spoiler(kind=kind, text=said) for kind, said in sorted(found))


def mentions(text: str, name: str) -> bool:
    """Say whether a text has a name as a whole word, in any case of its letters."""
    return re.search(_as_word(name), text, re.IGNORECASE) is not None


def said_as_code(text: str) -> frozenset[str]:
    """Return the names that a text has; of plain words those that are written as code."""
    return _Text(text).code


def words_of_code(text: str) -> frozenset[str]:
    """Return everything in a text that could be a name."""
    return frozenset(_NAME.findall(text))


class _Text:
    """A statement, taken apart once."""

    def __init__(self, statement: str) -> None:
        self.whole = statement
        self.line = " ".join(statement.split())
        """All of it, with single blanks."""
        fenced = [match["code"] for match in _FENCED.finditer(statement)]
        prose = _FENCED.sub("\n", statement)
        quoted = [match["code"] for marked in (_INDENTED, _QUOTED) for match in marked.finditer(prose)]
        self._words = words_of_code(statement)
        self._code = words_of_code("\n".join([*fenced, *quoted])) | frozenset(_CALLED.findall(prose))
        self._beginnings = {self.line[i : i + MIN_LINE] for i in range(len(self.line) - MIN_LINE + 1)}

    def names(self, name: str) -> bool:
        """Say whether the statement has a name; a plain word is one where it is written as code."""
        return name in (self._code if _is_plain(name) else self._words)

    @property
    def code(self) -> frozenset[str]:
        """All names, as `names` tells them."""
        return self._code | {word for word in self._words if not _is_plain(word)}

    def has(self, phrase: str) -> bool:
        """Say whether the statement has a phrase of MIN_LINE characters or more, at the ends of words."""
        # Nearly no phrase gets further than this, so the time does not grow with their number times the text.
        if len(phrase) < MIN_LINE or phrase[:MIN_LINE] not in self._beginnings:
            return False
        return _has(self.line, phrase)


def _as_word(phrase: str) -> str:
    """Return a pattern of a phrase that does not go on at an end that is a letter."""
    return rf"(?:(?<!\w)|(?!\w)){re.escape(phrase)}(?:(?!\w)|(?<!\w))"


def _has(text: str, phrase: str) -> bool:
    return re.search(_as_word(phrase), text) is not None


def _is_plain(word: str) -> bool:
    """Say whether a word could be one of English."""
    return word.isalpha() and (word.islower() or word.isupper() or word.istitle())


def _without(statement: str, said: Sequence[str]) -> str:
    """Take parts out of a statement, the longest first."""
    parts = sorted({part for part in said if part}, key=lambda part: (-len(part), part))
    return re.sub("|".join(map(_as_word, parts)), " ", statement) if parts else statement


def _commits(text: _Text, commits: Sequence[str]) -> Iterator[str]:
    for word in _HASH.findall(text.whole):
        if any(commit.startswith(word.lower()) for commit in commits):
            yield word


def _tests(text: _Text, tests: Sequence[str]) -> Iterator[str]:
    paths, names = set(), set()
    for test in tests:
        path, *parts = test.partition("[")[0].split("::")
        file = path.rpartition("/")[2]
        stem = file.rpartition(".")[0]
        paths |= {path, file}
        names.update([*parts, stem] if "test" in stem.lower() else parts)
    yield from (said for said in (names | paths) - {""} if _says(text, said))


def _paths(text: _Text, start: Tree, paths: Sequence[str]) -> Iterator[str]:
    """Yield the paths that are said; the name is enough of a file whose name no other has."""
    said = [path for path in paths if _says(text, path.rpartition("/")[2])]
    names = Counter(path.rpartition("/")[2] for path in {*start, *paths}) if said else Counter()
    for path in said:
        if names[path.rpartition("/")[2]] == 1:
            yield path
        elif "/" in path:
            if _says(text, path):
                yield path
        elif re.search(rf"(?<![\w/]){re.escape(path)}(?!\w)", text.whole):  # other files end in it too
            yield path


def _says(text: _Text, path: str) -> bool:
    """Say whether a text has a path, or a name, which may be a plain word."""
    return text.names(path) if _NAME.fullmatch(path) else _has(text.whole, path)


def _brought_in(text: _Text, start: Tree, secrets: Secrets) -> Iterator[tuple[Spoiled, str]]:
    """Yield the lines and names of the answer that the statement has and the start state has not."""
    lines: dict[str, bytes] = {}
    names: set[str] = set()
    for change in secrets.gold:
        for raw, said, row_names in _added(change, text):
            if said:
                lines[said] = raw
            names |= row_names
    yield from ((Spoiled.LINE, said) for said, raw in lines.items() if not _stands_in(start, raw))
    for name in names - secrets.public:
        if not _stands_in(start, name.encode(), rb"(?<!\w)%b(?!\w)" % re.escape(name.encode())):
            yield Spoiled.NAME, name


def _added(change: Change, text: _Text) -> Iterator[tuple[bytes, str, set[str]]]:
    """Yield of the lines that a change adds: as they are, what of them a text has (or nothing), names that it has."""
    before, after = change.before, change.after
    if after is None or after.mode == LINK or b"\0" in after.data:
        return
    old = {line.strip() for line in before.data.splitlines()} if before is not None else set()
    rows = []
    for row, raw in enumerate(line.strip() for line in after.data.split(b"\n")):
        if raw in old:
            continue
        line = " ".join(raw.decode(errors="replace").split())
        words = {word for word in _NAME.findall(line) if len(word) >= MIN_NAME and text.names(word)}
        is_said, is_said_as_prose = text.has(line), text.has(line.strip(_MARKS))
        if words or is_said or is_said_as_prose:
            rows.append((row, raw, line if is_said else "", line.strip(_MARKS) if is_said_as_prose else "", words))
    if not rows:
        return  # most files need not be parsed
    language = language_of(change.path)
    names = names_in(language.name, after.data) if language else {}
    for row, raw, line, prose, words in rows:
        if row in names:
            yield raw, line, words & names[row]
        elif len(prose.split()) >= MIN_PROSE and (
            language is None or row in outline_of(language.name, after.data).comment_rows
        ):
            yield raw, prose, set()


def _stands_in(start: Tree, words: bytes, pattern: bytes = b"") -> bool:
    """Say whether a file of the start state has some words, as the pattern says."""
    for file in start.values():
        if file.mode != LINK and words in file.data and (not pattern or re.search(pattern, file.data)):
            return True
    return False
