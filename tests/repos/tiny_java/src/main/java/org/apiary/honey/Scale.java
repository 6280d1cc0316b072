package org.apiary.honey;

import org.apiary.hive.Hive;

/** A scale that shows whole steps only. */
public class Scale {
    private final double step;

    public Scale(double step) {
        this.step = step;
    }

    public double read(Hive hive) {
        return rounded(hive.weight());
    }

    public double rounded(double kilograms) {
        return Math.floor(kilograms / step) * step;
    }

    /** Shows the difference between two boxes, whichever of them is the heavier one. */
    public double compare(Hive one, Hive other) {
        return Math.abs(read(one) - read(other));
    }
}
