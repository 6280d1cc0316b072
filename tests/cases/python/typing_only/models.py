class Model:
    def save(self):
        return 1


def helper():
    return 1
