package constraints

type record struct{}

func (r *record) flush() {}

func (h *handle) close() {}

func join() string { //= open
	return separator() //> ?
}

func single() { //= path_linux.go::onlyHere
	onlyHere() //> path_linux.go::onlyHere
}

func methods(r *record) { //= open
	r.sync() //> ?
}

func common(r *record, h *handle) { //= path.go::record.flush, path.go::handle.close
	r.flush() //> path.go::record.flush
	h.close() //> path.go::handle.close
}

func fields(h *handle) { //= path.go::record.flush
	h.file.flush() //> path.go::record.flush
}

func otherFields(h *handle) { //= open
	h.owner.flush() //> ?
}

type user struct{}

func (u user) flush() {}

func tagged() { //= open
	fast() //> ?
}

func fieldOrMethod(h *handle) { //= open
	h.stop() //> ?
}
