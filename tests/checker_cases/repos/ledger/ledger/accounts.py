class Account:
    def __init__(self, balance):
        self.balance = balance

    def close(self):
        self.balance = None


class Book:
    accounts: list = []

    def open(self):
        return self

    async def flush(self):
        return None

    def close(self):
        self.accounts.clear()


def audit(account): return account.balance is None
def audit_all(accounts): return [audit(a) for a in accounts]


try:
    import fast
except ImportError:
    def checksum(text):
        return sum(map(ord, text))
else:
    def checksum(text):
        return fast.checksum(text)
