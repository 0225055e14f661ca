//! Kernels with one mistake each: the simulator stops them and says what the mistake is and where.

use crate::common::{module, own_device, run, run_into};
use cust::error::CudaError;
use cust::memory::DeviceBuffer;
use keops_cuda_sim::{Cause, Diagnosis};

/// Runs a kernel of `broken.cu` on 100 numbers and two blocks, and returns the driver's error and the
/// diagnosis.
fn broken(kernel: &str, count: usize) -> (CudaError, Diagnosis) {
    let (device, _context) = own_device();
    device.configure(|settings| settings.step_limit = 10_000);
    let error = run(&module!("broken"), kernel, &vec![1.0; count]).expect_err("the kernel is broken");
    let diagnosis = device.take_diagnosis().expect("the mistake is diagnosed");
    assert_eq!(diagnosis.kernel, kernel);
    let lines: Vec<&str> = include_str!("../ptx/broken.ptx").lines().collect();
    assert!(
        lines[diagnosis.line as usize - 1].contains('\t'),
        "{diagnosis} names a line with an instruction"
    );
    (error, diagnosis)
}

/// The instruction that a diagnosis names.
fn instruction(diagnosis: &Diagnosis) -> &'static str {
    include_str!("../ptx/broken.ptx")
        .lines()
        .nth(diagnosis.line as usize - 1)
        .expect("the line exists")
        .trim()
}

#[test]
fn missing_barriers() {
    for kernel in ["barrier_before_reading_is_missing", "barrier_before_overwriting_is_missing"] {
        let (error, diagnosis) = broken(kernel, 128);
        assert_eq!((error, diagnosis.cause), (CudaError::LaunchFailed, Cause::Race), "{diagnosis}");
        assert!(instruction(&diagnosis).contains(".shared"), "{diagnosis}");
    }
}

#[test]
fn accesses_out_of_bounds() {
    for (kernel, access) in [
        ("tail_is_not_guarded", "st.global"),
        ("reads_behind_the_input", "ld.global"),
        ("writes_behind_the_tile", "st.shared"),
    ] {
        let (error, diagnosis) = broken(kernel, 100);
        assert_eq!((error, diagnosis.cause), (CudaError::IllegalAddress, Cause::OutOfBounds), "{diagnosis}");
        assert!(instruction(&diagnosis).contains(access), "{diagnosis}");
    }
    let (_, diagnosis) = broken("tail_is_not_guarded", 100);
    assert_eq!((diagnosis.block, diagnosis.thread), ([1, 0, 0], Some([36, 0, 0])));
    assert!(diagnosis.message.contains("an allocation of 400 bytes"), "{diagnosis}");
}

#[test]
fn reads_of_what_nobody_wrote() {
    for kernel in ["adds_to_an_uninitialised_result", "reads_an_unwritten_tile"] {
        let (error, diagnosis) = broken(kernel, 100);
        assert_eq!((error, diagnosis.cause), (CudaError::LaunchFailed, Cause::Uninitialised), "{diagnosis}");
    }
}

#[test]
fn misaligned_vectors() {
    let (error, diagnosis) = broken("vector_is_misaligned", 100);
    assert_eq!((error, diagnosis.cause), (CudaError::MisalignedAddress, Cause::Misaligned), "{diagnosis}");
    assert!(instruction(&diagnosis).contains(".v4"), "{diagnosis}");
}

#[test]
fn barriers_that_not_all_threads_reach() {
    for (kernel, count) in [
        ("barrier_for_some_lanes", 64),
        ("barrier_for_some_warps", 64),
        ("barrier_after_some_have_left", 100),
    ] {
        let (error, diagnosis) = broken(kernel, count);
        assert_eq!(
            (error, diagnosis.cause),
            (CudaError::LaunchFailed, Cause::DivergentBarrier),
            "{diagnosis}"
        );
        assert!(instruction(&diagnosis).contains("bar"), "{diagnosis}");
    }
}

#[test]
fn blocks_in_each_others_way() {
    for kernel in ["blocks_write_the_same_place", "blocks_add_without_atomics"] {
        let (device, _context) = own_device();
        let output = DeviceBuffer::from_slice(&[0.0; 128]).expect("there is memory");
        let result = run_into(&module!("broken"), kernel, &[1.0; 128], output);
        assert_eq!(result, Err(CudaError::LaunchFailed));
        let diagnosis = device.take_diagnosis().expect("the mistake is diagnosed");
        assert_eq!(diagnosis.cause, Cause::Race, "{diagnosis}");
    }
}

#[test]
fn shuffles_without_all_lanes() {
    for kernel in ["shuffle_for_some_lanes", "shuffle_outside_of_its_mask"] {
        let (error, diagnosis) = broken(kernel, 64);
        assert_eq!(
            (error, diagnosis.cause),
            (CudaError::LaunchFailed, Cause::DivergentExchange),
            "{diagnosis}"
        );
        assert!(instruction(&diagnosis).contains("shfl"), "{diagnosis}");
    }
}

#[test]
fn endless_loops_and_traps() {
    let (error, diagnosis) = broken("never_ends", 64);
    assert_eq!((error, diagnosis.cause), (CudaError::LaunchTimeout, Cause::Timeout), "{diagnosis}");
    let (error, diagnosis) = broken("traps", 64);
    assert_eq!((error, diagnosis.cause), (CudaError::AssertError, Cause::Trap), "{diagnosis}");
}

/// After such an error the context answers everything with it, until it is made anew.
#[test]
fn a_context_with_a_failed_kernel_stays_unusable() {
    let (device, context) = own_device();
    let module = module!("broken");
    let input = vec![1.0; 100];
    assert_eq!(run(&module, "tail_is_not_guarded", &input), Err(CudaError::IllegalAddress));
    assert_eq!(run(&module, "right", &input), Err(CudaError::IllegalAddress));
    drop((module, context));
    let number = device.ordinal() as u32;
    let _context = cust::device::Device::get_device(number).and_then(cust::context::Context::new);
    run(&module!("broken"), "right", &input).expect("a new context works");
}

/// On hardware the whole process may have to end.
#[test]
fn a_failure_can_last_for_the_process() {
    let (device, context) = own_device();
    device.configure(|settings| settings.failures_last = true);
    let error = Err(CudaError::IllegalAddress);
    assert_eq!(run(&module!("broken"), "tail_is_not_guarded", &[1.0; 100]).map(drop), error);
    drop(context);
    let number = device.ordinal() as u32;
    let context = cust::device::Device::get_device(number).and_then(cust::context::Context::new);
    assert_eq!(context.map(drop), error);
}

#[test]
fn checks_can_be_turned_off() {
    let (device, _context) = own_device();
    device.configure(|settings| {
        settings.races = false;
        settings.uninitialised = false;
    });
    let input = vec![1.0; 100];
    for kernel in ["barrier_before_reading_is_missing", "adds_to_an_uninitialised_result"] {
        run(&module!("broken"), kernel, &input).expect("nobody looks");
    }
}
