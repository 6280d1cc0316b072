def patched():
    return 1


def kept():
    return 1


def patched_by_setattr():
    return 1


def tested():
    return 1


class Service:
    def send(self):
        return 1

    def receive(self):
        return self.send(), self.kept()  #> ? ; core.py::Service.kept

    def kept(self):
        return patched(), kept(), tested()  #> ? ; core.py::kept ; core.py::tested


def use():
    return patched_by_setattr(), Service().receive()  #> ? ; core.py::Service ; core.py::Service.receive
