CREATE = """
-- a table
CREATE TABLE words (word TEXT)
"""
BINARY = "Binary files a and b differ"


def select(table):
    query = "SELECT * FROM " + table  # diff --git a/x b/x
    return query


# Binary files are opened with "rb".
def opened(path):
    return open(path, "rb")
