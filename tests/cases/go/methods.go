// Methods by the type of their receiver, and what is known of a receiver.
package methods

import "os"

type Server struct {
	name  string
	log   *Logger
	peers []*Server
	next  func() *Server
}

type Logger struct{ out *os.File }

func NewServer(name string) *Server { //= none
	return &Server{name: name}
}

func open(name string) (*Server, error) { return nil, nil }

func (l *Logger) Print(text string) { //= none
	l.out.WriteString(text) //> !
}

func (l Logger) With(key string) Logger { return l }

func (s *Server) Name() string { return s.name }

func (s *Server) Start() error { //= methods.go::Server.Name, methods.go::Logger.Print
	s.log.Print(s.Name()) //> methods.go::Logger.Print [attribute] ; methods.go::Server.Name [self]
	return nil
}

func (*Server) Stop() {}

func (s Server) Copy() (copied Server) { //= methods.go::Server.Name
	copied.Name() //> methods.go::Server.Name
	return
}

func (s *Server) Print(text string) {}

func created() { //= methods.go::Server.Start, methods.go::Server.Stop, methods.go::NewServer, methods.go::Server.Name
	a := Server{name: "a"}
	a.Start() //> methods.go::Server.Start [constructor]
	b := &Server{}
	b.Stop()              //> methods.go::Server.Stop [constructor]
	c := new(Server)      //> builtin
	c.Start()             //> methods.go::Server.Start [constructor]
	d := NewServer("d")   //> methods.go::NewServer [lexical]
	d.Stop()              //> methods.go::Server.Stop [return]
	NewServer("e").Name() //> methods.go::NewServer ; methods.go::Server.Name [return]
	(&Server{}).Name()    //> methods.go::Server.Name
}

func declared(s *Server, all ...Server) { //= methods.go::Server.Start, methods.go::Server.Stop, methods.go::Server.Name
	s.Start() //> methods.go::Server.Start [annotation]
	var t Server
	t.Stop() //> methods.go::Server.Stop [annotation]
	for _, one := range all {
		one.Name() //> methods.go::Server.Name
	}
}

func several() error { //= methods.go::open, methods.go::Server.Start, methods.go::Server.Stop
	s, err := open("x") //> methods.go::open
	if err != nil {
		return err
	}
	defer s.Stop()                       //> methods.go::Server.Stop [return]
	if t, err := open("y"); err == nil { //> methods.go::open
		t.Stop() //> methods.go::Server.Stop
	}
	return s.Start() //> methods.go::Server.Start
}

func fields(s *Server) { //= methods.go::Logger.Print, methods.go::Logger.With, methods.go::Server.Stop
	s.log.With("a").With("b").Print("c") //> methods.go::Logger.With ; methods.go::Logger.With ; methods.go::Logger.Print
	s.peers[0].Stop()                    //> methods.go::Server.Stop [attribute]
	for _, peer := range s.peers {
		peer.Stop() //> methods.go::Server.Stop
	}
	for i := range s.peers {
		s.peers[i].peers[i].Stop() //> methods.go::Server.Stop
	}
}

func resultOfField(s *Server) { //= open
	s.next().Stop() //> ? ; methods.go::Server.Stop
}

func values(s *Server) { //= methods.go::Server.Name, methods.go::Server.Stop
	name := s.Name
	name() //> methods.go::Server.Name [alias]
	stop := (*Server).Stop
	stop(s)               //> methods.go::Server.Stop [alias]
	(*Server).Name(s)     //> methods.go::Server.Name [class]
	_ = Server.Copy       // not a call
	go s.Stop()           //> methods.go::Server.Stop
	func() { s.Name() }() //> builtin ; methods.go::Server.Name
}

func sameName(s *Server, l Logger) { //= methods.go::Server.Print, methods.go::Logger.Print
	s.Print("a") //> methods.go::Server.Print
	l.Print("b") //> methods.go::Logger.Print
}

func dereferenced(s **Server, t *Server) { //= methods.go::Server.Name
	(*s).Name() //> methods.go::Server.Name
	(*t).Name() //> methods.go::Server.Name
}

func named(Server *Server) { //= methods.go::Server.Name
	Server.Name() //> methods.go::Server.Name
}

func assigned() { //= methods.go::Server.Name, methods.go::open
	var s *Server
	var err error
	s, err = open("x") //> methods.go::open
	_ = err
	s.Name() //> methods.go::Server.Name [annotation]
}

func unknown(x any) { //= open
	x.(interface{ Name() string }).Name() //> ?
}

func asserted(x any) { //= methods.go::Server.Name, methods.go::Server.Stop
	x.(*Server).Name() //> methods.go::Server.Name
	if s, ok := x.(*Server); ok {
		s.Stop() //> methods.go::Server.Stop
	}
}

func switched(x any) { //= methods.go::Server.Name, methods.go::Logger.Print
	switch v := x.(type) {
	case *Server:
		v.Name() //> methods.go::Server.Name
	case Logger:
		v.Print("") //> methods.go::Logger.Print
	case nil:
		_ = v
	}
}

func switchedTogether(x *Server, y any) { //= open
	switch v := y.(type) {
	case *Server, *Logger:
		v.Print("") //> ?
	default:
		v.Name() //> ?
	}
	switch v := any(x).(type) { //> builtin
	case *Logger:
		v.With("") //> methods.go::Logger.With
	}
}

var Default = NewServer("default") //> methods.go::NewServer

var standard, failure = open("standard") //> methods.go::open

func packageVariables() { //= methods.go::Server.Start, methods.go::Server.Stop
	Default.Start()       //> methods.go::Server.Start [return]
	standard.Stop()       //> methods.go::Server.Stop
	_ = failure.Error()   //> !
	os.Stdout.Name()      //> !os.File.Name
	os.Stdout.Truncate(1) //> !os.File.Truncate
}
