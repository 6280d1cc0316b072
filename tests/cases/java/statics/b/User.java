package b;

import static a.Util.LEVEL;
import static a.Util.Level;
import static a.Util.basic;
import static a.Util.twice;
import static org.junit.Assert.assertEquals;
import static org.junit.Assume.*;

import a.Util;

class User {
    void use(Level level) {
        twice(1);  //> a/Util.java::Util.twice [import]
        twice("a");  //> a/Util.java::Util.twice#2 [import]
        basic();  //> a/Basics.java::Basics.basic [import]
        LEVEL.raise();  //> a/Util.java::Util.Level.raise [attribute]
        Util.LEVEL.raise();  //> a/Util.java::Util.Level.raise
        level.raise();  //> a/Util.java::Util.Level.raise [annotation]
        assertEquals(1, 2);  //> !org.junit.Assert.assertEquals
        assumeTrue(true);  //> !
        Util.basic();  //> a/Basics.java::Basics.basic [static]
    }
}

class Own extends a.Util {
    static int twice(int number) {
        return number;
    }

    void use() {
        twice(1);  //> b/User.java::Own.twice [lexical]
        twice("a");  //> a/Util.java::Util.twice#2 [lexical]
        instance();  //> a/Util.java::Util.instance
    }
}
