"""What a parser can say of one file without looking at another: definitions, scopes, bindings, references.

All positions are bytes, 0-based and half-open; rows are 0-based. Nothing here knows a language.

An *access path* is how facts write down an expression that matters for resolution, as text: a base
(an identifier, or one of the literals below) followed by trailers.

    name        an identifier            .name   attribute
    ''          a string                 ()      call, whatever its arguments
    #           a number or a bool       []      subscript
    None        None                     [:]     slice
    [ { (       a list, dict or tuple    @       awaited
    \\           a lambda                !       instantiated, as by `new`
    (,a,b)      a tuple of these         (a,b)   call, with its arguments where they say what it gives
                                         [n]     subscript by the number n
                                         [*]     an item, by iterating; [*n] the n-th of them
                                         (>a>n)  what a call hands to the n-th parameter of the function
                                                 that is its argument a, a number or a keyword
    <T>         a value of the type that is written `T` (a cast, a composite literal, a literal of a typed language)
    ?           anything else

`self.pool[i].run(x).close` is written `self.pool[].run().close`. `super(A, self).f` is
`super().f` where A is the class around it, `cast(T, x)` is `x`, and in `next(iter(x))` both arguments are kept.
Alternatives (`a or b`, `a if c else b`) are joined by `|`.
"""

from enum import StrEnum

import msgspec


