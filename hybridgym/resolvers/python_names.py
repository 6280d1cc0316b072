"""Names that Python itself gives: builtins, the standard library's modules, and what their types return.

The lists are literal so that a suite does not depend on the interpreter that makes it. They cover
CPython 3.8 to 3.14 (docs.python.org: Built-in Functions, Built-in Exceptions, Python Module Index).
"""

BUILTIN_FUNCTIONS = frozenset(
    """abs aiter all anext any ascii bin breakpoint callable chr compile copyright credits delattr dir divmod eval
    exec exit format getattr globals hasattr hash help hex id input isinstance issubclass iter len license locals
    max min next oct open ord pow print quit repr reversed round setattr sorted sum vars __import__
    __build_class__ __debug__ __doc__ __file__ __loader__ __name__ __package__ __path__ __spec__ reveal_type
    reveal_locals unicode long unichr xrange raw_input basestring cmp execfile reduce reload WindowsError""".split()
)

BUILTIN_TYPES = frozenset(
    """bool bytearray bytes classmethod complex dict enumerate filter float frozenset int list map memoryview object
    property range set slice staticmethod str super tuple type zip Ellipsis NotImplemented None True False
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
    ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup
    FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
    IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
    ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError
    PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError
    ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
    SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
    UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError""".split()
)

BUILTINS = BUILTIN_FUNCTIONS | BUILTIN_TYPES

DATA_TYPES = frozenset({"str", "bytes", "int", "float", "bool", "complex", "bytearray", "memoryview", "range"})
"""Types whose methods, items and operators only ever yield such data again: nothing of a repository hides in them."""

CONTAINER_TYPES = frozenset({"list", "dict", "set", "frozenset", "tuple"})

DATA_FUNCTIONS = frozenset(
    "all any ascii bin callable chr format hasattr hash hex id input isinstance issubclass len oct ord repr".split()
)
"""Builtin functions whose results are plain data, whatever they are given."""

OBJECT_METHODS = frozenset(
    """__init__ __new__ __repr__ __str__ __eq__ __ne__ __hash__ __setattr__ __getattribute__ __delattr__ __format__
    __reduce__ __reduce_ex__ __sizeof__ __dir__ __init_subclass__ __subclasshook__ __lt__ __le__ __gt__ __ge__
    __class_getitem__ mro __subclasses__ __instancecheck__ __subclasscheck__ __prepare__ __call__
    __getstate__""".split()
)

MEMBERLESS_BASES = frozenset(
    {
        "object",
        "typing.Generic",
        "typing.Protocol",
        "abc.ABC",
        "typing_extensions.Generic",
        "typing_extensions.Protocol",
    }
)
"""Outside bases that add no member with an ordinary name."""

TRANSPARENT_DECORATORS = frozenset(
    """staticmethod classmethod abstractmethod lru_cache cache override final wraps typing_extensions.override
    abc.abstractmethod functools.lru_cache functools.cache functools.wraps typing.override typing.final
    typing.no_type_check no_type_check""".split()
)
"""Decorators after which a call still returns what the function's `return` says."""

PROXIES = frozenset({"werkzeug.local.LocalProxy", "werkzeug.LocalProxy", "django.utils.functional.SimpleLazyObject"})
"""Outside classes whose instances stand for another object, which an annotation may tell of."""

CONTEXT_DECORATORS = frozenset({"contextmanager", "contextlib.contextmanager"})

PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
METACLASSES = frozenset({"type", "abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"})
ENUM_BASES = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "enum.ReprEnum"})

CALLABLE_SLOTS = frozenset(
    """func function fget fset fdel default_factory factory callback target _target value _value_ im_func handler
    side_effect return_value""".split()
)
"""Attributes under which the standard library's objects keep callables that were given to them."""

KEEPING_DECORATORS = frozenset(
    """functools.lru_cache functools.cache functools.wraps functools.total_ordering contextlib.contextmanager
    contextlib.asynccontextmanager abc.abstractmethod abc.abstractclassmethod abc.abstractstaticmethod
    abc.update_abstractmethods types.coroutine asyncio.coroutine atexit.register reprlib.recursive_repr
    warnings.deprecated six.add_metaclass six.python_2_unicode_compatible six.wraps zope.interface.implementer
    django.utils.deconstruct.deconstructible""".split()
)
"""Outside decorators that give back what they get, or something made by `functools.wraps`."""

KEEPING_MODULES = (
    "typing.",
    "typing_extensions.",
    "dataclasses.",
    "attr.",
    "attrs.",
    "enum.",
    "unittest.",
    "pytest.mark.",
)
"""Outside modules all of whose decorators do so."""

