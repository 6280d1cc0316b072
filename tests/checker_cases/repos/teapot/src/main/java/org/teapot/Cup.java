package org.teapot;

class Cup {
	int sips;

	int sip() {
		return ++sips;
	}

	int gulp() {
		return sip() + sip();
	}
}
