package constraints

type handle struct{ device *record }

func separator() string { return "\\" }

func (r *record) sync() {}

func user() string { //= path_windows.go::separator
	return separator() //> path_windows.go::separator
}
