def first(items):
    return items[0]


def rest(items):
    return items[1:]
