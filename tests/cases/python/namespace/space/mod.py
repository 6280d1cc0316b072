def shallow():
    return 1
