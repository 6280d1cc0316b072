package dots

func Dot() {}
