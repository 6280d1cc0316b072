import java.util.ArrayList;
import java.util.List;

/** Which of several methods of one name is meant is decided by the number of arguments and their types. */
class Overloads {
    void one() {}

    void one(int a) {}

    void one(int a, int b) {}

    void number() {
        one();  //> overloads.java::Overloads.one
        one(1);  //> overloads.java::Overloads.one#2
        one(1, 2);  //> overloads.java::Overloads.one#3
        one(unknown().x(), 2);  //> overloads.java::Overloads.one#3 ; overloads.java::Overloads.unknown ; !
    }

    Outside unknown() {
        return null;
    }

    void typed(String text) {}

    void typed(int number) {}

    void typed(Animal animal) {}

    void typed(List<String> list) {}

    void types(Cat cat, String text, ArrayList<String> list, Object object, Outside outside) {
        typed("a");  //> overloads.java::Overloads.typed
        typed(text + 1);  //> overloads.java::Overloads.typed
        typed(text.length());  //> overloads.java::Overloads.typed#2 ; !java.lang.String.length
        typed('c');  //> overloads.java::Overloads.typed#2
        typed(1 + 2);  //> overloads.java::Overloads.typed#2
        typed(cat);  //> overloads.java::Overloads.typed#3
        typed(new Cat());  //> overloads.java::Overloads.typed#3 ; overloads.java::Cat
        typed((Animal) object);  //> overloads.java::Overloads.typed#3
        typed(list);  //> overloads.java::Overloads.typed#4
        typed(new ArrayList<>());  //> overloads.java::Overloads.typed#4 ; !java.util.ArrayList
        typed(outside.thing());  //> ? ; !
        typed(Integer.valueOf(3));  //> overloads.java::Overloads.typed#2 ; !java.lang.Integer.valueOf
    }

    void wide(Object object) {}

    void wide(Animal animal) {}

    void wide(Cat cat) {}

    void specific(Cat cat, Animal animal, Object object) {
        wide(cat);  //> overloads.java::Overloads.wide#3
        wide(animal);  //> overloads.java::Overloads.wide#2
        wide(object);  //> overloads.java::Overloads.wide
        wide("text");  //> overloads.java::Overloads.wide
        wide(1);  //> overloads.java::Overloads.wide
        wide(null);  //> overloads.java::Overloads.wide#3
        wide(object == null ? cat : animal);  //> overloads.java::Overloads.wide#2
    }

    void primitive(int a) {}

    void primitive(long a) {}

    void primitive(double a) {}

    void primitive(Object a) {}

    void promotion(byte small, long large, float real, Long boxed) {
        primitive(small);  //> overloads.java::Overloads.primitive
        primitive(small + 1);  //> overloads.java::Overloads.primitive
        primitive(large);  //> overloads.java::Overloads.primitive#2
        primitive(large * small);  //> overloads.java::Overloads.primitive#2
        primitive(real);  //> overloads.java::Overloads.primitive#3
        primitive(1.5);  //> overloads.java::Overloads.primitive#3
        primitive(boxed);  //> overloads.java::Overloads.primitive#4
        primitive(true);  //> overloads.java::Overloads.primitive#4
        primitive(0x1FL);  //> overloads.java::Overloads.primitive#2
    }

    void spread(String first, Object... rest) {}

    void spread(String first) {}

    void spread(int[] numbers) {}

    void variable(int[] numbers, Object[] objects) {
        spread("a");  //> overloads.java::Overloads.spread#2
        spread("a", 1);  //> overloads.java::Overloads.spread
        spread("a", 1, 2);  //> overloads.java::Overloads.spread
        spread("a", objects);  //> overloads.java::Overloads.spread
        spread(numbers);  //> overloads.java::Overloads.spread#3
    }

    void crossed(Cat cat, Animal animal) {}

    void crossed(Animal animal, Cat cat) {}

    void between(Cat cat, Animal animal) {
        crossed(cat, animal);  //> overloads.java::Overloads.crossed
        crossed(animal, cat);  //> overloads.java::Overloads.crossed#2
    }

    void callback(Runnable action) {}

    void callback(Animal animal) {}

    void called(Task task) {}

    void called(Runnable action) {}

    void lambdas() {
        callback(() -> one());  //> overloads.java::Overloads.callback ; overloads.java::Overloads.one
        called(() -> one());  //> ? ; overloads.java::Overloads.one
    }

    <T> void generic(T value) {}

    void generic(String value) {}

    <T> void generic(List<T> values) {}

    void generics(List<Cat> cats, Cat cat) {
        generic("a");  //> overloads.java::Overloads.generic#2
        generic(cat);  //> overloads.java::Overloads.generic
        generic(cats);  //> overloads.java::Overloads.generic#3
    }
}

interface Task {
    void perform();
}

class Animal {}

class Cat extends Animal {}

class Inherited extends Overloads {
    void one(String text) {}

    void both() {
        one("a");  //> overloads.java::Inherited.one
        one(1);  //> overloads.java::Overloads.one#2
        this.one(1, 2);  //> overloads.java::Overloads.one#3 [self]
    }
}

class Holder {
    void one(String text) {}

    class Inner {
        void one(int number) {}

        void call() {
            one(1);  //> overloads.java::Holder.Inner.one
        }
    }
}
