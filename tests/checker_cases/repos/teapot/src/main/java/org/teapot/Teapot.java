/*
 * Copyright the teapot authors.
 */
package org.teapot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Holds tea. */
@SuppressWarnings({"unused", "all"})
public class Teapot extends Vessel implements Pourable {
    private static final String BANNER = """
        /** not documentation */
        void pour() {}
        """;

    private final List<Leaf> leaves = new ArrayList<>(); // what is in it
    int fill; /* in millilitres */

    public Teapot() {
        this(500);
    }

    public Teapot(int fill) {
        super(fill);
        this.fill = fill;
    }

    @Override
    @Deprecated
    public int pour(int amount) {
        // never more than there is
        int poured = Math.min(amount, fill);
        fill -= poured; // CHECKSTYLE:OFF
        return poured;
    }

    public int pour() {
        return pour(fill);
    }

    <T extends Leaf> void add(T leaf, int times) {
        for (int i = 0; i < times; i++) {
            leaves.add(leaf);
        }
    }

    //region warming

    void warm() { heat(90); }

    //endregion

    boolean isEmpty() { return fill == 0; } boolean isFull() { return fill == 500; }

    static Teapot brew(Leaf leaf) {
        Teapot pot = new Teapot();
        pot.add(leaf, 2);
        pot.warm();
        Supplier<Leaf> again = () -> Leaf.green("again");
        pot.add(again.get(), 1);
        return pot;
    }

    class Lid {
        boolean open;

        void lift() {
            open = true;
        }
    }

    enum Size {
        SMALL, LARGE;

        int cups() {
            return this == SMALL ? 2 : 6;
        }
    }
}

record Leaf(String name, int grade) {
    Leaf {
        if (grade < 0) throw new IllegalArgumentException(name);
    }

    /**
     * A green one.
     *
     * @param name what it is called
     */
    static Leaf green(String name) {
        return new Leaf(name, 1);
    }
}
