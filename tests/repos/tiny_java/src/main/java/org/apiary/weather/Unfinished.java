package org.apiary.weather;

/** Does not compile. */
public class Unfinished {
    /** Guesses the first day on which the willows flower. */
    public int willows( {
        return 80
    }
}
