package inner

import "example.org/app/util"

func Inner() { //= util/helpers.go::Help
	util.Help() //> util/helpers.go::Help [import]
}
