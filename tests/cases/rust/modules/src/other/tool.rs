pub struct Blade;

impl Blade {
    pub fn new() -> Blade {
        Blade
    }

    pub fn cut(&self) {}
}

pub fn sharpen() -> u32 {
    super::sharpen() //> src/other/tool.rs::sharpen
}
