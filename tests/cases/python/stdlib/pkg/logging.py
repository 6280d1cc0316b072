import logging


def getLogger(name):
    return logging.getLogger(name)  #> !logging.getLogger
