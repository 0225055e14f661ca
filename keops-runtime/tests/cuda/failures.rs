//! What the driver refuses, and devices that fail.

use keops::cuda::{Call, Device};
use keops::{Error, Points};
use keops_cuda_sim::Fault;

use crate::common::{own_device, points};
use crate::dot::{DOT, Dot, PTX, dot, dot_of};

/// Three rows by 700 columns: the columns are divided, so that there are three allocations, two results and a state.
fn run(device: &Device, formula: Dot) -> Result<Vec<f32>, Error> {
    let (x, y) = (device.upload(&points::<f32>(3, 1))?, device.upload(&points(700, 2))?);
    dot_of(formula, &x, &y, [1.0, 0.0, 0.0])?.0.download()
}

#[test]
fn memory_runs_out() {
    let (simulated, device) = own_device();
    let wanted = |bytes| Err(Error::OutOfDeviceMemory { bytes });
    for (allocations_before, bytes) in [
        (0, 3 * 8),         // x_i
        (1, 700 * 8),       // y_j
        (2, 3 * 4),         // the sums
        (3, 3 * 8),         // the counts
        (4, 2 * 3 * 2 * 4), // two parts of 350 columns, three rows, two numbers
    ] {
        simulated.inject(Fault::OutOfMemory, allocations_before);
        assert_eq!(run(&device, DOT), wanted(bytes), "after {allocations_before} allocations");
        assert_eq!(simulated.memory_in_use(), (0, 0));
    }
    simulated.inject(Fault::OutOfMemory, 5);
    assert_eq!(run(&device, Dot { indirect: true, ..DOT }), wanted(12), "the parameters");
    simulated.configure(|settings| settings.memory = 1 << 13);
    assert_eq!(
        device.upload(&[[0.0f32; 2]; 2000]).map(drop),
        Err(Error::OutOfDeviceMemory { bytes: 16_000 })
    );
    run(&device, DOT).expect("smaller problems still fit");
}

#[test]
fn sizes_beyond_the_address_space() {
    let (_, device) = own_device();
    let x = device.upload(&[[1.0f32, 2.0]]).unwrap();
    let argument = &x;
    let view = argument.view("x_i").unwrap();
    let call = Call::new("large", Some(PTX), std::slice::from_ref(&view)).unwrap();
    let rows = usize::MAX / 16;
    assert_eq!(call.rows::<f64, 3>(rows).map(drop), Err(Error::TooLarge { rows, dim: 3 }));
    let add = call.add::<f32>(x.address(), x.address(), usize::MAX / 4);
    assert_eq!(add, Err(Error::TooLarge { rows: usize::MAX / 4, dim: 1 }));
}

#[test]
fn a_launch_is_refused() {
    let (simulated, device) = own_device();
    simulated.inject(Fault::LaunchRefused, 1);
    match run(&device, DOT) {
        Err(Error::Driver { call: "cuLaunchKernel", code: 701, text }) => {
            assert!(text.contains("resources"), "{text}")
        }
        other => panic!("{other:?}"),
    }
    run(&device, DOT).expect("nothing is lost");
}

fn is_lost(result: Result<Vec<f32>, Error>, code: u32) {
    assert!(matches!(&result, Err(Error::DeviceLost { code: lost, .. }) if *lost == code), "{result:?}");
}

#[test]
fn a_kernel_fails() {
    let (simulated, device) = own_device();
    let x = device.upload(&points::<f32>(3, 1)).unwrap();
    let other = device.upload_column(&[1.0f32]).unwrap();
    simulated.inject(Fault::LaunchFailure, 0);
    let (sums, counts) = dot(&x, &x, [1.0; 3]).expect("the kernel has not run yet");
    is_lost(sums.download(), 719);
    assert!(matches!(counts.synchronize(), Err(Error::DeviceLost { call: "cuEventSynchronize", .. })));
    // All that is on the device is lost, whoever asks.
    is_lost(other.download(), 719);
    is_lost(run(&device, DOT), 719);
    is_lost(dot(&x, &x, [1.0; 3]).and_then(|(sums, _)| sums.download()), 719);
    let again = Device::new(device.ordinal()).and_then(|device| run(&device, DOT));
    is_lost(again, 719);
    // Once everything is dropped, the device starts anew.
    let ordinal = device.ordinal();
    drop((sums, counts, x, other, device));
    run(&Device::new(ordinal).unwrap(), DOT).expect("a new context works");
}

#[test]
fn the_context_is_lost() {
    let (simulated, device) = own_device();
    simulated.inject(Fault::LostContext, 0);
    is_lost(run(&device, DOT), 709);
    let ordinal = device.ordinal();
    drop(device);
    run(&Device::new(ordinal).unwrap(), DOT).expect("a new context works");
}

#[test]
fn the_driver_is_older_than_the_ptx() {
    let (simulated, device) = own_device();
    simulated.configure(|settings| settings.driver_version = 12_040);
    // A driver has one version for all devices; the simulator tells that of device 0, which no test uses.
    keops_cuda_sim::device(0).configure(|settings| settings.driver_version = 12_040);
    let error = Error::DriverTooOld { function: "dot", have: (12, 4), need: (9, 0) };
    assert_eq!(run(&device, DOT), Err(error));
    let lowered: &'static str = PTX.replace(".version 9.0", ".version 8.4").leak();
    run(&device, Dot { ptx: Some(lowered), ..DOT }).expect("this one it knows");
}

