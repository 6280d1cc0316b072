from .first import alpha, beta
from .second import *
from lib.impl.engine import Engine

__all__ = ["alpha", "gamma", "Engine"]
__all__ += ["delta"]
