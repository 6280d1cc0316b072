package shop;

class User {
    void use(Thing thing) {
        thing.work();  //> one/src/shop/Thing.java::Thing.work [annotation]
    }
}
