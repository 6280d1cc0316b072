package shop;

/** Which of the two it is compiled with is not said. */
class Third {
    void test(Thing given) {
        new Thing().work();  //> ? ; ?
        given.work();  //> ?
        new User().use(null);  //> one/src/shop/User.java::User ; one/src/shop/User.java::User.use
    }
}
