package org.apiary.honey;

/** Kilograms, jars and words for them. */
public final class Units {
    private static final double JAR = 0.5;

    private Units() {}

    public static double rounded(double kilograms) {
        return Math.round(kilograms * 10) / 10.0;
    }

    public static int jars(double kilograms) {
        return (int) (kilograms / JAR);
    }

    public static double kilograms(int jars) {
        return jars * JAR;
    }

    static String text(double kilograms) {
        return rounded(kilograms) + " kg";
    }

    static String text(int jars) {
        return jars + (jars == 1 ? " jar" : " jars");
    }

    /** Names an amount of honey in the unit in which a customer would ask for it. */
    static String spoken(double kilograms) {
        int whole = jars(kilograms);
        return whole < 20 ? text(whole) : text(kilograms);
    }
}
