#!/usr/bin/env python3
# -*- coding: utf-8 -*-
# /// script
# dependencies = ["textkit"]
# ///
import sys


def report(paths, out=sys.stdout):
    for path in paths:
        out.write(path + "\n")


if __name__ == "__main__":
    report(sys.argv[1:])
