package external

func init() {}
