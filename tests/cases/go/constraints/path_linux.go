package constraints

type handle struct {
	file  *record
	owner user
}

func separator() string { return "/" }

func (r *record) sync() { //= none
}

func onlyHere() {
}
