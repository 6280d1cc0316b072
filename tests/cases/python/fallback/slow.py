def compute():
    return 2
