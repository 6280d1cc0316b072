import java.io.Writer;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** A call that may run another method than the one it names has no proven target. */
class Overriding {
    void open() {}

    void kept() {}

    private void secret() {}

    static void fixed() {}

    void calls(Overriding other, Derived derived, Sealed last) {
        open();  //> ?
        kept();  //> overriding.java::Overriding.kept
        secret();  //> overriding.java::Overriding.secret
        fixed();  //> overriding.java::Overriding.fixed
        other.open();  //> ?
        other.kept();  //> overriding.java::Overriding.kept [annotation]
        derived.open();  //> overriding.java::Derived.open [annotation]
        derived.kept();  //> overriding.java::Overriding.kept [annotation]
        new Overriding().open();  //> overriding.java::Overriding ; overriding.java::Overriding.open [constructor]
        last.run();  //> overriding.java::Sealed.run
    }
}

class Derived extends Overriding {
    @Override
    void open() {
        super.open();  //> overriding.java::Overriding.open [super]
    }

    /** Another one, not an override. */
    void kept(int number) {}

    private void secret() {}

    static void fixed() {}
}

interface Job {
    void run();

    default void log() {
        run();  //> ?
        note();  //> overriding.java::Job.note
        changed();  //> ?
    }

    default void note() {}

    default void changed() {}

    static void start(Job job) {
        job.run();  //> ?
        job.note();  //> overriding.java::Job.note [annotation]
    }
}

final class Sealed implements Job {
    @Override
    public void run() {
        Job.super.changed();  //> overriding.java::Job.changed [super]
        Job.start(this);  //> overriding.java::Job.start [static]
    }

    @Override
    public void changed() {}
}

abstract class Shape {
    abstract int area();

    int doubled() {
        return 2 * area();  //> ?
    }

    String name() {
        return "shape";
    }

    int size() {
        return 1;
    }
}

class Square extends Shape {
    @Override
    int area() {
        return doubled();  //> overriding.java::Shape.doubled
    }
}

/** An anonymous class overrides too. */
class Anonymous {
    Shape round() {
        return new Shape() {  //> overriding.java::Shape
            @Override
            int area() {
                return size();  //> overriding.java::Shape.size
            }

            @Override
            String name() {
                return super.name() + area();  //> overriding.java::Shape.name [super] ; overriding.java::Anonymous.round.Shape.area
            }
        };
    }

    String named(Shape shape, Square square) {
        return shape.name() + square.name() + shape.size();  //> ? ; overriding.java::Shape.name ; overriding.java::Shape.size
    }
}

/** What of the outside may come back in: a type of the repository that is one of theirs. */
class Row extends AbstractList<String> {
    @Override
    public String get(int index) {
        return "";
    }

    @Override
    public int size() {
        return 0;
    }

    int both(List<String> list, Iterator<String> iterator, String text, Row row) {
        list.clear();  //> !java.util.List.clear
        list.size();  //> ?
        iterator.next();  //> !java.util.Iterator.next
        text.length();  //> !java.lang.String.length
        row.isEmpty();  //> !java.util.Collection.isEmpty
        return row.size();  //> overriding.java::Row.size
    }

    void functions(Supplier<String> supplier, Runnable action) {
        supplier.get();  //> ?
        action.run();  //> ?
    }

    @Override
    public String toString() {
        return "row";
    }

    String text(Object object, Square square, StringBuilder builder) {
        return object.toString() + square.toString() + builder.toString();  //> ? ; !java.lang.Object.toString ; !java.lang.StringBuilder.toString
    }
}

/** The class that implements need not be below the interface itself. */
interface Named {
    default String label() {
        return "";
    }
}

class Labelled {
    public String label() {
        return "labelled";
    }
}

class Both extends Labelled implements Named {
    String through(Named named, Labelled labelled) {
        return named.label() + labelled.label() + label();  //> ? ; overriding.java::Labelled.label ; overriding.java::Labelled.label
    }
}

class Typed<T> {
    void take(T value) {}

    void other(String text) {}

    void both(Typed<Integer> typed) {
        typed.take(1);  //> ?
        typed.other("");  //> overriding.java::Typed.other
    }
}

class Texts extends Typed<String> {
    @Override
    void take(String value) {}

    void other(Integer number) {}
}

/** Each method of a name is overridden by itself. */
abstract class Sink extends Writer {
    @Override
    public void write(int character) {}

    static void both(Writer out, String text) throws Exception {
        out.write(text);  //> !java.io.Writer.write
        out.write(1);  //> ?
        out.write('c');  //> ?
    }
}
