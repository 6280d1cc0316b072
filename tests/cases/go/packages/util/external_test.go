package util_test

import (
	"testing"

	"example.org/app/util"
)

func TestOutside(t *testing.T) { //= util/helpers.go::Help, util/external_test.go::check
	util.Help() //> util/helpers.go::Help
	check(t)    //> util/external_test.go::check
}

func check(t *testing.T) {}

func unreachable() { //= open
	hidden() //> ?
}
