// The package's name is not the last element of its path.
package names

func Real() {}
