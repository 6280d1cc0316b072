"""What is known of Rust's standard library: names in the prelude, and types that hold others.

Only what leads from one type to another is written down; everything else of std is merely outside.
"""

PRIMITIVES = frozenset("bool char f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize str".split())
PRELUDE_TYPES = frozenset(
    """Option Result Box String Vec Send Sync Sized Unpin Copy Drop Fn FnMut FnOnce AsMut AsRef From Into Default
    Iterator Extend IntoIterator DoubleEndedIterator ExactSizeIterator Clone Eq Ord PartialEq PartialOrd ToOwned
    ToString TryFrom TryInto FromIterator Debug Hash""".split()
)
PRELUDE_VALUES = frozenset({"Some", "None", "Ok", "Err", "drop"})

SMART = frozenset(
    """Box Rc Arc Ref RefMut MutexGuard RwLockReadGuard RwLockWriteGuard MappedMutexGuard Pin ManuallyDrop LazyLock
    LazyCell Lazy PeekMut AssertUnwindSafe Cow""".split()
)
"""Types that give the methods of what they hold."""
HOLDERS = SMART | frozenset(
    """Option Result Vec VecDeque HashMap BTreeMap HashSet BTreeSet BinaryHeap LinkedList RefCell Cell Mutex RwLock
    OnceCell OnceLock Weak Iterator slice tuple Wrapping Reverse""".split()
)
"""Types whose arguments are followed."""
NOT_HOLDING = frozenset(
    "Option Result Vec VecDeque HashMap BTreeMap HashSet BTreeSet BinaryHeap LinkedList RefCell Cell Mutex RwLock "
    "OnceCell OnceLock Weak Iterator slice tuple Range Duration PhantomData Sender Receiver Entry".split()
)
"""Types that never give the methods of their arguments."""
OWN_METHODS = frozenset(
    """clone clone_from as_ref as_mut deref deref_mut into try_into to_owned type_id eq ne cmp
    partial_cmp lt le gt ge hash fmt default from to_string next size_hint nth read write flush poll drop""".split()
)
"""Methods that smart pointers have themselves, through traits of std."""

