// +build slow

package constraints

func fast() {}
