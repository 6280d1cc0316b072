package a;

public class Basics {
    public static int basic() {
        return 1;
    }
}
