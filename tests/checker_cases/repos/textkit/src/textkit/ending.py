def tail(text):
    return text[-1]