PROPERTY_DECORATORS = frozenset(
    """property cached_property functools.cached_property abc.abstractproperty abstractproperty
    werkzeug.utils.cached_property django.utils.functional.cached_property""".split()
)

STDLIB_RESULTS: dict[str, str] = {
    "re.compile": "re.Pattern",
    "re.match": "re.Match",
    "re.search": "re.Match",
    "re.fullmatch": "re.Match",
    "re.Pattern.match": "re.Match",
    "re.Pattern.search": "re.Match",
    "re.Pattern.fullmatch": "re.Match",
    "logging.getLogger": "logging.Logger",
    "datetime.datetime.now": "datetime.datetime",
    "subprocess.run": "subprocess.CompletedProcess",
    "io.open": "io.IOBase",
    "codecs.open": "io.IOBase",
    "os.fdopen": "io.IOBase",
    "tarfile.open": "tarfile.TarFile",
    "socket.socket": "socket.socket",
    "threading.local": "threading.local",
    "inspect.signature": "inspect.Signature",
    "sqlite3.connect": "sqlite3.Connection",
    "asgiref.sync.sync_to_async": "asgiref.sync.SyncToAsync",
    **dict.fromkeys(
        """datetime.datetime datetime.datetime.utcnow datetime.datetime.strptime datetime.datetime.fromtimestamp
        datetime.datetime.fromisoformat datetime.datetime.combine""".split(),
        "datetime.datetime",
    ),
    **dict.fromkeys(("datetime.date", "datetime.date.today"), "datetime.date"),
    "datetime.timedelta": "datetime.timedelta",
    "datetime.time": "datetime.time",
    **dict.fromkeys(
        """hashlib.new hashlib.md5 hashlib.sha1 hashlib.sha224 hashlib.sha256 hashlib.sha384 hashlib.sha512
        hashlib.blake2b hashlib.blake2s""".split(),
        "hashlib.HASH",
    ),
    **dict.fromkeys(
        """os.getcwd os.fspath os.fsdecode os.fsencode os.getenv os.path.join os.path.abspath os.path.basename
        os.path.dirname os.path.normpath os.path.realpath os.path.relpath os.path.expanduser os.path.expandvars
        os.path.normcase os.path.commonprefix os.path.commonpath os.path.getmtime os.path.getsize re.sub re.escape
        json.dumps time.time time.monotonic time.perf_counter time.strftime textwrap.dedent textwrap.indent
        textwrap.fill shlex.quote shlex.join html.escape html.unescape urllib.parse.quote urllib.parse.unquote
        urllib.parse.urlencode urllib.parse.urljoin base64.b64encode base64.b64decode binascii.hexlify
        platform.system platform.machine struct.pack inspect.getsource inspect.cleandoc inspect.getdoc
        locale.getpreferredencoding sys.getdefaultencoding sys.getfilesystemencoding string.capwords
        traceback.format_exc unicodedata.normalize re.Pattern.sub re.Match.group re.Match.groups re.Match.groupdict
        gettext.gettext gettext.ngettext gettext.pgettext gettext.npgettext gettext.dgettext os.environ.get
        os.path.split os.path.splitext os.path.basename os.listdir urllib.parse.quote_plus urllib.parse.unquote_plus
        urllib.parse.quote_from_bytes base64.b64decode base64.urlsafe_b64encode base64.urlsafe_b64decode
        binascii.b2a_hex binascii.unhexlify getpass.getpass posixpath.normpath posixpath.join textwrap.wrap
        textwrap.shorten hashlib.HASH.hexdigest hashlib.HASH.digest datetime.datetime.isoformat
        datetime.datetime.strftime datetime.date.isoformat datetime.date.strftime datetime.datetime.timestamp
        sysconfig.get_path platform.python_version platform.release platform.node tempfile.mkdtemp
        tempfile.gettempdir string.Template.substitute inspect.getfile inspect.getmodulename
        time.perf_counter_ns time.time_ns time.process_time secrets.token_hex secrets.token_urlsafe
        io.IOBase.read io.IOBase.readline io.StringIO.getvalue io.BytesIO.getvalue""".split(),
        "data",
    ),
}
"""Functions of the standard library and the class of what they return; `data` is text or numbers."""

STDLIB = frozenset(
    """__future__ __main__ _thread abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore
    atexit audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code
    codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy
    copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest dummy_threading
    email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib
    functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib
    imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma
    mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt
    ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes
    pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc
    pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select
    selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile
    sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol symtable sys
    sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token
    tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu
    uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport
    zlib zoneinfo""".split()
)
