import os
import os.path as path
import pkg
import pkg.sub.deep
import pkg.tools as tools
import requests
from os import getcwd, path as os_path
from pkg import PublicTool, late, own, renamed, VERSION
from pkg import missing as not_there
from pkg.sub import deep
from pkg.tools import (
    Tool as Renamed,
    _private,
)
from requests.adapters import HTTPAdapter


def of_package():
    pkg.own()  #> pkg/__init__.py::own [module]
    pkg.helper()  #> pkg/tools.py::helper
    pkg.renamed()  #> pkg/tools.py::helper
    pkg.tools.helper()  #> pkg/tools.py::helper
    pkg.tools.Tool().run()  #> pkg/tools.py::Tool ; pkg/tools.py::Tool.run
    pkg.sub.deep.uses()  #> pkg/sub/deep.py::uses
    pkg.PublicTool.make()  #> pkg/tools.py::Tool.make
    pkg.nothing_here()  #> !?.nothing_here
    pkg.VERSION.upper()  #> builtin


def of_names():
    own()  #> pkg/__init__.py::own [import]
    renamed()  #> pkg/tools.py::helper
    late.helper()  #> pkg/late.py::helper
    deep.uses()  #> pkg/sub/deep.py::uses
    tools.helper()  #> pkg/tools.py::helper
    PublicTool().run()  #> pkg/tools.py::Tool ; pkg/tools.py::Tool.run
    Renamed().run()  #> pkg/tools.py::Tool ; pkg/tools.py::Tool.run
    _private()  #> pkg/tools.py::_private
    not_there()  #> ?
    VERSION.upper()  #> builtin


def of_outside():
    os.getcwd()  #> !os.getcwd
    os.path.join("a", "b")  #> !os.path.join
    path.join("a", "b")  #> !os.path.join
    os_path.join("a", "b")  #> !os.path.join
    getcwd()  #> !os.getcwd
    requests.get("x")  #> !requests.get
    requests.Session().get("x")  #> !requests.Session ; !requests.Session.get
    HTTPAdapter()  #> !requests.adapters.HTTPAdapter
    os.getcwd().upper()  #> !os.getcwd ; builtin


def inside_function():
    from pkg.tools import helper as local

    import pkg.late

    local()  #> pkg/tools.py::helper
    return pkg.late.helper()  #> pkg/late.py::helper


def import_shadows(tools):
    return tools.helper()  #> ?


def local_import_shadows():
    from outside.other import own

    return own()  #> outside/other.py::own


def modules_as_values():
    module = tools
    module.helper()  #> pkg/tools.py::helper
    for each in (tools, late):
        each.helper()  #> ?
    tools()  #> ?


class Holds:
    module = tools
    from pkg.tools import helper as borrowed

    def use(self):
        self.module.helper()  #> pkg/tools.py::helper
        return self.borrowed()  #> pkg/tools.py::helper
