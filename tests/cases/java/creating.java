import java.util.function.Function;
import java.util.function.Supplier;

/** `new` is a call of the class; `this(…)` and `super(…)` are calls of constructors. */
class Creating {
    private static final Creating DEFAULT = new Creating("a");  //> creating.java::Creating
    private final String text;

    Creating() {
        this("");  //> creating.java::Creating.Creating#2 [self]
    }

    Creating(String text) {
        this(text, length(text));  //> creating.java::Creating.Creating#3 [self] ; creating.java::Creating.length
    }

    Creating(String text, int length) {
        super();  //> builtin
        this.text = text;
    }

    private static int length(String text) {
        return text.length();  //> !java.lang.String.length
    }

    static Creating of(String text) {  //= creating.java::Creating
        return new Creating(text);  //> creating.java::Creating [lexical]
    }

    Creating copy() {
        return new creating.Missing().copy();  //> !creating.Missing ; !creating.Missing.copy
    }

    Supplier<Creating> passed() {  //= none
        Function<String, Creating> function = Creating::of;
        return Creating::new;
    }
}

class Special extends Creating {
    Special(int number) {
        super("special");  //> creating.java::Creating.Creating#2 [super]
    }

    Special(Object unclear) {
        super(unclear.toString(), unclear.hashCode());  //> creating.java::Creating.Creating#3 [super] ; !java.lang.Object.toString ; !java.lang.Object.hashCode
    }

    Special(String text) {
        this((Object) text);  //> creating.java::Special.Special#2 [self]
    }
}

/** An anonymous class, an array and a generic class. */
class Others<T> {
    Creating[] array = new Creating[3];
    Creating[] filled = {new Creating(), Creating.of("b")};  //> creating.java::Creating ; creating.java::Creating.of

    Others<T> next() {
        return new Others<>();  //> creating.java::Others
    }

    Others<String> typed() {
        return new Others<String>().next().next();  //> creating.java::Others ; creating.java::Others.next ; creating.java::Others.next
    }

    Object anonymous(int number) {
        return new Special(number) {};  //> creating.java::Special
    }

    int size() {
        return new Object() {  //> !java.lang.Object ; creating.java::Others.size.Object.inner [constructor]
            int count = inner();  //> creating.java::Others.size.Object.inner

            int inner() {
                return 1;
            }
        }.inner();
    }
}

class ThrowsInCall {
    void fail(String text) {
        throw new IllegalStateException(text.trim());  //> !java.lang.IllegalStateException ; !java.lang.String.trim
    }

    {
        fail("in a block of the class");  //> creating.java::ThrowsInCall.fail
    }

    static {
        new ThrowsInCall().fail("in a static block");  //> creating.java::ThrowsInCall ; creating.java::ThrowsInCall.fail
    }
}
