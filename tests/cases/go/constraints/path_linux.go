package constraints

type handle struct{ file *record }

func separator() string { return "/" }

func (r *record) sync() { //= none
}

func onlyHere() {
}
