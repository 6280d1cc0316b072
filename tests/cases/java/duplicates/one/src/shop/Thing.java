package shop;

public class Thing {
    void work() {}
}
