"""Rust's items: definitions with their attributes and places, and the regions in which names are looked up."""

import re
from bisect import bisect_left
from typing import NamedTuple

from hybridgym.facts import Kind, Parameter, ScopeKind, Span
from hybridgym.languages.comments import Comments
from hybridgym.languages.reading import Captures, RawDefinition, Region, SyntaxNode
from hybridgym.languages.rust import Rust, type_name
from hybridgym.languages.rust_paths import Paths

FORMS = {"struct_item": "struct", "enum_item": "enum", "union_item": "union", "trait_item": "trait"}
GAP = re.compile(rb"(?:\s++|//[^\n]*+|/\*(?s:.)*?\*/)*+")
"""What may stand between an attribute and what it belongs to."""
ATTRIBUTE = re.compile(r"#\[\s*(?:unsafe\s*\(\s*)?((?:\w|::)+)\s*(.*)\]", re.DOTALL)
APPLIED = re.compile(r",\s*(?:unsafe\s*\(\s*)?((?:\w|::)+)")
WORD = re.compile(r"\w+")
PATH_VALUE = re.compile(r'=\s*"([^"\\]*)"')
FOR_TESTS = re.compile(r"\(\s*(?:test\b|all\s*\([^()]*(?:\([^()]*\)[^()]*)*\btest\b)")
TEST_ATTRIBUTES = frozenset({"test", "bench", "rstest", "test_case", "quickcheck", "proptest"})
PLAIN_ATTRIBUTES = frozenset(
    """allow automatically_derived bench bench_black_box cfg cfg_attr cold coverage deny deprecated derive doc
    expect export_name feature forbid global_allocator ignore inline link link_name link_ordinal link_section
    macro_export macro_use must_use naked no_coverage no_mangle non_exhaustive panic_handler path proc_macro
    proc_macro_attribute proc_macro_derive repr rustc_const_stable rustc_const_unstable should_panic stable
    target_feature test track_caller type_length_limit unstable warn no_implicit_prelude recursion_limit
    fundamental must_not_suspend optimize test_case""".split()
)
"""Attributes of the language; every other one is a macro that may rewrite what it stands on."""
PLAIN_TOOLS = frozenset({"clippy", "rustfmt", "diagnostic", "miri", "rustc", "core", "tokio", "async_std"})
"""What the path of an attribute begins with that leaves the code as it is written."""


class Attributes(NamedTuple):
    """What stands before an item."""

    derives: tuple[str, ...] = ()
    path: str = ""
    """Of `#[path = "…"]`; `?` where it depends on something."""
    conditional: bool = False
    test: bool = False
    unknown: str = ""
    """An attribute that may rewrite the item."""


NO_ATTRIBUTES = Attributes()


class State(NamedTuple):
    """What holds for everything in an item."""

    end: int
    what: str
    place: str = ""
    """Inline modules and the type of an impl, below the innermost definition, by dots."""
    test: bool = False
    unknown: str = ""


class Item(NamedTuple):
    """A definition, a module, an impl or an extern block, with what is known before it is nested."""

    node: SyntaxNode
    what: str
    """`function`, `class`, `impl`, `module` or `foreign`."""
    attributes: Attributes


