try:
    from fast import compute
except ImportError:
    from slow import compute

try:
    from fast import only_fast
except ImportError:
    only_fast = None

try:
    import ujson as json
except ImportError:
    import json

try:
    from speedups import escape
except ImportError:

    def escape(text):
        return text


try:
    from fast import compute as always
finally:
    pass

try:
    import numpy
except ImportError:
    numpy = None


def use(text):
    compute()  #> ?
    only_fast()  #> fast.py::only_fast
    json.dumps(text)  #> !
    # The package may be installed or not.
    escape(text)  #> ?
    always()  #> fast.py::compute
    numpy.array([])  #> !numpy.array
