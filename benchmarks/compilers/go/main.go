// Says what each call in the Go files of a folder reaches, as go/types sees it: one JSON object a line.
//
//	go run main.go FOLDER
//
// Nothing is downloaded and nothing of the folder runs. Packages of the folder are found by its go.mod files, the
// standard library in GOROOT, all others in GOPATH/src if they are there. What depends on a package that is not found
// is left out, but for calls of that package's own functions, which lie outside of the folder.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

type call struct {
	Path       string `json:"path"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Outcome    string `json:"outcome"`
	TargetPath string `json:"target_path"`
	TargetRow  int    `json:"target_row"`
	Name       string `json:"name"`
	Why        string `json:"why"`
}

var errMissing = errors.New("no such package here")

// A folder's packages by their import paths, checked when they are first imported.
type repository struct {
	root     string
	fset     *token.FileSet
	context  build.Context
	standard types.Importer
	folders  map[string]string // import path -> folder
	checked  map[string]*types.Package
	running  map[string]bool
	methods  map[string]bool // names of all methods of the repository
	out      *json.Encoder
}

var (
	module  = regexp.MustCompile(`(?m)^\s*module\s+"?([^\s"]+)`)
	replace = regexp.MustCompile(`(?m)^\s*(?:replace\s+)?([^\s(]+)(?:\s+v\S+)?\s*=>\s*(\.\.?/\S*)`)
)

func main() {
	root, err := filepath.Abs(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fset := token.NewFileSet()
	context := build.Default
	context.CgoEnabled = true
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	r := &repository{
		root:     root,
		fset:     fset,
		context:  context,
		standard: importer.ForCompiler(fset, "source", nil),
		folders:  map[string]string{},
		checked:  map[string]*types.Package{},
		running:  map[string]bool{},
		methods:  map[string]bool{},
		out:      json.NewEncoder(output),
	}
	folders := r.find()
	for _, folder := range folders {
		r.check(folder)
	}
}

// find returns the folders that hold Go files, and notes import paths and methods on the way.
func (r *repository) find() []string {
	var modules []string
	withFiles := map[string]bool{}
	filepath.WalkDir(r.root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return filepath.SkipDir
		}
		if entry.Name() == "go.mod" {
			modules = append(modules, name)
		}
		if strings.HasSuffix(name, ".go") && entry.Type().IsRegular() {
			withFiles[filepath.Dir(name)] = true
			r.note(name)
		}
		return nil
	})
	var folders []string
	for folder := range withFiles {
		folders = append(folders, folder)
	}
	sort.Strings(folders)
	for _, file := range modules {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		own := filepath.Dir(file)
		if found := module.FindSubmatch(text); found != nil {
			r.add(string(found[1]), own, folders)
		}
		for _, found := range replace.FindAllSubmatch(text, -1) {
			r.add(string(found[1]), filepath.Join(own, string(found[2])), folders)
		}
	}
	return folders
}

func (r *repository) add(importPath, root string, folders []string) {
	for _, folder := range folders {
		if rest, err := filepath.Rel(root, folder); err == nil && !strings.HasPrefix(rest, "..") {
			name := path.Join(importPath, filepath.ToSlash(rest))
			if _, known := r.folders[name]; !known {
				r.folders[name] = folder
			}
		}
	}
}

func (r *repository) note(name string) {
	file, _ := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if file == nil {
		return
	}
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv != nil {
			r.methods[function.Name.Name] = true
		}
	}
}

// Import returns a package by its path.
func (r *repository) Import(name string) (*types.Package, error) {
	return r.ImportFrom(name, r.root, 0)
}

// ImportFrom returns a package by its path, which a vendor folder may have.
func (r *repository) ImportFrom(name, from string, _ types.ImportMode) (*types.Package, error) {
	if name == "unsafe" {
		return types.Unsafe, nil
	}
	folder := r.folders[name]
	for around := from; strings.HasPrefix(around, r.root); around = filepath.Dir(around) {
		if info, err := os.Stat(filepath.Join(around, "vendor", name)); err == nil && info.IsDir() {
			folder = filepath.Join(around, "vendor", name)
			break
		}
	}
	if folder != "" {
		return r.library(folder, name)
	}
	if first, _, _ := strings.Cut(name, "/"); !strings.Contains(first, ".") {
		return r.standard.Import(name)
	}
	if info, err := os.Stat(filepath.Join(build.Default.GOPATH, "src", name)); err == nil && info.IsDir() {
		return r.library(filepath.Join(build.Default.GOPATH, "src", name), name)
	}
	return nil, errMissing
}

func (r *repository) library(folder, name string) (*types.Package, error) {
	if found := r.checked[folder]; found != nil {
		return found, nil
	}
	if r.running[folder] {
		return nil, errMissing
	}
	for _, files := range r.packages(folder, false) {
		if files[0].Name.Name != "main" || len(r.packages(folder, false)) == 1 {
			return r.checkFiles(folder, name, files, nil), nil
		}
	}
	return nil, errMissing
}

// packages returns the files of a folder that this machine would build, by package; with those of tests or without.
func (r *repository) packages(folder string, tests bool) [][]*ast.File {
	entries, _ := os.ReadDir(folder)
	byName := map[string][]*ast.File{}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || (!tests && strings.HasSuffix(name, "_test.go")) {
			continue
		}
		if match, err := r.context.MatchFile(folder, name); err != nil || !match {
			continue
		}
		file, _ := parser.ParseFile(r.fset, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if file == nil || file.Name == nil {
			continue
		}
		if byName[file.Name.Name] == nil {
			names = append(names, file.Name.Name)
		}
		byName[file.Name.Name] = append(byName[file.Name.Name], file)
	}
	sort.Strings(names)
	var found [][]*ast.File
	for _, name := range names {
		found = append(found, byName[name])
	}
	return found
}

// check prints the calls of all files of a folder.
func (r *repository) check(folder string) {
	for _, files := range r.packages(folder, true) {
		programs, others := apart(files)
		if len(programs) < 2 {
			r.checkAndPrint(folder, files, files)
			continue
		}
		for _, program := range programs {
			r.checkAndPrint(folder, append([]*ast.File{program}, others...), []*ast.File{program})
		}
	}
}

// apart returns the files of a package that are programs, of which a folder may hold several, and all others.
func apart(files []*ast.File) (programs, others []*ast.File) {
	for _, file := range files {
		isProgram := false
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			isProgram = isProgram || ok && function.Recv == nil && function.Name.Name == "main" && file.Name.Name == "main"
		}
		if isProgram {
			programs = append(programs, file)
		} else {
			others = append(others, file)
		}
	}
	return programs, others
}

func (r *repository) checkAndPrint(folder string, files, printed []*ast.File) {
	info := &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Defs:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	var own, tests []*ast.File
	for _, file := range files {
		if strings.HasSuffix(r.fset.File(file.FileStart).Name(), "_test.go") {
			tests = append(tests, file)
		} else {
			own = append(own, file)
		}
	}
	r.checkFiles(folder, "checked/"+files[0].Name.Name, append(own, tests...), info)
	for _, file := range printed {
		r.print(file, info)
	}
}

func (r *repository) checkFiles(folder, name string, files []*ast.File, info *types.Info) *types.Package {
	if info == nil {
		r.running[folder] = true
		defer delete(r.running, folder)
	}
	config := types.Config{
		Importer:         r,
		FakeImportC:      true,
		IgnoreFuncBodies: info == nil,
		Error:            func(error) {},
	}
	checked, _ := config.Check(name, r.fset, files, info)
	if info == nil {
		r.checked[folder] = checked
	}
	return checked
}

func (r *repository) print(file *ast.File, info *types.Info) {
	held := heldFunctions(file, info)
	ast.Inspect(file, func(node ast.Node) bool {
		expression, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		if found := r.attribute(expression, info, held); found != nil {
			start := r.fset.PositionFor(expression.Pos(), false)
			found.Path = r.relative(start.Filename)
			found.Start = start.Offset
			found.End = r.fset.PositionFor(expression.End(), false).Offset
			r.out.Encode(found)
		}
		return true
	})
}

func (r *repository) relative(name string) string {
	rest, err := filepath.Rel(r.root, name)
	if err != nil || strings.HasPrefix(rest, "..") {
		return ""
	}
	return filepath.ToSlash(rest)
}

// attribute says what a call reaches, or nil where go/types does not know.
func (r *repository) attribute(expression *ast.CallExpr, info *types.Info, held map[types.Object]heldFunction) *call {
	function := ast.Unparen(expression.Fun)
	if found, ok := info.Types[function]; ok && found.IsType() {
		if found.Type == types.Typ[types.Invalid] {
			return nil
		}
		return &call{Outcome: "builtin", Why: "conversion"}
	}
	switch indexed := function.(type) {
	case *ast.IndexExpr:
		if signature(info, indexed.X) {
			function = ast.Unparen(indexed.X)
		}
	case *ast.IndexListExpr:
		function = ast.Unparen(indexed.X)
	}
	var object types.Object
	switch named := function.(type) {
	case *ast.FuncLit:
		return &call{Outcome: "builtin", Why: "literal"}
	case *ast.Ident:
		object = info.Uses[named]
	case *ast.SelectorExpr:
		object = info.Uses[named.Sel]
		if object == nil && r.isMissing(named, info) {
			return &call{Outcome: "outside", Why: "missing package", Name: named.Sel.Name}
		}
	}
	return r.reached(object, function, info, held)
}

func (r *repository) reached(
	object types.Object, function ast.Expr, info *types.Info, held map[types.Object]heldFunction,
) *call {
	switch object := object.(type) {
	case *types.Builtin:
		return &call{Outcome: "builtin", Name: object.Name()}
	case *types.Func:
		return r.function(object.Origin())
	case *types.Var:
		if only, ok := held[object]; ok {
			if only.outside {
				return &call{Outcome: "outside", Why: "function from outside"}
			}
			if only.function == nil {
				return &call{Outcome: "builtin", Why: "literal"}
			}
			return r.function(only.function.Origin())
		}
	}
	if isMadeOutside(function, info) {
		return &call{Outcome: "outside", Why: "function made outside"}
	}
	if found, ok := info.Types[function]; !ok || found.Type == types.Typ[types.Invalid] {
		return nil
	}
	return &call{Outcome: "open", Why: "function value"}
}

func (r *repository) function(object *types.Func) *call {
	if receiver := object.Type().(*types.Signature).Recv(); receiver != nil && types.IsInterface(receiver.Type()) {
		place := r.fset.PositionFor(object.Pos(), false)
		if r.relative(place.Filename) == "" && !r.methods[object.Name()] {
			return &call{Outcome: "outside", Name: object.Name(), Why: "interface that nothing here has"}
		}
		return &call{Outcome: "open", Name: object.Name(), Why: "interface"}
	}
	place := r.fset.PositionFor(object.Pos(), false)
	target := r.relative(place.Filename)
	if !object.Pos().IsValid() || target == "" {
		return &call{Outcome: "outside", Name: object.FullName()}
	}
	return &call{Outcome: "repository", TargetPath: target, TargetRow: place.Line - 1, Name: object.Name()}
}

// isMissing says whether a name is taken from a package that is neither found nor part of the repository.
func (r *repository) isMissing(selector *ast.SelectorExpr, info *types.Info) bool {
	qualifier, ok := selector.X.(*ast.Ident)
	if !ok {
		return false
	}
	name, ok := info.Uses[qualifier].(*types.PkgName)
	if !ok || name.Imported().Complete() {
		return false
	}
	_, err := r.Import(name.Imported().Path())
	return err != nil && r.folders[name.Imported().Path()] == ""
}

// signature says whether an expression is a function: what follows it in brackets are type arguments.
func signature(info *types.Info, expression ast.Expr) bool {
	found, ok := info.Types[expression]
	if !ok || found.Type == nil {
		return false
	}
	_, ok = found.Type.Underlying().(*types.Signature)
	return ok
}

// What a local variable holds: one function, function literals alone (nil), or what the standard library made.
type heldFunction struct {
	function *types.Func
	outside  bool
}

// isMadeOutside says whether an expression is a call of a function of the standard library.
func isMadeOutside(expression ast.Expr, info *types.Info) bool {
	made, ok := expression.(*ast.CallExpr)
	if !ok {
		return false
	}
	called := ast.Unparen(made.Fun)
	if indexed, ok := called.(*ast.IndexExpr); ok {
		called = indexed.X
	}
	var object types.Object
	switch named := called.(type) {
	case *ast.Ident:
		object = info.Uses[named]
	case *ast.SelectorExpr:
		object = info.Uses[named.Sel]
	}
	function, ok := object.(*types.Func)
	if !ok || function.Pkg() == nil {
		return false
	}
	root, _, _ := strings.Cut(function.Pkg().Path(), "/")
	return isStandard(root)
}

func isStandard(root string) bool {
	info, err := os.Stat(filepath.Join(build.Default.GOROOT, "src", root))
	return err == nil && info.IsDir()
}

// heldFunctions returns the local variables of which is known what function they hold.
func heldFunctions(file *ast.File, info *types.Info) map[types.Object]heldFunction {
	values := map[types.Object][]ast.Expr{}
	spoiled := map[types.Object]bool{}
	assign := func(target, value ast.Expr) {
		name, ok := ast.Unparen(target).(*ast.Ident)
		if !ok {
			return
		}
		object := info.Defs[name]
		if object == nil {
			object = info.Uses[name]
		}
		if object == nil {
			return
		}
		if value == nil {
			spoiled[object] = true
			return
		}
		values[object] = append(values[object], ast.Unparen(value))
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for i, target := range node.Lhs {
				if len(node.Lhs) == len(node.Rhs) {
					assign(target, node.Rhs[i])
				} else if isMadeOutside(ast.Unparen(node.Rhs[0]), info) {
					assign(target, node.Rhs[0])
				} else {
					assign(target, nil)
				}
			}
		case *ast.ValueSpec:
			for i, name := range node.Names {
				if i < len(node.Values) && len(node.Names) == len(node.Values) {
					assign(name, node.Values[i])
				} else if len(node.Values) == 1 && isMadeOutside(ast.Unparen(node.Values[0]), info) {
					assign(name, node.Values[0])
				} else if len(node.Values) > 0 {
					assign(name, nil)
				}
			}
		case *ast.RangeStmt:
			assign(node.Key, nil)
			assign(node.Value, nil)
		case *ast.UnaryExpr:
			if node.Op == token.AND {
				assign(node.X, nil)
			}
		case *ast.FuncType:
			for _, list := range []*ast.FieldList{node.Params, node.Results} {
				if list == nil {
					continue
				}
				for _, field := range list.List {
					for _, name := range field.Names {
						assign(name, nil)
					}
				}
			}
		}
		return true
	})
	held := &holders{values: values, spoiled: spoiled, found: map[types.Object]heldFunction{}, info: info}
	for object := range values {
		held.of(object, 0)
	}
	return held.found
}

// What is assigned to variables, and what they therefore hold.
type holders struct {
	values  map[types.Object][]ast.Expr
	spoiled map[types.Object]bool
	found   map[types.Object]heldFunction
	info    *types.Info
}

// of returns what a local variable holds, if that is known.
func (h *holders) of(object types.Object, depth int) (heldFunction, bool) {
	variable, ok := object.(*types.Var)
	if !ok || depth > 5 || h.spoiled[object] || len(h.values[object]) == 0 || variable.IsField() ||
		variable.Pkg() == nil || variable.Parent() == nil || variable.Parent() == variable.Pkg().Scope() {
		return heldFunction{}, false
	}
	var all []heldFunction
	for _, value := range h.values[object] {
		one, ok := h.value(value, depth)
		if !ok {
			return heldFunction{}, false
		}
		all = append(all, one)
	}
	only := all[0]
	for _, one := range all[1:] {
		if one.outside && only.outside {
			only = heldFunction{outside: true}
		} else if one != only {
			return heldFunction{}, false
		}
	}
	h.found[object] = only
	return only, true
}

func (h *holders) value(value ast.Expr, depth int) (heldFunction, bool) {
	var object types.Object
	switch value := value.(type) {
	case *ast.FuncLit:
		return heldFunction{}, true
	case *ast.CallExpr:
		return heldFunction{outside: true}, isMadeOutside(value, h.info)
	case *ast.Ident:
		object = h.info.Uses[value]
	case *ast.SelectorExpr:
		object = h.info.Uses[value.Sel]
	}
	function, ok := object.(*types.Func)
	if !ok {
		return h.of(object, depth+1)
	}
	isOutside := function.Pkg() != nil && isStandard(strings.Split(function.Pkg().Path(), "/")[0])
	receiver := function.Type().(*types.Signature).Recv()
	isInterface := receiver != nil && types.IsInterface(receiver.Type())
	return heldFunction{function: function, outside: isOutside && !isInterface}, true
}
