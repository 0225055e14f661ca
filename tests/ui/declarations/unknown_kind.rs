use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_k: Vk<3>) -> Vi<1> {
        SqDist(x_i, y_k)
    }
}

fn main() {}
