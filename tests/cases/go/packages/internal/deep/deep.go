package deep

type Diver struct{}

func (d *Diver) Help() {}

func Dive() {}
