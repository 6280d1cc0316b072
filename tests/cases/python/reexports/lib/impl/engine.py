class Engine:
    def start(self):
        return 1


def build():
    return Engine()  #> lib/impl/engine.py::Engine
