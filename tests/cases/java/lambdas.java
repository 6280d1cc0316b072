import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A call in a lambda is a call of the function around it; its parameters have the types that are written, or that it is for. */
class Lambdas {
    private Item own;

    void calls(List<Item> items, Consumer<Item> consumer) {  //= open
        items.forEach(item -> item.price());  //> !java.util.List.forEach ; lambdas.java::Item.price [annotation]
        items.forEach((Item item) -> item.price());  //> !java.util.List.forEach ; lambdas.java::Item.price [annotation]
        items.forEach(Item::price);  //> !java.util.List.forEach
        Function<Item, Integer> function = item -> item.price();  //> lambdas.java::Item.price
        function.apply(own);  //> ?
        consumer.accept(own);  //> ?
        Runnable run = () -> helper(own);  //> lambdas.java::Lambdas.helper
        run.run();  //> ?
        items.sort(Comparator.comparing(Item::price));  //> !java.util.List.sort ; !java.util.Comparator.comparing
        items.forEach(item -> item.unheardOf());  //> !java.util.List.forEach ; !?.unheardOf
    }

    void closed(List<Item> items) {  //= lambdas.java::Lambdas.helper, lambdas.java::Item.price
        items.forEach(item -> {  //> !java.util.List.forEach
            Item inner = own;
            inner.price();  //> lambdas.java::Item.price
            helper(item);  //> lambdas.java::Lambdas.helper
        });
    }

    void shadowing(Item item) {
        item.price();  //> lambdas.java::Item.price
        Consumer<Other> consumer = other -> {
            Item mine = item;
            mine.price();  //> lambdas.java::Item.price
            other.price();  //> lambdas.java::Other.price
        };
    }

    void nested() {
        Function<Item, Function<Item, Integer>> function = (a) -> (b) -> helper(a) + helper(b);  //> lambdas.java::Lambdas.helper ; lambdas.java::Lambdas.helper
        Callback callback = value -> helper(null);  //> lambdas.java::Lambdas.helper
        callback.done(own);  //> ?
        callback.also(own);  //> lambdas.java::Callback.also
        ((Callback) value -> {}).done(own);  //> ?
    }

    int helper(Item item) {
        return 1;
    }
}

interface Callback {
    void done(Item item);

    default void also(Item item) {
        done(item);  //> ?
    }
}

class Item {
    int price() {
        return 1;
    }
}

class Other {
    int price() {
        return 2;
    }
}
