package util

func (t Tool) elsewhere() {}
