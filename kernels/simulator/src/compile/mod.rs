//! From the syntax tree of a kernel to a program for the machine.
//!
//! Names become register slots and addresses, immediate operands and special registers become registers that
//! are set when a warp starts, calls are replaced by the body of what they call, and labels become step
//! numbers.

mod call;
mod layout;
mod symbols;

use std::collections::HashMap;

use crate::isa;
use crate::program::lanes::{LANES, Registers, Slot};
use crate::program::{
    DYNAMIC_SHARED, Guard, Instruction, Parameter, Program, Register, Special, Step, Width,
};
use crate::ptx::{Function, Item, Module, Operand, PtxError, Space, Statement, Type, Variable};
use layout::Layout;
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

/// A place in the program, known once the program is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Label(usize);

/// What belongs to one function, or to one copy of its body.
struct Frame {
    scopes: Vec<Scope>,
    labels: HashMap<String, Label>,
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
    shared: Layout,
    local: Layout,
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
            shared: Layout::default(),
            local: Layout::default(),
            steps: Vec::new(),
        }
    }

    /// The version of the language that the text says.
    pub(crate) fn version(&self) -> (u32, u32) {
        self.module.version
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
        self.frames.push(Frame { scopes: vec![scope], labels: HashMap::new(), end: None });
        self.items(body)?;
        self.close_frame(kernel.line)?;
        self.push(None, Step::Exit, kernel.line);
        let steps = self.resolve_branches();
        Ok(Program {
            name: kernel.name.clone(),
            granule: granule(&steps),
            steps,
            registers: std::mem::take(&mut self.registers),
            specials: self.specials.drain().map(|(special, slot)| (slot, special)).collect(),
            static_shared: self.shared.bytes(),
            local: self.local.bytes(),
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
        let address = if variable.bytes == 0 { DYNAMIC_SHARED } else { self.shared.place(variable) };
        self.module_shared.insert(name.to_owned(), address);
        Some(address)
    }

    fn items(&mut self, items: &[Item]) -> Located<()> {
        for item in items {
            match item {
                Item::Label(name) => {
                    let label = self.label(name);
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

    fn new_label(&mut self) -> Label {
        self.places.push(None);
        Label(self.places.len() - 1)
    }

    /// The label of a name in the function being compiled.
    fn label(&mut self, name: &str) -> Label {
        if let Some(label) = self.frame().labels.get(name) {
            return *label;
        }
        let label = self.new_label();
        self.frame().labels.insert(name.to_owned(), label);
        label
    }

    /// A branch to a label of the function being compiled.
    pub(crate) fn branch(&mut self, name: &str) -> Step {
        Step::Branch(self.label(name).0)
    }

    fn place(&mut self, label: Label) {
        self.places[label.0] = Some(self.steps.len());
    }

    fn close_frame(&mut self, line: u32) -> Located<()> {
        let frame = self.frames.pop().expect("a function was being compiled");
        match frame.labels.iter().find(|(_, label)| self.places[label.0].is_none()) {
            Some((name, _)) => Err((line, format!("label `{name}` is nowhere"))),
            None => Ok(()),
        }
    }

    fn resolve_branches(&mut self) -> Vec<Instruction> {
        let mut steps = std::mem::take(&mut self.steps);
        for instruction in &mut steps {
            if let Step::Branch(target) = &mut instruction.step {
                *target = self.places[*target].expect("every label has been placed");
            }
        }
        steps
    }
}

/// What registers hold before they are written: no number that a kernel could mistake for a zero.
const JUNK: u64 = 0xdead_beef_dead_beef;

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

    fn compiled(variables: &str, body: &str) -> Result<Program, PtxError> {
        compiled_from("7.0", variables, body)
    }

    fn compiled_from(version: &str, variables: &str, body: &str) -> Result<Program, PtxError> {
        let header = format!(".version {version} .target sm_70 .address_size 64");
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
    fn an_instruction_is_refused_in_a_version_before_it() {
        let body = ".reg .f32 %f; tanh.approx.f32 %f, %f;";
        assert!(compiled_from("7.0", "", body).is_ok());
        let error = compiled_from("6.5", "", body).err().expect("it came with 7.0");
        assert_eq!(error.message, "instruction `tanh.approx.f32` needs PTX 7.0, and the text is of 6.5");
    }

    #[test]
    fn shared_variables_of_the_module_count_where_they_are_used() {
        let variables = ".shared .align 16 .b8 a[100]; .shared .align 16 .b8 b[10]; .extern .shared .b8 c[];";
        let body = ".reg .b32 %r; st.shared.u8 [b], %r; st.shared.u8 [c], %r; .shared .align 4 .b8 d[4];";
        assert_eq!(compiled(variables, body).expect("valid").static_shared, 16);
        assert_eq!(compiled(variables, "").expect("valid").static_shared, 0);
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
