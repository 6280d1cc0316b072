package strange;

import java.util.List;

/** What is legal and seldom seen, and what is not legal at all. */
class Strange {
    int numbers[] = {count()}, other = count();  //> strange.java::Strange.count ; strange.java::Strange.count
    Strange many()[] { return null; }

    Strange() { }

    @Deprecated @SuppressWarnings({"a", "b"}) static int count() { return 1; }

    static <A extends Strange, B> int typed(final A a, @Deprecated final B... rest) {
        a.method();  //> strange.java::Strange.method
        return Strange.<A, B>typed(a);  //> strange.java::Strange.typed
    }

    void method() {
        many()[0].method();  //> strange.java::Strange.many ; strange.java::Strange.method
        label: for (;;) { method(); break label; }  //> strange.java::Strange.method
        ((Strange) (Object) this).method();  //> strange.java::Strange.method
        (((this))).method();  //> strange.java::Strange.method
        strange.Strange.count();  //> strange.java::Strange.count [static]
        strange . Strange /* between */ . count();  //> strange.java::Strange.count
        @SuppressWarnings("all") final Strange annotated = this;
        annotated.method();  //> strange.java::Strange.method
        List<@Deprecated Strange> list = List.of(this);  //> !java.util.List.of
        list.get(0).method();  //> !java.util.List.get ; strange.java::Strange.method
        synchronized (this) { method(); }  //> strange.java::Strange.method
        int später = zählen();  //> strange.java::Strange.zählen
        assert count() > 0 : many();  //> strange.java::Strange.count ; strange.java::Strange.many
        do { count(); } while (count() > 0);  //> strange.java::Strange.count ; strange.java::Strange.count
        Object o = count() > 0 ? (Runnable) () -> method() : null;  //> strange.java::Strange.count ; strange.java::Strange.method
        int $x = switch (count()) { case 1: yield count(); default: yield 0; };  //> strange.java::Strange.count ; strange.java::Strange.count
        this.method(/* nothing */);  //> strange.java::Strange.method
        undeclared.method();  //> ?
        Undeclared.method();  //> ?
        undeclared();  //> ?
        a.b.c.D.method();  //> !a.b.c.D.method
        method().method();  //> strange.java::Strange.method ; ?
        count().method();  //> strange.java::Strange.count ; ?
    }

    int zählen() { return 1; }

    native int built();

    int useNative() {
        return built();  //> strange.java::Strange.built
    }

    void lookalikes(Strange String, int List) {
        String.method();  //> strange.java::Strange.method
        java.lang.String.valueOf(List);  //> !java.lang.String.valueOf
    }
}

@interface Marker {
    String value() default "a";

    int LIMIT = Strange.count();  //> strange.java::Strange.count

    class Reader {
        String read(Marker marker) {
            return marker.value();  //> builtin
        }
    }
}
