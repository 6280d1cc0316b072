package main

import (
	. "strings"

	"example.org/app/names/v2"
)

func local() { //= names/v2/names.go::Real
	names.Real() //> names/v2/names.go::Real
}

func dotted() { //= none
	ToLower("X") //> !
}
