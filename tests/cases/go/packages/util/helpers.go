// Package util has two files.
package util

func Help() { //= util/types.go::hidden
	hidden() //> util/types.go::hidden [package]
}
