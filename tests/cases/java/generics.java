import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Type arguments are followed; what a type variable stands for is what its bound says. */
class Box<T> {
    T content;

    T get() {
        return content;
    }

    Box<T> same() {
        return this;
    }

    List<T> all() {
        return null;
    }

    void inside() {
        content.turn();  //> ?
        get().toString();  //> generics.java::Box.get ; !java.lang.Object.toString
    }
}

class Wheel {
    Wheel turn() {
        return this;
    }

    void spin() {}

    void stop() {}
}

class FastWheel extends Wheel {
    @Override
    void spin() {}
}

class WheelBox extends Box<Wheel> {
    void use() {
        content.turn();  //> generics.java::Wheel.turn [attribute]
        get().turn();  //> generics.java::Box.get ; generics.java::Wheel.turn [return]
    }
}

class Named<A, B extends Wheel> extends HashMap<A, B> {
    void use(A key, B value) {
        get(key).turn();  //> !java.util.Map.get ; generics.java::Wheel.turn
        value.turn();  //> generics.java::Wheel.turn
        value.spin();  //> ?
        value.stop();  //> generics.java::Wheel.stop
    }
}

class Generics<E extends Wheel & Comparable<E>> {
    private final Map<String, Box<Wheel>> boxes = new HashMap<>();  //> !java.util.HashMap

    void arguments(Box<Wheel> box, Box<? extends Wheel> some, Box<?> any, Box raw, Box<? super Wheel> lower) {
        box.get().turn();  //> generics.java::Box.get ; generics.java::Wheel.turn
        box.content.turn();  //> generics.java::Wheel.turn
        box.same().get().turn();  //> generics.java::Box.same ; generics.java::Box.get ; generics.java::Wheel.turn
        box.all().get(0).turn();  //> generics.java::Box.all ; !java.util.List.get ; generics.java::Wheel.turn
        some.get().turn();  //> generics.java::Box.get ; generics.java::Wheel.turn
        any.get().turn();  //> generics.java::Box.get ; ?
        raw.get().turn();  //> generics.java::Box.get ; ?
        lower.get().turn();  //> generics.java::Box.get ; ?
        boxes.get("a").get().turn();  //> !java.util.Map.get ; generics.java::Box.get ; generics.java::Wheel.turn
        for (Box<Wheel> each : boxes.values()) each.get().turn();  //> !java.util.Map.values ; generics.java::Box.get ; generics.java::Wheel.turn
    }

    void bound(E element) {
        element.turn();  //> generics.java::Wheel.turn
        element.spin();  //> ?
        element.compareTo(element);  //> !java.lang.Comparable.compareTo
    }

    static <T> T same(T value) {
        return value;
    }

    static <T extends Wheel> T wheel(Class<T> type) {
        return null;
    }

    static <T> T first(List<? extends T> values) {
        return same(values.get(0));  //> generics.java::Generics.same ; !java.util.List.get
    }

    static <T> T choose(T one, T other) {
        return one;
    }

    static <T> T conjured() {
        return null;
    }

    void inferred(Wheel wheel, FastWheel fast, List<Wheel> wheels, Box<Wheel> box) {
        same(wheel).turn();  //> generics.java::Generics.same ; generics.java::Wheel.turn
        same(new FastWheel()).spin();  //> generics.java::Generics.same ; generics.java::FastWheel.spin ; generics.java::FastWheel
        wheel(FastWheel.class).spin();  //> generics.java::Generics.wheel ; generics.java::FastWheel.spin
        first(wheels).turn();  //> generics.java::Generics.first ; generics.java::Wheel.turn
        choose(wheel, wheel).turn();  //> generics.java::Generics.choose ; generics.java::Wheel.turn
        conjured().turn();  //> generics.java::Generics.conjured ; ?
        Objects.requireNonNull(wheel).turn();  //> !java.util.Objects.requireNonNull ; generics.java::Wheel.turn
        Collections.unmodifiableList(wheels).get(0).turn();  //> !java.util.Collections.unmodifiableList ; !java.util.List.get ; generics.java::Wheel.turn
        Wheel found = conjured();  //> generics.java::Generics.conjured
        found.turn();  //> generics.java::Wheel.turn [annotation]
        var made = new ArrayList<Wheel>();  //> !java.util.ArrayList
        made.get(0).turn();  //> !java.util.ArrayList.get ; generics.java::Wheel.turn
        new Box<Wheel>().get().turn();  //> generics.java::Box ; generics.java::Box.get ; generics.java::Wheel.turn
        Optional<Wheel> optional = Optional.of(wheel);  //> !java.util.Optional.of
        optional.get().turn();  //> !java.util.Optional.get ; generics.java::Wheel.turn
        optional.orElse(null).turn();  //> !java.util.Optional.orElse ; generics.java::Wheel.turn
        optional.map(w -> w.turn()).get().turn();  //> !java.util.Optional.map ; !java.util.Optional.get ; generics.java::Wheel.turn ; generics.java::Wheel.turn
    }

    /** The method's own variable, not the class's. */
    <E> void hidden(E element) {
        element.turn();  //> ?
    }
}

/** A bound that is a variable, and one that is itself. */
class Bounded<T extends Wheel, U extends T, V extends Bounded<T, U, V>> {
    V self;

    void use(U value) {
        value.turn();  //> generics.java::Wheel.turn
        self.self.use(value);  //> generics.java::Bounded.use
    }

    <X extends X> void silly(X value) {
        value.turn();  //> ?
    }
}

/** What overrides is seen through type arguments. */
interface Visitor<R> {
    R visit(Wheel wheel);
}

class Counting implements Visitor<Box<Wheel>> {
    @Override
    public Box<Wheel> visit(Wheel wheel) {
        return null;
    }

    void use(Visitor<Wheel> visitor) {
        visitor.visit(null).turn();  //> ? ; generics.java::Wheel.turn
        visit(null).get();  //> generics.java::Counting.visit ; generics.java::Box.get
    }
}
