from .view import View as BaseView
