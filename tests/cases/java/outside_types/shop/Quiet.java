package shop;

import java.sql.*;

class Quiet implements Handler {
    @Override
    public int handle(SQLException error) {
        return 2;
    }

    int both(SQLException error, Object any) {
        return handle(error) + other(error);  //> shop/Quiet.java::Quiet.handle ; shop/Handler.java::Handler.other
    }
}
