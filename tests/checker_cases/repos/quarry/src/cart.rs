/// Goes up and down.
pub struct Cart {
    loads: Vec<u32>,
}

impl Cart {
    pub fn new() -> Self {
        Cart { loads: vec![] }
    }

    pub fn load(&mut self, weight: u32) {
        self.loads.push(weight);
    }

    /**
     * Says what it carried.
     */
    pub fn sum(&self) -> u32 {
        self.loads.iter().sum()
    }
}

pub fn new() -> u32 {
    0
}
