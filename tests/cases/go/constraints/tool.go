//go:build ignore

package main

func main() { //= tool.go::generate
	generate() //> tool.go::generate
}

func generate() {}
