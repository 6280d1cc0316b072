import java.util.List;

/** Enums, their constants' bodies, and records. */
enum Plain {
    FIRST(1),
    SECOND(compute());  //> enums.java::Plain.compute

    private final int number;

    Plain(int number) {
        this.number = number;
    }

    static int compute() {
        return 2;
    }

    int number() {
        return number;
    }

    Plain next() {
        return values()[ordinal() + 1];  //> builtin ; !java.lang.Enum.ordinal
    }

    void use() {
        FIRST.number();  //> enums.java::Plain.number [attribute]
        Plain.SECOND.number();  //> enums.java::Plain.number [attribute]
        Plain.valueOf("FIRST").number();  //> builtin ; enums.java::Plain.number [return]
        for (Plain plain : Plain.values()) plain.number();  //> builtin ; enums.java::Plain.number
        for (var plain : values()) plain.number();  //> builtin ; enums.java::Plain.number
        name().length();  //> !java.lang.Enum.name ; !java.lang.String.length
        switch (this) {
            case FIRST -> next().use();  //> enums.java::Plain.next ; enums.java::Plain.use
            default -> compareTo(FIRST);  //> !java.lang.Enum.compareTo
        }
    }
}

enum Operation implements Applied {
    PLUS {
        @Override
        int apply(int left, int right) {
            return same(left) + helper(right);  //> enums.java::Operation.same ; enums.java::Operation.PLUS.helper
        }

        private int helper(int value) {
            return value;
        }
    },
    MINUS {
        @Override
        int apply(int left, int right) {
            return left - right;
        }

        @Override
        int twice(int value) {
            return super.twice(value);  //> enums.java::Operation.twice [super]
        }
    };

    abstract int apply(int left, int right);

    int twice(int value) {
        return apply(value, value);  //> ?
    }

    int same(int value) {
        return value;
    }

    static int all() {
        return PLUS.apply(1, 2) + MINUS.twice(1) + PLUS.same(3);  //> ? ; ? ; enums.java::Operation.same
    }
}

interface Applied {}

record Point(int x, Plain plain) {
    Point {
        check(x);  //> enums.java::Point.check
    }

    Point(int x) {
        this(x, Plain.FIRST);  //> enums.java::Point.Point [self]
    }

    private static void check(int number) {}

    Point moved() {
        return new Point(x() + 1, plain);  //> enums.java::Point ; enums.java::Point.x
    }

    @Override
    public int x() {
        return x;
    }

    static void use(Point point, List<Point> points, Pair<Point> pair) {
        point.moved().x();  //> enums.java::Point.moved ; enums.java::Point.x
        point.plain().number();  //> builtin ; enums.java::Plain.number
        point.plain.number();  //> enums.java::Plain.number
        pair.left().moved();  //> builtin ; enums.java::Point.moved
        points.get(0).equals(point);  //> !java.util.List.get ; !java.lang.Object.equals
    }

    static int taken(Object object) {
        if (object instanceof Point(int first, Plain second)) {
            second.number();  //> enums.java::Plain.number
        }
        return switch (object) {
            case Point point when point.x() > 1 -> point.moved().x();  //> enums.java::Point.x ; enums.java::Point.moved ; enums.java::Point.x
            case Plain plain -> plain.number();  //> enums.java::Plain.number
            case Pair<?>(var left, Plain right) -> right.number() + left.hashCode();  //> enums.java::Plain.number ; !?.hashCode
            default -> 0;
        };
    }
}

record Pair<T>(T left, T right) {}
