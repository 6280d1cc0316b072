"""How often Python looks for reference cycles while a repository's facts and answers pile up."""

import gc

OBJECTS = 200_000
"""Made before the collector looks through the young ones."""


def collect_rarely() -> None:
    """Let the collector come seldom: what is made stays, and looking through it again and again costs a third."""
    gc.set_threshold(OBJECTS, 20, 20)
