import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What an expression is follows from what is declared. */
class Values implements AutoCloseable {
    private Leaf leaf = new Leaf();  //> values.java::Leaf
    static final Leaf SHARED = Leaf.make();  //> values.java::Leaf.make [static]
    Leaf[] row;
    Leaf[][] grid;
    List<Leaf> leaves;
    Map<String, List<Leaf>> byName;

    Leaf leaf() {
        return leaf;
    }

    void fields(Values other) {
        leaf.turn();  //> values.java::Leaf.turn [attribute]
        this.leaf.turn();  //> values.java::Leaf.turn [attribute]
        other.leaf.turn();  //> values.java::Leaf.turn [attribute]
        Values.SHARED.turn();  //> values.java::Leaf.turn [attribute]
        leaf.next.turn();  //> values.java::Leaf.turn [attribute]
        leaf().turn();  //> values.java::Values.leaf ; values.java::Leaf.turn [return]
        other.leaf().turn().turn();  //> values.java::Values.leaf ; values.java::Leaf.turn ; values.java::Leaf.turn [return]
    }

    void locals(Object object) {
        Leaf first = leaf;
        var second = new Leaf();  //> values.java::Leaf
        var third = first.turn();  //> values.java::Leaf.turn [annotation]
        first.turn();  //> values.java::Leaf.turn [annotation]
        second.turn();  //> values.java::Leaf.turn [constructor]
        third.turn();  //> values.java::Leaf.turn [return]
        final Leaf last, other = null;
        other.turn();  //> values.java::Leaf.turn [annotation]
        ((Leaf) object).turn();  //> values.java::Leaf.turn [annotation]
        (object == null ? first : second).turn();  //> values.java::Leaf.turn
        object.turn();  //> ?
        (first = second).turn();  //> values.java::Leaf.turn
        "text".length();  //> !java.lang.String.length
        String.valueOf(1).trim();  //> !java.lang.String.valueOf ; !java.lang.String.trim
        Leaf.class.getName();  //> !java.lang.Class.getName
    }

    void elements() {
        row[0].turn();  //> values.java::Leaf.turn
        grid[0][1].turn();  //> values.java::Leaf.turn
        for (Leaf each : leaves) {
            each.turn();  //> values.java::Leaf.turn [annotation]
        }
        for (var each : leaves) {
            each.turn();  //> values.java::Leaf.turn
        }
        for (var each : row) {
            each.turn();  //> values.java::Leaf.turn
        }
        for (var inner : grid) {
            for (var each : inner) each.turn();  //> values.java::Leaf.turn
        }
        leaves.get(0).turn();  //> !java.util.List.get ; values.java::Leaf.turn [return]
        byName.get("a").get(1).turn();  //> !java.util.Map.get ; !java.util.List.get ; values.java::Leaf.turn
        for (var entry : byName.entrySet()) {  //> !java.util.Map.entrySet
            entry.getValue().iterator().next().turn();  //> !java.util.Map.Entry.getValue ; !java.util.List.iterator ; !java.util.Iterator.next ; values.java::Leaf.turn
        }
        row.clone();  //> builtin
        new Leaf[] {leaf}[0].turn();  //> values.java::Leaf.turn
        System.out.println(leaves.size());  //> !java.io.PrintStream.println ; !java.util.List.size
    }

    void patterns(Object object, Shape shape) {
        if (object instanceof Leaf found && found.turn() != null) {  //> values.java::Leaf.turn
            found.turn();  //> values.java::Leaf.turn [annotation]
        } else if (object instanceof Branch found) {
            found.grow();  //> values.java::Branch.grow
        }
        if (!(object instanceof Branch branch)) {
            return;
        }
        branch.grow();  //> values.java::Branch.grow
    }

    void resources() throws IOException {
        try (Values values = new Values(); var more = open()) {  //> values.java::Values ; values.java::Values.open
            values.leaf();  //> values.java::Values.leaf [annotation]
            more.leaf();  //> values.java::Values.leaf
        } catch (Trouble | IllegalStateException trouble) {
            trouble.getMessage();  //> !java.lang.Throwable.getMessage
        } catch (RuntimeException other) {
            other.printStackTrace();  //> !java.lang.RuntimeException.printStackTrace
        }
        try {
            throw new Trouble();  //> values.java::Trouble
        } catch (Trouble trouble) {
            trouble.explain();  //> values.java::Trouble.explain [annotation]
        }
    }

    static Values open() {
        return new Values();  //> values.java::Values
    }

    @Override
    public void close() {}

    void scopes(Leaf value) {
        value.turn();  //> values.java::Leaf.turn
        {
            Branch inner = new Branch();  //> values.java::Branch
            inner.grow();  //> values.java::Branch.grow
        }
        {
            Leaf inner = value;
            inner.turn();  //> values.java::Leaf.turn
        }
        for (int i = 0; i < 3; i++) {
            Branch inner = null;
            inner.grow();  //> values.java::Branch.grow
        }
        Branch leaf = null;
        leaf.grow();  //> values.java::Branch.grow
        this.leaf.turn();  //> values.java::Leaf.turn
        switch (value.size()) {  //> values.java::Leaf.size
            case 1:
                Branch inside = null;
                inside.grow();  //> values.java::Branch.grow
                break;
            default:
                inside = new Branch();  //> values.java::Branch
                inside.grow();  //> values.java::Branch.grow
        }
    }

    void shadowed() {
        leaf.turn();  //> values.java::Leaf.turn [attribute]
        Branch leaf = new Branch();  //> values.java::Branch
        leaf.grow();  //> values.java::Branch.grow [annotation]
    }

    void spread(Leaf... all) {
        all[0].turn();  //> values.java::Leaf.turn
        for (Leaf one : all) one.turn();  //> values.java::Leaf.turn
    }
}

class Leaf {
    Leaf next;

    Leaf turn() {
        return this;
    }

    int size() {
        return 1;
    }

    static Leaf make() {
        return new Leaf();  //> values.java::Leaf
    }
}

class Branch {
    void grow() {}
}

class Trouble extends RuntimeException {
    void explain() {}
}

interface Shape {}

/** A field has the name of a class, and a variable that of a package. */
class Obscured {
    Branch Leaf = new Branch();  //> values.java::Branch

    void calls(Branch java) {
        Leaf.grow();  //> values.java::Branch.grow [attribute]
        java.grow();  //> values.java::Branch.grow [annotation]
        new Leaf().turn();  //> values.java::Leaf ; values.java::Leaf.turn
    }

    /** A method and a field may share a name. */
    Leaf size;

    Branch size() {
        size.turn();  //> values.java::Leaf.turn
        return size() == null ? null : Leaf;  //> values.java::Obscured.size
    }
}
