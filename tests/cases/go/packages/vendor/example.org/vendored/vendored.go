package vendored

func Vend() {}
