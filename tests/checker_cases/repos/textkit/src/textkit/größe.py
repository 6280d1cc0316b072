def size(text):
    return len(text)


def half(text):
    return len(text) // 2
