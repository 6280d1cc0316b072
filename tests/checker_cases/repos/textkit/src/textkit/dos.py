import os


def home(user):
    path = os.path.join("c:", user)
    return path


def drive(path):
    return path[:2]
