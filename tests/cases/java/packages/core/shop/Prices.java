package shop;

import static java.lang.Math.max;
import static shop.model.Item.of;
import static shop.model.Money.*;

import java.util.*;
import shop.model.*;

class Prices {
    static void check(Item item) {
        item.price();  //> core/shop/model/Item.java::Item.price [annotation]
    }

    int total(Item item) {
        int base = max(1, 2);  //> !java.lang.Math.max
        round(base);  //> core/shop/model/Money.java::Money.round [import]
        of("y").price();  //> core/shop/model/Item.java::Item.of [import] ; core/shop/model/Item.java::Item.price [return]
        new Secret().open();  //> core/shop/model/Secret.java::Secret [import] ; core/shop/model/Secret.java::Secret.open [constructor]
        new Scanner("text");  //> !java.util.Scanner
        new Unheard();  //> !
        return own(base);  //> core/shop/Prices.java::Prices.own [lexical]
    }

    private int own(int value) {
        return abs(value) + cents(value);  //> core/shop/Prices.java::Prices.abs [lexical] ; core/shop/model/Money.java::Money.cents [import]
    }

    /** Hides the imported one. */
    private static int abs(int value) {
        return Math.abs(value);  //> !java.lang.Math.abs
    }
}
