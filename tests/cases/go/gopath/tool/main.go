// No go.mod says what import paths mean.
package main

import (
	"fmt"

	"example.org/project/lib"
	"example.org/project/other"
)

func main() { //= open
	lib.Work()    //> ?
	other.Work()  //> !
	fmt.Println() //> !fmt.Println
}