class Items:
    """The items of one file."""

    def __init__(self, data: bytes, captures: Captures, paths: Paths) -> None:
        self._data = data
        self._paths = paths
        self._before = captures.get("definition.attribute", ())
        self._starts = [n.start_byte for n in self._before]
        beside = [*self._before, *captures.get("definition.comment", ())]
        self._comments = Comments(Rust, data, sorted(beside, key=lambda n: n.start_byte))
        self.definitions: list[RawDefinition] = []
        self.regions: list[Region] = []
        self.conditionals: list[tuple[int, int]] = []
        self.rewritten: list[tuple[int, int, str]] = []
        """Start, row and attribute of functions that a macro may rewrite."""
        self.modules: list[Item] = []
        self.impls: list[Item] = []
        self.foreign: list[SyntaxNode] = []
        """Functions declared in extern blocks."""
        self.nodes: list[SyntaxNode] = []
        """The nodes of the definitions."""
        self._read(captures)

    def attributes(self, start: int) -> Attributes:
        """Return what the attributes directly before a byte say."""
        index, first, found = bisect_left(self._starts, start) - 1, start, NO_ATTRIBUTES
        while index >= 0:
            node = self._before[index]
            end = node.end_byte
            if end > first or GAP.fullmatch(self._data, end, first) is None:
                break
            found = self._with(found, self._paths.text(node))
            first, index = node.start_byte, index - 1
        return found

    def _with(self, found: Attributes, text: str) -> Attributes:
        match = ATTRIBUTE.fullmatch(text)
        if match is None:
            return found
        name, rest = match[1], match[2]
        if name == "derive":
            return found._replace(derives=(*found.derives, *WORD.findall(rest)))
        if name == "cfg":
            return found._replace(conditional=True, test=found.test or FOR_TESTS.match(rest) is not None)
        if name == "path":
            value = PATH_VALUE.match(rest)
            return found._replace(path=value[1] if value and not found.path else "?")
        if name == "cfg_attr":
            applied = APPLIED.findall(rest)
            unknown = next((a for a in applied if not _is_plain(a) and not _is_argument(a, rest)), "")
            return found._replace(path="?" if "path" in applied else found.path, unknown=found.unknown or unknown)
        last = name.rpartition("::")[2]
        if last in TEST_ATTRIBUTES:
            found = found._replace(test=True)
        return found if _is_plain(name) else found._replace(unknown=found.unknown or name)

    def _read(self, captures: Captures) -> None:
        """Nest items by their spans; each gets its place from those around it."""
        items = [
            (node, what)
            for capture, what in (
                ("definition.function", "function"),
                ("definition.signature", "signature"),
                ("definition.class", "class"),
                ("definition.impl", "impl"),
                ("definition.module", "module"),
                ("definition.foreign", "foreign"),
            )
            for node in captures.get(capture, ())
        ]
        for capture in ("import.use", "binding.item"):
            for node in captures.get(capture, ()):
                if self.attributes(node.start_byte).conditional:
                    self.conditionals.append((node.start_byte, node.end_byte))
        items.sort(key=lambda item: (item[0].start_byte, -item[0].end_byte))
        around: list[State] = []
        for node, what in items:
            start = node.start_byte
            while around and around[-1].end <= start:
                around.pop()
            outer = around[-1] if around else State(0, "")
            own = self.attributes(start)
            if own.conditional:
                self.conditionals.append((self._comments.first(node).start_byte, node.end_byte))
            state = State(node.end_byte, what, "", own.test or outer.test, own.unknown or outer.unknown)
            around.append(self._placed(Item(node, what, own), outer, state))

    def _placed(self, item: Item, outer: State, state: State) -> State:
        node, what = item.node, item.what
        name = node.child_by_field_name("name")
        if what == "impl":
            self.impls.append(item)
            self.regions.append(Region(ScopeKind.CLASS, node.start_byte + 1, node.end_byte, -1))
            return state._replace(place=_below(outer.place, type_name(node.child_by_field_name("type"))))
        if what == "module":
            self.modules.append(item)
            body = node.child_by_field_name("body")
            if body is not None:
                self.regions.append(Region(ScopeKind.MODULE, body.start_byte, body.end_byte, -1))
            return state._replace(place=_below(outer.place, self._paths.name(name) if name is not None else ""))
        if what == "foreign":
            return state._replace(place=outer.place)
        if what == "signature" and outer.what == "foreign":
            self.foreign.append(node)
        elif name is not None:
            self._define(item, name, outer, state)
        return state

    def _define(self, item: Item, name: SyntaxNode, outer: State, state: State) -> None:
        node, body = item.node, item.node.child_by_field_name("body")
        is_class = item.what == "class"
        end = node.end_byte
        span = Span(body.start_byte, body.end_byte) if body is not None else Span(end, end)
        kind = Kind.METHOD if outer.what == "impl" else Kind.FUNCTION
        returns = node.child_by_field_name("return_type")
        region = ScopeKind.CLASS if is_class else ScopeKind.FUNCTION
        self.regions.append(Region(region, name.start_byte, end, len(self.definitions)))
        self.nodes.append(node)
        first = self._comments.first(node)
        self.definitions.append(
            RawDefinition(
                name=self._paths.name(name),
                kind=Kind.CLASS if is_class else kind,
                start=first.start_byte,
                end=end,
                keyword=node.start_byte,
                body=span,
                row=node.start_point[0],
                first_row=first.start_point[0],
                end_row=node.end_point[0],
                documentation=self._comments.documentation(node),
                decorators=item.attributes.derives,
                bases=self._supertraits(node) if node.type == "trait_item" else (),
                parameters=() if is_class else self._parameters(node),
                returns=self._paths.text(returns) if returns is not None else "",
                flags=self._flags(node, item, state),
                form=FORMS.get(node.type, ""),
                owner=outer.place,
            )
        )
        if state.unknown and not is_class:
            self.rewritten.append((first.start_byte, node.start_point[0], state.unknown))

    def _flags(self, node: SyntaxNode, item: Item, state: State) -> tuple[str, ...]:
        flags = []
        for child in node.children:
            if child.type == "visibility_modifier":
                flags.append("pub")
            elif child.type == "function_modifiers" and b"async" in (child.text or b""):
                flags.append("async")
        if item.what == "signature":
            flags.append("abstract")
        if state.test:
            flags.append("test")
        return tuple(flags)

    def _supertraits(self, node: SyntaxNode) -> tuple[str, ...]:
        bounds = node.child_by_field_name("bounds")
        children = bounds.named_children if bounds is not None else ()
        return tuple(self._paths.text(c) for c in children if not c.is_extra and c.type != "lifetime")

    def _parameters(self, node: SyntaxNode) -> tuple[Parameter, ...]:
        parameters = node.child_by_field_name("parameters")
        found = []
        for child in parameters.named_children if parameters is not None else ():
            if child.type == "self_parameter":
                text = self._paths.text(child)
                found.append(Parameter("self", "plain", "&Self" if text.startswith("&") else "Self", ""))
            elif child.type == "parameter":
                pattern, written = child.child_by_field_name("pattern"), child.child_by_field_name("type")
                name = self._paths.name(pattern) if pattern is not None else ""
                found.append(Parameter(name, "plain", self._paths.text(written) if written is not None else "", ""))
        return tuple(found)


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place and name else place or name


def _is_plain(name: str) -> bool:
    return name in PLAIN_ATTRIBUTES or name.partition("::")[0] in PLAIN_TOOLS


def _is_argument(name: str, rest: str) -> bool:
    """Say whether a name stands inside of the condition, or of the arguments of an attribute, in a `cfg_attr`."""
    depth = 0
    at = rest.find(name)
    for character in rest[:at]:
        depth += {"(": 1, ")": -1}.get(character, 0)
    return depth != 1
