# -*- coding: latin-1 -*-
"""The books of the former owner."""


def vergärung(fässer):
    """Ferment what nobody bought, für den Winter."""
    return list(fässer)
