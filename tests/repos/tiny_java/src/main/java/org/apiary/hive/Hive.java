package org.apiary.hive;

import org.apiary.honey.Scale;

/** A box with a colony in it. */
public final class Hive extends Box implements Feedable {
    private final String place;
    private final Colony colony;
    private final Store store = new Store(12.0);

    public Hive(String place, Colony colony) {
        super(14.5);
        this.place = place;
        this.colony = colony;
    }

    public String place() {
        return place;
    }

    public Colony colony() {
        return colony;
    }

    public Store store() {
        return store;
    }

    /** Weighs wood, wax and honey together, as the scale below the floor shows it. */
    @Override
    public double weight() {
        return super.weight() + store.content();
    }

    /**
     * Says how much could be taken without anybody starving until the willows flower.
     *
     * @param scale what the box stands on
     */
    public double surplus(Scale scale) {
        double honey = scale.read(this) - empty();
        return store.beyondWinter(honey);
    }

    public void take(double kilograms) {
        store.remove(kilograms);
    }

    @Override
    public void feed(double syrup) {
        store.add(syrup, Feedable.thinned(0.5));
    }

    /** The combs above the brood. */
    public static final class Store {
        private static final double WINTER = 15;

        private double content;

        Store(double content) {
            this.content = content;
        }

        double content() {
            return content;
        }

        void add(double kilograms) {
            add(kilograms, 1);
        }

        void add(double kilograms, double share) {
            content += kilograms * share;
        }

        void remove(double kilograms) {
            if (kilograms > content) {
                throw new IllegalArgumentException("not so much honey");
            }
            content -= kilograms;
        }

        /* Not documentation: one star is missing. */
        public boolean isEnough(Scale scale) {
            return scale.rounded(content) >= WINTER;
        }

        double beyondWinter(double honey) {
            return Math.max(0, honey - WINTER);
        }
    }
}
