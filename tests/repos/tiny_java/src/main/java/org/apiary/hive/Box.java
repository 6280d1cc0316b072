package org.apiary.hive;

/** Four boards, a floor and a lid. */
class Box {
    private final double wood;

    Box(double wood) {
        this.wood = wood;
    }

    final double empty() {
        return wood;
    }

    public double weight() {
        return wood;
    }
}
