import json

import core
from core import Service


def replacement(*args):
    return 2


def install(service):
    core.patched = replacement
    setattr(core, "patched_by_setattr", replacement)  #> builtin
    Service.send = replacement
    json.dumps = replacement
    return core.patched(), core.kept(), json.dumps({}), json.loads("")  #> ? ; core.py::kept ; ? ; !json.loads
