//! Pointers that programs pass to the driver.
//!
//! Each type is a pointer to C, and comes from nowhere but the arguments of a driver function, whose caller
//! answers for it: it is null or points to what the driver API says, for as long as the API says.

use std::ffi::{CStr, c_char, c_void};

use super::status::{INVALID_VALUE, Outcome};

/// A place for a result.
#[repr(transparent)]
pub(super) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Writes the result; a null pointer is an error.
    pub(super) fn put(&self, value: T) -> Outcome {
        if self.0.is_null() {
            return Err(INVALID_VALUE);
        }
        // SAFETY: not null, so it points to a place for the result, as the driver API demands of the caller.
        unsafe { self.0.write(value) };
        Ok(())
    }

    /// Writes the result where the API allows a null pointer for one that is not wanted.
    pub(super) fn put_if_wanted(&self, value: T) {
        let _ = self.put(value);
    }

    /// The place `index` elements further in an array.
    pub(super) fn at(&self, index: usize) -> Out<T> {
        Out(self.0.wrapping_add(index))
    }
}

impl<T: Copy> Out<T> {
    /// What is there: for arrays that the API declares without `const`.
    pub(super) fn get(&self) -> Result<T, i32> {
        if self.0.is_null() {
            return Err(INVALID_VALUE);
        }
        // SAFETY: not null, so it points to a value that the caller has set, as the driver API demands.
        Ok(unsafe { self.0.read() })
    }
}

/// Host memory that is read.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(super) struct Source(*const c_void);

impl Source {
    pub(super) fn bytes(self, count: usize) -> Result<Vec<u8>, i32> {
        if count == 0 {
            return Ok(Vec::new());
        }
        if self.0.is_null() {
            return Err(INVALID_VALUE);
        }
        // SAFETY: not null, so it points to `count` bytes that may be read, as the driver API demands of the
        // caller.
        Ok(unsafe { std::slice::from_raw_parts(self.0.cast::<u8>(), count) }.to_vec())
    }
}

/// Host memory that is written, possibly after the call returned.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(super) struct Place(*mut c_void);

// SAFETY: the API lets the driver write to the place from any thread until the caller synchronises.
unsafe impl Send for Place {}

impl Place {
    pub(super) fn write(self, data: &[u8]) -> Outcome {
        if data.is_empty() {
            return Ok(());
        }
        if self.0.is_null() {
            return Err(INVALID_VALUE);
        }
        // SAFETY: not null, so it points to memory for the data, as the driver API demands of the caller.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), self.0.cast::<u8>(), data.len()) };
        Ok(())
    }

    pub(super) fn address(self) -> usize {
        self.0 as usize
    }

    /// A number, where the API has it passed as a pointer.
    pub(super) fn number(number: usize) -> Place {
        Place(std::ptr::without_provenance_mut(number))
    }
}

/// A text that ends with NUL: a name, or the text of a module.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(super) struct Text(*const c_char);

impl Text {
    pub(super) fn bytes(self) -> Result<Vec<u8>, i32> {
        if self.0.is_null() {
            return Err(INVALID_VALUE);
        }
        // SAFETY: not null, so it points to bytes that end with NUL, as the driver API demands of names and
        // of PTX; the other images it accepts, ELF files, hold a NUL within their header.
        Ok(unsafe { CStr::from_ptr(self.0) }.to_bytes().to_vec())
    }

    pub(super) fn string(self) -> Result<String, i32> {
        String::from_utf8(self.bytes()?).map_err(|_| INVALID_VALUE)
    }
}

/// A kernel's arguments: pointers to their values.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(super) struct Arguments(*const *const c_void);

impl Arguments {
    pub(super) fn is_null(self) -> bool {
        self.0.is_null()
    }

    /// The bytes of an argument of a kernel that has more than `index` parameters.
    pub(super) fn argument(self, index: usize, bytes: usize) -> Result<Vec<u8>, i32> {
        if self.0.is_null() {
            return Err(INVALID_VALUE);
        }
        // SAFETY: not null, so it points to as many pointers as the kernel has parameters, as the API
        // demands.
        let argument = unsafe { self.0.add(index).read() };
        Source(argument).bytes(bytes)
    }
}

/// A function of the program to call from a stream, and what to call it with.
#[derive(Clone, Copy)]
pub(super) struct Callback {
    pub(super) function: Option<unsafe extern "C" fn(*mut c_void)>,
    pub(super) argument: *mut c_void,
}

// SAFETY: the API lets the driver call the function from any thread.
unsafe impl Send for Callback {}

impl Callback {
    pub(super) fn call(self) {
        if let Some(function) = self.function {
            // SAFETY: the program handed over the function with this argument for this call.
            unsafe { function(self.argument) };
        }
    }
}
