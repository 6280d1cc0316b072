def convert(path):
    return path.replace("\\", "/")


def restore(path):
    return path
