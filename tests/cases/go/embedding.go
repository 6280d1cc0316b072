// Promoted methods and fields: the depth rule, ambiguity, embedded interfaces and outside types.
package embedding

import (
	"bytes"
	"io"
	"sync"
)

type Base struct{ tag *Tag }

func (b *Base) Hello() {}

func (b *Base) Name() string { return "" }

type Tag struct{}

func (t Tag) Show() {}

func (t Tag) Name() string { return "tag" }

type Middle struct {
	*Base
	label string
}

func (m Middle) Name() string { return "middle" }

type Top struct {
	Middle
	Tag
}

type Wide struct {
	Middle
	Other
}

type Other struct{}

func (o Other) Hello() {}

type Sayer interface {
	Say(text string) *Tag
}

type Louder interface {
	Sayer
	Shout()
}

type Talker struct {
	Sayer
	Tag
}

type Guarded struct {
	sync.Mutex
	items []Tag
}

type Buffered struct {
	*bytes.Buffer
	io.Reader
	Base
}

type Renamed = Middle

type Aliased struct{ Renamed }

type Local struct{ Deep }

type Deep struct{ *Local }

func (d Deep) Dive() {}

func promoted(t Top) { //= embedding.go::Base.Hello, embedding.go::Middle.Name, embedding.go::Tag.Show
	t.Hello()             //> embedding.go::Base.Hello
	t.Middle.Name()       //> embedding.go::Middle.Name
	t.Show()              //> embedding.go::Tag.Show
	t.tag.Show()          //> embedding.go::Tag.Show
	t.Middle.Base.Hello() //> embedding.go::Base.Hello
}

func ambiguous(t Top) { //= open
	t.Name() //> ?
}

func shadowed(w Wide) { //= embedding.go::Other.Hello, embedding.go::Middle.Name
	w.Hello() //> embedding.go::Other.Hello
	w.Name()  //> embedding.go::Middle.Name
}

func (m *Middle) viaReceiver() { //= embedding.go::Base.Hello, embedding.go::Middle.Name, embedding.go::Base.Name
	m.Hello()     //> embedding.go::Base.Hello [self]
	m.Name()      //> embedding.go::Middle.Name
	m.Base.Name() //> embedding.go::Base.Name
}

func throughInterface(t Talker) { //= open
	t.Say("") //> ?
}

func besideInterface(t Talker) { //= embedding.go::Tag.Show, embedding.go::Tag.Name
	t.Show() //> embedding.go::Tag.Show
	t.Name() //> embedding.go::Tag.Name
}

func resultOfInterface(l Louder) { //= open
	l.Say("").Show() //> ? ; embedding.go::Tag.Show
	l.Shout()        //> ?
}

func locked(g *Guarded) { //= embedding.go::Tag.Show
	g.Lock()         //> !sync.Mutex.Lock
	defer g.Unlock() //> !
	for _, item := range g.items {
		item.Show() //> embedding.go::Tag.Show
	}
}

func outside(b Buffered) { //= embedding.go::Base.Hello
	b.WriteString("x") //> !
	b.Hello()          //> embedding.go::Base.Hello
}

func alias(a Aliased, r Renamed) { //= embedding.go::Base.Hello, embedding.go::Middle.Name
	a.Hello()        //> embedding.go::Base.Hello
	r.Name()         //> embedding.go::Middle.Name
	a.Renamed.Name() //> embedding.go::Middle.Name
}

func circular(l *Local) { //= embedding.go::Deep.Dive
	l.Dive() //> embedding.go::Deep.Dive
}

func expression() { //= embedding.go::Base.Hello
	f := Top.Hello
	f(Top{}) //> embedding.go::Base.Hello [alias]
}

type hidden struct{ *unknownPackageType }

type unknownPackageType struct{ bytes.Reader }

func (u *unknownPackageType) Len() int { return 0 }

func nearest(h hidden) { //= embedding.go::unknownPackageType.Len
	h.Len()  //> embedding.go::unknownPackageType.Len
	h.Size() //> !bytes.Reader.Size
}
