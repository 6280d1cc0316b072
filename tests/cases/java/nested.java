/** Classes in classes see the members of those around them. */
class Outer {
    private Part part;

    void shared() {}

    void hidden() {}

    static void helper() {}

    class Inner {
        void hidden() {}

        void calls() {
            shared();  //> nested.java::Outer.shared [lexical]
            hidden();  //> nested.java::Outer.Inner.hidden [lexical]
            Outer.this.hidden();  //> nested.java::Outer.hidden [self]
            helper();  //> nested.java::Outer.helper [lexical]
            part.use();  //> ?
            new Part();  //> nested.java::Outer.Part [lexical]
        }

        class Deep {
            void calls() {
                shared();  //> nested.java::Outer.shared [lexical]
                hidden();  //> nested.java::Outer.Inner.hidden
                Inner.this.hidden();  //> nested.java::Outer.Inner.hidden [self]
            }
        }
    }

    static class Part {
        void use() {
            helper();  //> nested.java::Outer.helper
        }
    }

    void make(Outer other) {
        Inner inner = new Inner();  //> nested.java::Outer.Inner [lexical]
        inner.calls();  //> nested.java::Outer.Inner.calls [annotation]
        other.new Inner().calls();  //> nested.java::Outer.Inner [class] ; nested.java::Outer.Inner.calls [constructor]
        Outer.Part own = new Outer.Part();  //> nested.java::Outer.Part [class]
        own.use();  //> ?
        inner.new Deep().calls();  //> nested.java::Outer.Inner.Deep ; nested.java::Outer.Inner.Deep.calls
    }

    void local() {  //= nested.java::Outer.shared
        class Local {
            void go() {
                shared();  //> nested.java::Outer.shared
                stay();  //> nested.java::Outer.local.Local.stay [lexical]
            }

            void stay() {}
        }
        new Local().go();  //> nested.java::Outer.local.Local [lexical] ; nested.java::Outer.local.Local.go [constructor]
    }

    void otherLocal() {
        new Local().go();  //> ? ; ?
    }

    Runnable anonymous() {
        return new Runnable() {  //> !java.lang.Runnable
            private int count;

            @Override
            public void run() {
                shared();  //> nested.java::Outer.shared
                hidden();  //> nested.java::Outer.anonymous.Runnable.hidden [lexical]
                this.hidden();  //> nested.java::Outer.anonymous.Runnable.hidden [self]
                Outer.this.hidden();  //> nested.java::Outer.hidden
                toString();  //> !java.lang.Object.toString
            }

            private void hidden() {}
        };
    }

    private final Part field = new Part() {  //> nested.java::Outer.Part
        @Override
        void use() {
            super.use();  //> nested.java::Outer.Part.use [super]
            helper();  //> nested.java::Outer.helper
        }

        void more() {
            use();  //> nested.java::Outer.Part.use#2 [lexical]
        }
    };

    void through() {
        field.use();  //> ?
        part.use();  //> ?
    }
}

/** A member class is inherited like any other member. */
class Child extends Outer {
    void parts() {
        new Part();  //> nested.java::Outer.Part
        new Child.Part();  //> nested.java::Outer.Part
        new Inner();  //> nested.java::Outer.Inner
    }
}

/** A method of a superclass hides one of the class around. */
class Around {
    void shared() {}

    class Within extends Outer {
        void call() {
            shared();  //> nested.java::Outer.shared
            Around.this.shared();  //> nested.java::Around.shared
        }
    }

    /** A method of one name hides all of that name outside, whatever they take. */
    class Hiding {
        void shared(int number) {}

        void call() {
            shared(1);  //> nested.java::Around.Hiding.shared
        }
    }
}
