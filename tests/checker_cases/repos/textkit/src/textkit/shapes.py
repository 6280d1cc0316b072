from __future__ import annotations

from typing import overload


class Shape:
    sides = 0

    def area(self):
        raise NotImplementedError

    def name(self):
        return type(self).__name__


class Box(Shape):
    sides = 4

    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height

    @property
    def flat(self):
        return self.height == 0

    @flat.setter
    def flat(self, value):
        self.height = 0 if value else 1

    class Corner:
        def area(self):
            return 0


class Circle(Shape):
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return 3 * self.radius ** 2


class Missing(Exception): pass


class Empty(Shape):
    pass


@overload
def scale(shape: Box, by: int) -> Box: ...
@overload
def scale(shape: Circle, by: int) -> Circle: ...
def scale(shape, by):
    if isinstance(shape, Box):
        return Box(shape.width * by, shape.height * by)
    return Circle(shape.radius * by)
