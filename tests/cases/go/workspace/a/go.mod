module example.org/a
