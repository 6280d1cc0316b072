//go:build linux

package shelf

func Mount() string {
	return "/mnt"
}
