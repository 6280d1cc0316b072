import base
from base import BaseView
from mixins import Logs


class Page(Logs, BaseView):
    def template(self):
        return super().template()  #> builtin ; base/view.py::View.template

    def show(self):
        self.log()  #> mixins.py::Logs.log
        self.template()  #> pages.py::Page.template
        return self.common()  #> base/view.py::View.common


class Other(base.BaseView):
    def show(self):
        return self.render(), self.template(), self.common()  #> base/view.py::View.render ; base/view.py::View.template ; base/view.py::View.common


class OutsideFirst(ExternalUnknown, BaseView):
    def show(self):
        # An unknown base before it may have any member.
        return self.common()  #> ?


def use(view: BaseView, page: Page):
    view.template(), view.render(), page.log()  #> ? ; ? ; mixins.py::Logs.log
    page.template(), page.common()  #> pages.py::Page.template ; base/view.py::View.common
