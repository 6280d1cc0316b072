from textkit.shapes import Box, Circle
from textkit.words import wrap

__all__ = ["Box", "Circle", "wrap"]
