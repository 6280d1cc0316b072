"""Größen und Gewichte."""

UNITS = {"bushel": 19.0, "stone": 6.35, "pound": 0.4536, "fruit": 0.18}


def to_kilograms(amount: float, unit: str) -> float:
    """Turn an old merchant quantity into metric weight, refusing whatever the market never traded."""
    if unit not in UNITS:
        raise ValueError(unit)
    return größe(unit) * amount


def größe(einheit):
    return UNITS[einheit]


class Überschuss:
    def menge(self, vorrat, bedarf):
        """Berechnet, wie viele Kisten nach dem Wochenmarkt übrig bleiben und eingelagert werden müssen."""
        rest = vorrat - bedarf
        return max(rest, größe("fruit"))


def sell(stock, demand):
    remainder = Überschuss()
    return remainder.menge(stock, demand)
