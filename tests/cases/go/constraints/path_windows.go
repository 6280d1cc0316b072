package constraints

type handle struct {
	device *record
	owner  record
}

func separator() string { return "\\" }

func (r *record) sync() {}

func name() string { //= path_windows.go::separator
	return separator() //> path_windows.go::separator
}

func (h *handle) stop() {}
