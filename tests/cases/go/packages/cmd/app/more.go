package main

import (
	. "strings"

	"example.org/app/names/v2"
	"k8s.io/klog-go"
)

func local() { //= names/v2/names.go::Real
	names.Real() //> names/v2/names.go::Real
}

func otherName() { //= none
	klog.Info("") //> !k8s.io/klog-go.Info
}

func dotted() { //= none
	ToLower("X") //> !
}
