def helper():
    return 1


def _private():
    return 2


class Tool:
    def run(self):
        return 3

    @staticmethod
    def make():
        return 4
