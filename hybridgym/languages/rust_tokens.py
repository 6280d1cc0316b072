"""Calls in the arguments of Rust's macros, which a grammar sees as tokens only.

Macros that take plain expressions are read as if they were functions. Where the tokens hold what is more than
expressions (patterns, statements), one reference `?` stands for whatever is called there.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hybridgym.languages.reading import SyntaxNode
from hybridgym.languages.rust_paths import LITERALS, MACRO_TYPES, NAMES, NUMBER_TYPE, Paths, trailed

PLAIN_MACROS = frozenset(
    """assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne dbg eprint eprintln format format_args
    matches panic print println todo try unimplemented unreachable vec write writeln addr_of addr_of_mut
    trace debug info warn error log anyhow bail ensure""".split()
)
"""Macros whose arguments are expressions; `matches` begins with one."""
SILENT_MACROS = frozenset(
    """cfg column compile_error concat env file include_bytes include_str line module_path option_env stringify
    is_x86_feature_detected is_aarch64_feature_detected""".split()
)
"""Macros whose arguments are not run."""
STATEMENT_TOKENS = frozenset({"=>", "let", "for", "fn", "struct", "enum", "impl", "trait", "mod", "use", "type"})
"""Tokens after which names are patterns, types or definitions."""
STATEMENT = re.compile(rb"=>|\b(?:let|for|fn|struct|enum|impl|trait|mod|use|type)\b")
"""What one of them is written as; also in a string."""
OPENING = re.compile(rb"[(\[{]")
MAX_DEPTH = 40


class Found(NamedTuple):
    """One call or macro."""

    path: str
    start: SyntaxNode
    end: SyntaxNode


class Tokens:
    """Reads the token trees of one file."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    def calls(self, macro: str, tree: SyntaxNode) -> list[Found]:
        """Return what is called in the arguments of a macro."""
        text = tree.text or b""
        if macro not in PLAIN_MACROS or not (b"(" in text[1:] or b"!" in text):
            return []
        tokens = _inside(tree)
        guard: Sequence[SyntaxNode] = ()
        if macro == "matches":
            comma = next((n for n, t in enumerate(tokens) if t.type == ","), len(tokens))
            tokens, guard = tokens[:comma], tokens[comma:]
        hidden = [Found("?", tree, tree)]
        may_have = STATEMENT.search(text) is not None or len(OPENING.findall(text)) > MAX_DEPTH
        if any(t.type == "if" for t in guard) or (may_have and self._has_statements(tokens, 0)):
            return hidden if self._may_call(tree, 0) else []
        bound = self._closure_names(tokens, 0) if b"|" in text else set[str]()
        return list(self._expressions(tokens, bound, 0))

    def _has_statements(self, tokens: Sequence[SyntaxNode], depth: int) -> bool:
        return depth > MAX_DEPTH or any(
            t.type in STATEMENT_TOKENS or (t.type == "token_tree" and self._has_statements(_inside(t), depth + 1))
            for t in tokens
        )

    def _may_call(self, tree: SyntaxNode, depth: int) -> bool:
        tokens = _inside(tree)
        return depth > MAX_DEPTH or any(
            t.type == "token_tree" and (n > 0 or self._may_call(t, depth + 1)) for n, t in enumerate(tokens)
        )

    def _closure_names(self, tokens: Sequence[SyntaxNode], depth: int) -> set[str]:
        """Return the names that closures among tokens bind: their values are unknown everywhere in the macro."""
        found: set[str] = set()
        if depth > MAX_DEPTH:
            return found
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "|" and _begins_operand(tokens, place):
                end = next((n for n in range(place + 1, len(tokens)) if tokens[n].type == "|"), place)
                for parameter in tokens[place + 1 : end]:
                    found.update(self._names(parameter, depth + 1))
                place = max(end, place)
            elif token.type == "token_tree":
                found |= self._closure_names(_inside(token), depth + 1)
            place += 1
        return found

    def _names(self, token: SyntaxNode, depth: int) -> Iterator[str]:
        if token.type == "identifier":
            yield self._paths.name(token)
        elif token.type == "token_tree" and depth < MAX_DEPTH:
            for child in token.children:
                yield from self._names(child, depth + 1)

    def _expressions(self, tokens: Sequence[SyntaxNode], bound: set[str], depth: int) -> Iterator[Found]:
        if depth > MAX_DEPTH:
            return
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "|" and _begins_operand(tokens, place):
                place = next((n for n in range(place + 1, len(tokens)) if tokens[n].type == "|"), place) + 1
            elif token.type == "as":
                place = _after_type(tokens, place + 1)
            elif token.type in NAMES or token.type in LITERALS or token.type == "token_tree":
                chain = Chain(self._paths, tokens, place, bound)
                place = chain.read()
                yield from chain.found
                for inner in chain.trees:
                    yield from self._expressions(_inside(inner), bound, depth + 1)
                for macro, inner in chain.macros:
                    yield from self.calls(macro, inner)
            else:
                place += 1


