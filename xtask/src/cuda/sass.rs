//! Machine code of the device, as `cuobjdump -sass` prints it.

use std::collections::BTreeMap;

/// A machine instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// Where it is in the kernel, in bytes.
    pub(crate) address: u64,
    /// The predicate it is executed under, such as `!P0`.
    pub(crate) predicate: Option<String>,
    /// The operation with its modifiers, such as `LDS.128`.
    pub(crate) opcode: String,
    /// The rest of the line.
    pub(crate) operands: String,
}

impl Instruction {
    /// The operation without modifiers.
    pub(crate) fn operation(&self) -> &str {
        self.opcode.split('.').next().unwrap_or("")
    }

    /// The modifiers of the operation.
    pub(crate) fn modifiers(&self) -> impl Iterator<Item = &str> {
        self.opcode.split('.').skip(1)
    }

    /// The address that it jumps to, its last operand.
    pub(crate) fn target(&self) -> Option<u64> {
        let last = self.operands.rsplit([' ', ',']).next()?;
        u64::from_str_radix(last.strip_prefix("0x")?, 16).ok()
    }

    /// The bytes that one thread reads from shared memory.
    pub(crate) fn shared_bytes(&self) -> usize {
        if self.operation() != "LDS" {
            return 0;
        }
        let width = |modifier: &str| match modifier {
            "U8" | "S8" => Some(1),
            "U16" | "S16" => Some(2),
            "64" => Some(8),
            "128" => Some(16),
            _ => None,
        };
        self.modifiers().find_map(width).unwrap_or(4)
    }
}

/// The instructions of each kernel, from the output of `cuobjdump -sass`.
pub(crate) fn parse(text: &str) -> BTreeMap<String, Vec<Instruction>> {
    let mut kernels: BTreeMap<String, Vec<Instruction>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("Function : ") {
            current = Some(kernels.entry(name.to_owned()).or_default());
        } else if let (Some(code), Some(instruction)) = (&mut current, instruction(line)) {
            code.push(instruction);
        }
    }
    kernels
}

/// Reads a line such as `/*0050*/  @P0 BRA 0x1d0 ;  /* 0x0000017000000947 */`.
fn instruction(line: &str) -> Option<Instruction> {
    let (address, rest) = line.strip_prefix("/*")?.split_once("*/")?;
    let address = u64::from_str_radix(address, 16).ok()?;
    // Braces mark two instructions that are issued together.
    let text = rest.split_once(';')?.0.trim().trim_start_matches('{').trim();
    let (predicate, text) = match text.strip_prefix('@') {
        Some(predicated) => {
            let (predicate, text) = predicated.split_once(' ')?;
            (Some(predicate.to_owned()), text.trim())
        }
        None => (None, text),
    };
    let (opcode, operands) = text.split_once(' ').unwrap_or((text, ""));
    Some(Instruction { address, predicate, opcode: opcode.to_owned(), operands: operands.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
\tcode for sm_80
\t\tFunction : first
\t.headerflags\t@\"EF_CUDA_SM80\"
        /*0000*/                   LDS.128 R4, [R2+0x10] ;          /* 0x0000017000000947 */
                                                                    /* 0x000fea0003800000 */
        /*0010*/              @!P0 BRA P1, 0x1d0 ;                  /* 0x0000017000000947 */
\t\t..........

\t\tFunction : second
        /*0000*/                   EXIT ;                           /* 0x000000000000794d */
";

    #[test]
    fn kernels_and_instructions_are_read() {
        let kernels = parse(TEXT);
        assert_eq!(kernels.keys().collect::<Vec<_>>(), ["first", "second"]);
        let [load, jump] = &kernels["first"][..] else { panic!("{:?}", kernels["first"]) };
        assert_eq!((load.operation(), load.shared_bytes(), load.target()), ("LDS", 16, None));
        assert_eq!((jump.address, jump.predicate.as_deref()), (0x10, Some("!P0")));
        assert_eq!((jump.opcode.as_str(), jump.target()), ("BRA", Some(0x1d0)));
        assert_eq!(
            (kernels["second"][0].opcode.as_str(), kernels["second"][0].operands.as_str()),
            ("EXIT", "")
        );
    }

    #[test]
    fn loads_are_four_bytes_wide_unless_they_say_otherwise() {
        let bytes = |text: &str| instruction(&format!("/*0000*/ {text} ;")).map(|i| i.shared_bytes());
        assert_eq!(bytes("LDS R4, [R2]"), Some(4));
        assert_eq!(bytes("LDS.64 R4, [R2.X8]"), Some(8));
        assert_eq!(bytes("LDS.U.128 R4, [R2]"), Some(16));
        assert_eq!(bytes("LDS.U8 R4, [R2]"), Some(1));
        assert_eq!(bytes("LDG.E.128 R4, [R2]"), Some(0));
    }
}
