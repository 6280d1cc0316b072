"""What tests replace, they replace for themselves."""

import core


def check():
    core.tested = lambda: 2
    core.Service.kept = lambda self: 2
