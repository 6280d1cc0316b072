package shop;

/** Of the package that it names, whatever its folder is called. */
class Elsewhere {
    int size() {  //= core/shop/Cart.java::Cart.limit
        return Cart.limit();  //> core/shop/Cart.java::Cart.limit [static]
    }
}
