"""What is told of a long run while it goes on."""


class Reporter:
    """What is told while a suite is made; this one tells nobody."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins that has so many units."""

    def advance(self, note: str) -> None:
        """A unit ended."""
