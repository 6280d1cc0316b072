package a;

public class Util extends Basics {
    public static final Level LEVEL = new Level();  //> a/Util.java::Util.Level

    public static int twice(int number) {
        return number * 2;
    }

    public static int twice(String text) {
        return 0;
    }

    static int hidden() {
        return 1;
    }

    public int instance() {
        return 1;
    }

    public static class Level {
        public void raise() {}
    }
}
