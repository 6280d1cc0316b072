// A call through an interface is open: whoever implements it may be meant.
package interfaces

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
)

type Store interface {
	Get(key string) (*Item, error)
	io.Closer
}

type Item struct{ err error }

func (i *Item) Load() error { return i.err }

type memory struct{ items map[string]*Item }

var _ Store = (*memory)(nil)

func (m *memory) Get(key string) (*Item, error) { return m.items[key], nil }

func (m *memory) Close() error { return nil }

func (m *memory) Write(data []byte) (int, error) { return len(data), nil } //> builtin

func (m memory) String() string { return "memory" }

type failure struct{}

func (failure) Error() string { return "" }

func NewStore() Store { return &memory{} }

func newMemory() *memory { return &memory{} }

func through(s Store) { //= open
	s.Get("a") //> ?
}

func result(s Store) { //= open
	item, err := s.Get("a") //> ?
	if err == nil {
		item.Load() //> interfaces.go::Item.Load
	}
}

func factory() { //= open
	NewStore().Close() //> interfaces.go::NewStore ; ?
}

func concrete() { //= interfaces.go::newMemory, interfaces.go::memory.Close, interfaces.go::memory.Get, interfaces.go::Item.Load
	m := newMemory()     //> interfaces.go::newMemory
	defer m.Close()      //> interfaces.go::memory.Close
	item, _ := m.Get("") //> interfaces.go::memory.Get
	item.Load()          //> interfaces.go::Item.Load
}

func typedVariable() { //= open
	var s Store = newMemory() //> interfaces.go::newMemory
	s.Get("")                 //> ?
}

func narrowed(s Store) { //= interfaces.go::memory.Get
	if m, ok := s.(*memory); ok {
		m.Get("") //> interfaces.go::memory.Get
	}
	s.(*memory).Get("") //> interfaces.go::memory.Get
}

func writer(w io.Writer) { //= open
	w.Write(nil) //> ?
}

func reader(r io.Reader, w http.ResponseWriter) { //= none
	r.Read(nil)        //> !io.Reader.Read
	w.WriteHeader(200) //> !
}

func anyError(err error) string { //= open
	return err.Error() //> ?
}

func ownError(err failure) string { //= interfaces.go::failure.Error
	return err.Error() //> interfaces.go::failure.Error
}

func stringer(s fmt.Stringer) string { //= open
	return s.String() //> ?
}

func pointer(f *os.File, r *http.Request) { //= none
	f.Close()            //> !os.File.Close
	r.Context().Done()   //> !net/http.Request.Context ; !
	os.Getenv("x")       //> !os.Getenv
	context.Background() //> !context.Background
}

func structOfOutside(c http.Client) { //= none
	c.Get("http://localhost") //> !net/http.Client.Get
}

func literalInterface(x interface{ Load() error }) { //= open
	x.Load() //> ?
}

func locals() { //= open
	type visitor interface{ visit() }
	var v visitor
	v.visit() //> ?
}

func expression(s Store) { //= open
	get := Store.Get
	get(s, "") //> ?
}
