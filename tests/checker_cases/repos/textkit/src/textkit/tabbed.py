def indent(lines, by=1):
	result = []
	for line in lines:
		result.append('\t' * by + line)
	return result


def dedent(lines):
	return [line.lstrip('\t') for line in lines]
