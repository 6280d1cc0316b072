// The root of import paths.
module example.org/app

go 1.22

require (
	example.org/vendored v1.0.0
	example.org/replaced v1.0.0 // indirect
)

replace example.org/replaced => ./replaced

replace (
	example.org/elsewhere v1.2.3 => ../elsewhere
	example.org/published => example.org/forked v1.0.0
)
