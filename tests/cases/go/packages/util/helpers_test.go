package util

import "testing"

func TestHelp(t *testing.T) { //= util/helpers.go::Help, util/helpers_test.go::check
	Help()                            //> util/helpers.go::Help
	check(t)                          //> util/helpers_test.go::check
	t.Fatal("no")                     //> !testing.T.Fatal
	t.Run("sub", func(t *testing.T) { //> !
		t.Helper() //> !
	})
}

func check(t *testing.T) {}
