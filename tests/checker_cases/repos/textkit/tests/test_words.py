from textkit.words import initials, wrap


def test_wrap():
    assert wrap("a b", 3) == ["a b"]


def test_initials():
    assert initials("Ada Lovelace") == "AL"
