from .api import *
from .impl import engine
from .impl.engine import Engine as DefaultEngine
