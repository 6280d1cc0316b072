def address(name):
	return name


def letter(name):
	return address(name)
