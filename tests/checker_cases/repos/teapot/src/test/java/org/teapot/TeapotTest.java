package org.teapot;

class TeapotTest {
    void pours() {
        assert Teapot.brew(Leaf.green("sencha")).pour(10) == 10;
    }
}