# What a method gives, by the type it is called on. `0` and `1` are the first and second argument of the type,
# `self` the type as it is, and `Name(…)` a type of others; a method that is not here gives what nobody knows.
_SEQUENCE = """
    iter iter_mut into_iter drain = Iterator(0)
    first last get get_mut first_mut last_mut pop front back front_mut back_mut pop_front pop_back peek = Option(0)
    remove swap_remove = 0
    clone to_vec to_owned split_off = self
    as_slice as_mut_slice as_ref as_mut = slice(0)
    len capacity = usize
"""
_SET = """
    iter into_iter drain = Iterator(0)
    get first last take pop_first pop_last = Option(0)
    clone = self
"""
_MAP = """
    get get_mut remove insert = Option(1)
    iter iter_mut into_iter drain = Iterator(tuple(0,1))
    keys into_keys = Iterator(0)
    values values_mut into_values = Iterator(1)
    first_key_value last_key_value pop_first pop_last remove_entry get_key_value = Option(tuple(0,1))
    clone = self
"""
METHODS = {
    "Option": """
        unwrap expect unwrap_or unwrap_or_default unwrap_or_else get_or_insert get_or_insert_with insert
        unwrap_unchecked = 0
        as_ref as_mut cloned copied take filter or or_else clone inspect replace xor = self
        as_deref as_deref_mut = Option(*0)
        ok_or ok_or_else context with_context = Result(0,?)
        iter iter_mut into_iter = Iterator(0)
        is_some is_none = bool
    """,
    "Result": """
        unwrap expect unwrap_or unwrap_or_default unwrap_or_else = 0
        unwrap_err expect_err = 1
        as_ref as_mut cloned copied clone inspect inspect_err = self
        as_deref as_deref_mut = Result(*0,1)
        ok = Option(0)
        err = Option(1)
        map_err or_else or context with_context = Result(0,?)
        iter into_iter = Iterator(0)
        is_ok is_err = bool
    """,
    "Vec": _SEQUENCE,
    "VecDeque": _SEQUENCE,
    "slice": _SEQUENCE,
    "LinkedList": _SEQUENCE,
    "BinaryHeap": _SEQUENCE,
    "HashSet": _SET,
    "BTreeSet": _SET,
    "HashMap": _MAP,
    "BTreeMap": _MAP,
    "Iterator": """
        next last nth next_back min max min_by max_by min_by_key max_by_key find peek next_if reduce = Option(0)
        by_ref filter skip take rev step_by chain skip_while take_while cloned copied peekable fuse cycle inspect
        into_iter clone = self
        enumerate = Iterator(tuple(usize,0))
        map map_while flat_map filter_map scan zip flatten = Iterator(?)
    """,
    "RefCell": "borrow = Ref(0)\nborrow_mut = RefMut(0)\ninto_inner = 0\nget_mut = 0\nreplace take = 0",
    "Cell": "get take replace into_inner = 0\nget_mut = 0",
    "Mutex": "lock = Result(MutexGuard(0),?)\nget_mut into_inner = Result(0,?)\ntry_lock = Result(MutexGuard(0),?)",
    "RwLock": """
        read = Result(RwLockReadGuard(0),?)
        write = Result(RwLockWriteGuard(0),?)
        get_mut into_inner = Result(0,?)
    """,
    "OnceCell": "get get_mut take into_inner = Option(0)\nget_or_init = 0",
    "OnceLock": "get get_mut take into_inner = Option(0)\nget_or_init = 0",
    "Weak": "upgrade = Option(Rc(0))\nclone = self",
    "Rc": "clone = self\nas_ref = 0",
    "Arc": "clone = self\nas_ref = 0",
    "Box": "clone = self\nas_ref as_mut = 0",
    "Cow": "into_owned to_owned = 0\nclone = self\nto_mut as_ref = 0",
    "Pin": "as_mut as_ref get_mut = self",
}
"""Results of methods, by type and then `names = type` a line (or several lines before the `=`)."""
GIVEN = {
    "Option": """
        map and_then filter map_or map_or_else is_some_and is_none_or inspect = 0
    """,
    "Result": """
        map and_then map_or is_ok_and inspect map_or_else = 0
        map_err or_else unwrap_or_else inspect_err is_err_and = 1
    """,
    "Iterator": """
        map for_each filter filter_map flat_map any all find find_map position take_while skip_while partition
        inspect max_by_key min_by_key map_while try_for_each rposition = 0
    """,
    "Vec": "retain retain_mut sort_by_key sort_unstable_by_key sort_by sort_unstable_by dedup_by_key = 0",
    "slice": "sort_by_key sort_unstable_by_key sort_by sort_unstable_by partition_point = 0",
    "VecDeque": "retain = 0",
    "BTreeSet": "retain = 0",
    "HashSet": "retain = 0",
}
"""What a closure is given that is the argument of a method, in the same way."""
CONSTRUCTORS = frozenset({"new", "default", "with_capacity", "from"})
"""Functions of std's types that give a value of the type."""
STRINGS = frozenset(
    """to_string to_owned to_lowercase to_uppercase repeat replace replacen to_ascii_lowercase
    to_ascii_uppercase""".split()
)
"""Methods of `str` that give a `String`."""
STR_TO_STR = frozenset("trim trim_start trim_end trim_matches as_str as_ref clone".split())
DERIVED = {
    "Clone": frozenset({"clone", "clone_from"}),
    "PartialEq": frozenset({"eq", "ne"}),
    "PartialOrd": frozenset({"partial_cmp", "lt", "le", "gt", "ge"}),
    "Ord": frozenset({"cmp", "max", "min", "clamp"}),
    "Hash": frozenset({"hash", "hash_slice"}),
    "Debug": frozenset({"fmt"}),
    "Default": frozenset({"default"}),
}
"""Methods that derived traits give."""


def _rules(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    names: list[str] = []
    for word in text.replace(" = ", "=").replace("\n", " ").split():
        before, equals, result = word.partition("=")
        names.append(before)
        if equals:
            found.update(dict.fromkeys(names, result))
            names = []
    return found


RESULTS = {kind: _rules(text) for kind, text in METHODS.items()}
ARGUMENTS = {kind: _rules(text) for kind, text in GIVEN.items()}
