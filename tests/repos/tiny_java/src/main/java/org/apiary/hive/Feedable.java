package org.apiary.hive;

/** What can be given syrup. */
public interface Feedable {
    void feed(double syrup);

    /** Feeds in small portions over several evenings, so that no robbers come from next door. */
    default void feedSlowly(double syrup, int evenings) {
        for (int evening = 0; evening < evenings; evening++) {
            feed(syrup / evenings);
        }
    }

    static double thinned(double share) {
        return share * Syrup.THICK.sugar();
    }

    /** How much sugar is in the water. */
    enum Syrup {
        THIN(0.5),
        THICK(0.6) {
            @Override
            double sugar() {
                return super.sugar() + 0.05;
            }
        };

        private final double share;

        Syrup(double share) {
            this.share = share;
        }

        double sugar() {
            return share;
        }
    }
}
