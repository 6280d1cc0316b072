"""What is kept."""

__all__ = ["Crate", "seal"]


class Crate:
    def __init__(self, net):
        self.net = net
        self.sealed = False

    def gross(self):
        '''Add the wooden box, its nails and the straw lining to whatever lies inside.'''
        timber = 1.5
        straw = 0.25
        return self.net + timber + straw

    def open(self):
        self.sealed = False


def seal(crate: Crate):
    stamp(crate.gross())
    crate.sealed = True
    return crate


def stamp(weight):
    r"""Burn a number into the lid with hot iron, rounded so that customs officers stay calm."""
    digits = round(weight)
    return f"{digits:04}"


def reopen(crate: Crate, /):
    crate.open()
    return seal(crate)