class Fact(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Base of all facts: small, immutable and cheap to write to a cache."""


class Kind(StrEnum):
    """What a definition is. A method is a function whose parent is a class."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"
    """Whatever has members: structs, interfaces, traits and enums too; `Definition.form` says which."""


class Span(Fact, frozen=True, gc=False, array_like=True):
    """A range of bytes, half-open."""

    start: int
    end: int


class Parameter(Fact, frozen=True, gc=False, array_like=True):
    """One parameter of a function, as written."""

    name: str
    form: str
    """`plain`, `keyword` (keyword-only), `positional` (positional-only), `*` or `**`."""
    annotation: str
    """Source text of the annotation, or empty."""
    default: str
    """Source text of the default, or empty."""


class Definition(Fact, frozen=True, gc=False, array_like=True):
    """A function, method or class."""

    name: str
    qualname: str
    """Names of the enclosing definitions and its own, joined by dots."""
    kind: Kind
    parent: int
    """Index of the enclosing definition in `FileFacts.definitions`, or -1."""
    ordinal: int
    """1 for the first definition of this qualname in the file, then 2, 3, …"""
    start: int
    """First byte, decorators included."""
    end: int
    keyword: int
    """First byte after the decorators: `async`, `def` or `class`."""
    body: Span
    row: int
    """Row of the keyword (not of the first decorator)."""
    first_row: int
    """Row of the first decorator, or of the keyword."""
    end_row: int
    documentation: Span | None
    """The documentation string's tokens, quotes included, without the line around them."""
    decorators: tuple[str, ...] = ()
    """Access paths."""
    bases: tuple[str, ...] = ()
    """Access paths of a class's bases; `metaclass=` and other keywords are not bases."""
    parameters: tuple[Parameter, ...] = ()
    returns: str = ""
    """Source text of the return annotation, or empty."""
    flags: tuple[str, ...] = ()
    """Of `async`, `metaclass=<access path>`, `conditional` (inside an `if`, `try`, loop or `with` of its scope) and
    `environment` (only where a variable of the environment is set);
    for other languages what their readers say, such as `static`, `abstract` and `test` (one among other code)."""
    form: str = ""
    """The language's own word for it (`struct`, `interface`, `trait`, …) where it is not that of the kind."""
    owner: str = ""
    """What the definition itself names as its place, where that is not the definition around it: the receiver
    of a Go method, the type of a Rust `impl`. Part of the qualname."""

    @property
    def code(self) -> Span:
        """The body without the documentation that stands first in it."""
        documentation = self.documentation
        if documentation is None or documentation.start < self.body.start:
            return self.body
        return Span(documentation.end, self.body.end)


class ScopeKind(StrEnum):
    """A region in which names are looked up."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    LAMBDA = "lambda"
    COMPREHENSION = "comprehension"
    BLOCK = "block"
    """Braces with names of their own."""


class Scope(Fact, frozen=True, gc=False, array_like=True):
    """A region with its own names."""

    kind: ScopeKind
    start: int
    end: int
    parent: int
    """Index in `FileFacts.scopes`; -1 for the module."""
    definition: int
    """Index of the definition whose body this is, or -1."""


class BindingKind(StrEnum):
    """How a name gets its value."""

    DEFINITION = "definition"
    IMPORT = "import"
    PARAMETER = "parameter"
    ASSIGNMENT = "assignment"
    ITERATION = "iteration"
    """`for x in value` and comprehension variables: `value` is what is iterated."""
    CONTEXT = "context"
    """`with value as x`."""
    EXCEPTION = "exception"
    """`except value as x`."""
    UNPACKING = "unpacking"
    """One of several targets; `value` is its part of what is taken apart."""
    OTHER = "other"
    """`match` captures, augmented assignment and the like: a value nobody infers."""


class Binding(Fact, frozen=True, gc=False, array_like=True):
    """A name that gets a value in a scope."""

    name: str
    scope: int
    kind: BindingKind
    position: int
    """Byte from which the name has its value: the end of what is assigned."""
    value: str = ""
    """Access path of what is assigned, iterated or entered; empty where there is none."""
    annotation: str = ""
    """Source text of the annotation, or empty."""
    index: int = -1
    """Of the definition (DEFINITION), import (IMPORT) or parameter (PARAMETER) that binds."""
    conditional: bool = False
    """Bound inside an `if`, `try`, loop or `with` of its scope."""
    alias: str = ""
    """Source text of what a module assigns, where that may be a type."""


class Narrowing(Fact, frozen=True, gc=False, array_like=True):
    """A region in which a name, or an attribute, has been asked for its type."""

    path: str
    """Access path."""
    types: str
    """Access paths of the types, joined by `|`: it is an instance of one of them."""
    scope: int
    start: int
    end: int


class Import(Fact, frozen=True, gc=False, array_like=True):
    """One imported name, or one star."""

    module: str
    """Dotted module as written, without leading dots."""
    level: int
    """Number of leading dots."""
    name: str
    """The name taken from the module; `*` for a star; empty for `import module`."""
    alias: str
    """The name bound (`*` for a star)."""
    scope: int
    position: int
    typing_only: bool = False
    """Under `if TYPE_CHECKING`."""


class AttributeStore(Fact, frozen=True, gc=False, array_like=True):
    """`receiver.name = value`."""

    receiver: str
    """Access path."""
    name: str
    """`[]` where an item is assigned: `receiver[x] = value`."""
    value: str
    annotation: str
    scope: int
    position: int


class Reference(Fact, frozen=True, gc=False, array_like=True):
    """A call, an instantiation or a raise."""

    path: str
    """Access path of what is called."""
    scope: int
    """In which the path is looked up."""
    start: int
    end: int
    """Of the whole call expression, arguments included."""
    row: int
    raised: bool = False
    """`raise X` without parentheses: instantiates X if it is a class."""
    argument: str = ""
    """Access path of the first argument; only kept where `path` is `getattr`, `setattr` or `super`."""
    arguments: tuple[str, ...] = ()
    """Access paths of all arguments, in languages that choose by them."""


class Return(Fact, frozen=True, gc=False, array_like=True):
    """What a function gives back."""

    path: str
    """Access path; empty for a bare `return`; `yield` where the function is a generator."""
    scope: int
    """Of the function's body."""
    yielded: str = ""
    """Access path of what is yielded."""


class FileFacts(Fact, frozen=True, gc=False, array_like=True):
    """All facts of one file."""

    language: str
    definitions: tuple[Definition, ...]
    scopes: tuple[Scope, ...]
    bindings: tuple[Binding, ...]
    imports: tuple[Import, ...]
    stores: tuple[AttributeStore, ...]
    references: tuple[Reference, ...]
    """Sorted by start."""
    returns: tuple[Return, ...]
    loops: tuple[Span, ...]
    """Spans of `for` and `while` statements, up to the end of what is repeated."""
    exports: tuple[str, ...] | None
    """`__all__` where it is a literal (or a sum of literals); None where there is none or it is computed."""
    dynamic_names: tuple[str, ...]
    """Names given to objects other than by definition or assignment: keyword arguments with a value that
    could be a function, and identifiers in strings given to `setattr`, `namedtuple`, `type`, …"""
    version: tuple[int, int]
    """First version of the language whose compiler reads the file; (0, 0) where that is not asked."""
    flags: tuple[str, ...]
    """Of `error` (syntax errors), `generated` (says so at its top), `dynamic-setattr` and
    `computed-exports` (`__all__` is not a literal)."""
    narrowings: tuple[Narrowing, ...] = ()
