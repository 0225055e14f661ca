//! W1 to W9 beside the loop by hand, for development: wall time, on whatever else the machine does.
//!
//! ```text
//! cargo bench --bench workloads -- W1
//! ```
//!
//! The loop by hand runs over every few rows only, on one thread, so compare the pairs per second. `cargo xtask bench`
//! compares with other libraries, by CPU time.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keops_workloads::workloads;
use std::time::Duration;

fn all(criterion: &mut Criterion) {
    for workload in workloads() {
        let job = workload.job();
        let mut group = criterion.benchmark_group(workload.id);
        group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
        group.throughput(Throughput::Elements(workload.pairs as u64));
        group.bench_function("keops", |bencher| bencher.iter(|| (job.ours)()));
        if let Some((naive, times_as_many)) = &job.naive {
            group.throughput(Throughput::Elements((workload.pairs / times_as_many) as u64));
            group.bench_function("by hand", |bencher| bencher.iter(naive));
        }
        group.finish();
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
