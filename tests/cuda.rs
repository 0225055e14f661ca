//! What only devices do: columns divided over blocks and merged, the same answers at the edges as on the processor, calls
//! without a kernel, and kernels that are broken on purpose.
//!
//! The other tests of formulas run on the device too, with the feature `cuda`. Everything here runs on the simulated one
//! unless `KEOPS_TEST_REAL_GPU` is 1.

use keops::cuda::{Call, Device, DeviceColumn, DeviceRows, Launch, Shape};
use keops::{Error, Points, keops};
use keops_compiler::device;
use keops_reference::data::Setup;
use keops_reference::device::{is_simulated, upload};
use keops_reference::formula;
use keops_reference::random::quarters;

formula! {
    pub fn every_reduction(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>) -> (Vi<2>, Vi<1>, Vi<2>, Vi<1>, Vi<1, usize>, Vi<3>, Vi<3, usize>) {
        let f = (x_i | y_j);
        (Sum_j(x_i * y_j), LogSumExp_j(3 * f, 1 + b_j^2), SumSoftMaxWeight_j(f, y_j), Max_j(f), ArgMin_j(f), KMin_j(f, 3),
         ArgKMin_j(f, 3))
    }
}

formula! {
    pub fn many_exponents(x_i: Vi<12>, y_j: Vj<12>) -> (Vi<12>, Vi<12>) {
        (LogSumExp_j(x_i * y_j), KMax_j(x_i + y_j, 1))
    }
}

formula! {
    pub fn long_list(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<20>, Vi<20, usize>) { KMin_ArgKMin_j(SqDist(x_i, y_j), 20) }
}

/// More columns than a part has: the states of the parts are merged by a second kernel. More than 32 parts are merged in
/// groups first.
#[test]
fn divided_columns_are_merged() {
    for (m, n) in [(1, 4096), (3, 5001), (130, 4500), (2, 9001)] {
        every_reduction::check(&Setup::sizes(m, n));
    }
    long_list::check(&Setup::sizes(2, 9001));
    many_exponents::check(&Setup::sizes(2, 4600));
}

keops! {
    #[grad]
    pub fn at_the_edges(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1>, Vi<1>, Vi<2>, Vi<2, usize>, Vi<1, usize>) {
        let f = x_i * y_j;
        (Min_j(f), Max_j(f), LogSumExp_j(f), KMin_j(f, 2), ArgKMin_j(f, 2), ArgMax_j(f))
    }

    pub fn sums_at_the_edges(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1>) {
        (Sum_j(x_i * y_j), SumSoftMaxWeight_j(x_i + y_j, y_j))
    }
}

fn column<T: keops::Real>(numbers: &[T]) -> DeviceRows<T, 1> {
    upload(numbers.as_chunks::<1>().0)
}

