package lib

func Work() {}
