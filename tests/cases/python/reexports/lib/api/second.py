def gamma():
    return 3


def delta():
    return 4


def _hidden():
    return 5