class Chain:
    """One operand with all that follows it: `a::b(…)?.c[…].d(…)`."""

    def __init__(self, paths: Paths, tokens: Sequence[SyntaxNode], place: int, bound: set[str]) -> None:
        self._paths = paths
        self._tokens = tokens
        self._first = place
        self._bound = bound
        self.found: list[Found] = []
        self.trees: list[SyntaxNode] = []
        """Trees whose content is more expressions."""
        self.macros: list[tuple[str, SyntaxNode]] = []

    def read(self) -> int:
        """Read the chain; return the place behind it."""
        path, place = self._operand()
        while place < len(self._tokens):
            kind = self._kind(place)
            if kind == "?":
                path, place = trailed(path, "!"), place + 1
            elif kind == "token_tree":
                path, place = self._tree(path, place)
            elif kind == "." and place + 1 < len(self._tokens):
                path, place = self._member(path, place + 1)
            else:
                break
        return place

    def _operand(self) -> tuple[str, int]:
        token, place = self._tokens[self._first], self._first + 1
        if token.type == "token_tree":
            self.trees.append(token)
            return "?", place
        if token.type in LITERALS:
            text = self._paths.text(token)
            number = NUMBER_TYPE.fullmatch(text) if text[:1].isdigit() else None
            is_bytes = text.startswith("b")
            return f"<{number[1]}>" if number else ("<[u8]>" if is_bytes else LITERALS[token.type]), place
        path = self._paths.name(token)
        is_local = path in self._bound
        if self._first and self._kind(self._first - 1) == "::":
            path = "$::" + path
        while self._kind(place) == "::" and place + 1 < len(self._tokens):
            if self._kind(place + 1) == "<":
                place = _after_arguments(self._tokens, place + 1)
            elif self._kind(place + 1) in NAMES:
                path, place, is_local = f"{path}::{self._paths.name(self._tokens[place + 1])}", place + 2, False
            else:
                break
        if self._kind(place) == "!" and self._kind(place + 1) == "token_tree":
            return self._macro(path, place + 1)
        return "?" if is_local else path, place

    def _macro(self, path: str, place: int) -> tuple[str, int]:
        tree, name = self._tokens[place], path.rpartition("::")[2]
        self.found.append(Found(path + "!", self._tokens[self._first], tree))
        self.macros.append((name, tree))
        return MACRO_TYPES.get(name, "?"), place + 1

    def _member(self, path: str, place: int) -> tuple[str, int]:
        token = self._tokens[place]
        if token.type == "await":
            return trailed(path, "@"), place + 1
        if token.type == "float_literal":  # `a.0.1` is read as `a`, `.`, `0.1`
            return "?", place + 1
        name, place = self._paths.name(token), place + 1
        if token.type == "integer_literal" and self._kind(place) == "token_tree":
            return "?", place  # what a field holds is called
        if self._kind(place) == "::" and self._kind(place + 1) == "<":
            place = _after_arguments(self._tokens, place + 1)
        return trailed(path, "." + name), place

    def _tree(self, path: str, place: int) -> tuple[str, int]:
        tree = self._tokens[place]
        self.trees.append(tree)
        opening = tree.children[0].type if tree.children else ""
        if opening == "[":
            return trailed(path, "[]"), place + 1
        if opening == "(":
            self.found.append(Found(path, self._tokens[self._first], tree))
            return trailed(path, "()"), place + 1
        return f"<{path}>" if path not in ("", "?") and "." not in path else "?", place + 1

    def _kind(self, place: int) -> str:
        return self._tokens[place].type if 0 <= place < len(self._tokens) else ""


def _inside(tree: SyntaxNode) -> list[SyntaxNode]:
    """Return the tokens between the brackets of a tree."""
    return [c for c in tree.children[1:-1] if not c.is_extra]


def _begins_operand(tokens: Sequence[SyntaxNode], place: int) -> bool:
    """Say whether an operand is expected at a place, so that `|` begins a closure."""
    before = tokens[place - 1].type if place else ","
    return before in (",", ";", "=", "move", "=>", "return", "&", "&&", "||", ":", "else")


def _after_arguments(tokens: Sequence[SyntaxNode], place: int) -> int:
    """Return the place behind the `<…>` that begins at a place."""
    depth = 0
    while place < len(tokens):
        kind = tokens[place].type
        depth += {"<": 1, "<<": 2, ">": -1, ">>": -2}.get(kind, 0)
        place += 1
        if depth <= 0:
            break
    return place


def _after_type(tokens: Sequence[SyntaxNode], place: int) -> int:
    """Return the place behind the simple type that begins at a place."""
    while place < len(tokens):
        kind = tokens[place].type
        if kind == "<":
            place = _after_arguments(tokens, place)
        elif kind in NAMES or kind in ("::", "*", "&", "const", "mut"):
            place += 1
        else:
            break
    return place
