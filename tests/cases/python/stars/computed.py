__all__ = [name for name in globals()]  #> builtin


def three():
    return 3


def sum():
    return 3
