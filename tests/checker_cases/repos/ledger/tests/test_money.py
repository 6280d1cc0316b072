from ledger.money import Money, parse


def test_parse():
    assert parse('1').cents == Money(1).cents
