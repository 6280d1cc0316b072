// Types that hold or embed ever larger ones of themselves: nothing is known of them, and soon.
package endless

type pair[T any] struct{ next *pair[map[T]T] }

func (p *pair[T]) close() {}

func follow(p *pair[int]) { //= open
	p.next.next.close()                                                        //> endless.go::pair.close
	p.next.next.next.next.next.next.next.next.next.next.next.next.next.close() //> ?
}

type left[T any] struct {
	*left[[]T]
	*right[map[T]T]
}

type right[T any] struct{ *left[func(T) T] }

func embedded(l left[int]) { //= open
	l.close() //> ?
}
