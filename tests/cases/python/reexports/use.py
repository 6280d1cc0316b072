import lib
from lib import DefaultEngine, alpha, beta, delta, engine, gamma
from lib.api import Engine, beta as direct_beta


def uses():
    alpha()  #> lib/api/first.py::alpha [import]
    # `beta` is not in __all__ of lib.api.
    beta()  #> ?
    direct_beta()  #> lib/api/first.py::beta
    gamma()  #> lib/api/second.py::gamma
    delta()  #> lib/api/second.py::delta
    lib.alpha()  #> lib/api/first.py::alpha
    lib.gamma()  #> lib/api/second.py::gamma
    lib._hidden()  #> ?
    lib.engine.build().start()  #> lib/impl/engine.py::build ; lib/impl/engine.py::Engine.start
    engine.build()  #> lib/impl/engine.py::build
    Engine().start()  #> lib/impl/engine.py::Engine ; lib/impl/engine.py::Engine.start
    DefaultEngine()  #> lib/impl/engine.py::Engine
    lib.Engine()  #> lib/impl/engine.py::Engine
    lib.api.first.beta()  #> lib/api/first.py::beta


class Derived(lib.Engine):
    def start(self):
        return super().start()  #> builtin ; lib/impl/engine.py::Engine.start
