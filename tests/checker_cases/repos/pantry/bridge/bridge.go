package bridge

/*
static int one(void) { return 1; }
*/
import "C"

//export Callback
func Callback() C.int {
	return C.one()
}
