module example.org/b/v2