/// NaN equals NaN here, and 0 equals −0.
fn same(host: &[f32], device: &[f32]) -> bool {
    host.len() == device.len() && host.iter().zip(device).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

#[test]
fn ties_infinities_and_nan_are_as_on_the_processor() {
    const INF: f32 = f32::INFINITY;
    const NAN: f32 = f32::NAN;
    let cases: [&[f32]; 8] = [
        &[1.0, 1.0, 1.0, 0.5, 0.5],
        &[NAN, 2.0, NAN, 3.0],
        &[NAN, NAN, NAN],
        &[INF, -INF, 1.0],
        &[INF, INF],
        &[-INF, -INF, -INF],
        &[0.0, -0.0, 0.0],
        // A device takes exponents beyond 2.36e38 for infinite.
        &[2e38, 2e38, -2e38],
    ];
    for y in cases {
        // More columns than a group, a tile, and half of the columns of two blocks have.
        for repeated in [1, 9, 300, 1700] {
            let y: Vec<f32> = y.iter().copied().cycle().take(y.len() * repeated).collect();
            let x = [1.0f32, -1.0, 0.0, 2.0, INF, NAN];
            let (min, max, sum, least, indices, most) = at_the_edges(&x, &y).unwrap();
            let d = at_the_edges(&column(&x), &column(&y)).unwrap();
            let context = format!("{:?} × {repeated}", &y[..y.len().min(5)]);
            assert!(same(&min, &d.0.download().unwrap()), "Min of {context}");
            assert!(same(&max, &d.1.download().unwrap()), "Max of {context}");
            assert!(same(least.as_flattened(), d.3.download().unwrap().as_flattened()), "KMin of {context}");
            assert_eq!(indices, d.4.download().unwrap(), "ArgKMin of {context}");
            assert_eq!(most, d.5.download().unwrap(), "ArgMax of {context}");
            for (a, b) in sum.iter().zip(d.2.download().unwrap()) {
                // The sum of up to 8500 equal terms, and a logarithm: a few roundings of the result.
                let close = (a - b).abs() <= 4.0 * f32::EPSILON * a.abs().max(1.0);
                assert!(*a == b || close || (a.is_nan() && b.is_nan()), "LogSumExp of {context}: {a} {b}");
            }
        }
    }
}

#[test]
fn no_points_are_the_neutral_element() {
    let (x, none): (_, [f32; 0]) = ([1.0f32, 2.0], []);
    let (sum, _) = sums_at_the_edges(&column(&none), &column(&x)).unwrap();
    assert_eq!(sum.download().unwrap(), []);
    // A soft-max and an index over nothing have no value.
    let error = sums_at_the_edges(&column(&x), &column(&none)).unwrap_err();
    assert!(matches!(error, Error::EmptyReduction { .. }), "{error}");
    let error = at_the_edges(&column(&x), &column(&none)).unwrap_err();
    assert!(matches!(error, Error::NotEnough { .. } | Error::EmptyReduction { .. }), "{error}");
}

/// The same bits for every call: how pairs are divided depends on their numbers alone.
#[test]
fn results_are_deterministic() {
    let x: Vec<[f32; 1]> = (0..700).map(|k| [(0.37 * k as f32).sin()]).collect();
    let y: Vec<[f32; 1]> = (0..5000).map(|k| [(0.73 * k as f32).cos()]).collect();
    let call = || sums_at_the_edges(&upload(&x), &upload(&y)).unwrap();
    let (first, second) = (call(), call());
    assert_eq!(first.0.download().unwrap(), second.0.download().unwrap());
    assert_eq!(first.1.download().unwrap(), second.1.download().unwrap());
}

#[test]
fn results_are_arguments_of_the_next_call() {
    let x: DeviceRows<f32, 1> = column(&[1.0, 2.0, 3.0]);
    let (sum, _): (DeviceColumn<f32>, _) = sums_at_the_edges(&x, &x).unwrap();
    let (again, _) = sums_at_the_edges(sum, &x).unwrap();
    assert_eq!(again.download().unwrap(), [36.0, 72.0, 108.0]);
}

/// The kernels write to memory of the caller what they write to new memory, bit for bit, whatever was there before; and
/// slices computed on the device give the same.
#[test]
fn all_ways_to_call_a_function_give_the_same() {
    let x: Vec<[f32; 1]> = (0..300).map(|k| [(0.37 * k as f32).sin()]).collect();
    let y: Vec<[f32; 1]> = (0..2000).map(|k| [(0.73 * k as f32).cos()]).collect();
    let (dx, dy) = (upload(&x), upload(&y));
    let device = Device::first().unwrap();

    let new = at_the_edges(&dx, &dy).unwrap();
    let mut given = at_the_edges(&dx, &dx).unwrap();
    let result = (&mut given.0, &mut given.1, &mut given.2, &mut given.3, &mut given.4, &mut given.5);
    at_the_edges::into(result, &dx, &dy).unwrap();
    let on = at_the_edges::on(&device, &x, &y).unwrap();
    macro_rules! same {
        ($($part:tt)*) => {$(
            let expected = new.$part.download().unwrap();
            assert_eq!(given.$part.download().unwrap(), expected, "result {}", $part);
            assert_eq!(on.$part, expected, "result {}", $part);
        )*};
    }
    same! { 0 1 2 3 4 5 }

    // Sums of what comes from all pairs and of what comes from the chosen ones.
    let (e, e_2) = (vec![[1.0f32]; 300], vec![[1.0f32, -2.0]; 300]);
    let (de, de_2) = (upload(&e), upload(&e_2));
    let new = at_the_edges::grad_y_j(&dx, &dy, &de, &de, &de, &de_2).unwrap();
    let mut given = device.upload_column(&vec![f32::NAN; 2000]).unwrap();
    at_the_edges::grad_y_j::into(&mut given, &dx, &dy, &de, &de, &de, &de_2).unwrap();
    let on = at_the_edges::grad_y_j::on(&device, &x, &y, &e, &e, &e, &e_2).unwrap();
    let expected = new.download().unwrap();
    assert_eq!(given.download().unwrap(), expected);
    assert_eq!(on, expected);
    assert!(expected.iter().all(|slope| slope.is_finite()));
}

keops! {
    #[grad(s)]
    pub fn energy(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> Pm<1> { Sum_ij(Exp(-SqDist(x_i, y_j) / s^2)) }
}

#[test]
fn totals_of_many_rows_are_summed_in_chunks() {
    let x: Vec<[f32; 2]> = (0..20_000).map(|k| [(0.37 * k as f32).sin(), 0.1]).collect();
    let (on_device, few) = (upload(&x), upload(&x[..3]));
    let (host, device) = (energy(&x, &x[..3], 0.5).unwrap(), energy(&on_device, &few, 0.5).unwrap());
    // Each term is right to some units of the last place, all have one sign, and they are summed in f64.
    approx::assert_relative_eq!(host, device, max_relative = 8.0 * f32::EPSILON);
    assert_eq!(energy(&on_device, &few, 0.5), Ok(device));
}

#[test]
fn totals_of_slices_on_the_device() {
    let x: Vec<[f32; 2]> = (0..300).map(|k| [(0.37 * k as f32).sin(), 0.1]).collect();
    let on_device = upload(&x);
    let device = Device::first().unwrap();
    assert_eq!(energy::on(&device, &x, &x, 0.5), energy(&on_device, &on_device, 0.5));
    assert_eq!(
        energy::grad_s::on(&device, &x, &x, 0.5, 2.0),
        energy::grad_s(&on_device, &on_device, 0.5, 2.0)
    );
    let none: [[f32; 2]; 0] = [];
    assert_eq!(energy::on(&device, &none, &x, 0.5), Ok(0.0));
}

/// A macro that puts a formula together hides it from the build script.
macro_rules! hidden {
    ($dim:tt) => {
        keops! { pub fn unseen(x_i: Vi<$dim>, y_j: Vj<$dim>) -> Vi<1> { Sum_j(SqDist(x_i, y_j)^3) } }
    };
}
hidden!(5);

keops! {
    #[grad(x_i, y_j)]
    pub fn ranged(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>) -> Vi<1> { SumSoftMaxWeight_j(x_i | y_j, b_j) }

    #[grad(y_j)]
    pub fn ranged_best(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<3>, Vi<3, usize>, Vi<2>) {
        (KMin_j(SqDist(x_i, y_j), 3), ArgKMin_j(SqDist(x_i, y_j), 3), Sum_j(x_i * y_j))
    }

    pub fn ranged_over_i(x_i: Vi<2>, y_j: Vj<2>) -> (Vj<1>, Vj<2>) { (Max_i(x_i | y_j), Sum_i(i * x_i) + j * y_j) }

    #[grad(x_i, y_j)]
    pub fn ranged_mean(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Mean_j(x_i | y_j) + Sum_j(x_i | y_j) / Sum_j(1 + y_j[0]^2) }

    pub fn ranged_total(x_i: Vi<2>, y_j: Vj<2>) -> Pm<1> { Sum_ij(x_i | y_j) }
}

#[test]
fn ranges_are_the_same_on_devices() {
    use keops::{Options, Ranges, Stream};

    let (x, y) = (quarters::<2>(1300, 1), quarters::<2>(900, 2));
    let b: Vec<f64> = y.iter().map(|y| y[0]).collect();
    let (dx, dy, db) = (upload(&x), upload(&y), column(&b));
    let close = |a: &[f64], b: &[f64]| {
        // Soft-maxima of numbers to 8 are right to some units of the last place; gradients have ten times larger terms.
        assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12));
    };
    let each = |count: usize, all: usize| vec![all / count; count];
    for ranges in [
        Ranges::new([(0..1300, 0..900)]),
        Ranges::batch(&each(50, 1300), &each(50, 900)),
        // Blocks of rows that end in the middle of a device's; ranges shorter and longer than a tile, some next to others.
        Ranges::new([
            (0..1, 7..10),
            (1..600, 0..300),
            (1..600, 301..303),
            (600..1299, 899..900),
            (600..1300, 20..760),
        ]),
    ] {
        close(
            &ranged::with(&ranges, &dx, &dy, &db).unwrap().download().unwrap(),
            &ranged::with(&ranges, &x, &y, &b).unwrap(),
        );
        let e = &b[..].iter().cycle().take(1300).copied().collect::<Vec<f64>>();
        let (on_x, here_x) = (
            ranged::grad_x_i::with(&ranges, &dx, &dy, &db, &column(e)),
            ranged::grad_x_i::with(&ranges, &x, &y, &b, e),
        );
        close(on_x.unwrap().download().unwrap().as_flattened(), here_x.unwrap().as_flattened());
        let (on_y, here_y) = (
            ranged::grad_y_j::with(&ranges, &dx, &dy, &db, &column(e)),
            ranged::grad_y_j::with(&ranges, &x, &y, &b, e),
        );
        close(on_y.unwrap().download().unwrap().as_flattened(), here_y.unwrap().as_flattened());

        // Without ranges the columns are divided, and a second kernel divides by their number.
        for options in [Options::from(&ranges), Options::new()] {
            close(
                &ranged_mean::with(options, &dx, &dy).unwrap().download().unwrap(),
                &ranged_mean::with(options, &x, &y).unwrap(),
            );
            let on_x =
                ranged_mean::grad_x_i::with(options, &dx, &dy, &column(e)).unwrap().download().unwrap();
            close(
                on_x.as_flattened(),
                ranged_mean::grad_x_i::with(options, &x, &y, e).unwrap().as_flattened(),
            );
            // A first pass divides by the numbers of columns, and visits none.
            let on_y =
                ranged_mean::grad_y_j::with(options, &dx, &dy, &column(e)).unwrap().download().unwrap();
            close(
                on_y.as_flattened(),
                ranged_mean::grad_y_j::with(options, &x, &y, e).unwrap().as_flattened(),
            );
        }

        let (values, indices, sums) = ranged_best::with(&ranges, &dx, &dy).unwrap();
        let here = ranged_best::with(&ranges, &x, &y).unwrap();
        assert_eq!((values.download().unwrap(), indices.download().unwrap(), sums.download().unwrap()), here);
        let (e_values, e_sums) = (here.0, here.2);
        let on_y =
            ranged_best::grad_y_j::with(&ranges, &dx, &dy, &upload(&e_values), &upload(&e_sums)).unwrap();
        assert_eq!(
            on_y.download().unwrap(),
            ranged_best::grad_y_j::with(&ranges, &x, &y, &e_values, &e_sums).unwrap()
        );

        let (largest, sums) = ranged_over_i::with(&ranges, &dx, &dy).unwrap();
        assert_eq!(
            (largest.download().unwrap(), sums.download().unwrap()),
            ranged_over_i::with(&ranges, &x, &y).unwrap()
        );
        assert_eq!(ranged_total::with(&ranges, &dx, &dy), ranged_total::with(&ranges, &x, &y));
    }
    // Rows without pairs have neutral elements.
    let some = Ranges::new([(600..601, 3..5)]);
    let (largest, sums) = ranged_over_i::with(&some.transposed(), &dy, &dx).unwrap();
    assert_eq!(
        (largest.download().unwrap(), sums.download().unwrap()),
        ranged_over_i::with(&some.transposed(), &y, &x).unwrap()
    );
    let stream = Stream::new();
    assert!(matches!(
        ranged_total::with(Options::new().stream(&stream), &dx, &dy),
        Err(Error::Stream { .. })
    ));
}

