package shop.model;

public class Secret {
    public void open() {}
}
