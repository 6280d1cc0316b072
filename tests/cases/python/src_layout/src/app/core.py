import app.extra
from app import extra
from app.extra import more


def start():
    return more()  #> src/app/extra.py::more


def again():
    return extra.more(), app.extra.more()  #> src/app/extra.py::more ; src/app/extra.py::more
