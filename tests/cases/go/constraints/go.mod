module example.org/constraints
