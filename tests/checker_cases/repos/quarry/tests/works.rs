#[test]
fn works() {
    quarry::work(3);
}
