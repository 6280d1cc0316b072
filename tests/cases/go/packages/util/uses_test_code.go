package util

func usesTestCode() { //= open
	check(nil) //> ?
}
