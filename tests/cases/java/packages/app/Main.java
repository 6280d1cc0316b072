package app;

import com.example.framework.Runner;
import org.outside.*;
import shop.Cart;

public class Main {
    public static void main(String[] args) {
        Cart cart = new Cart();  //> core/shop/Cart.java::Cart [import]
        cart.add(null).add(null);  //> core/shop/Cart.java::Cart.add [annotation] ; core/shop/Cart.java::Cart.add [return]
        Runner runner = new Runner(cart);  //> !com.example.framework.Runner
        runner.start();  //> !com.example.framework.Runner.start
        runner.context().add(1);  //> !com.example.framework.Runner.context ; ?
        runner.context().launch();  //> !com.example.framework.Runner.context ; !?.launch
        Runner.create().add(2);  //> !com.example.framework.Runner.create ; ?
        Starred.go();  //> !
        Cart.missing();  //> !?.missing
    }
}
