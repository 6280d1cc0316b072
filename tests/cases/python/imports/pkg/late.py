from .tools import Tool


def helper():
    return Tool().run()  #> pkg/tools.py::Tool ; pkg/tools.py::Tool.run
