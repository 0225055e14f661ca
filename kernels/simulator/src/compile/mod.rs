//! From the syntax tree of a kernel to a program for the machine.
//!
//! Names become register slots and addresses, immediate operands and special registers become registers that
//! are set when a warp starts, calls are replaced by the body of what they call, and labels become step
//! numbers.

mod call;
mod labels;
mod layout;
mod symbols;

use std::collections::HashMap;

use crate::isa;
use crate::program::lanes::{LANES, Registers, Slot};
use crate::program::{
    DYNAMIC_SHARED, Guard, Instruction, Parameter, Program, Register, Special, Step, Width, odd_multiple,
};
use crate::ptx::{Function, Item, Module, Operand, PtxError, Space, Statement, Type, Variable};
use labels::Label;
use layout::{Apart, Layout};
use symbols::Scope;
pub(crate) use symbols::Symbol;

/// Compiles a kernel of a module whose variables have been given addresses.
pub(crate) fn compile(
    module: &Module,
    kernel: &Function,
    globals: &HashMap<String, u64>,
) -> Result<Program, PtxError> {
    let mut compiler = Compiler::new(module, globals);
    let result = compiler.kernel(kernel);
    result.map_err(|(line, message)| PtxError { line, message })
}

/// What belongs to one function, or to one copy of its body.
struct Frame {
    scopes: Vec<Scope>,
    /// The labels of the blocks that are open, the innermost last.
    labels: Vec<HashMap<String, Label>>,
    /// Where `ret` goes; in a kernel it ends the thread.
    end: Option<Label>,
}

/// An error with its line.
type Located<T> = Result<T, (u32, String)>;

/// Compiles one kernel.
pub(crate) struct Compiler<'m> {
    module: &'m Module,
    globals: &'m HashMap<String, u64>,
    /// Shared variables of module scope that are used so far.
    module_shared: HashMap<String, u64>,
    frames: Vec<Frame>,
    /// Places of labels, once passed.
    places: Vec<Option<usize>>,
    registers: Registers,
    constants: HashMap<(Width, u64), Slot>,
    specials: HashMap<Special, Slot>,
    shared: Apart,
    local: Apart,
    steps: Vec<Instruction>,
}

impl<'m> Compiler<'m> {
    fn new(module: &'m Module, globals: &'m HashMap<String, u64>) -> Self {
        Compiler {
            module,
            globals,
            module_shared: HashMap::new(),
            frames: Vec::new(),
            places: Vec::new(),
            registers: Registers::default(),
            constants: HashMap::new(),
            specials: HashMap::new(),
            shared: Apart::default(),
            local: Apart::default(),
            steps: Vec::new(),
        }
    }

    /// The version of the language and the target that the text says.
    pub(crate) fn version_and_target(&self) -> ((u32, u32), u32) {
        (self.module.version, self.module.target)
    }

    fn kernel(&mut self, kernel: &Function) -> Located<Program> {
        let body =
            kernel.body.as_ref().ok_or((kernel.line, format!("kernel `{}` has no body", kernel.name)))?;
        let mut layout = Layout::default();
        let mut scope = Scope::default();
        let mut parameters = Vec::new();
        for variable in &kernel.parameters {
            let offset = layout.place(variable);
            scope.insert(variable.name.clone(), Symbol::Address(Space::Parameter, offset));
            parameters.push(Parameter { offset: offset as usize, bytes: variable.bytes });
        }
        self.frames.push(Frame { scopes: vec![scope], labels: Vec::new(), end: None });
        self.items(body)?;
        self.frames.pop();
        self.push(None, Step::Exit, kernel.line);
        for (what, bytes, most) in [
            ("shared memory", self.shared.bytes(), STATIC_SHARED),
            ("parameters", layout.bytes(), parameter_bytes(self.module.version)),
            ("local memory of a thread", self.local.bytes(), LOCAL),
        ] {
            if bytes > most {
                let message =
                    format!("kernel `{}` has {bytes} bytes of {what}; {most} are the limit", kernel.name);
                return Err((kernel.line, message));
            }
        }
        let steps = self.resolve_branches();
        Ok(Program {
            name: kernel.name.clone(),
            granule: granule(&steps),
            steps,
            registers: std::mem::take(&mut self.registers),
            specials: self.specials.drain().map(|(special, slot)| (slot, special)).collect(),
            static_shared: self.shared.bytes(),
            shared_extent: self.shared.extent(),
            dynamic_shared: self.dynamic_shared(),
            local: self.local.extent(),
            parameters,
            parameter_bytes: layout.bytes(),
            most_threads: kernel.most_threads,
            required_threads: kernel.required_threads,
        })
    }

