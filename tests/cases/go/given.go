// Fields of types that are not here: what they hold may be a function of the repository.
package given

import "example.org/shell"

var commands = []*shell.Command{{Check: run}}

func run(c *shell.Command) {}

func literal() { //= open
	c := &shell.Command{Use: "x", Run: run}
	c.Run(c)             //> ?
	commands[0].Check(c) //> ?
	c.Use()              //> !example.org/shell.Command.Use
}

func stored(c *shell.Command) { //= open
	c.Parent.Finish = run
	c.Parent.Finish(c) //> ?
}

func theirs(c *shell.Command) { //= none
	c.Execute()        //> !example.org/shell.Command.Execute
	shell.Main(c, run) //> !example.org/shell.Main
}
