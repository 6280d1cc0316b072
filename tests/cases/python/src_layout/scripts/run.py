import app
from app.core import start
from neighbour import near
from src.app.core import start as by_folder

app.start()  #> src/app/core.py::start
start()  #> src/app/core.py::start
near()  #> scripts/neighbour.py::near
by_folder()  #> src/app/core.py::start