    /// The address of a shared variable of module scope, which takes memory of the kernels that use it only. Those
    /// without a size all start where the dynamic shared memory does.
    fn module_shared(&mut self, name: &str) -> Option<u64> {
        if let Some(address) = self.module_shared.get(name) {
            return Some(*address);
        }
        let mut variables = self.module.variables.iter();
        let variable = variables.find(|variable| variable.space == Space::Shared && variable.name == name)?;
        let address = if variable.bytes == 0 { self.dynamic_shared() } else { self.shared.place(variable) };
        self.module_shared.insert(name.to_owned(), address);
        Some(address)
    }

    /// The address of dynamic shared memory: no better aligned than the variables without a size are declared.
    fn dynamic_shared(&self) -> u64 {
        let variables = self.module.variables.iter();
        let unsized_ones =
            variables.filter(|variable| variable.space == Space::Shared && variable.bytes == 0);
        let alignment = unsized_ones.map(|variable| variable.alignment).max().unwrap_or(1);
        odd_multiple(DYNAMIC_SHARED, alignment as u64)
    }

    /// The items of a block or a body, whose labels are seen in it and in the blocks within it.
    fn items(&mut self, items: &[Item]) -> Located<()> {
        let labels = self.labels_of(items)?;
        self.frame().labels.push(labels);
        for item in items {
            match item {
                Item::Label(name, line) => {
                    let label = self.label(name).map_err(|message| (*line, message))?;
                    self.place(label);
                }
                Item::Registers(kind, names) => names.iter().for_each(|name| self.declare(*kind, name)),
                Item::Variable(variable) => {
                    let line = self.steps.last().map_or(0, |instruction| instruction.line);
                    self.variable(variable).map_err(|message| (line, message))?;
                }
                Item::Statement(statement) => {
                    self.statement(statement).map_err(|error| error.at(statement.line))?;
                }
                Item::Block(items) => {
                    self.frame().scopes.push(Scope::default());
                    self.items(items)?;
                    self.frame().scopes.pop();
                }
            }
        }
        self.frame().labels.pop();
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Error> {
        let guard = match &statement.guard {
            Some((name, negated)) => {
                let (predicate, inverted) = self.predicate(&Operand::Name(name.clone()))?;
                Some(Guard { predicate, negated: negated ^ inverted })
            }
            None => None,
        };
        match statement.opcode.name.as_str() {
            "call" => return self.call(guard, statement),
            "ret" => {
                let step = self.frame().end.map_or(Step::Exit, |end| Step::Branch(end.0));
                self.push(guard, step, statement.line);
            }
            _ => {
                let step = isa::compile(statement, self)?;
                self.push(guard, step, statement.line);
            }
        }
        Ok(())
    }

    fn push(&mut self, guard: Option<Guard>, step: Step, line: u32) {
        self.steps.push(Instruction { guard, step, line });
    }

    fn variable(&mut self, variable: &Variable) -> Result<(), String> {
        let address = match variable.space {
            // Each call would get a variable of its own.
            Space::Shared if self.frames.len() > 1 => {
                return Err(format!(
                    "`{}`, shared variable of a device function, is not simulated",
                    variable.name
                ));
            }
            Space::Shared => Symbol::Address(Space::Shared, self.shared.place(variable)),
            // Parameters of functions to be called are memory of the thread's own.
            _ => Symbol::Address(Space::Local, self.local.place(variable)),
        };
        self.scope().insert(variable.name.clone(), address);
        Ok(())
    }

    fn declare(&mut self, kind: Type, name: &str) {
        let width = Width::of(kind);
        let slot = self.new_register(width, JUNK);
        self.scope().insert(name.to_owned(), Symbol::Register(Register { width, slot }));
    }

    /// A register that holds a value when a warp starts.
    fn new_register(&mut self, width: Width, value: u64) -> Slot {
        let registers = &mut self.registers;
        let count = match width {
            Width::Predicate => {
                registers.predicates.push(if value & 1 == 1 { u32::MAX } else { 0 });
                registers.predicates.len()
            }
            Width::Word => {
                registers.words.push([value as u32; LANES]);
                registers.words.len()
            }
            Width::Long => {
                registers.longs.push([value; LANES]);
                registers.longs.len()
            }
        };
        Slot(count as u32 - 1)
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a function is being compiled")
    }

    fn scope(&mut self) -> &mut Scope {
        self.frame().scopes.last_mut().expect("a function has a scope")
    }
}

/// What registers hold before they are written: no number that a kernel could mistake for a zero.
const JUNK: u64 = 0xdead_beef_dead_beef;

/// Most bytes of shared variables of a kernel; dynamic shared memory may be more.
const STATIC_SHARED: usize = 48 << 10;

/// Most bytes of local memory of a thread.
const LOCAL: usize = 512 << 10;

/// Most bytes of a kernel's parameters.
fn parameter_bytes(version: (u32, u32)) -> usize {
    if version < (8, 1) { 4352 } else { 32_764 }
}

/// The smallest unit of memory, 1 to 4 bytes, in which a program accesses shared or global memory.
fn granule(steps: &[Instruction]) -> usize {
    let bytes = steps.iter().filter_map(|instruction| match &instruction.step {
        Step::Load(access) | Step::Store(access) if access.is_shared_between_threads() => {
            Some(access.kind.bytes())
        }
        Step::Atomic(atomic) => Some(atomic.kind.bytes()),
        _ => None,
    });
    bytes.min().unwrap_or(4).min(4)
}

/// An error in a statement, or in the function that it calls.
pub(crate) enum Error {
    Here(String),
    There(u32, String),
}

impl From<String> for Error {
    fn from(message: String) -> Self {
        Error::Here(message)
    }
}

impl Error {
    fn at(self, line: u32) -> (u32, String) {
        match self {
            Error::Here(message) => (line, message),
            Error::There(line, message) => (line, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ptx::parse;

    pub(super) fn compiled(variables: &str, body: &str) -> Result<Program, PtxError> {
        compiled_from("7.0", "sm_70", variables, body)
    }

    fn compiled_from(version: &str, target: &str, variables: &str, body: &str) -> Result<Program, PtxError> {
        let header = format!(".version {version} .target {target} .address_size 64");
        let module = parse(&format!("{header} {variables}\n.entry k() {{\n{body}\nret; }}"))?;
        compile(&module, &module.functions[0], &HashMap::new())
    }

    #[test]
    fn constants_and_special_registers_are_made_once() {
        let body = ".reg .b32 %r; add.u32 %r, 5, 5; add.u32 %r, %tid.x, %tid.x; add.u32 %r, %tid.x, 5;";
        let program = compiled("", body).expect("valid");
        assert_eq!(program.registers.words.len(), 3);
        assert_eq!(program.specials, [(Slot(2), Special::Thread(0))]);
    }

    #[test]
    fn an_instruction_is_refused_where_it_is_not_available() {
        let message = |version: &str, target: &str| {
            let body = ".reg .f32 %f; tanh.approx.f32 %f, %f;";
            compiled_from(version, target, "", body).err().map(|error| error.message)
        };
        assert_eq!(message("7.0", "sm_75"), None);
        let told = "instruction `tanh.approx.f32` needs PTX 7.0, and the text is of 6.5";
        assert_eq!(message("6.5", "sm_75").as_deref(), Some(told));
        let told = "instruction `tanh.approx.f32` needs sm_75, and the text is for sm_70";
        assert_eq!(message("7.0", "sm_70").as_deref(), Some(told));
    }

    #[test]
    fn shared_variables_of_the_module_count_where_they_are_used() {
        let variables = ".shared .align 16 .b8 a[100]; .shared .align 16 .b8 b[10]; .extern .shared .b8 c[];";
        let body = ".reg .b32 %r; st.shared.u8 [b], %r; st.shared.u8 [c], %r; .shared .align 4 .b8 d[4];";
        assert_eq!(compiled(variables, body).expect("valid").static_shared, 16);
        assert_eq!(compiled(variables, "").expect("valid").static_shared, 0);
    }

    #[test]
    fn memory_is_limited() {
        let told = |version, text: &str| {
            let module = parse(&format!(".version {version} .target sm_90 .address_size 64\n{text}"))
                .expect("valid PTX");
            let kernel = module.functions.last().expect("the kernel comes last");
            compile(&module, kernel, &HashMap::new()).map(drop)
        };
        let shared = |bytes| format!("\n.entry k() {{ .shared .b8 t[{bytes}]; ret; }}");
        assert_eq!(told("8.0", &shared(49_152)), Ok(()));
        let error = told("8.0", &shared(49_153)).expect_err("more than 48 KiB");
        assert!(error.line == 3 && error.message.contains("49153 bytes of shared memory"), "{error}");
        let parameters = |bytes| format!(".entry k(.param .b8 p[{bytes}]) {{ ret; }}");
        assert_eq!(told("8.0", &parameters(4352)), Ok(()));
        assert!(told("8.0", &parameters(4353)).is_err());
        assert_eq!(told("8.1", &parameters(32_764)), Ok(()));
        assert!(told("8.1", &parameters(32_765)).is_err());
        assert!(told("8.0", ".entry k() { .local .b8 t[524289]; ret; }").is_err());
    }

    #[test]
    fn variables_are_no_better_aligned_than_declared() {
        let variables =
            ".shared .align 4 .b8 a[12]; .shared .align 8 .b8 b[8]; .extern .shared .align 8 .b8 c[];";
        let body = ".reg .b32 %r; mov.u32 %r, a; mov.u32 %r, b; mov.u32 %r, c; .local .align 2 .b8 d[2]; \
                    mov.u32 %r, d;";
        let program = compiled(variables, body).expect("valid");
        let addresses: Vec<u32> = program.registers.words[1..].iter().map(|register| register[0]).collect();
        assert_eq!(addresses, [4, 24, DYNAMIC_SHARED as u32 + 8, 2]);
        assert_eq!((program.static_shared, program.shared_extent), (24, 32));
    }

    #[test]
    fn the_granule_is_that_of_the_smallest_access() {
        for (kind, granule) in [("u64", 4), ("u32", 4), ("u16", 2), ("u8", 1)] {
            let body = format!(".reg .b64 %r; ld.global.{kind} %r, [%r]; ld.local.u8 %r, [%r];");
            assert_eq!(compiled("", &body).expect("valid").granule, granule, "{kind}");
        }
    }

    #[test]
    fn names_are_seen_within_their_block() {
        let inner = ".reg .b32 %r; { .reg .b64 %r; add.u64 %r, %r, 1; } add.u32 %r, %r, 1;";
        assert!(compiled("", inner).is_ok());
        let error = compiled("", "{ .reg .b64 %x; }\nadd.u64 %x, %x, 1;").err().expect("out of its block");
        assert!(error.line == 4 && error.message.contains("`%x`"), "{error}");
    }
}
