package util

type Tool struct{ name string }

type Level int

var Default = &Tool{}

var Hook = hidden

func New(name string) *Tool { return &Tool{name} }

func hidden() {}

func (t *Tool) Use() { //= util/methods.go::Tool.elsewhere
	t.elsewhere() //> util/methods.go::Tool.elsewhere
}
