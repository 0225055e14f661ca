//! Kernels that apply the functions to arrays, from CUDA C to results.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use cust::memory::{CopyDestination, DeviceBuffer};
use cust::module::Module;
use cust::stream::{Stream, StreamFlags};

use crate::functions::{Arguments, FUNCTIONS, POWERS, Scalar};

/// One kernel for each function and scalar type, and powers.
fn source(header: &Path) -> String {
    let mut source = format!("#include \"{}\"\n", header.display());
    let mut kernel = |name: String, scalar: &str, call: &str| {
        writeln!(
            source,
            "extern \"C\" __global__ void {name}(const {scalar}* a, const {scalar}* b, const {scalar}* c, {scalar}* out,
                int n)
            {{
                const int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < n) out[i] = keops::math::{call};
            }}"
        )
        .expect("a string takes everything");
    };
    for (type_name, scalar) in [(f32::NAME, f32::C_NAME), (f64::NAME, f64::C_NAME)] {
        for function in FUNCTIONS {
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

/// Where nvcc is, in the order of the build script of users.
pub(crate) fn nvcc() -> Option<PathBuf> {
    if let Some(explicit) = env::var_os("KEOPS_NVCC").map(PathBuf::from) {
        return explicit.is_file().then_some(explicit);
    }
    let below = |variable: &str| env::var_os(variable).map(|home| Path::new(&home).join("bin/nvcc"));
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path = env::split_paths(&path).map(|folder| folder.join("nvcc"));
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/cuda/nvidia/cu13/bin/nvcc");
    let mut places =
        ["CUDA_HOME", "CUDA_PATH"].into_iter().filter_map(below).chain(in_path).chain([installed]);
    places.find(|place| place.is_file())
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

/// What a kernel computes.
pub(crate) fn run<T: Scalar>(module: &Module, kernel: &str, arguments: &[Arguments<T>]) -> Vec<T> {
    const THREADS: u32 = 128;
    let stream = Stream::new(StreamFlags::DEFAULT, None).expect("there are streams");
    let function = module.get_function(kernel).expect("the module has the kernel");
    let [a, b, c] = [0, 1, 2].map(|k| {
        let column: Vec<T> = arguments.iter().map(|x| x[k]).collect();
        DeviceBuffer::from_slice(&column).expect("there is memory")
    });
    let mut results = vec![T::default(); arguments.len()];
    let out = DeviceBuffer::from_slice(&results).expect("there is memory");
    let blocks = (arguments.len() as u32).div_ceil(THREADS);
    // SAFETY: the kernel has these parameters, and every buffer as many numbers as the last one says.
    unsafe {
        cust::launch!(function<<<blocks, THREADS, 0, stream>>>(
            a.as_device_ptr(),
            b.as_device_ptr(),
            c.as_device_ptr(),
            out.as_device_ptr(),
            arguments.len() as i32
        ))
    }
    .expect("the launch is accepted");
    stream.synchronize().expect("the kernel ends");
    out.copy_to(&mut results).expect("the results are there");
    results
}
