// Writes down what the standard library exports, as far as types with members follow from it.
//
//	go run standard.go > hybridgym/resolvers/go_standard.txt
//
// A line is a name of the package named above it and what it is: a type by what it is behind its name, a variable, a
// constant or a field by its type, a function or a method (with `()`) by its results. What has no members, and the
// predeclared `error`, is not written; `T0` is the first type parameter, `__` a slash. A type without a name that others
// can write is `opaque`, or `hidden` where it is an interface.
package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"sort"
	"strings"
)

func main() {
	listed, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	source := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, path := range strings.Fields(string(listed)) {
		if strings.Contains(path, "internal") || strings.HasPrefix(path, "vendor/") {
			continue
		}
		if path == "unsafe" || path == "syscall" || path == "unicode" || strings.HasPrefix(path, "debug/") {
			continue
		}
		pkg, err := source.Import(path)
		if err != nil {
			continue
		}
		if lines := describe(pkg); len(lines) > 0 {
			fmt.Println("package " + path)
			sort.Strings(lines)
			fmt.Println(strings.Join(lines, "\n"))
		}
	}
}

func describe(pkg *types.Package) []string {
	var lines []string
	add := func(name, what string) {
		if what != "" {
			lines = append(lines, name+" "+what)
		}
	}
	w := writer{pkg}
	for _, name := range pkg.Scope().Names() {
		object := pkg.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.Func:
			add(name+"()", w.results(object))
		case *types.Var, *types.Const:
			add(name, w.value(object.Type()))
		case *types.TypeName:
			if object.IsAlias() {
				add(name, "alias "+w.text(types.Unalias(object.Type())))
				continue
			}
			named, ok := object.Type().(*types.Named)
			if !ok {
				continue
			}
			switch under := named.Underlying().(type) {
			case *types.Interface:
				add(name, "interface")
			case *types.Struct, *types.Basic:
				add(name, "concrete")
			default:
				add(name, "type "+w.text(under))
			}
			members := map[string]string{}
			w.members(named, members, 0, map[types.Type]bool{})
			methods := types.NewMethodSet(types.NewPointer(named))
			if types.IsInterface(named) {
				methods = types.NewMethodSet(named)
			}
			for i := 0; i < methods.Len(); i++ {
				if method := methods.At(i).Obj().(*types.Func); method.Exported() {
					members[method.Name()] = ""
					add(name+"."+method.Name()+"()", w.results(method))
				}
			}
			for member, what := range members {
				add(name+"."+member, what)
			}
		}
	}
	return lines
}

type writer struct{ pkg *types.Package }

func (w writer) members(t types.Type, found map[string]string, depth int, seen map[types.Type]bool) {
	if depth > 5 || seen[t] {
		return
	}
	seen[t] = true
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i := 0; i < structure.NumFields(); i++ {
		field := structure.Field(i)
		if _, known := found[field.Name()]; field.Exported() && !known {
			found[field.Name()] = w.value(field.Type())
		}
	}
	for i := 0; i < structure.NumFields(); i++ {
		if field := structure.Field(i); field.Embedded() {
			w.members(field.Type(), found, depth+1, seen)
		}
	}
}

// value returns a type, or nothing where it has no members.
func (w writer) value(t types.Type) string {
	if !matters(t, 0) {
		return ""
	}
	return w.text(t)
}

func (w writer) results(function *types.Func) string {
	results := function.Type().(*types.Signature).Results()
	any := false
	var texts []string
	for i := 0; i < results.Len(); i++ {
		any = any || matters(results.At(i).Type(), 0)
		texts = append(texts, w.text(results.At(i).Type()))
	}
	if !any {
		return ""
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

func matters(t types.Type, depth int) bool {
	if depth > 10 {
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named, *types.TypeParam, *types.Signature, *types.Interface, *types.Struct, *types.Tuple:
		return t.String() != "any" && t.String() != "error"
	case *types.Pointer:
		return matters(t.Elem(), depth+1)
	case *types.Slice:
		return matters(t.Elem(), depth+1)
	case *types.Array:
		return matters(t.Elem(), depth+1)
	case *types.Chan:
		return matters(t.Elem(), depth+1)
	case *types.Map:
		return matters(t.Key(), depth+1) || matters(t.Elem(), depth+1)
	}
	return false
}

func (w writer) text(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		name := t.Obj().Name()
		if t.Obj().Pkg() != nil {
			if !t.Obj().Exported() || strings.Contains(t.Obj().Pkg().Path(), "internal") {
				if types.IsInterface(t) {
					return "hidden"
				}
				return "opaque"
			}
			if t.Obj().Pkg() != w.pkg {
				name = strings.ReplaceAll(t.Obj().Pkg().Path(), "/", "__") + "." + name
			}
		}
		if t.TypeArgs().Len() > 0 {
			var arguments []string
			for i := 0; i < t.TypeArgs().Len(); i++ {
				arguments = append(arguments, w.text(t.TypeArgs().At(i)))
			}
			name += "[" + strings.Join(arguments, ", ") + "]"
		}
		return name
	case *types.TypeParam:
		return fmt.Sprintf("T%d", t.Index())
	case *types.Pointer:
		return "*" + w.text(t.Elem())
	case *types.Slice:
		return "[]" + w.text(t.Elem())
	case *types.Array:
		return "[]" + w.text(t.Elem())
	case *types.Chan:
		return "chan " + w.text(t.Elem())
	case *types.Map:
		return "map[" + w.text(t.Key()) + "]" + w.text(t.Elem())
	case *types.Signature:
		var parameters []string
		for i := 0; i < t.Params().Len(); i++ {
			parameters = append(parameters, w.text(t.Params().At(i).Type()))
		}
		var results []string
		for i := 0; i < t.Results().Len(); i++ {
			results = append(results, w.text(t.Results().At(i).Type()))
		}
		text := "func(" + strings.Join(parameters, ", ") + ")"
		if len(results) == 1 {
			text += " " + results[0]
		} else if len(results) > 1 {
			text += " (" + strings.Join(results, ", ") + ")"
		}
		return text
	case *types.Interface:
		if t.Empty() {
			return "any"
		}
		return "hidden"
	case *types.Struct:
		if t.NumFields() == 0 {
			return "struct{}"
		}
		return "opaque"
	case *types.Basic:
		return t.Name()
	}
	return "any"
}
