def pair(a, b):
    return (a, b)


def swap(a, b):
    return (b, a)
