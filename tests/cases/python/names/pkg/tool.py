def inside():
    return 1
