package a

import b "example.org/b/v2"

func A() { //= b/b.go::B
	b.B() //> b/b.go::B
}
