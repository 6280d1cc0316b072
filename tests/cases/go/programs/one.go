package main

func step() {}

func main() { //= one.go::step, shared.go::shared
	step()   //> one.go::step
	shared() //> shared.go::shared
}
