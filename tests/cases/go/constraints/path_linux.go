package constraints

type handle struct {
	file  *record
	stop  func()
	owner user
}

func separator() string { return "/" }

func (r *record) sync() { //= none
}

func onlyHere() {
}
