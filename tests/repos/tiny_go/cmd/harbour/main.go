// Harbour moors the ships that a file lists and prints what they owe.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"

	port "example.org/harbour"
	"example.org/harbour/internal/tide"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: harbour FILE")
	}
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	if err := run(file); err != nil {
		log.Fatal(err)
	}
}

func run(file *os.File) error {
	harbour := port.New(tide.NewSill(4, 2.8, 7), 8, 12, 20)
	lines := bufio.NewScanner(file)
	for hour := 0; lines.Scan(); hour++ {
		ship, err := parse(lines.Text())
		if err != nil {
			return err
		}
		if _, err := harbour.Moor(ship, hour); err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		defer harbour.Cast(ship.Name, 1)
	}
	_, err := harbour.WriteTo(os.Stdout)
	return err
}

// parse reads a ship from a line that holds its flag, its name without blanks, its length and its draught.
func parse(line string) (*port.Ship, error) {
	ship := &port.Ship{}
	_, err := fmt.Sscan(line, &ship.Flag, &ship.Name, &ship.Length, &ship.Draught)
	return ship, err
}
