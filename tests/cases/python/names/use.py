import pkg
import pkg.tool as by_path
from pkg import run, tool
from pkg.run import second


def use():
    run()  #> pkg/run.py::run
    pkg.run()  #> pkg/run.py::run
    second()  #> pkg/run.py::second
    tool()  #> pkg/other.py::helper
    by_path.inside()  #> pkg/tool.py::inside
