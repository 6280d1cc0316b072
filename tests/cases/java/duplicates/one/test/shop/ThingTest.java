package shop;

/** Of another root than either, but nearer to one. */
class ThingTest {
    void test() {
        new Thing().work();  //> one/src/shop/Thing.java::Thing ; one/src/shop/Thing.java::Thing.work
        new User().use(null);  //> one/src/shop/User.java::User ; one/src/shop/User.java::User.use
    }
}
