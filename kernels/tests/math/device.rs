//! Kernels that apply the functions to arrays, from CUDA C to results.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::{env, fs, process};

use keops_driver::device::{Allocation, Stream};

use crate::functions::{Arguments, FAST, FUNCTIONS, POWERS, Scalar};

/// One kernel for each function and scalar type, and powers.
fn source(header: &Path) -> String {
    let mut source = format!(
        "#include \"{}\"\n\
         template <class T> struct Words {{ const T *a, *b, *c; T* out; unsigned long long n; }};\n",
        header.display()
    );
    let mut kernel = |name: String, scalar: &str, call: &str| {
        writeln!(
            source,
            "extern \"C\" __global__ void {name}(const Words<{scalar}> words)
            {{
                const auto [a, b, c, out, n] = words;
                const unsigned long long i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < n) out[i] = keops::math::{call};
            }}"
        )
        .expect("a string takes everything");
    };
    for (type_name, scalar) in [(f32::NAME, f32::C_NAME), (f64::NAME, f64::C_NAME)] {
        for function in FUNCTIONS.iter().chain(FAST) {
            let call =
                format!("{}({})", function.name, &["a[i]", "b[i]", "c[i]"][..function.arguments].join(", "));
            kernel(format!("{}_{type_name}", function.name), scalar, &call);
        }
        for (k, n) in POWERS.iter().enumerate() {
            kernel(format!("power_{k}_{type_name}"), scalar, &format!("power(a[i], {n})"));
        }
    }
    source
}

/// The PTX of all kernels.
pub(crate) fn compile(nvcc: &Path) -> String {
    let folder = env::temp_dir().join(format!("keops-math-{}", process::id()));
    fs::create_dir_all(&folder).expect("the temporary folder can be written to");
    let (source_file, ptx_file) = (folder.join("math.cu"), folder.join("math.ptx"));
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("cuda/math.cuh");
    fs::write(&source_file, source(&header)).expect("the temporary folder can be written to");
    let output = Command::new(nvcc)
        .args(["-ptx", "-O3", "-arch=compute_75"])
        .arg(&source_file)
        .arg("-o")
        .arg(&ptx_file)
        .output()
        .expect("nvcc can be started");
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|stream| String::from_utf8_lossy(stream));
    assert!(output.status.success(), "nvcc failed:\n{stdout}{stderr}");
    assert!(!stderr.contains("warning"), "nvcc warns:\n{stderr}");
    let ptx = fs::read_to_string(&ptx_file).expect("nvcc wrote PTX");
    fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    ptx
}

/// What a kernel of the PTX computes.
pub(crate) fn run<T: Scalar>(ptx: &'static str, kernel: &str, arguments: &[Arguments<T>]) -> Vec<T> {
    const THREADS: u32 = 128;
    let stream = Stream::shared(0).expect("there is a device");
    let context = stream.context();
    let function = context.function(ptx, kernel).expect("the PTX has the kernel");
    let memory = || Allocation::new(context, arguments.len() * size_of::<T>()).expect("there is memory");
    let columns = [0, 1, 2].map(|k| {
        let column: Vec<T> = arguments.iter().map(|x| x[k]).collect();
        let memory = memory();
        stream.upload(&memory, &column).expect("the copy is accepted");
        memory
    });
    let out = memory();
    let [a, b, c] = columns.each_ref().map(Allocation::address);
    let words = [a, b, c, out.address(), arguments.len() as u64];
    let blocks = (arguments.len() as u32).div_ceil(THREADS);
    stream.launch(&function, [blocks, 1], THREADS, &words).expect("the launch is accepted");
    stream.synchronize().expect("the kernel ends");
    let mut results = vec![T::default(); arguments.len()];
    out.download(&mut results).expect("the results are there");
    results
}
