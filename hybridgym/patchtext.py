"""Bytes of a patch → file diffs, as written: nothing here knows the tree that they are for."""

import base64
import re
import zlib
from typing import NoReturn

import msgspec

from hybridgym.patchnames import DEV_NULL, read_name
from hybridgym.refusals import MAX_PATCH_FILES, MAX_PATCH_HUNKS, MAX_RESULT_BYTES, refuse, show
from hybridgym.task import REGULAR

_MAX_STRIPPED_LINES = 3
"""Blank context lines that may be missing at the end of a patch that was stripped."""
_MAX_HEADER_BYTES = 5_000

_HUNK_HEADER = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@.*")
_EXTENDED_HEADER = re.compile(
    rb"(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to"
    rb"|similarity index|dissimilarity index|index) (.*)"
)
_IDS = re.compile(rb"([0-9a-f]+)\.\.([0-9a-f]+)(?: ([0-7]+))?")
_BINARY_HEADER = re.compile(rb"(literal|delta) (\d{1,10})")
_TIMESTAMP = re.compile(rb"\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) [+-]\d{4}\s*$")
_EPOCH = re.compile(rb"(?:1970-01-01|1969-12-31) \d\d:\d0:00(?:\.0+)?")
"""The time that `diff -N` gives to a file that is not there, in any time zone."""
_STRAY = re.compile(
    rb"@@@* |diff --(?:cc|combined) |(?:old|new|deleted file|new file) mode \d{6}|index [0-9a-f]+\.\.[0-9a-f]+"
    rb"|(?:dis)?similarity index \d|GIT binary patch$|(?:literal|delta) \d+$|Binary files .* differ$|\*{15}$"
    rb"|(?:rename|copy) from .*\n(?:rename|copy) to |--- .*\n\+\+\+ ",
    re.MULTILINE,
)
"""Lines that only a diff has: between diffs they mean that one of them would be skipped."""


class Hunk(msgspec.Struct, frozen=True):
    """One hunk as it stands in the patch; positions are 1-based."""

    line: int
    old_start: int
    new_start: int
    body: list[tuple[bytes, bytes]]
    """Mark (blank, `-` or `+`) and content of each line, the content with its \\n if it has one."""

    def lines(self, without: bytes, bare: bool) -> list[bytes]:
        """Return the lines of one side: those not marked `without`; `bare` takes the CR of transport away."""
        return [_bare(content) if bare else content for mark, content in self.body if mark != without]

    @property
    def leading(self) -> int:
        """Number of context lines before the first change."""
        return next(index for index, (mark, _) in enumerate(self.body) if mark != b" ")

    @property
    def trailing(self) -> int:
        """Number of context lines after the last change."""
        return next(index for index, (mark, _) in enumerate(reversed(self.body)) if mark != b" ")


class Binary(msgspec.Struct, frozen=True):
    """The new content of a binary file, or what makes it of the old one."""

    delta: bool
    data: bytes


class FileDiff(msgspec.Struct):
    """What a patch says of one file, as written."""

    line: int
    crlf: bool
    """Its header lines end in CRLF: perhaps the whole patch was written so on its way."""
    header: bytes | None = None
    """What follows `diff --git `; None for a plain diff."""
    extended: dict[bytes, bytes] = {}
    old: bytes | None = None
    """The name after `--- `, unquoted."""
    new: bytes | None = None
    hunks: list[Hunk] = []
    binary: Binary | None = None

    @property
    def creates(self) -> bool:
        """Whether there is no file before."""
        return b"new file mode" in self.extended or self.old == DEV_NULL

    @property
    def deletes(self) -> bool:
        """Whether there is no file after."""
        return b"deleted file mode" in self.extended or self.new == DEV_NULL

    @property
    def ids(self) -> tuple[bytes, bytes, bytes | None] | None:
        """Ids of the old and new content and the mode, as the `index` line has them."""
        match = _IDS.fullmatch(self.extended.get(b"index", b""))
        return (match[1], match[2], match[3]) if match else None

    @property
    def moved(self) -> tuple[bytes, bytes] | None:
        """Old and new path of a rename or copy."""
        for word in (b"rename", b"copy"):
            old, new = self.extended.get(word + b" from"), self.extended.get(word + b" to")
            if old is not None and new is not None:
                return read_name(old), read_name(new)
        return None

    @property
    def copies(self) -> bool:
        """Whether the old file stays."""
        return b"copy to" in self.extended


def parse_patch(patch: bytes) -> list[FileDiff]:
    """Return the diffs of a patch in order; what is no diff may stand before, between and after.

    Raises RefusalError where a line of a diff would have to be skipped or a limit is passed.
    """
    return _Parser(patch).parse()


