/// Formulas of dimension parameters, each a test of its own: called by a function that is generic itself, once for each
/// list of dimensions, and compared like those of `formula!`. In braces is whose gradients are too, as with
/// `gradients!`, seeds first:
///
/// ```text
/// dimensions! {
///     #[grad]
///     #[instances(D = 1, 2, 3)]
///     pub fn scaled<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<D> { Sum_j(x_i * y_j) }
///     at [1] [2] [3] => { m [0: D] x_i: grad_x_i, y_j: grad_y_j }
/// }
/// ```
#[macro_export]
macro_rules! dimensions {
    () => {};
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident < $(const $parameter:ident : usize),* > $arguments:tt -> $kind:ident < $($dim:tt),* > $body:tt
        at $([$($value:tt),*])* => $gradients:tt
        $($rest:tt)*
    ) => {
        $crate::dimension_case! {
            [$(#[$($attribute)*])*] $name [$($parameter),*] $arguments [$kind<$($dim),*>] $body
            at $([$($value),*])* => $gradients
        }
        $crate::dimensions! { $($rest)* }
    };
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident < $(const $parameter:ident : usize),* > $arguments:tt -> ( $($results:tt)* ) $body:tt
        at $([$($value:tt),*])* => $gradients:tt
        $($rest:tt)*
    ) => {
        $crate::dimension_case! {
            [$(#[$($attribute)*])*] $name [$($parameter),*] $arguments [($($results)*)] $body
            at $([$($value),*])* => $gradients
        }
        $crate::dimensions! { $($rest)* }
    };
}

/// One of them.
#[macro_export]
macro_rules! dimension_case {
    (
        [$($attributes:tt)*] $name:ident [$($parameter:ident),*]
        ($($argument:ident : $kind:ident < $dim:tt >),* $(,)?) [$($result:tt)*] $body:tt
        at $([$($value:tt),*])* => $gradients:tt
    ) => {
        /// One formula, compiled and kept as text.
        #[allow(non_snake_case)]
        pub mod $name {
            ::keops::keops! {
                $($attributes)*
                pub fn $name<$(const $parameter: usize),*>($($argument: $kind<$dim>),*) -> $($result)* $body
            }

            /// The formula.
            pub const TEXT: &str = stringify! {
                $($attributes)*
                pub fn $name<$(const $parameter: usize),*>($($argument: $kind<$dim>),*) -> $($result)* $body
            };

            /// Compares in both precisions.
            pub fn check_on<$(const $parameter: usize),*>(case: &$crate::case::Case) -> $crate::compare::Report
            where
                $name::Formulas: $name::Instance<$($parameter),*>,
            {
                let data = &case.data;
                let single =
                    $crate::compare::told($name($($crate::argument!(data, f32, $kind, $dim, $argument)),*));
                let double =
                    $crate::compare::told($name($($crate::argument!(data, f64, $kind, $dim, $argument)),*));
                let single = case.judge(single, &$crate::precision::Precision::F32);
                single.and(case.judge(double, &$crate::precision::Precision::F64))
            }
        }

        #[test]
        #[allow(non_snake_case)]
        fn $name() {
            $(
                $crate::case::usual_sizes(|setup| {
                    let case = $crate::case::Case::with_dimensions($name::TEXT, &[$($value),*], setup);
                    $name::check_on::<$($value),*>(&case)
                });
            )*
            $crate::dimension_gradients! {
                $name [$($parameter),*] ($($argument: $kind<$dim>),*) [$([$($value),*])*] $gradients
            }
        }
    };
}

/// Its gradients.
#[macro_export]
macro_rules! dimension_gradients {
    ($name:ident $parameters:tt $arguments:tt $values:tt {}) => {};
    (
        $name:ident $parameters:tt $arguments:tt $values:tt
        { $rows:ident $seeds:tt $($variable:ident : $gradient:ident),* }
    ) => {
        $($crate::dimension_gradient! {
            $name $parameters $arguments $values $rows $seeds $variable $gradient
        })*
    };
}

/// One of them.
#[macro_export]
macro_rules! dimension_gradient {
    (
        $name:ident [$($parameter:ident),*] $arguments:tt [$([$($value:tt),*])*]
        $rows:ident $seeds:tt $variable:ident $gradient:ident
    ) => {{
        fn check<$(const $parameter: usize),*>()
        where
            $name::$name::$gradient::Formulas: $name::$name::$gradient::Instance<$($parameter),*>,
        {
            let setup = $crate::data::Setup::sizes(4, 6);
            let case = $crate::case::Case::with_dimensions($name::TEXT, &[$($parameter),*], &setup);
            let single = $crate::gradient_check_on! {
                judge_gradient $name $arguments $rows $seeds f32 case [$variable $gradient]
            };
            let double = $crate::gradient_check_on! {
                judge_gradient $name $arguments $rows $seeds f64 case [$variable $gradient]
            };
            single.and(double).decided();
        }
        $(check::<$($value),*>();)*
    }};
}
