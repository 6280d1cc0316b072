package constraints

// assembly is written elsewhere.
func assembly(x int) int

func stub() int { //= stub.go::assembly
	return assembly(3) //> stub.go::assembly
}
