def rename(path):  # C:\ledger\
    return path
def undo(path):  # back to C:\
    return path


def apply(path):
    return rename(undo(path))
