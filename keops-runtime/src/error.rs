//! What can go wrong in a call.

/// Why a call has no result. It names arguments as the formula does, and its message says what to do.
///
/// What is wrong with arguments, options and memory for results is told before any work is done. What may come later, also
/// after some passes of a function that needs several: [`Cancelled`](Error::Cancelled), the errors of memory
/// ([`OutOfMemory`](Error::OutOfMemory), [`TooLarge`](Error::TooLarge), [`OutOfDeviceMemory`](Error::OutOfDeviceMemory)),
/// and [`DeviceLost`](Error::DeviceLost) and [`Driver`](Error::Driver), which may also come when a result is fetched.
///
/// From `NoDriver` on, the variants are those of calls with [device memory](crate#devices).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A flat slice that does not hold whole rows.
    #[error(
        "`{argument}` holds {len} numbers, not a multiple of its dimension {dim}: pass {dim} per point, row after row"
    )]
    NotMultiple {
        /// The argument.
        argument: &'static str,
        /// Numbers given.
        len: usize,
        /// Numbers per point.
        dim: usize,
    },
    /// An array whose points have another number of coordinates than was declared.
    #[error(
        "the points of `{argument}` have {found} coordinates, its dimension is {dim}: pass {dim} per point"
    )]
    Coordinates {
        /// The argument, or the result.
        argument: &'static str,
        /// Coordinates of a point of the array.
        found: usize,
        /// Coordinates wanted.
        dim: usize,
    },
    /// An array whose numbers do not lie in memory point after point.
    #[error("`{argument}` does not lie in memory point after point: pass {instead}")]
    Layout {
        /// The argument, or the result.
        argument: &'static str,
        /// An array that does.
        instead: &'static str,
    },
    /// Two variables of one index with different numbers of points.
    #[error(
        "`{argument_a}` has {rows_a} points and `{argument_b}` has {rows_b}: both run over the same index, pass equally many"
    )]
    LengthMismatch {
        /// The first argument over the index.
        argument_a: &'static str,
        /// Its points.
        rows_a: usize,
        /// The first argument that disagrees.
        argument_b: &'static str,
        /// Its points.
        rows_b: usize,
    },
    /// A parameter that is not exactly one row.
    #[error(
        "parameter `{argument}` is one row of {dim} numbers, {len} were passed: pass {dim}, or declare it `Vi<{dim}>` or `Vj<{dim}>` for one row per point"
    )]
    ExpectedLen {
        /// The parameter.
        argument: &'static str,
        /// Numbers given.
        len: usize,
        /// Numbers wanted.
        dim: usize,
    },
    /// A reduction without a neutral element (an index, a mean, a soft-max) over no points.
    #[error("`{reduction}` has no value over 0 points: pass at least one point to reduce over")]
    EmptyReduction {
        /// The reduction, by its first name; of a pair such as `KMin_ArgKMin_j`, the one that lacks a value.
        reduction: &'static str,
    },
    /// K best indices among fewer than K points.
    #[error(
        "`{reduction}` is to name {wanted} points of {rows}: pass at least {wanted}, or lower K to {rows} (the values alone, without indices, are padded with infinities)"
    )]
    NotEnough {
        /// The reduction, by its first name; of a pair such as `KMin_ArgKMin_j`, the one that lacks a value.
        reduction: &'static str,
        /// K.
        wanted: usize,
        /// Points there are.
        rows: usize,
    },
    /// Ranges that go beyond the points there are.
    #[error("the ranges reach to point {end}, `{argument}` has {rows}: end them where the points end")]
    OutOfRange {
        /// The first argument over the index.
        argument: &'static str,
        /// The end of the last range.
        end: usize,
        /// Points there are.
        rows: usize,
    },
    /// A row that a reduction has no value for, since it has too few columns in the ranges.
    #[error(
        "`{reduction}` needs at least {wanted} to reduce over, row {row} has {columns} in the ranges: give each row as many points"
    )]
    RowOfRanges {
        /// The reduction, by its first name; of a pair such as `KMin_ArgKMin_j`, the one that lacks a value.
        reduction: &'static str,
        /// The least number of points.
        wanted: usize,
        /// The first row with fewer.
        row: usize,
        /// The points it has.
        columns: usize,
    },
    /// A [`Stream`](crate::Stream) that the call cannot go on with.
    #[error("the call cannot go on with its stream: {reason}")]
    Stream {
        /// Why.
        reason: &'static str,
    },
    /// Dimensions that `f::flat` is not compiled for.
    #[error(
        "`{function}` is compiled for {compiled}, not for {dimensions}: add what is missing to its `#[instances(…)]`"
    )]
    NotCompiled {
        /// The function.
        function: &'static str,
        /// The dimensions of the call: `D = 9`.
        dimensions: String,
        /// Those that are listed: `D = 1..=8, 64`.
        compiled: &'static str,
    },
    /// Bytes of which [`Stream::from_bytes`](crate::Stream::from_bytes) makes no stream.
    #[error("these bytes are not a stream: {reason}; pass all that `to_bytes` has returned, unchanged")]
    StreamBytes {
        /// Why.
        reason: &'static str,
    },
    /// The progress function of the call's [`Options`](crate::Options) ended it.
    #[error("the call was cancelled by its progress function and has no results: call it again to have them")]
    Cancelled,
    /// Memory for a result that is longer or shorter than the result.
    #[error("`{result}` is {wanted} numbers, there is memory for {len}: pass memory for {wanted}")]
    ResultLen {
        /// The result: of several, `result.0` is the first.
        result: &'static str,
        /// Numbers there is memory for.
        len: usize,
        /// Numbers of the result.
        wanted: usize,
    },
    /// A result for which there is no memory.
    #[error("no memory for a result of {bytes} bytes: pass fewer points at a time")]
    OutOfMemory {
        /// Its size.
        bytes: usize,
    },
    /// A result whose size in bytes exceeds the address space.
    #[error(
        "a result of {rows} rows of {dim} numbers exceeds the address space: pass fewer points at a time"
    )]
    TooLarge {
        /// Its rows.
        rows: usize,
        /// Numbers per row.
        dim: usize,
    },
    /// More points than can be told apart: an index travels in the bits of a scalar.
    #[error(
        "{rows} points cannot be numbered in a call with `{scalar}`, {limit} can: pass `f64`, or fewer points at a time"
    )]
    TooManyPoints {
        /// Points there are.
        rows: usize,
        /// Points that can be numbered.
        limit: usize,
        /// The scalar type of the call.
        scalar: &'static str,
    },
    /// There is no CUDA driver.
    #[error(
        "there is no CUDA driver ({reason}): install the driver of the device, or pass slices, which are computed on the processor"
    )]
    NoDriver {
        /// What was looked for.
        reason: String,
    },
    /// There is no device of the number.
    #[error(
        "there is no device {ordinal}, the driver shows {count}: pass a number below, and see whether CUDA_VISIBLE_DEVICES hides devices"
    )]
    NoDevice {
        /// The number, from 0 on.
        ordinal: usize,
        /// Devices there are.
        count: usize,
    },
    /// The program holds no kernel of the formula.
    #[error(
        "`{function}` was compiled without a kernel for devices: give the package a build.rs with `keops_kernels::Build::new().compile()`; if it has one, its warning says where nvcc was looked for; after the first file of a new folder, such as `tests`, `touch build.rs` (a formula that another macro writes is not found: write it out)"
    )]
    NoKernel {
        /// The generated function.
        function: &'static str,
    },
    /// The kernels are of a PTX version that the driver does not know.
    #[error(
        "the kernel of `{function}` is PTX {}.{}, the driver of CUDA {}.{} is older: update the driver, or lower the version in build.rs with `keops_kernels::Build::ptx_version`, and `arch` where it needs this version", need.0, need.1, have.0, have.1
    )]
    DriverTooOld {
        /// The generated function.
        function: &'static str,
        /// The version of CUDA that the driver is of.
        have: (u32, u32),
        /// The version of PTX.
        need: (u32, u32),
    },
    /// The kernels are for newer devices.
    #[error(
        "the kernel of `{function}` is for devices from sm_{built} on, this one is sm_{device}: lower `keops_kernels::Build::arch` in build.rs"
    )]
    UnsupportedArch {
        /// The generated function.
        function: &'static str,
        /// Ten times the compute capability of the device.
        device: u32,
        /// The same of the least device that can run the kernels.
        built: u32,
    },
    /// The driver does not accept the kernels.
    #[error("the driver refuses the kernel of `{function}`, please report it: {log}")]
    InvalidPtx {
        /// The generated function.
        function: &'static str,
        /// What the driver's compiler says.
        log: String,
    },
    /// The memory of a device is full.
    #[error(
        "no device memory for {bytes} bytes: drop rows that are not used, or pass fewer points at a time"
    )]
    OutOfDeviceMemory {
        /// What was wanted.
        bytes: usize,
    },
    /// An argument that is no memory a kernel may read, or a result that is none it may write.
    #[error("`{argument}` cannot be used by a device: {why}")]
    DevicePointer {
        /// The argument, or the result.
        argument: &'static str,
        /// What is wrong with its address, and what to do.
        why: &'static str,
    },
    /// Memory for a result that is also that of an argument or of another result.
    #[error(
        "`{result}` and `{other}` share memory, and a kernel reads the one while it writes the other: pass memory for `{result}` that nothing else of the call uses"
    )]
    Overlap {
        /// The result.
        result: &'static str,
        /// The argument, or the other result.
        other: &'static str,
    },
    /// Arguments, or an argument and memory for a result, on different devices.
    #[error(
        "`{argument_a}` is on device {device_a} and `{argument_b}` on device {device_b}: put both on one device"
    )]
    DifferentDevices {
        /// The first argument on a device.
        argument_a: &'static str,
        /// Its device.
        device_a: usize,
        /// The first argument or result that disagrees.
        argument_b: &'static str,
        /// Its device.
        device_b: usize,
    },
    /// A stream of another context than the arguments.
    #[error(
        "the stream of `on_stream` is of another context than `{argument}`: make it while the context of the arguments is current"
    )]
    OtherStream {
        /// The first argument on a device.
        argument: &'static str,
    },
    /// A kernel or the hardware failed, and the driver gives the context up.
    #[error(
        "the device has stopped working for this program ({call} returned {code}: {text}): drop all that lies on it and upload again; if it comes back, restart the program"
    )]
    DeviceLost {
        /// The driver function that told.
        call: &'static str,
        /// Its code, a `CUresult`.
        code: u32,
        /// What the driver says about the code.
        text: String,
    },
    /// Anything else that the driver does not do.
    #[error("the CUDA driver failed: {call} returned {code}: {text}")]
    Driver {
        /// The driver function.
        call: &'static str,
        /// Its code, a `CUresult`.
        code: u32,
        /// What the driver says about the code, and for some what to look for.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_cross_threads_and_become_boxed_errors() {
        fn check<E: std::error::Error + Send + Sync + 'static>(_: &E) {}
        check(&Error::OutOfMemory { bytes: 8 });
    }

    #[test]
    fn messages_name_arguments_numbers_and_a_remedy() {
        let cases = [
            (
                Error::NotMultiple { argument: "x_i", len: 14, dim: 3 },
                ["`x_i`", "14", "3", "pass 3 per point"],
            ),
            (
                Error::Coordinates { argument: "x_i", found: 5, dim: 3 },
                ["`x_i`", "have 5 coordinates", "dimension is 3", "pass 3 per point"],
            ),
            (
                Error::Layout { argument: "x_i", instead: "`&x.as_standard_layout()`" },
                ["`x_i`", "does not lie", "point after point", "pass `&x.as_standard_layout()`"],
            ),
            (
                Error::LengthMismatch { argument_a: "x_i", rows_a: 5, argument_b: "u_i", rows_b: 4 },
                ["`x_i` has 5", "`u_i` has 4", "same index", "pass equally many"],
            ),
            (
                Error::ExpectedLen { argument: "s", len: 6, dim: 3 },
                ["`s`", "6 were passed", "pass 3", "declare it `Vi<3>`"],
            ),
            (
                Error::EmptyReduction { reduction: "ArgMin_j" },
                ["`ArgMin_j`", "0 points", "pass", "at least one"],
            ),
            (
                Error::NotEnough { reduction: "ArgKMin_j", wanted: 10, rows: 4 },
                ["`ArgKMin_j`", "10 points of 4", "pass at least 10", "lower K to 4"],
            ),
            (
                Error::OutOfMemory { bytes: 1 << 40 },
                ["1099511627776 bytes", "memory", "pass", "fewer points"],
            ),
            (
                Error::TooLarge { rows: 7, dim: 3 },
                ["7 rows", "3 numbers", "address space", "pass fewer points"],
            ),
            (
                Error::TooManyPoints { rows: 9, limit: 8, scalar: "f32" },
                ["9 points", "`f32`", "8 can", "pass `f64`"],
            ),
            (
                Error::NoDriver { reason: "cannot open `libcuda.so.1`".into() },
                ["no CUDA driver", "`libcuda.so.1`", "install", "pass slices"],
            ),
            (
                Error::NoDevice { ordinal: 3, count: 2 },
                ["no device 3", "shows 2", "pass a number below", "CUDA_VISIBLE_DEVICES"],
            ),
            (
                Error::NoKernel { function: "gaussian_conv" },
                ["`gaussian_conv`", "build.rs", "`keops_kernels::Build::new().compile()`", "nvcc"],
            ),
            (
                Error::DriverTooOld { function: "conv", have: (12, 4), need: (9, 0) },
                ["`conv`", "PTX 9.0", "CUDA 12.4", "`keops_kernels::Build::ptx_version`"],
            ),
            (
                Error::UnsupportedArch { function: "conv", device: 75, built: 90 },
                ["`conv`", "from sm_90 on", "sm_75", "`keops_kernels::Build::arch`"],
            ),
            (
                Error::InvalidPtx { function: "conv", log: "line 3: no such instruction".into() },
                ["`conv`", "refuses", "report", "line 3: no such instruction"],
            ),
            (
                Error::OutOfDeviceMemory { bytes: 1 << 40 },
                ["1099511627776 bytes", "device memory", "drop rows", "fewer points"],
            ),
            (
                Error::DevicePointer { argument: "x_i", why: "it is memory of the host: upload it" },
                ["`x_i`", "device", "memory of the host", "upload it"],
            ),
            (
                Error::ResultLen { result: "result.1", len: 5, wanted: 6 },
                ["`result.1` is 6 numbers", "memory for 5", "pass", "memory for 6"],
            ),
            (
                Error::Overlap { result: "result", other: "x_i" },
                ["`result` and `x_i`", "share memory", "pass memory for `result`", "nothing else"],
            ),
            (
                Error::DifferentDevices { argument_a: "x_i", device_a: 0, argument_b: "y_j", device_b: 1 },
                ["`x_i` is on device 0", "`y_j` on device 1", "put both", "one device"],
            ),
            (
                Error::OutOfRange { argument: "y_j", end: 12, rows: 10 },
                ["reach to point 12", "`y_j` has 10", "end them", "where the points end"],
            ),
            (
                Error::RowOfRanges { reduction: "ArgMin_j", wanted: 1, row: 7, columns: 0 },
                ["`ArgMin_j`", "at least 1", "row 7 has 0", "give each row"],
            ),
            (
                Error::Stream { reason: "pass the same points" },
                ["the call", "cannot go on", "its stream", "pass the same points"],
            ),
            (
                Error::Cancelled,
                ["the call was cancelled", "progress function", "no results", "call it again"],
            ),
            (
                Error::NotCompiled {
                    function: "mix",
                    dimensions: "D = 9, E = 2".into(),
                    compiled: "D = 1..=8; E = 1, 2",
                },
                ["`mix`", "for D = 1..=8; E = 1, 2, not", "D = 9, E = 2", "add what is missing"],
            ),
            (
                Error::StreamBytes { reason: "some are missing at the end" },
                ["not a stream", "some are missing", "pass all", "`to_bytes`"],
            ),
            (
                Error::OtherStream { argument: "x_i" },
                ["`on_stream`", "another context", "`x_i`", "make it while"],
            ),
            (
                Error::DeviceLost { call: "cuStreamSynchronize", code: 719, text: "launch failed".into() },
                ["cuStreamSynchronize", "719: launch failed", "upload again", "restart"],
            ),
            (
                Error::Driver { call: "cuLaunchKernel", code: 701, text: "too many resources".into() },
                ["CUDA driver", "cuLaunchKernel", "701", "too many resources"],
            ),
        ];
        for (error, parts) in cases {
            let text = error.to_string();
            for part in parts {
                assert!(text.contains(part), "{part:?} is missing in {text:?}");
            }
        }
    }
}
