"""What the language and its hosts bring along, as far as resolution needs it."""

from hybridgym.resolvers.typed_values import BUILTIN_VALUE, NOTHING_VALUE, Sort, Value, unknown

GLOBALS = frozenset(
    """AbortController AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Blob Boolean Buffer
    DataView Date Error EvalError Event EventTarget File FinalizationRegistry Float32Array Float64Array FormData
    Function Headers Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math MessageChannel NaN
    Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Request Response Set SharedArrayBuffer
    String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError URL URLSearchParams Uint16Array
    Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly clearImmediate clearInterval
    clearTimeout console decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval fetch isFinite
    isNaN parseFloat parseInt process queueMicrotask require setImmediate setInterval setTimeout structuredClone
    unescape""".split()
)
"""Names that are there without an import."""
LIBRARY_TYPES = GLOBALS | frozenset(
    """AbortSignal ArrayLike AsyncGenerator AsyncIterable AsyncIterableIterator AsyncIterator BufferEncoding CSSRule
    CSSStyleSheet ClipboardEvent Comment DOMRect Document DocumentFragment DragEvent Element EventListener
    EventListenerOrEventListenerObject FocusEvent Generator GeneratorFunction HTMLAnchorElement
    HTMLButtonElement HTMLCanvasElement HTMLDivElement HTMLElement HTMLFormElement HTMLImageElement
    HTMLInputElement HTMLSelectElement HTMLTemplateElement HTMLTextAreaElement HTMLVideoElement IArguments
    IterableIterator IteratorResult KeyboardEvent Location MediaQueryList MessageEvent MouseEvent
    MutationObserver Node NodeList NodeListOf ParentNode PointerEvent PropertyDescriptor PropertyKey Range
    ReadableStream ReadonlyArray ReadonlyMap ReadonlySet ResizeObserver SVGElement SVGSVGElement Selection
    ShadowRoot Storage StyleSheet TemplateStringsArray Text TouchEvent TreeWalker UIEvent WebSocket WheelEvent
    Window Worker WritableStream XMLHttpRequest""".split()
)
"""Types that are there without an import, where a repository declares none of that name."""
HOSTS = frozenset({"globalThis", "window", "global", "self"})
"""Objects whose members are global names."""
ARRAYS = frozenset(
    {"Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable", "IterableIterator", "ArrayLike", "NodeListOf"}
)
MAPS = frozenset({"Map", "ReadonlyMap", "WeakMap"})
CONTAINERS = ARRAYS | MAPS | {"Promise", "PromiseLike", "Record", "WeakSet", "Generator", "Iterator", "WeakRef"}
"""Types made of others; `Awaited` and the like are written for what they hold."""
TRANSPARENT = frozenset({"Readonly", "Required", "NonNullable", "Awaited", "NoInfer"})
STANDARD_TYPES = (CONTAINERS - {"Record"}) | frozenset(
    """ArrayBuffer BigInt64Array BigUint64Array DataView Date Error Float32Array Float64Array Int16Array Int32Array
    Int8Array RangeError ReferenceError RegExp SharedArrayBuffer SyntaxError TypeError URIError Uint16Array
    Uint32Array Uint8Array Uint8ClampedArray""".split()
)
"""Types of the language, all of whose members are in `STANDARD_MEMBERS`."""
STANDARD_MEMBERS = frozenset(
    """BYTES_PER_ELEMENT add apply arguments at bind buffer byteLength byteOffset call caller catch cause clear
    compile concat constructor copyWithin delete deref detached difference dotAll entries every exec fill
    filter finally find findIndex findLast findLastIndex flags flat flatMap forEach get getBigInt64
    getBigUint64 getDate getDay getFloat16 getFloat32 getFloat64 getFullYear getHours getInt16 getInt32
    getInt8 getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate getUTCDay
    getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds getUint16
    getUint32 getUint8 global grow growable has hasIndices hasOwnProperty ignoreCase includes indexOf
    intersection isDisjointFrom isPrototypeOf isSubsetOf isSupersetOf join keys lastIndex lastIndexOf length
    map maxByteLength message multiline name next pop propertyIsEnumerable prototype push reduce reduceRight
    resizable resize return reverse set setBigInt64 setBigUint64 setDate setFloat16 setFloat32 setFloat64
    setFullYear setHours setInt16 setInt32 setInt8 setMilliseconds setMinutes setMonth setSeconds setTime
    setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds
    setUint16 setUint32 setUint8 shift size slice some sort source splice stack sticky subarray
    symmetricDifference test then throw toDateString toISOString toJSON toLocaleDateString toLocaleString
    toLocaleTimeString toReversed toSorted toSpliced toString toTimeString toUTCString transfer
    transferToFixedLength unicode unicodeSets union unshift valueOf values with""".split()
)
ELEMENT_METHODS = frozenset({"pop", "shift", "at", "find", "findLast"})
SAME_METHODS = frozenset(
    {"filter", "slice", "concat", "reverse", "sort", "splice", "toReversed", "toSorted", "values", "fill", "with"}
)
ARRAY_RESULTS = frozenset(
    {"Object.keys", "Object.values", "Object.entries", "Array.from", "Array.of", "Object.getOwnPropertyNames"}
)
PRIMITIVE_RESULTS = frozenset(
    """Array.isArray Boolean Date.now JSON.stringify Number Number.isFinite Number.isInteger Number.isNaN Object.is
    String String.fromCharCode String.raw Symbol Symbol.for decodeURIComponent encodeURI encodeURIComponent
    isFinite isNaN parseFloat parseInt decodeURI Number.parseInt Number.parseFloat
    Object.prototype.toString.call""".split()
)
PRIMITIVE_MEMBERS = frozenset(
    """at charAt charCodeAt codePointAt concat constructor endsWith hasOwnProperty includes indexOf isPrototypeOf
    isWellFormed lastIndexOf length localeCompare match matchAll normalize padEnd padStart propertyIsEnumerable
    repeat replace replaceAll search slice split startsWith substr substring toExponential toFixed
    toLocaleLowerCase toLocaleString toLocaleUpperCase toLowerCase toPrecision toString toUpperCase toWellFormed
    trim trimEnd trimStart valueOf""".split()
)
PRIMITIVE = Value(Sort.BUILTIN, name="primitive")
"""A string, number, boolean: what its methods give is of the language again, or an array of it."""


