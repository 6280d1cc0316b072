class Proxy:
    def __getattr__(self, name):
        if name.startswith("_"):  #> !?.startswith
            raise AttributeError(name)  #> builtin
        return getattr(self.target, name)  #> builtin


def of_unknown(thing):
    # Whatever Proxy gives, another object has under that name.
    return thing.anything_at_all()  #> !?.anything_at_all
