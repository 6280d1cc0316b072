package main

func shared() {}

func both() { //= open
	step() //> ?
}