def builtin_member(value: Value, name: str) -> Value:
    """Return a member of something of the language; its name says what it is."""
    if value.name in ("", "primitive"):
        return PRIMITIVE
    return Value(Sort.BUILTIN, name=f"{value.name}.{name}")


def container_member(value: Value, name: str) -> Value:
    """Return a method of a container; `parts` keeps what it is a method of."""
    if value.name in ("function", "bound", "new"):
        return unknown("function value")
    if value.name == "Record" and len(value.parts) == 2:
        return value.parts[1]
    return Value(Sort.BUILTIN, name=f".{name}", parts=(value,))


def result_of_builtin(value: Value) -> Value:
    """Return what calling something of the language gives."""
    if value.name in ("", "primitive") or value.name in PRIMITIVE_RESULTS or value.name.startswith("Math."):
        return PRIMITIVE
    if value.name in ARRAY_RESULTS:
        return Value(Sort.CONTAINER, name="Array")
    if value.name.startswith(".") and value.parts:
        return result_of_method(value.parts[0], value.name[1:])
    return unknown("result of the language's own")


def result_of_method(container: Value, name: str) -> Value:
    """Return what a method of a container gives."""
    parts = container.parts
    if container.name in MAPS and name == "get" and len(parts) == 2:
        return parts[1]
    if container.name in MAPS and name in ("values", "keys") and len(parts) == 2:
        return Value(Sort.CONTAINER, name="Iterable", parts=(parts[name == "values"],))
    if container.name in ARRAYS and name in ELEMENT_METHODS and parts:
        return parts[0]
    if container.name in ARRAYS and name in SAME_METHODS:
        return container
    if name in ("map", "flatMap", "flat", "entries", "keys"):
        return Value(Sort.CONTAINER, name="Array")
    if name in ("join", "indexOf", "includes", "some", "every", "push", "unshift", "has", "findIndex", "toString"):
        return PRIMITIVE
    if name == "forEach":
        return NOTHING_VALUE
    if name in ("set", "add") and container.name != "Array":
        return container
    if name == "deref" and parts:
        return parts[0]
    return unknown("result of the language's own")


def given_to_callback(container: Value, method: str, number: int) -> Value:
    """Return what a method of a container gives to parameter `number` of the function that it calls."""
    parts = container.parts
    if container.sort is not Sort.CONTAINER or not parts:
        return unknown("parameter")
    if method == "then":
        return parts[0] if container.name == "Promise" and not number else unknown("parameter")
    if container.name in MAPS and method == "forEach" and len(parts) == 2 and number < 2:
        return parts[1 - number]
    if container.name in ARRAYS and not number:
        return parts[0]
    return PRIMITIVE if container.name == "Array" and number == 1 else unknown("parameter")


def element_of(value: Value) -> Value:
    """Return what indexing a container, or a loop over it, gives."""
    if value.sort is Sort.CONTAINER and value.name in ARRAYS and value.parts:
        return value.parts[0]
    if value.sort is Sort.CONTAINER and value.name == "Record" and len(value.parts) == 2:
        return value.parts[1]
    return PRIMITIVE if value in (PRIMITIVE, BUILTIN_VALUE) else unknown("element")


def part_of(value: Value, index: int) -> Value:
    """Return part number `index` of what a loop over a container gives, or of a tuple."""
    if value.sort is Sort.CONTAINER and value.name == "tuple":
        return value.parts[index] if index < len(value.parts) else unknown("unpacking")
    return element_of(value)
