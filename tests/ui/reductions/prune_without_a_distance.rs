use keops::keops;

keops! {
    #[prune]
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1, usize>, Vi<1>) {
        let d = SqDist(x_i, y_j);
        (ArgMin_j(d), Sum_j(Exp(-d)))
    }
}

fn main() {}
