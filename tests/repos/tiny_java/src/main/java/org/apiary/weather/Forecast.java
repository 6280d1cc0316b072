package org.apiary.weather;

import java.util.function.DoubleSupplier;

/** What the sky will be like. */
public abstract class Forecast {
    private static final double WARM = 12;

    abstract double temperature();

    /** Tells whether bees leave the hive: below twelve degrees, or in a strong wind, they stay inside. */
    public boolean isFlying() {
        return temperature() >= WARM && !isWindy(this::wind);
    }

    protected double wind() {
        return 0;
    }

    private static boolean isWindy(DoubleSupplier speed) {
        return speed.getAsDouble() > 8;
    }

    /** Expects of a day what the one before was like. */
    public static Forecast likeYesterday(double temperature) {
        return new Forecast() {
            @Override
            double temperature() {
                return smoothed(temperature);
            }

            private double smoothed(double value) {
                return Math.rint(value);
            }
        };
    }
}