#[test]
fn the_device_is_older_than_the_ptx() {
    let (simulated, device) = own_device();
    simulated.configure(|settings| settings.compute_capability = 70);
    let error = Error::UnsupportedArch { function: "dot", device: 70, built: 75 };
    assert_eq!(run(&device, DOT), Err(error.clone()));
    // Some drivers say so with another code.
    simulated.inject(Fault::NoBinary, 0);
    assert_eq!(run(&device, DOT), Err(error));
}

/// A driver that compiles no PTX finds nothing for the device in it, although it is new enough.
#[test]
fn the_driver_does_not_compile() {
    let (simulated, device) = own_device();
    for (fault, code, words) in [
        (Fault::NoBinary, 209, ["no kernel image", "`CUDA_DISABLE_PTX_JIT`"]),
        (Fault::NoCompiler, 221, ["compiler library not found", "`libnvidia-ptxjitcompiler.so.1`"]),
    ] {
        simulated.inject(fault, 0);
        match run(&device, DOT) {
            Err(Error::Driver { call: "cuModuleLoadDataEx", code: told, text }) if told == code => {
                assert!(words.iter().all(|word| text.contains(word)), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
    run(&device, DOT).expect("nothing is lost");
}

#[test]
fn ptx_that_is_none() {
    let (_, device) = own_device();
    let line = 1 + PTX.lines().position(|line| line.contains("ret;")).expect("a kernel returns");
    for (ptx, parts) in [
        // What the driver's compiler says.
        (PTX.replace("ret;", "banana.f32 %f1;"), [format!("line {line}"), "`banana.f32`".to_owned()]),
        ("no PTX".to_owned(), ["cuModuleLoadDataEx".to_owned(), "image is invalid".to_owned()]),
        (
            PTX.replace("keops_00000000000000f1", "renamed_00000000000000f1"),
            ["cuModuleGetFunction".to_owned(), "not found".to_owned()],
        ),
        (format!("{PTX}\0"), ["the text".to_owned(), "holds a NUL".to_owned()]),
    ] {
        match run(&device, Dot { ptx: Some(ptx.leak()), ..DOT }) {
            Err(Error::InvalidPtx { function: "dot", log }) => {
                assert!(parts.iter().all(|part| log.contains(part)), "{log}");
            }
            other => panic!("{other:?}"),
        }
    }
    run(&device, DOT).expect("nothing is lost");
}

#[test]
fn a_code_that_is_newer_than_cust() {
    let (simulated, device) = own_device();
    simulated.inject(Fault::UnknownCode, 0);
    let text = "an error unknown to the driver".to_owned();
    assert_eq!(run(&device, DOT), Err(Error::Driver { call: "cuLaunchKernel", code: 5000, text }));
    run(&device, DOT).expect("nothing is lost");
}

/// `dot` with other kernels, which do nothing but these instructions.
fn doing(instructions: &str) -> Dot {
    let kernel = |name: &str| {
        format!(
            ".visible .entry {name}(.param .align 8 .b8 p[80])\n{{\n.reg .b64 %a;\n.reg .f32 %f;\n\
             {instructions}\nret;\n}}\n"
        )
    };
    let kernels = [kernel("keops_00000000000000f1"), kernel("keops_00000000000000f1_merge")].concat();
    Dot { ptx: Some(format!(".version 7.0\n.target sm_70\n.address_size 64\n{kernels}").leak()), ..DOT }
}

/// A driver ends what keeps a display waiting.
#[test]
fn a_kernel_does_not_end() {
    let (simulated, device) = own_device();
    simulated.configure(|settings| settings.step_limit = 1000);
    is_lost(run(&device, doing("forever:\nbra forever;")), 702);
}

#[test]
fn a_kernel_goes_astray() {
    // Far behind what is allocated, and within it but not at a number.
    for (offset, code, words) in [(1 << 30, 700, "illegal memory access"), (2, 716, "misaligned address")] {
        let (_, device) = own_device();
        let there = device.upload_column(&[0.0f32; 2]).unwrap();
        let address = there.address() + offset;
        let store = format!("mov.b64 %a, {address};\nmov.f32 %f, 0f00000000;\nst.global.f32 [%a], %f;");
        match run(&device, doing(&store)) {
            Err(error @ Error::DeviceLost { code: lost, .. }) if lost == code => {
                assert!(error.to_string().contains(words), "{error}");
            }
            other => panic!("{other:?}"),
        }
        is_lost(there.download().map(|_| vec![]), code);
        let ordinal = device.ordinal();
        drop((there, device));
        run(&Device::new(ordinal).unwrap(), DOT).expect("a new context works");
    }
}

#[test]
fn no_kernel_was_compiled() {
    let (simulated, device) = own_device();
    let error = Error::NoKernel { function: "dot" };
    assert_eq!(run(&device, Dot { ptx: None, ..DOT }), Err(error));
    assert_eq!(simulated.statistics().launches, 0);
}
