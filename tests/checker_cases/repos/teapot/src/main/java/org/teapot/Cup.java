package org.teapot;

class Cup {
	int sips;

	int sip() {
		return ++sips;
	}
}
