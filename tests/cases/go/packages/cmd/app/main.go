package main

import (
	"fmt"
	str "strings"

	. "example.org/app/dots"
	_ "example.org/app/external"
	"example.org/app/internal/deep"
	really "example.org/app/names/v2"
	"example.org/app/util"
	"example.org/elsewhere"
	"example.org/nested/sub"
	"example.org/published"
	"example.org/replaced"
	"example.org/vendored"
	"gopkg.in/yaml.v3"
)

func main() { //= util/helpers.go::Help, util/types.go::New, util/types.go::Tool.Use, internal/deep/deep.go::Dive, names/v2/names.go::Real, dots/dots.go::Dot, vendor/example.org/vendored/vendored.go::Vend, replaced/replaced.go::Place, cmd/app/more.go::local
	fmt.Println()      //> !fmt.Println
	str.ToUpper("")    //> !strings.ToUpper
	util.Help()        //> util/helpers.go::Help [import]
	util.New("").Use() //> util/types.go::New [import] ; util/types.go::Tool.Use [return]
	deep.Dive()        //> internal/deep/deep.go::Dive
	really.Real()      //> names/v2/names.go::Real
	Dot()              //> dots/dots.go::Dot
	vendored.Vend()    //> vendor/example.org/vendored/vendored.go::Vend
	replaced.Place()   //> replaced/replaced.go::Place
	published.Help()   //> !example.org/published.Help
	elsewhere.Help()   //> !example.org/elsewhere.Help
	yaml.Marshal(nil)  //> !gopkg.in/yaml.v3.Marshal
	local()            //> cmd/app/more.go::local [package]
}

func nestedModule() { //= open
	sub.Sub() //> ?
}

func types(t *util.Tool, u util.Tool, all []util.Tool) { //= util/types.go::Tool.Use
	t.Use()            //> util/types.go::Tool.Use
	u.Use()            //> util/types.go::Tool.Use
	all[0].Use()       //> util/types.go::Tool.Use
	util.Tool{}.Use()  //> util/types.go::Tool.Use
	util.Default.Use() //> util/types.go::Tool.Use
}

func conversions() { //= none
	_ = util.Level(3) //> builtin
}

func methodExpression(t *util.Tool) { //= util/types.go::Tool.Use
	(*util.Tool).Use(t) //> util/types.go::Tool.Use
}

func shadowing(util *deep.Diver) { //= internal/deep/deep.go::Diver.Help
	util.Help() //> internal/deep/deep.go::Diver.Help
}

func reassignable() { //= open
	util.Hook() //> ?
}

func missing() { //= open
	util.Missing() //> ?
}
