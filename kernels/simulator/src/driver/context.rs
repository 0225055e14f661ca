//! Contexts: each with memory, modules, streams and events of its own.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use super::device::{Device, require_initialised};
use super::module::{Function, Module};
use super::status::{CONTEXT_IS_DESTROYED, INVALID_CONTEXT, INVALID_HANDLE, NOT_PERMITTED, Outcome};
use super::stream::{Event, Stream};
use crate::machine::Memory;

/// A handle given to a program: a context, module, function, stream or event.
pub(super) type Handle = usize;

/// A handle that no other object has.
pub(super) fn new_handle() -> Handle {
    // Not a multiple of what pointers are: a program that follows one crashes at once.
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    0xc0da_0000 + 16 * NEXT.fetch_add(1, Ordering::Relaxed) + 1
}

/// A context.
pub(super) struct Context {
    pub(super) handle: Handle,
    pub(super) device: Device,
    pub(super) flags: u32,
    state: Mutex<State>,
}

/// What a context holds.
pub(super) struct State {
    pub(super) memory: Memory,
    /// Addresses of memory that came from a pool; none is ever used again.
    pub(super) of_pool: HashSet<u64>,
    pub(super) modules: HashMap<Handle, Module>,
    pub(super) functions: HashMap<Handle, Function>,
    /// Streams; the null stream is 0.
    pub(super) streams: HashMap<Handle, Stream>,
    pub(super) events: HashMap<Handle, Event>,
    /// Host memory that is locked, by address.
    pub(super) host: HashMap<usize, HostMemory>,
    /// The code of the error that made the context unusable.
    pub(super) lost: Option<i32>,
    /// Simulated nanoseconds.
    pub(super) clock: u64,
}

/// Host memory that is locked: its size, and itself if the driver allocated it.
pub(super) struct HostMemory {
    pub(super) bytes: usize,
    pub(super) allocated: Option<Box<[u128]>>,
}

static CONTEXTS: LazyLock<Mutex<HashMap<Handle, Weak<Context>>>> = LazyLock::new(Mutex::default);
/// Contexts that programs created themselves and have not destroyed.
static OWNED: LazyLock<Mutex<HashMap<Handle, Arc<Context>>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// The contexts pushed in this thread; the last one is current.
    static STACK: RefCell<Vec<Handle>> = const { RefCell::new(Vec::new()) };
    /// Whether the thread is in a function that a stream called.
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Context {
    pub(super) fn new(device: Device, flags: u32) -> Arc<Context> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed) as u64;
        let context = Arc::new(Context {
            handle: new_handle(),
            device,
            flags,
            state: Mutex::new(State {
                // A terabyte of addresses for each context.
                memory: Memory::starting_at((number % (1 << 12) + 16) << 40),
                of_pool: HashSet::new(),
                modules: HashMap::new(),
                functions: HashMap::new(),
                streams: HashMap::from([(0, Stream::default())]),
                events: HashMap::new(),
                host: HashMap::new(),
                lost: None,
                clock: 0,
            }),
        });
        lock(&CONTEXTS).insert(context.handle, Arc::downgrade(&context));
        context
    }

    /// The state, whatever has happened.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn memory_in_use(&self) -> (usize, usize) {
        let state = self.state();
        (state.memory.in_use(), state.memory.live())
    }

    /// Makes the context unusable, and all of the device where failures last.
    pub(super) fn lose(&self, state: &mut State, code: i32) -> i32 {
        let mut device = self.device.state();
        if device.settings.failures_last {
            device.lost.get_or_insert(code);
        }
        *state.lost.get_or_insert(code)
    }
}

/// The context of a handle.
pub(super) fn find(handle: Handle) -> Outcome<Arc<Context>> {
    let contexts = lock(&CONTEXTS);
    let context = contexts.get(&handle).ok_or(INVALID_CONTEXT)?;
    context.upgrade().ok_or(CONTEXT_IS_DESTROYED)
}

/// Memory that a context knows.
pub(super) struct Holding {
    pub(super) context: Arc<Context>,
    pub(super) start: u64,
    pub(super) bytes: usize,
    /// Whether it is locked memory of the host.
    pub(super) of_host: bool,
    /// Whether it is memory of a pool, which belongs to a device and to no context.
    pub(super) of_pool: bool,
}

/// The memory that holds an address, of whatever context.
pub(super) fn holding(address: u64) -> Option<Holding> {
    let all: Vec<Arc<Context>> = lock(&CONTEXTS).values().filter_map(Weak::upgrade).collect();
    all.into_iter().find_map(|context| {
        let state = context.state();
        let of_device = state.memory.allocation_of(address).map(|(start, bytes)| (start, bytes, false));
        let holds = |start: u64, bytes: usize| address >= start && address - start < bytes as u64;
        let of_host = || {
            let mut ranges = state.host.iter().map(|(start, host)| (*start as u64, host.bytes, true));
            ranges.find(|(start, bytes, _)| holds(*start, *bytes))
        };
        let (start, bytes, of_host) = of_device.or_else(of_host)?;
        let of_pool = state.of_pool.contains(&start);
        drop(state);
        Some(Holding { context, start, bytes, of_host, of_pool })
    })
}

/// Keeps a context alive that a program created itself.
pub(super) fn own(context: Arc<Context>) {
    lock(&OWNED).insert(context.handle, context);
}

/// Destroys a context that a program created itself.
pub(super) fn destroy(handle: Handle) -> Outcome {
    let owned = lock(&OWNED).remove(&handle);
    STACK.with_borrow_mut(|stack| stack.retain(|other| *other != handle));
    owned.map(drop).ok_or(INVALID_CONTEXT)
}

/// Works on the stack of contexts of the thread.
pub(super) fn with_stack<T>(work: impl FnOnce(&mut Vec<Handle>) -> T) -> T {
    STACK.with_borrow_mut(work)
}

/// The context that is current in the thread.
pub(super) fn current() -> Outcome<Arc<Context>> {
    require_initialised()?;
    if IN_CALLBACK.get() {
        return Err(NOT_PERMITTED);
    }
    let handle = with_stack(|stack| stack.last().copied().unwrap_or(0));
    if handle == 0 { Err(INVALID_CONTEXT) } else { find(handle) }
}

/// Works on the state of the current context, unless it is lost.
pub(super) fn with_current<T>(work: impl FnOnce(&Context, &mut State) -> Outcome<T>) -> Outcome<T> {
    let context = current()?;
    let mut state = context.state();
    match state.lost.or_else(|| context.device.state().lost) {
        Some(code) => Err(code),
        None => work(&context, &mut state),
    }
}

/// Runs a function of the program, in which driver calls are not permitted.
pub(super) fn in_callback(work: impl FnOnce()) {
    IN_CALLBACK.set(true);
    work();
    IN_CALLBACK.set(false);
}

/// An object of the current context.
pub(super) fn get<T>(objects: &HashMap<Handle, T>, handle: Handle) -> Outcome<&T> {
    objects.get(&handle).ok_or(INVALID_HANDLE)
}
