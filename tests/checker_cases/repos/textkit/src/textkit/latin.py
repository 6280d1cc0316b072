# -*- coding: latin-1 -*-
NAME = "Müller"


def greet(name=NAME):
    return "Grüße, " + name
