import logging
import queue

from . import logging as own_logging
from .logging import getLogger


def use():
    logging.getLogger("a")  #> !logging.getLogger
    own_logging.getLogger("a")  #> pkg/logging.py::getLogger
    getLogger("a")  #> pkg/logging.py::getLogger
    # The repository's queue.py is found before or after the library's, as the program is started.
    queue.helper()  #> ?
