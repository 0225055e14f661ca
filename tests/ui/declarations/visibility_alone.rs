use keops::keops;

keops! {
    pub
}

fn main() {}
