use keops::keops;

keops! {
    #[instances(D = 1..=4)]
    pub fn f<const D: usize>(x_i: Vi<3>, y_j: Vj<3>, s: Pm<D>) -> Vi<1> {
        let mut sum = 0;
        for c in s { sum += Exp(-c * SqDist(x_i, y_j)); }
        sum
    }
}

fn main() {}
