/// Compiles one formula with `keops!` and keeps its text for the evaluator, in a module of the formula's name:
///
/// ```text
/// formula! {
///     pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> { Sum_j(Exp(-SqDist(x_i, y_j) / s^2)) }
/// }
/// gaussian::check(&Setup::sizes(7, 33));
/// ```
///
/// `check` runs it in `f32` and in `f64` on random data and compares; `check_on` takes a case whose data the test has changed.
#[macro_export]
macro_rules! formula {
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident ( $($argument:ident : $kind:ident < $dim:tt >),* $(,)? ) $($rest:tt)*
    ) => {
        /// One formula, compiled and kept as text. Its name may be capital, as in formulas.
        #[allow(non_snake_case)]
        pub mod $name {
            ::keops::keops! {
                $(#[$($attribute)*])*
                pub fn $name($($argument: $kind<$dim>),*) $($rest)*
            }

            /// The formula.
            pub const TEXT: &str = stringify! {
                $(#[$($attribute)*])*
                pub fn $name($($argument: $kind<$dim>),*) $($rest)*
            };

            /// Compares on random data.
            pub fn check(setup: &$crate::data::Setup) -> $crate::compare::Report {
                check_on(&$crate::case::Case::new(TEXT, setup))
            }

            /// Compares on the data of a case.
            pub fn check_on(case: &$crate::case::Case) -> $crate::compare::Report {
                let single = case.judge(single(&case.data), &$crate::precision::Precision::F32);
                single.and(case.judge(double(&case.data), &$crate::precision::Precision::F64))
            }

            /// The results in `f32`, or the text of the error.
            pub fn single(data: &$crate::data::Data) -> Result<Vec<$crate::compare::Answer>, String> {
                $crate::compare::told($name($($crate::argument!(data, f32, $kind, $dim, $argument)),*))
            }

            /// The results in `f64`, or the text of the error.
            pub fn double(data: &$crate::data::Data) -> Result<Vec<$crate::compare::Answer>, String> {
                $crate::compare::told($name($($crate::argument!(data, f64, $kind, $dim, $argument)),*))
            }
        }
    };
}

/// An argument of a generated function from a case's data.
#[macro_export]
macro_rules! argument {
    ($data:expr, $scalar:ty, Pm, $dim:tt, $name:ident) => {
        &$data.parameter::<$scalar, $dim>(stringify!($name))
    };
    ($data:expr, $scalar:ty, $kind:ident, $dim:tt, $name:ident) => {
        &$crate::rows!($data.points::<$scalar, $dim>(stringify!($name)))
    };
}

/// Rows where the tests compute: in memory of the host.
#[cfg(not(feature = "device"))]
#[macro_export]
macro_rules! rows {
    ($rows:expr) => {
        $rows
    };
}

/// Rows where the tests compute: on the device.
#[cfg(feature = "device")]
#[macro_export]
macro_rules! rows {
    ($rows:expr) => {
        $crate::device::upload(&$rows)
    };
}

/// Formulas that are each a test of their own: [`formula!`] and a `#[test]` on a few sizes.
#[macro_export]
macro_rules! cases {
    () => {};
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident $arguments:tt -> $kind:ident < $($dim:tt),* > { $($body:tt)* } $($rest:tt)*
    ) => {
        $crate::case! { $name, $(#[$($attribute)*])* pub fn $name $arguments -> $kind<$($dim),*> { $($body)* } }
        $crate::cases! { $($rest)* }
    };
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident $arguments:tt -> ( $($results:tt)* ) { $($body:tt)* } $($rest:tt)*
    ) => {
        $crate::case! { $name, $(#[$($attribute)*])* pub fn $name $arguments -> ($($results)*) { $($body)* } }
        $crate::cases! { $($rest)* }
    };
}

/// One formula with its test.
#[macro_export]
macro_rules! case {
    ($name:ident, $($function:tt)*) => {
        $crate::formula! { $($function)* }

        #[test]
        #[allow(non_snake_case)]
        fn $name() {
            $crate::case::usual_sizes($name::check);
        }
    };
}

/// A formula whose gradients are compared with differences:
///
/// ```text
/// gradients! {
///     #[grad]
///     pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<2>) { … }
///     seeds m [0: 1, 1: 2]
///     x_i: grad_x_i, y_j: grad_y_j
/// }
/// ```
///
/// `seeds` tells whether the results have M (`m`) or N (`n`) rows, and the dimension of each value result by its number.
/// `; along at (70, 130)` after the last gradient tries them at that size too, along one direction each.
#[macro_export]
macro_rules! gradients {
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident $arguments:tt -> $kind:ident < $($result:tt),* > $body:tt
        seeds $rows:ident $seeds:tt
        $($variable:ident : $gradient:ident),*
        $(; along at $large:tt)?
    ) => {
        $crate::formula! { $(#[$($attribute)*])* pub fn $name $arguments -> $kind<$($result),*> $body }
        $crate::gradient_test! { $name $arguments $rows $seeds [$($variable $gradient)*] $($large)? }
    };
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident $arguments:tt -> $results:tt $body:tt
        seeds $rows:ident $seeds:tt
        $($variable:ident : $gradient:ident),*
        $(; along at $large:tt)?
    ) => {
        $crate::formula! { $(#[$($attribute)*])* pub fn $name $arguments -> $results $body }
        $crate::gradient_test! { $name $arguments $rows $seeds [$($variable $gradient)*] $($large)? }
    };
}

/// The test of a formula's value and of its gradients in both precisions.
#[macro_export]
macro_rules! gradient_test {
    ($name:ident $arguments:tt $rows:ident $seeds:tt $variables:tt $($large:tt)?) => {
        #[test]
        #[allow(non_snake_case)]
        fn $name() {
            $crate::case::usual_sizes($name::check);
            // Some rows, and so few that lanes are columns.
            let sizes = [(4, 6), (1, 7), (2, 5)];
            let report = sizes.into_iter().fold($crate::compare::Report::default(), |report, size| {
                let single =
                    $crate::gradient_check! { judge_gradient $name $arguments $rows $seeds f32 size $variables };
                let double =
                    $crate::gradient_check! { judge_gradient $name $arguments $rows $seeds f64 size $variables };
                report.and(single).and(double)
            });
            report.decided();
            $(
                let large = $crate::gradient_check! {
                    judge_gradient_along $name $arguments $rows $seeds f64 $large $variables
                };
                large.decided();
            )?
        }
    };
}

/// The comparison of a formula's gradients in one precision, at one size.
#[macro_export]
macro_rules! gradient_check {
    (
        $judge:ident $name:ident $arguments:tt $rows:ident $seeds:tt $scalar:ident $size:tt
        [$($variable:ident $gradient:ident)*]
    ) => {{
        let (m, n) = $size;
        let case = $crate::case::Case::new($name::TEXT, &$crate::data::Setup::sizes(m, n));
        $crate::gradient_check_on! {
            $judge $name $arguments $rows $seeds $scalar case [$($variable $gradient)*]
        }
    }};
}

/// The same of a case.
#[macro_export]
macro_rules! gradient_check_on {
    (
        $judge:ident $name:ident $arguments:tt $rows:ident $seeds:tt $scalar:ident $case:ident
        [$($variable:ident $gradient:ident)*]
    ) => {{
        let rows = $case.data.$rows;
        let seeds = $crate::seeds! { $case rows $seeds };
        let precision = <$scalar as $crate::data::Scalar>::PRECISION;
        $crate::compare::Report::default()
        $(.and({
            let got = $crate::gradient_call! { $name $gradient $arguments $scalar $case rows $seeds };
            $case.$judge(stringify!($variable), &seeds, got, &precision)
        }))*
    }};
}

/// The seeds of a case, one array of rows for each value result.
#[macro_export]
macro_rules! seeds {
    ($case:ident $rows:ident [$($number:tt : $width:tt),*]) => {
        [$($case.seed::<f64, $width>($number, $rows).into_iter().map(Vec::from).collect()),*]
    };
}

/// The call of one gradient in one precision.
#[macro_export]
macro_rules! gradient_call {
    (
        $name:ident $gradient:ident ($($argument:ident : $kind:ident < $dim:tt >),* $(,)?)
        $scalar:ident $case:ident $rows:ident [$($number:tt : $width:tt),*]
    ) => {
        $crate::compare::told($name::$name::$gradient(
            $($crate::argument!($case.data, $scalar, $kind, $dim, $argument),)*
            $(&$crate::rows!($case.seed::<$scalar, $width>($number, $rows))),*
        ))
    };
}
