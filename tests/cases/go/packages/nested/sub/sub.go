package sub

import "example.org/app/util"

func Sub() { //= open
	util.Help() //> ?
}
