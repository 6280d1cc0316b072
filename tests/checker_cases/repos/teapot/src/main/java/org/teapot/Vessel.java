package org.teapot;

abstract class Vessel {
    private int degrees;
    private final int size;

    Vessel(int size) {
        this.size = size;
    }

    /** Makes it hotter. */
    protected void heat(int degrees) {
        this.degrees += degrees;
    }

    abstract int pour(int amount);
}

interface Pourable {
    int pour(int amount);

    default int drip() {
        return pour(1);
    }
}
