__all__ = ["four"]
__all__.extend(["five"])  #> builtin


def four():
    return 4


def five():
    return 5
