use lighthouse::{begin, can_steer, signal, Lamp, Mark};

fn report(lamp: &Lamp) -> String {
    format!("{} {}", lamp, can_steer(lamp, 12.0))
}

fn main() {
    let mut watch = begin("Cape Grey", 22).unwrap();
    watch.gauge(23, Mark::of(120).centimetres).unwrap();
    let mut lamp = Lamp::with_lens(6);
    lamp.kindle();
    println!("{}", report(&lamp));
    println!("{} {}", signal::alarm(&signal::Horn), watch.boast());
}
