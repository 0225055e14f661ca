//! The exported functions, grouped as in the driver API's manual.

/// Defines driver functions, whose bodies return `Result<(), i32>`, and a table of them.
macro_rules! entry_points {
    ($(fn $name:ident($($argument:ident: $kind:ty),* $(,)?) $body:block)*) => {
        pub(super) fn find(name: &str) -> Option<*const std::ffi::c_void> {
            match name {
                $(stringify!($name) => {
                    // Exported in a driver library only: in a program, keops-driver defines the driver's
                    // names.
                    #[cfg_attr(keops_cuda_sim_export, unsafe(export_name = stringify!($name)))]
                    unsafe extern "C" fn entry_point($($argument: $kind),*) -> i32 {
                        let body = move || -> $crate::driver::status::Outcome { $body };
                        body().err().unwrap_or(0)
                    }
                    Some(entry_point as *const std::ffi::c_void)
                })*
                _ => None,
            }
        }
    };
}

mod context;
mod copy;
mod device;
mod launch;
mod memory;
mod module;
mod pointer;
mod pool;
mod refused;
mod stream;

/// Functions by name, one table for each group.
pub(super) const TABLES: [fn(&str) -> Option<*const std::ffi::c_void>; 10] = [
    context::find,
    copy::find,
    device::find,
    launch::find,
    memory::find,
    module::find,
    pointer::find,
    pool::find,
    refused::find,
    stream::find,
];
