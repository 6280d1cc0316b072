package shop;

import java.sql.SQLException;

/** A type of the outside has one name, however it is imported. */
interface Handler {
    default int handle(SQLException error) {
        return 0;
    }

    default int other(SQLException error) {
        return 1;
    }

    static int both(Handler handler, SQLException error) {
        return handler.handle(error) + handler.other(error);  //> ? ; shop/Handler.java::Handler.other
    }
}
