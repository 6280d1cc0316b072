"""Not finished: the parenthesis below is never closed."""

from .trees import shorten


def fence(metres):
    """Estimate posts, wire and gates for the boundary that keeps deer away from saplings."""
    posts = round(metres / 3
    return shorten(str(posts))
