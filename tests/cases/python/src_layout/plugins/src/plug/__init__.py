from app import start
from plug.part import piece


def use():
    return start(), piece()  #> src/app/core.py::start ; plugins/src/plug/part.py::piece
