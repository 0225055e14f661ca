//! Control: `bra bar barrier membar fence exit trap`.

use super::Decoding;
use crate::program::{Barrier, Exchange, Step};
use crate::ptx::{Operand, Type};

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    match x.opcode.name.as_str() {
        "bra" => {
            x.opcode.take("uni");
            let Operand::Name(label) = x.operand(0)?.clone() else {
                return Err("`bra` without a label".into());
            };
            x.compiler.branch(&label)
        }
        "exit" => Ok(Step::Exit),
        "trap" => Ok(Step::Trap),
        "bar" | "barrier" => barrier(x),
        // Memory is kept in order anyway, and nothing is slow to arrive.
        _ => {
            x.opcode.modifiers.clear();
            Ok(Step::Fence)
        }
    }
}

fn barrier(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    let warp = x.opcode.take("warp");
    x.opcode.take("cta");
    if !x.opcode.take("sync") {
        return Err(format!("`{}` is not simulated: of barriers, only `.sync` is", x.opcode));
    }
    x.opcode.take("aligned");
    let first = x.source(0, Type::U32)?;
    if warp {
        return Ok(Step::Exchange(Exchange {
            members: first,
            run: Box::new(|_, _| Ok(())),
            orders_memory: true,
        }));
    }
    let threads = if x.operands.len() > 1 { Some(x.source(1, Type::U32)?) } else { None };
    Ok(Step::Barrier(Barrier { id: first, threads }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{mistake, rejected, word};
    use crate::machine::Cause;

    #[test]
    fn loops_and_branches() {
        let code = "{ .reg .pred %p; mov.u32 %r0, 0; mov.u32 %r2, 0; \
                    $L: add.u32 %r0, %r0, %r2; add.u32 %r2, %r2, 1; setp.lt.u32 %p, %r2, %r1; @%p bra $L; }";
        assert_eq!(word(code, &[10]), 45);
    }

    /// Lanes leave a loop after as many turns as their number, and meet again behind it.
    #[test]
    fn lanes_diverge_and_meet() {
        let code = "{ .reg .pred %p; mov.u32 %r0, 0; mov.u32 %r2, %laneid; \
                    $L: setp.eq.u32 %p, %r2, 0; @%p bra $END; \
                    add.u32 %r0, %r0, 2; sub.u32 %r2, %r2, 1; bra.uni $L; \
                    $END: redux.sync.add.u32 %r0, %r0, -1; }";
        assert_eq!(word(code, &[]), 31 * 32);
    }

    /// The first half of the lanes waits at an exchange until the others come to it by a branch.
    #[test]
    fn lanes_meet_at_an_exchange_that_is_branched_to() {
        let code = "{ .reg .pred %p; mov.u32 %r2, %laneid; setp.lt.u32 %p, %r2, 16; @!%p bra $FAR; \
                    $MEET: redux.sync.add.u32 %r0, %r2, -1; bra.uni $END; \
                    $FAR: add.u32 %r2, %r2, 100; bra.uni $MEET; $END: }";
        assert_eq!(word(code, &[]), 31 * 16 + 16 * 100);
    }

    #[test]
    fn predicated_instructions_run_in_some_lanes() {
        let code = "{ .reg .pred %p; mov.u32 %r2, %laneid; setp.lt.u32 %p, %r2, 4; mov.u32 %r0, 1; \
                    @%p mov.u32 %r0, 100; @!%p mov.u32 %r0, 10; redux.sync.add.u32 %r0, %r0, -1; }";
        assert_eq!(word(code, &[]), 4 * 100 + 28 * 10);
    }

    #[test]
    fn barriers_that_there_cannot_be() {
        for (code, told) in [
            ("mov.u32 %r2, 16; bar.sync %r2;", "no barrier 16"),
            ("bar.sync 1, 33;", "for 33 threads"),
            ("mov.u32 %r2, %laneid; shr.u32 %r2, %r2, 4; bar.sync %r2, 32;", "different barriers"),
        ] {
            let diagnosis = mistake(code);
            assert_eq!(diagnosis.cause, Cause::DivergentBarrier, "{diagnosis}");
            assert!(diagnosis.message.contains(told), "{diagnosis}");
        }
        assert_eq!(word("bar.sync 15, 32; mov.u32 %r0, 1;", &[]), 1);
    }

    /// A number goes from lane 0 to all in shared memory.
    #[test]
    fn a_barrier_of_some_lanes_orders_nothing() {
        let code = |low, high| {
            format!(
                "{{ .shared .align 4 .b8 s[4]; .reg .pred %p; mov.u32 %r2, %laneid; \
                 setp.eq.u32 %p, %r2, 0; @%p st.shared.u32 [s], 7; \
                 setp.lt.u32 %p, %r2, 16; selp.b32 %r2, {low}, {high}, %p; \
                 bar.warp.sync %r2; ld.shared.u32 %r0, [s]; }}"
            )
        };
        assert_eq!(word(&code("-1", "-1"), &[]), 7);
        assert_eq!(mistake(&code("0xffff", "0xffff0000")).cause, Cause::Race);
    }

    #[test]
    fn refused_forms() {
        assert!(rejected("bar.arrive 0, 32;").contains("only `.sync`"));
        assert!(rejected("bra nowhere;").contains("`nowhere` is nowhere"));
        assert!(rejected("brx.idx %r1, x;").contains("not simulated"));
        assert!(rejected("add.f32 %f0, %fd1, %f2;").contains("width"));
        assert!(rejected("add.f32 %f0, %banana, %f2;").contains("`%banana` is not declared"));
        assert!(rejected("add.rn.relu.f32 %f0, %f1, %f2;").contains("`.relu`"));
    }
}
