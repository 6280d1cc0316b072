#!/usr/bin/env python
def start():
    return stop()


def stop():
    return 0


def restart():
    return start()


if __name__ == "__main__":
    start()
