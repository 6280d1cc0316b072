def run():
    return 1


def second():
    return 2
