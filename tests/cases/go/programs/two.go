package main

func step() {}

func main() { //= two.go::step, shared.go::shared
	step()   //> two.go::step
	shared() //> shared.go::shared
}
