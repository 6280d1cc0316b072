def two():
    return 2


def both():
    return 2
