package org.apiary.honey;

/**
 * Honey that was taken.
 *
 * @param place where from
 * @param kilograms how much, without the comb
 */
public record Harvest(String place, double kilograms, int jars) {
    public Harvest {
        if (kilograms < 0) {
            throw new IllegalArgumentException("less than nothing from " + place);
        }
    }

    /** Fills as many jars as the honey is enough for; what is left over is eaten at once. */
    public static Harvest of(String place, double kilograms) {
        return new Harvest(place, kilograms, Units.jars(kilograms));
    }

    public double gifts() {
        return Units.kilograms(jars / 10);
    }

    public Label label() {
        return new Label.Builder().line(place()).line(Units.text(kilograms)).build();
    }
}
