def more():
    return 1
