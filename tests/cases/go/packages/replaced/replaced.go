package replaced

func Place() {}
