use keops::keops;

keops! {
    #[prune]
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, z_j: Vj<3>) -> (Vi<1, usize>, Vi<1>) {
        (ArgMin_j(SqDist(x_i, y_j)), Min_j(SqDist(x_i, z_j)))
    }
}

fn main() {}
