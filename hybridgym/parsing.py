"""Bytes → syntax tree → FileFacts, by tree-sitter. The only importer of tree_sitter.

The language's query names what matters in a file (`languages/<name>.scm`), the language's reader
says what a named node means, and nesting comes from span containment: nothing here knows a grammar.
"""

import re
from bisect import bisect_right
from collections import Counter
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

from msgspec.structs import replace
from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Query, QueryCursor, Tree

from hybridgym.facts import Binding, BindingKind, Definition, FileFacts, Kind, Scope, ScopeKind
from hybridgym.languages import language_named
from hybridgym.languages.base import Language
from hybridgym.languages.readers import READERS
from hybridgym.languages.reading import Outline, RawDefinition, last_row

GENERATED = re.compile(rb"(?i)\b(auto[- ]?generated|generated (by|from|with|using)|do not (edit|modify)|@generated)\b")
"""What generators write at the top of their files."""

BLANKED = re.compile(rb"[^\n]")

__all__ = ["Node", "Tree", "parse_file", "syntax_tree"]


@cache
def grammar(language: str) -> Grammar:
    """Return the loaded grammar of a language."""
    return Grammar(language_named(language).grammar())


@cache
def parser(language: str) -> Parser:
    """Return this process's parser of a language."""
    return Parser(grammar(language))


@cache
def facts_query(language: str) -> Query:
    """Return the compiled query of a language."""
    return Query(grammar(language), language_named(language).query())


@cache
def outline_query(language: str) -> Query:
    """Return the part of a language's query that finds definitions."""
    text = language_named(language).query()
    query = Query(grammar(language), text)
    starts = [query.start_byte_for_pattern(i) for i in range(query.pattern_count)] + [len(text.encode())]
    for i in range(query.pattern_count):
        if b"@definition." not in text.encode()[starts[i] : starts[i + 1]]:
            query.disable_pattern(i)
    return query


@cache
def layout_query(language: str) -> Query:
    """Return the query that finds comments and the tokens in which line breaks count."""
    named = language_named(language)
    patterns = [f"({t}) @comment" for t in sorted(named.comment_nodes)]
    patterns += [f"({t}) @verbatim" for t in sorted(named.verbatim_nodes)]
    return Query(grammar(language), "\n".join(patterns))


@cache
def names_query(language: str) -> Query:
    """Return the query that finds identifiers, of whatever they are."""
    known = grammar(language)
    named = (n for n in range(known.node_kind_count) if known.node_kind_is_named(n) and known.node_kind_is_visible(n))
    kinds = {known.node_kind_for_id(n) or "" for n in named}
    return Query(known, "\n".join(f"({kind}) @name" for kind in sorted(kinds) if "identifier" in kind))


def captured(query: Query, root: Node) -> dict[str, list[Node]]:
    """Return the nodes that a query captures by name, in file order: tree-sitter gives them in none."""
    found = QueryCursor(query).captures(root)
    return {name: sorted(nodes, key=lambda n: (n.start_byte, -n.end_byte)) for name, nodes in found.items()}


def syntax_tree(language: str, data: bytes) -> Tree:
    """Parse a file; syntax errors are nodes of the tree."""
    return parser(language).parse(data)


def syntax_tree_after(language: str, before: bytes, tree: Tree, after: bytes) -> Tree:
    """Parse a file that differs from one whose tree is known; what lies around the difference is not parsed again."""
    start = common_length(before, after)
    behind = common_length(before[start:][::-1], after[start:][::-1])
    old_end, new_end = len(before) - behind, len(after) - behind
    known = tree.copy()
    known.edit(start, old_end, new_end, _point(before, start), _point(before, old_end), _point(after, new_end))
    return parser(language).parse(after, known)


