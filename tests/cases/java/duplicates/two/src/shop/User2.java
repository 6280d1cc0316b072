package shop;

class User2 {
    void use(Thing thing) {
        thing.work();  //> two/src/shop/Thing.java::Thing.work
    }
}
