//go:build ignore

package main

func main() { //= other_tool.go::generate
	generate() //> other_tool.go::generate
}

func generate() {}