def common_length(a: bytes, b: bytes) -> int:
    """Return how many bytes two texts begin with in common."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[low:middle] == b[low:middle] else (low, middle - 1)
    return low


def _point(data: bytes, position: int) -> tuple[int, int]:
    """Return row and column of a byte."""
    return data.count(b"\n", 0, position), position - (data.rfind(b"\n", 0, position) + 1)


class FileOutline(NamedTuple):
    """What stands where in a file, for those who only add comment lines to it."""

    definitions: tuple[Definition, ...]
    first_in_row: dict[int, int]
    """Row → number of the definition that the row begins with; those that share it are not counted."""
    comment_rows: frozenset[int]
    """Rows that hold comments and nothing else."""
    closed_rows: frozenset[int]
    """Rows above which a new line would become part of something: a string, a continued line, a block of metadata."""
    has_error: bool


@lru_cache(maxsize=256)
def outline_of(language: str, data: bytes) -> FileOutline:
    """Return the outline of a file, which has to be UTF-8; many submissions are checked against one start state."""
    root = syntax_tree(language, data).root_node
    outline = READERS[language]().outline(data, captured(outline_query(language), root))
    layout = captured(layout_query(language), root)
    comments = layout.get("comment", [])
    spanning = [*comments, *layout.get("verbatim", [])]
    closed = {row for n in spanning for row in range(n.start_point[0] + 1, last_row(n) + 1)}
    commented = {row for n in comments for row in range(n.start_point[0], last_row(n) + 1)}
    lines = _without(data, comments).split(b"\n")
    closed |= {r + 1 for r, line in enumerate(lines) if line.rstrip(b"\r").endswith(b"\\")}
    block = language_named(language).metadata_block
    for found in block.finditer(data) if block is not None else ():
        first = data.count(b"\n", 0, found.start())
        closed.update(range(first + 1, first + 1 + found[0].count(b"\n")))
    comment_rows = frozenset(row for row in commented if not lines[row].strip(b" \t\r"))
    reader = language_named(language).comment_reader
    for found in reader.finditer(data) if reader is not None else ():
        row = data.count(b"\n", 0, found.start())
        closed.update([row, *takewhile(comment_rows.__contains__, range(row - 1, -1, -1))])
    definitions = Nesting(outline, len(data)).definitions
    first_in_row = {
        d.first_row: number
        for number, d in reversed(list(enumerate(definitions)))
        if not data[data.rfind(b"\n", 0, d.start) + 1 : d.start].strip(b" \t")
    }
    return FileOutline(
        definitions=definitions,
        first_in_row=first_in_row,
        comment_rows=comment_rows,
        closed_rows=frozenset(closed),
        has_error=root.has_error,
    )


def names_in(language: str, data: bytes) -> dict[int, set[str]]:
    """Return the identifiers of each row that has some; comments and strings have none."""
    found: dict[int, set[str]] = {}
    for node in captured(names_query(language), syntax_tree(language, data).root_node).get("name", []):
        if not node.named_child_count:  # otherwise it is several with dots between them
            found.setdefault(node.start_point[0], set()).add((node.text or b"").decode(errors="replace").lstrip("#"))
    return found


def _without(data: bytes, nodes: list[Node]) -> bytes:
    """Return a file with blanks for what nodes hold, line by line; they are in file order and do not overlap."""
    pieces, position = [], 0
    for node in nodes:
        end = node.start_byte + len((node.text or b"").rstrip(b"\r\n"))
        pieces += [data[position : node.start_byte], BLANKED.sub(b" ", data[node.start_byte : end])]
        position = end
    return b"".join([*pieces, data[position:]])


def parse_file(language: type[Language], data: bytes) -> FileFacts:
    """Return the facts of one file, which has to be UTF-8."""
    root = syntax_tree(language.name, data).root_node
    captures = captured(facts_query(language.name), root)
    reader = READERS[language.name]()
    nesting = Nesting(reader.outline(data, captures), len(data))
    content = reader.content(data, captures, nesting)
    bindings = nesting.own_bindings()
    bindings += content.bindings
    for index, imported in enumerate(content.imports):
        conditional = nesting.is_conditional(imported.position, imported.scope)
        bindings.append(
            Binding(
                imported.alias,
                imported.scope,
                BindingKind.IMPORT,
                imported.position,
                index=index,
                conditional=conditional,
            )
        )
    return FileFacts(
        language=language.name,
        definitions=nesting.definitions,
        scopes=nesting.scopes,
        bindings=tuple(nesting.redirected(bindings, content.outer_names)),
        imports=tuple(content.imports),
        stores=tuple(content.stores),
        references=tuple(sorted(content.references, key=lambda r: (r.start, -r.end))),
        returns=tuple(content.returns),
        loops=tuple(content.loops),
        exports=content.exports,
        dynamic_names=tuple(sorted(content.dynamic_names)),
        version=content.version,
        flags=tuple(sorted({*content.flags, *_file_flags(root, data)})),
        narrowings=tuple(content.narrowings),
    )


def _file_flags(root: Node, data: bytes) -> list[str]:
    flags = ["error"] if root.has_error else []
    if GENERATED.search(data, 0, 2000):
        flags.append("generated")
    return flags


class Nesting:
    """Definitions and scopes of a file, nested by containment of their spans."""

    def __init__(self, outline: Outline, size: int) -> None:
        self._order = sorted(
            range(len(outline.definitions)),
            key=lambda i: (outline.definitions[i].start, -outline.definitions[i].end),
        )
        self._raw = [outline.definitions[i] for i in self._order]
        self._place_definitions()
        self._place_scopes(outline, size)
        self._place_conditionals(outline.conditionals)
        self._mark_conditional_definitions()

    def scope_at(self, position: int) -> int:
        """Return the index of the innermost scope that holds a byte."""
        index = bisect_right(self._starts, position) - 1
        while position >= self._ends[index]:
            index = self._parents[index]
        return index

    def function_scope(self, scope: int) -> int:
        """Return the scope that a name bound in an expression of `scope` belongs to."""
        while self.scopes[scope].kind in (ScopeKind.COMPREHENSION, ScopeKind.BLOCK):
            scope = self.scopes[scope].parent
        return scope

    def is_conditional(self, position: int, scope: int) -> bool:
        """Say whether a byte lies in a conditional span of that very scope."""
        spans = self._conditionals.get(scope)
        if spans is None:
            return False
        index = bisect_right(spans, (position, 1 << 62)) - 1
        return index >= 0 and position < spans[index][1]

    def own_bindings(self) -> list[Binding]:
        """Return the bindings that definitions make: of their names, and of their parameters."""
        bindings = []
        body_of = {scope.definition: index for index, scope in enumerate(self.scopes) if scope.definition >= 0}
        for index, definition in enumerate(self.definitions):
            if not definition.owner:  # otherwise its name is only reached through its owner
                bindings.append(
                    Binding(
                        definition.name,
                        self._definition_scopes[index],
                        BindingKind.DEFINITION,
                        definition.body.start,
                        index=index,
                        conditional="conditional" in definition.flags,
                    )
                )
            if index not in body_of:  # declared without a body
                continue
            for number, parameter in enumerate(definition.parameters):
                bindings.append(
                    Binding(
                        parameter.name,
                        body_of[index],
                        BindingKind.PARAMETER,
                        definition.keyword,
                        annotation=parameter.annotation if parameter.form in ("plain", "keyword", "positional") else "",
                        index=number,
                    )
                )
        return bindings

    def redirected(self, bindings: list[Binding], outer_names: list[tuple[int, str, bool]]) -> list[Binding]:
        """Move the bindings of names declared `global` or `nonlocal` to the scope that owns the name."""
        if not outer_names:
            return bindings
        owners = {(scope, name): self._owner(scope, name, top, bindings) for scope, name, top in outer_names}
        moved = []
        for binding in bindings:
            owner = owners.get((binding.scope, binding.name))
            if owner is not None:
                binding = Binding(
                    binding.name,
                    owner,
                    binding.kind,
                    binding.position,
                    binding.value,
                    binding.annotation,
                    binding.index,
                    conditional=True,
                    alias=binding.alias,
                )
            moved.append(binding)
        return moved

    def _owner(self, scope: int, name: str, is_global: bool, bindings: list[Binding]) -> int:
        if is_global:
            return 0
        binders = {b.scope for b in bindings if b.name == name}
        parent = self.scopes[scope].parent
        while parent > 0 and (parent not in binders or self.scopes[parent].kind is ScopeKind.CLASS):
            parent = self.scopes[parent].parent
        return max(parent, 0)

    def _place_definitions(self) -> None:
        stack: list[int] = []
        seen: Counter[str] = Counter()
        definitions: list[Definition] = []
        for index, raw in enumerate(self._raw):
            while stack and raw.start >= definitions[stack[-1]].end:
                stack.pop()
            parent = stack[-1] if stack else -1
            definitions.append(_definition(raw, parent, definitions, seen))
            stack.append(index)
        self.definitions = tuple(definitions)

    def _place_scopes(self, outline: Outline, size: int) -> None:
        position_of = {raw: new for new, raw in enumerate(self._order)}
        regions = sorted(outline.regions, key=lambda r: (r.start, -r.end))
        scopes = [Scope(ScopeKind.MODULE, 0, size + 1, -1, -1)]
        stack = [0]
        for region in regions:
            while region.start >= scopes[stack[-1]].end:
                stack.pop()
            definition = position_of[region.definition] if region.definition >= 0 else -1
            scopes.append(Scope(region.kind, region.start, region.end, stack[-1], definition))
            stack.append(len(scopes) - 1)
        self.scopes = tuple(scopes)
        self._starts = [s.start for s in scopes]
        self._ends = [s.end for s in scopes]
        self._parents = [s.parent for s in scopes]

    def _place_conditionals(self, spans: list[tuple[int, int]]) -> None:
        """Keep the outermost conditional spans of each scope, sorted."""
        self._conditionals: dict[int, list[tuple[int, int]]] = {}
        for span in sorted(spans):
            kept = self._conditionals.setdefault(self.scope_at(span[0]), [])
            if not kept or span[0] >= kept[-1][1]:
                kept.append(span)

    def _mark_conditional_definitions(self) -> None:
        # A definition's own scope is the one around its first byte, decorators included.
        self._definition_scopes = [self.scope_at(d.start) for d in self.definitions]
        marked = []
        for definition, scope in zip(self.definitions, self._definition_scopes, strict=True):
            if self.is_conditional(definition.start, scope):
                definition = replace(definition, flags=(*definition.flags, "conditional"))
            marked.append(definition)
        self.definitions = tuple(marked)


def _definition(raw: RawDefinition, parent: int, placed: list[Definition], seen: "Counter[str]") -> Definition:
    around = [placed[parent].qualname] if parent >= 0 else []
    qualname = ".".join([*around, *filter(None, [raw.owner]), raw.name])
    seen[qualname] += 1
    in_class = parent >= 0 and placed[parent].kind is Kind.CLASS
    return Definition(
        name=raw.name,
        qualname=qualname,
        kind=Kind.METHOD if raw.kind is Kind.FUNCTION and in_class else raw.kind,
        parent=parent,
        ordinal=seen[qualname],
        start=raw.start,
        end=raw.end,
        keyword=raw.keyword,
        body=raw.body,
        row=raw.row,
        first_row=raw.first_row,
        end_row=raw.end_row,
        documentation=raw.documentation,
        decorators=raw.decorators,
        bases=raw.bases,
        parameters=raw.parameters,
        returns=raw.returns,
        flags=raw.flags,
        form=raw.form,
        owner=raw.owner,
    )
