use keops::keops;

keops! {
    const D: usize = 3;
}

fn main() {}