#[test]
fn a_formula_that_the_build_script_did_not_see_is_an_error() {
    let x = vec![[1.0f32; 5]; 3];
    assert_eq!(unseen(&x, &x).unwrap(), [0.0; 3]);
    let error = unseen(&upload(&x), &upload(&x)).unwrap_err();
    assert_eq!(error, Error::NoKernel { function: "unseen" });
}

const POTENTIAL: &str =
    "pub fn potential(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(Rsqrt(1 + SqDist(x_i, y_j))) }";

keops! { pub fn potential(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(Rsqrt(1 + SqDist(x_i, y_j))) } }

/// Runs the `f32` kernel of [`POTENTIAL`] with its PTX changed, on a device of its own: what went wrong, if anything.
fn with_changed_ptx(change: impl Fn(&str) -> String) -> Option<String> {
    let function = device::functions(POTENTIAL.parse().unwrap()).remove(0);
    let Some(folder) = option_env!("KEOPS_PTX") else { panic!("the tests of devices are built with nvcc") };
    let ptx = std::fs::read_to_string(format!("{folder}/{:016x}.ptx", function.id)).unwrap();
    let changed: &'static str = change(&ptx).leak();

    upload::<f32, 1>(&[]);
    keops_cuda_sim::set_device_count(2);
    let gpu = Device::new(1).unwrap();
    keops_cuda_sim::device(1).configure(|settings| settings.quiet = true);
    let (x, y) = (vec![[1.0f32, 2.0, 3.0]; 300], vec![[3.0f32, 2.0, 1.0]; 700]);
    let (dx, dy) = (gpu.upload(&x).unwrap(), gpu.upload(&y).unwrap());
    let views = [dx.view("x_i").unwrap(), dy.view("y_j").unwrap()];
    let call = Call::new("potential", Some(changed), &views).unwrap();
    let out = call.column::<f32>(x.len()).unwrap();
    let kernel = &function.kernels[0].1;
    let shape = Shape {
        id: kernel.id,
        threads: 128,
        rows: 128 * kernel.shape.rows,
        tile: kernel.shape.tile,
        state: kernel.shape.state,
        least_part: kernel.shape.least_part,
        indirect: false,
    };
    let launch = Launch {
        f32: shape,
        f64: shape,
        rows: x.len(),
        columns: y.len(),
        blocks: vec![],
        inputs: &views.each_ref().map(|view| view.address()),
        outputs: &[out.address()],
        parameters: &[] as &[f32],
    };
    let result = call.launch(&launch).and_then(|()| out.download());
    let diagnosis = keops_cuda_sim::device(1).take_diagnosis().map(|d| d.to_string());
    match result {
        Ok(values) => {
            for (a, b) in potential(&x, &y).unwrap().into_iter().zip(values) {
                // 700 equal terms, summed in groups of other sizes.
                approx::assert_relative_eq!(a, b, max_relative = 700.0 * f32::EPSILON);
            }
            None
        }
        Err(error) => Some(diagnosis.unwrap_or(error.to_string())),
    }
}

/// The simulator reports what would be a race: here the barriers of a real kernel are taken out.
#[test]
fn a_kernel_without_its_barriers_is_caught() {
    if !is_simulated() {
        return;
    }
    assert_eq!(with_changed_ptx(str::to_owned), None);
    let without = |ptx: &str| -> String {
        ptx.lines().filter(|line| !line.contains("bar.sync")).map(|line| format!("{line}\n")).collect()
    };
    let complaint = with_changed_ptx(without).expect("a race");
    assert!(complaint.contains("barrier"), "{complaint}");
}
