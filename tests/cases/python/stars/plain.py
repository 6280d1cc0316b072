import os


def one():
    return 1


def both():
    return 1


def _private():
    return 1


def open():
    return 1
