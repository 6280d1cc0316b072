package shop;

import java.util.ArrayList;
import java.util.List;
import shop.model.Item;
import shop.model.Item.Tag;

public class Cart {
    private final List<Item> items = new ArrayList<>();  //> !java.util.ArrayList

    /** Adds an item. */
    public Cart add(Item item) {  //= core/shop/Prices.java::Prices.check
        Prices.check(item);  //> core/shop/Prices.java::Prices.check [static]
        items.add(item);  //> !java.util.List.add
        return this;
    }

    static int limit() {
        return new Elsewhere().size();  //> extra/Elsewhere.java::Elsewhere [package] ; extra/Elsewhere.java::Elsewhere.size [constructor]
    }

    Tag tagged() {
        Item.Tag tag = new Item.Tag("a");  //> core/shop/model/Item.java::Item.Tag [class]
        Tag other = new Tag("b");  //> core/shop/model/Item.java::Item.Tag [import]
        return tag.joined(other);  //> core/shop/model/Item.java::Item.Tag.joined [annotation]
    }

    void hidden() {
        new Secret();  //> ?
        new shop.model.Secret().open();  //> core/shop/model/Secret.java::Secret [module] ; core/shop/model/Secret.java::Secret.open [constructor]
        shop.model.Item.of("x").price();  //> core/shop/model/Item.java::Item.of [static] ; core/shop/model/Item.java::Item.price [return]
    }
}
