package main

import "fmt"

func label(text string) string {
	return "[" + text + "]"
}

func main() {
	fmt.Println(label("jam"))
}
