class Answers:
    """Its objects have any attribute."""

    def __getattr__(self, name):
        def made():
            return name

        return made


class Delegates:
    """Its objects have the attributes of another object."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)  #> builtin


def of_unknown(thing):
    return thing.anything_at_all()  #> ?
