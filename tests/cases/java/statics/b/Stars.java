package b;

import static a.Util.*;

import org.outside.Framework;

class Stars {
    void use() {
        twice(1);  //> a/Util.java::Util.twice
        basic();  //> a/Basics.java::Basics.basic
        hidden();  //> ?
        new Level().raise();  //> a/Util.java::Util.Level ; a/Util.java::Util.Level.raise
        LEVEL.raise();  //> a/Util.java::Util.Level.raise
    }
}

/** Whatever it inherits from the outside comes before what is imported, and beside its own. */
class Framed extends Framework {
    void own() {}

    void own(int number) {}

    void own(Level level) {}

    private void alone(String text) {}

    @Override
    protected void started() {
        own();  //> b/Stars.java::Framed.own
        own(1);  //> b/Stars.java::Framed.own#2
        own(new Level());  //> b/Stars.java::Framed.own#3 ; a/Util.java::Util.Level
        own((short) 1);  //> ?
        alone("text");  //> b/Stars.java::Framed.alone
        twice(2);  //> ?
        super.started();  //> !org.outside.Framework.started
        inheritedFromOutside();  //> !
        toString();  //> !
        raise();  //> !
        this.configure().own();  //> ! ; ?
    }

    void use(Framework framework, Framed framed) {
        framework.started();  //> ?
        framework.stopped();  //> !org.outside.Framework.stopped
        framed.started();  //> b/Stars.java::Framed.started
    }
}
