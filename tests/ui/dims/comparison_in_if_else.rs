use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        LogSumExp_j(IfElse(j <= i, x_i | y_j, -Inf))
    }
}

fn main() {}
