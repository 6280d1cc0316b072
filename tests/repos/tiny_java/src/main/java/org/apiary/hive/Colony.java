package org.apiary.hive;

import java.util.Objects;

/** A queen and her bees. */
public class Colony {
    private static final int CROWD = 40_000;

    private final String race;
    private int bees;

    public Colony(String race, int bees) {
        this.race = Objects.requireNonNull(race);
        this.bees = bees;
    }

    public Colony(String race) {
        this(race, 10_000);
    }

    public String race() {
        return race;
    }

    /** Says whether there are so many bees that half of them would rather leave with the old queen. */
    public boolean isCrowded() {
        return bees > CROWD;
    }

    /**
     * Lets the old queen fly away with half of the workers; the other half raises a new one.
     */
    public Colony divided() {
        int leaving = bees / 2;
        bees -= leaving;
        return new Colony(race, leaving);
    }

    protected void die(int number) {
        bees = Math.max(0, bees - number);
    }

    /** Counts the bees that are left when winter is over; a cold one costs twice as many. */
    public int winter(boolean isCold) {
        die(isCold ? bees / 2 : bees / 4);
        return bees;
    }
}
