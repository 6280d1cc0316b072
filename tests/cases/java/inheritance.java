/** Members come from the class, then from its superclass and interfaces. */
class Base {
    protected Helper helper = new Helper();  //> inheritance.java::Helper [lexical]

    Base() {
        this(1);  //> inheritance.java::Base.Base#2 [self]
    }

    Base(int number) {
        super();  //> builtin
    }

    void template() {
        step();  //> ?
        fixed();  //> inheritance.java::Base.fixed [lexical]
        hidden();  //> inheritance.java::Base.hidden [lexical]
        shared();  //> inheritance.java::Base.shared [lexical]
    }

    void step() {}

    final void fixed() {}

    private void hidden() {}

    static void shared() {}

    Base self() {
        return this;
    }
}

class Middle extends Base {
    Middle() {
        super(2);  //> inheritance.java::Base.Base#2 [super]
    }

    void greet() {
        fixed();  //> inheritance.java::Base.fixed [lexical]
        this.fixed();  //> inheritance.java::Base.fixed [self]
        super.step();  //> inheritance.java::Base.step [super]
        helper.help();  //> inheritance.java::Helper.help [attribute]
        this.helper.help();  //> inheritance.java::Helper.help [attribute]
        super.helper.help();  //> inheritance.java::Helper.help [attribute]
        shared();  //> inheritance.java::Base.shared
        Middle.shared();  //> inheritance.java::Base.shared [static]
        toString();  //> !java.lang.Object.toString
        equals(null);  //> !java.lang.Object.equals
    }
}

class Leaf extends Middle {
    Leaf() {
        super();  //> inheritance.java::Middle.Middle [super]
    }

    @Override
    void step() {  //= inheritance.java::Base.step, inheritance.java::Middle.greet
        super.step();  //> inheritance.java::Base.step [super]
        greet();  //> inheritance.java::Middle.greet
    }

    private void hidden() {}

    static void shared() {}

    void own() {
        hidden();  //> inheritance.java::Leaf.hidden
        shared();  //> inheritance.java::Leaf.shared
        step();  //> inheritance.java::Leaf.step
        self().fixed();  //> inheritance.java::Base.self ; inheritance.java::Base.fixed [return]
        self().step();  //> inheritance.java::Base.self ; ?
    }
}

class Helper {
    Helper help() {
        return this;
    }
}

class NoConstructor {}

class Implicit extends NoConstructor {
    Implicit() {
        super();  //> builtin
    }
}

class Failure extends RuntimeException {
    Failure(String message) {
        super(message);  //> !java.lang.RuntimeException
        getMessage();  //> inheritance.java::Failure.getMessage
        describe();  //> inheritance.java::Failure.describe
    }

    String describe() {
        return super.toString() + getCause().getMessage();  //> !java.lang.RuntimeException.toString ; !java.lang.Throwable.getCause ; ?
    }

    @Override
    public String getMessage() {
        return "";
    }
}

class Circle1 extends Circle2 {
    void round() {
        round();  //> inheritance.java::Circle1.round
        missing();  //> ?
    }
}

class Circle2 extends Circle1 {}
