//! Two threads against one.

use keops_workloads::clock::{Times, process_seconds};
use keops_workloads::cloud::Cloud;
use keops_workloads::formulas;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 15;

pub(crate) fn table() -> String {
    let mut text = String::from(
        "## Two threads\n\nGaussian sums: milliseconds on one thread and on two, and what two gain, by wall time. It means \
         something on a machine\nthat does nothing else; what CPU time says does so always: a speed-up of two divided by what \
         two threads take of it more\nthan one.\n\n\
         | M × N | one, wall | two, wall | faster | one, CPU | two, CPU | 2 × one / two |\n|---|---:|---:|---:|---:|---:|---:|\n",
    );
    let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    let pools = [pool(1), pool(2)];
    for (m, n) in [(1_000, 1_000), (3_000, 3_000), (20_000, 20_000), (3, 1_000_000), (300, 1_000_000)] {
        let c = Cloud::<f32, 3, 1>::new(m, n, &[1.0]);
        let calls = (4e7 / (m as f64 * n as f64)).ceil().max(1.0) as usize;
        let work = || (0..calls).for_each(|_| drop(black_box(formulas::gaussian(&c.x, &c.y, &c.b, c.s[0]))));
        let mut times = [(); 2].map(|()| (Times::default(), Times::default()));
        for _ in 0..ROUNDS {
            for (pool, (wall, cpu)) in pools.iter().zip(&mut times) {
                let (w, c) = both(pool, work);
                wall.push(w);
                cpu.push(c);
            }
        }
        let [(wall_1, cpu_1), (wall_2, cpu_2)] = times.map(|(wall, cpu)| {
            let ms = |times: Times| 1e3 * times.least().unwrap_or(f64::NAN) / calls as f64;
            (ms(wall), ms(cpu))
        });
        let _ = writeln!(
            text,
            "| {m} × {n} | {wall_1:.3} | {wall_2:.3} | {:.2}× | {cpu_1:.3} | {cpu_2:.3} | {:.2}× |",
            wall_1 / wall_2,
            2.0 * cpu_1 / cpu_2
        );
    }
    text
}

/// Wall and CPU seconds of work on a pool.
fn both(pool: &ThreadPool, work: impl Fn() + Sync) -> (f64, f64) {
    let start = Instant::now();
    let (cpu, ()) = process_seconds(|| pool.install(&work));
    (start.elapsed().as_secs_f64(), cpu)
}
