//! Machine code from CUDA C: nvcc once, then ptxas for each device, as a driver does it.

use super::fetch::Toolkit;
use super::sass::{self, Instruction};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What ptxas gave for one device.
#[derive(Clone, Debug)]
pub(crate) struct Assembled {
    /// The registers and memory of each kernel.
    pub(crate) resources: BTreeMap<String, Resources>,
    /// The machine code of each kernel.
    pub(crate) code: BTreeMap<String, Vec<Instruction>>,
}

/// What a thread takes.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Resources {
    pub(crate) registers: usize,
    /// Bytes of local memory, which is in the memory of the device.
    pub(crate) stack: usize,
    /// Bytes stored in local memory and loaded from it for want of registers.
    pub(crate) spills: usize,
}

/// As many lines as are shown of what a failed program says.
const MESSAGE_LINES: usize = 20;

/// Compiles CUDA C to PTX in `folder`, with the options that build scripts have.
pub(crate) fn compile(toolkit: &Toolkit, text: &str, folder: &Path) -> Result<PathBuf, String> {
    let [source, ptx] = ["kernels.cu", "kernels.ptx"].map(|name| folder.join(name));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&source, text))
        .map_err(|error| format!("{} cannot be written: {error}", source.display()))?;
    let mut nvcc = Command::new(toolkit.program("nvcc"));
    run(nvcc.args(["-ptx", "-O3", "-arch=compute_75"]).arg(&source).arg("-o").arg(&ptx))?;
    // As a driver sees it: an instruction that the version does not have is an error.
    let text =
        fs::read_to_string(&ptx).map_err(|error| format!("{} cannot be read: {error}", ptx.display()))?;
    let lowered = keops_kernels::lower_version(&text, (6, 3)).map_err(|error| error.to_string())?;
    fs::write(&ptx, lowered).map_err(|error| format!("{} cannot be written: {error}", ptx.display()))?;
    Ok(ptx)
}

/// Assembles PTX for a device, such as `sm_90`.
pub(crate) fn assemble(toolkit: &Toolkit, ptx: &Path, device: &str) -> Result<Assembled, String> {
    let binary = ptx.with_file_name(format!("{device}.cubin"));
    let mut ptxas = Command::new(toolkit.program("ptxas"));
    let messages = run(ptxas.args(["-v", "-arch", device]).arg(ptx).arg("-o").arg(&binary))?;
    let mut cuobjdump = Command::new(toolkit.program("cuobjdump"));
    let text = run(cuobjdump.arg("-sass").arg(&binary))?;
    Ok(Assembled { resources: resources(&messages), code: sass::parse(&text) })
}

/// What a command prints, in both streams.
fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_owned();
    let name = Path::new(&name).display();
    let output = command.output().map_err(|error| format!("{name} cannot be run: {error}"))?;
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    if output.status.success() {
        return Ok(text.concat());
    }
    // An error in a template is told for each of its many instances.
    let first: Vec<&str> = text.iter().flat_map(|text| text.lines()).take(MESSAGE_LINES).collect();
    Err(format!("{name} failed ({}):\n{}", output.status, first.join("\n")))
}

/// Reads what `ptxas -v` says about each kernel.
fn resources(messages: &str) -> BTreeMap<String, Resources> {
    let mut kernels = BTreeMap::new();
    let (mut kernel, mut function) = (None, None);
    for line in messages.lines() {
        if let Some((_, rest)) = line.split_once("Compiling entry function '") {
            kernel = rest.split_once('\'').map(|(name, _)| name.to_owned());
        } else if let Some((_, name)) = line.split_once("Function properties for ") {
            function = Some(name.trim().to_owned());
        }
        let Some(name) = &kernel else { continue };
        let found: &mut Resources = kernels.entry(name.clone()).or_default();
        // Functions that the kernel calls are reported after it, each with what it takes.
        if let Some(stack) = before(line, " bytes stack frame")
            && function == kernel
        {
            found.stack = stack;
        }
        if let (Some(stores), Some(loads)) =
            (before(line, " bytes spill stores"), before(line, " bytes spill loads"))
        {
            found.spills += stores + loads;
        }
        if let Some(registers) = before(line, " registers") {
            found.registers = registers;
        }
    }
    kernels
}

/// The number that is just before `what` in a line.
fn before(line: &str, what: &str) -> Option<usize> {
    let (start, _) = line.split_once(what)?;
    start.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: &str = "\
ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'keops_01' for 'sm_80'
ptxas info    : Function properties for keops_01
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 39 registers, used 1 barriers, 4096 bytes smem, 392 bytes cmem[0]
ptxas info    : Compile time = 12.345 ms
ptxas info    : Compiling entry function 'keops_02' for 'sm_80'
ptxas info    : Function properties for keops_02
    760 bytes stack frame, 144 bytes spill stores, 184 bytes spill loads
ptxas info    : Used 255 registers, used 1 barriers, 760 bytes cumulative stack size
ptxas info    : Function properties for slow_division
    16 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads
";

    #[test]
    fn registers_stack_and_spills_are_read() {
        let found = resources(MESSAGES);
        let expected = [
            ("keops_01".to_owned(), Resources { registers: 39, stack: 0, spills: 0 }),
            ("keops_02".to_owned(), Resources { registers: 255, stack: 760, spills: 336 }),
        ];
        assert_eq!(found, BTreeMap::from(expected));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("/nowhere/ptxas")).unwrap_err();
        assert!(error.starts_with("/nowhere/ptxas cannot be run: "), "{error}");
    }
}
