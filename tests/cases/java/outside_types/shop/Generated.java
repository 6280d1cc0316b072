package shop;

import shop.made.First;
import shop.made.Second;

/** Types that a generator makes are not in the sources: two of them are not one. */
class Generated {
    void take(First first) {}

    void take(Second second) {}

    void pass(First first, Second second) {
        take(first);  //> ?
        take(second);  //> ?
    }
}

class More extends Generated {
    @Override
    void take(First first) {}

    void pass(First first) {
        take(first);  //> ?
    }
}
