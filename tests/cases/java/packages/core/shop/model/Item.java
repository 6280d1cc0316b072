package shop.model;

public class Item {
    private final String name;

    Item(String name) {
        this.name = name;
    }

    public static Item of(String name) {
        return new Item(name);  //> core/shop/model/Item.java::Item [lexical]
    }

    public int price() {
        return name.length();  //> !java.lang.String.length
    }

    public static class Tag {
        private final String text;

        public Tag(String text) {
            this.text = text;
        }

        public Tag joined(Tag other) {
            return new Tag(text.concat(other.text));  //> core/shop/model/Item.java::Item.Tag [lexical] ; !java.lang.String.concat
        }
    }
}
