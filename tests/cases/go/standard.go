// The standard library is known: results, fields, what is an interface, and who makes functions.
package standard

import (
	"bufio"
	"context"
	"encoding/binary"
	"flag"
	"go/ast"
	"go/build"
	"io"
	"net/http"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"example.org/elsewhere"
)

type File struct{ stop context.CancelFunc }

func (f *File) Close() error { return nil }

func (f *File) String() string { return "" }

func (f *File) Uint32() {}

func (f *File) Get(key string) string { return "" }

func (f *File) OpenFile(name string) {}

func (f *File) Pos() {}

func results(name string) { //= none
	file, err := os.Open(name) //> !os.Open
	if err != nil {
		return
	}
	defer file.Close()                //> !os.File.Close
	_ = time.Now().String()           //> !time.Now ; !time.Time.String
	_ = time.Duration(3).String()     //> !time.Duration ; !time.Duration.String
	binary.BigEndian.Uint32(nil)      //> !
	scanner := bufio.NewScanner(file) //> !bufio.NewScanner
	_ = scanner
}

func interfaces(name string) { //= open
	response, _ := http.Get(name) //> !net/http.Get
	response.Body.Close()         //> ?
}

func fields(r *http.Request) { //= none
	r.Header.Get("a")  //> !net/http.Header.Get
	_ = r.URL.String() //> !net/url.URL.String
	for _, value := range r.Header {
		_ = value[0]
	}
	for _, cookie := range r.Cookies() { //> !net/http.Request.Cookies
		_ = cookie.String() //> !net/http.Cookie.String
	}
}

func fieldsThatAreFunctions(c *build.Context) { //= open
	c.OpenFile("x") //> ?
}

func variables() { //= open
	flag.Usage() //> ?
}

func nodes(call *ast.CallExpr) { //= open
	call.Pos()     //> !go/ast.CallExpr.Pos
	call.Fun.Pos() //> ?
}

func madeOutside(parent context.Context) { //= none
	ctx, cancel := context.WithCancel(parent) //> !context.WithCancel
	defer cancel()                            //> !
	ctx.Done()                                //> !context.Context.Done
	sync.OnceFunc(func() {})()                //> !sync.OnceFunc ; !
}

func kept(f *File) { //= open
	ctx, cancel := context.WithCancel(context.Background()) //> !context.WithCancel ; !context.Background
	_ = ctx
	f.stop = cancel
	f.stop() //> ?
}

func given(cancel context.CancelFunc, handler http.HandlerFunc) { //= open
	cancel()          //> ?
	handler(nil, nil) //> ?
}

func replaced(other func()) { //= open
	_, cancel := context.WithCancel(context.Background()) //> !context.WithCancel ; !context.Background
	cancel = other
	cancel() //> ?
}

func typed(p *atomic.Pointer[File], m *sync.Map) { //= standard.go::File.Close
	p.Load().Close() //> !sync/atomic.Pointer.Load ; standard.go::File.Close
	m.Range(nil)     //> !sync.Map.Range
}

func notStandard(x elsewhere.Thing, y *elsewhere.Thing) { //= open
	x.Close()                 //> ?
	y.Close()                 //> !example.org/elsewhere.Thing.Close
	elsewhere.New().Close()   //> !example.org/elsewhere.New ; ?
	elsewhere.New().Other()   //> !example.org/elsewhere.New ; !
	elsewhere.Thing{}.Close() //> !example.org/elsewhere.Thing.Close
}

func set() { //= open
	elsewhere.Hook = func() {}
	elsewhere.Hook() //> ?
}

func aliases(info os.FileInfo, r io.ReadCloser) { //= open
	r.Close()         //> ?
	_ = info.Name()   //> !
	_ = info.String() //> ?
}

func again(v reflect.Value, x any) { //= none
	w := reflect.ValueOf(x) //> !reflect.ValueOf
	w = w.Elem()            //> !reflect.Value.Elem
	_ = w.String()          //> !reflect.Value.String
	y := elsewhere.Default
	y = y.Next() //> !
	y.Other()    //> !
}
