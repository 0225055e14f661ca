use keops::keops;

keops! {
    pub fn f -> Vi<1> { 1 }
}

fn main() {}