class _Parser:
    """Reads a patch from top to bottom."""

    def __init__(self, patch: bytes) -> None:
        self._lines = patch.split(b"\n")
        if not self._lines[-1]:
            self._lines.pop()
        self._stripped = not patch.endswith(b"\n")
        self._at = self._hunk_count = self._inflated = 0

    def parse(self) -> list[FileDiff]:
        """Return the diffs in order."""
        diffs: list[FileDiff] = []
        after_diff = False
        while self._at < len(self._lines):
            if self._peek().startswith(b"diff --git "):
                diffs.append(self._git_diff())
            elif self._starts_plain_diff():
                diffs.append(self._plain_diff())
            else:
                after_diff = self._skip_text(after_diff)
                continue
            after_diff = True
            if len(diffs) > MAX_PATCH_FILES:
                self._refuse(f"the patch has more than {MAX_PATCH_FILES} files")
        return diffs

    def _refuse(self, reason: str) -> NoReturn:
        refuse(f"patch line {self._at + 1}: {reason}")

    def _peek(self, ahead: int = 0) -> bytes:
        """Return a line without its end, or nothing after the last one."""
        at = self._at + ahead
        return self._lines[at].removesuffix(b"\r") if at < len(self._lines) else b""

    def _skip_text(self, after_diff: bool) -> bool:
        """Step over a line that is no diff; return whether the next one still follows a diff directly."""
        line = self._peek()
        if _STRAY.match(line + b"\n" + self._peek(1)):
            self._refuse(f"{show(line)} belongs to a diff, but no diff that can be read")
        # Blank lines and the mark of a mail's signature do not end a diff: `+x` after them may be a line of it.
        between = not line.strip() or line in (b"--", b"-- ")
        if after_diff and not between and line[:1] in (b" ", b"+", b"-", b"\\") and line != b"---":
            self._refuse(f"{show(line)} stands after the end of the hunk: its header counts fewer lines")
        self._at += 1
        return after_diff and between

    def _starts_plain_diff(self) -> bool:
        return (
            self._peek().startswith(b"--- ")
            and self._peek(1).startswith(b"+++ ")
            and _HUNK_HEADER.fullmatch(self._peek(2)) is not None
        )

    def _git_diff(self) -> FileDiff:
        diff = FileDiff(self._at + 1, self._ends_in_cr(), self._peek().removeprefix(b"diff --git "))
        if len(diff.header or b"") > _MAX_HEADER_BYTES:
            self._refuse("the names are too long")
        self._at += 1
        while match := _EXTENDED_HEADER.fullmatch(re.sub(rb"^rename (?:old|new) ", _rename_word, self._peek())):
            if match[1] in diff.extended:
                self._refuse(f"{show(self._peek())} stands twice in one header")
            diff.extended[match[1]] = match[2]
            self._at += 1
        if self._peek().startswith(b"--- ") and self._peek(1).startswith(b"+++ "):
            self._read_names(diff)
            if not self._peek().startswith(b"@@ "):
                self._refuse(f"expected a hunk, found {show(self._peek())}")
        if self._peek().startswith(b"Binary files "):
            self._refuse("the patch does not hold the content of this binary file (git diff --binary does)")
        if self._peek() == b"GIT binary patch":
            diff.binary = self._binary()
        else:
            diff.hunks = self._hunks(diff.crlf)
        return diff

    def _plain_diff(self) -> FileDiff:
        diff = FileDiff(self._at + 1, self._ends_in_cr())
        old_time, new_time = (_TIMESTAMP.search(self._peek(ahead)) for ahead in (0, 1))
        self._read_names(diff)
        diff.hunks = self._hunks(diff.crlf)
        # `diff -N` names a file that is not there by the name it would have, and dates it to the epoch.
        if old_time and _EPOCH.fullmatch(old_time[1]) and not any(hunk.old_start for hunk in diff.hunks):
            diff.extended[b"new file mode"] = REGULAR.encode()
        elif new_time and _EPOCH.fullmatch(new_time[1]) and not any(hunk.new_start for hunk in diff.hunks):
            diff.extended[b"deleted file mode"] = REGULAR.encode()
        return diff

    def _ends_in_cr(self) -> bool:
        return self._lines[self._at].endswith(b"\r")

    def _read_names(self, diff: FileDiff) -> None:
        names = [self._peek(ahead)[4:] for ahead in (0, 1)]
        if max(map(len, names)) > _MAX_HEADER_BYTES:
            self._refuse("the names are too long")
        if diff.header is None:
            names = [name if name.startswith(b'"') else _TIMESTAMP.sub(b"", name) for name in names]
        diff.old, diff.new = map(read_name, names)
        self._at += 2

    def _hunks(self, crlf: bool) -> list[Hunk]:
        hunks: list[Hunk] = []
        while self._peek().startswith(b"@@ "):
            hunks.append(self._hunk(crlf))
        return hunks

    def _hunk(self, crlf: bool) -> Hunk:
        line = self._at + 1
        self._hunk_count += 1
        if self._hunk_count > MAX_PATCH_HUNKS:
            self._refuse(f"the patch has more than {MAX_PATCH_HUNKS} hunks")
        match = _HUNK_HEADER.fullmatch(self._peek())
        if match is None:
            self._refuse(f"expected the header of a hunk such as @@ -1,4 +1,5 @@, found {show(self._peek())}")
        old_start, old_count, new_start, new_count = (1 if group is None else int(group) for group in match.groups())
        self._at += 1
        body = self._hunk_body(old_count, new_count, crlf)
        if not any(mark != b" " for mark, _ in body):
            self._refuse("the hunk before this line changes nothing")
        for unmarked in (b"+", b"-"):
            side = [content for mark, content in body if mark != unmarked]
            if any(not content.endswith(b"\n") for content in side[:-1]):
                self._refuse("a line without a newline can only be the last one of a file")
        return Hunk(line, old_start, new_start, body)

    def _hunk_body(self, old_left: int, new_left: int, crlf: bool) -> list[tuple[bytes, bytes]]:
        body: list[tuple[bytes, bytes]] = []
        while old_left or new_left:
            if self._at == len(self._lines) and 0 < old_left == new_left <= _MAX_STRIPPED_LINES:
                # Whoever strips a patch takes blank context lines away from its end.
                _restore_carriage_return(body)
                end = b"\r\n" if body and body[-1][1].endswith(b"\r\n") else b"\n"
                return body + [(b" ", end)] * old_left
            if self._marks_missing_newline():
                self._take_newline(body)
                continue
            line = self._lines[self._at] if self._at < len(self._lines) else b"end of the patch"
            mark, content = line[:1], line[1:]
            if not mark or (crlf and line == b"\r"):
                # An editor took the blank of an empty context line away.
                mark, content = b" ", line
            old_left -= mark in b" -"
            new_left -= mark in b" +"
            if mark not in b" -+" or old_left < 0 or new_left < 0:
                self._refuse(f"{show(line)} does not fit the number of lines that the hunk's header counts")
            body.append((mark, content + b"\n"))
            self._at += 1
        if self._marks_missing_newline():
            self._take_newline(body)
        elif self._stripped and self._at == len(self._lines):
            _restore_carriage_return(body)
        return body

    def _marks_missing_newline(self) -> bool:
        # The words after `\ ` depend on the language of the diff program; git asks for this many.
        return self._peek().startswith(b"\\ ") and len(self._peek()) >= 11

    def _take_newline(self, body: list[tuple[bytes, bytes]]) -> None:
        if not body or not body[-1][1].endswith(b"\n"):
            self._refuse(f"{show(self._peek())} does not follow a line")
        mark, content = body[-1]
        body[-1] = mark, content[:-1]
        self._at += 1

    def _binary(self) -> Binary:
        """Read a binary patch; the second part that git writes, which takes it back, must only be well-formed."""
        self._at += 1
        binary = self._binary_part()
        if _BINARY_HEADER.fullmatch(self._peek()):
            self._binary_part()
        return binary

    def _binary_part(self) -> Binary:
        match = _BINARY_HEADER.fullmatch(self._peek())
        if match is None:
            self._refuse(f"expected the size of a binary patch, found {show(self._peek())}")
        self._inflated += int(match[2])
        if self._inflated > MAX_RESULT_BYTES:
            self._refuse(f"the patch holds more than {MAX_RESULT_BYTES} bytes of binary content")
        self._at += 1
        packed = bytearray()
        while text := self._peek():
            packed += self._base85(text)
            self._at += 1
        self._at += 1
        inflater = zlib.decompressobj()
        try:
            data = inflater.decompress(bytes(packed), int(match[2]) + 1)
        except zlib.error as error:
            self._refuse(f"damaged binary patch: {error}")
        if len(data) != int(match[2]) or not inflater.eof:
            self._refuse("the binary patch does not have the size that it states")
        return Binary(match[1] == b"delta", data)

    def _base85(self, text: bytes) -> bytes:
        """Decode one line: a letter for the number of bytes (A to Z are 1 to 26, a to z follow), groups of five."""
        size = text[0] - (64 if text[:1].isupper() else 70)
        try:
            data = base64.b85decode(text[1:])
        except ValueError as error:
            self._refuse(f"damaged binary patch: {error}")
        if not text[:1].isalpha() or len(text) % 5 != 1 or not 0 <= len(data) - size < 4:
            self._refuse("damaged binary patch: a line does not have the length that it states")
        return data[:size]


def _rename_word(match: re.Match[bytes]) -> bytes:
    """Write git's older words for a rename in today's way."""
    return b"rename from " if match[0] == b"rename old " else b"rename to "


def _restore_carriage_return(body: list[tuple[bytes, bytes]]) -> None:
    """Give the last line of a stripped patch back the CR that went with its line end, if all others have it."""
    if len(body) > 1 and all(content.endswith(b"\r\n") for _, content in body[:-1]):
        mark, content = body[-1]
        body[-1] = mark, content.removesuffix(b"\n").removesuffix(b"\r") + b"\r\n"


def _bare(content: bytes) -> bytes:
    """Take the CR away that transport put before the end of a line."""
    return content[:-2] + b"\n" if content.endswith(b"\r\n") else content.removesuffix(b"\r")
