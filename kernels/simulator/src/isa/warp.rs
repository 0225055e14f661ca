//! Between the lanes of a warp: `shfl.sync vote.sync redux.sync activemask`.

use super::Decoding;
use crate::program::lanes::{Lanes, Mask, Number, Registers, Slot, lanes};
use crate::program::{Exchange, Step};
use crate::ptx::{Operand, Type};

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    if x.opcode.name == "activemask" {
        let kind = x.opcode.take_type()?;
        let d = x.destination(kind)?;
        return Ok(Step::Compute(Box::new(move |registers, mask| {
            lanes(mask).for_each(|lane| u32::write_lane(registers, d, lane, mask));
        })));
    }
    if !x.opcode.take("sync") {
        return Err(format!("`{}` without `.sync` is not simulated", x.opcode));
    }
    match x.opcode.name.as_str() {
        "shfl" => shuffle(x),
        "vote" => vote(x),
        _ => reduce(x),
    }
}

fn exchange(
    members: Slot,
    run: impl Fn(&mut Registers, Mask) -> Result<(), String> + Send + Sync + 'static,
) -> Step {
    Step::Exchange(Exchange { members, run: Box::new(run), orders_memory: false })
}

/// From where a lane takes its value.
#[derive(Debug, Clone, Copy)]
enum Direction {
    Up,
    Down,
    Butterfly,
    Index,
}

/// The lane that `lane` reads, and whether it lies within the segment that `clamp` describes.
fn partner(direction: Direction, lane: u32, distance: u32, clamp: u32) -> (u32, bool) {
    let distance = distance & 31;
    let segment = clamp >> 8 & 31;
    let last = lane & segment | clamp & 31 & !segment;
    let first = lane & segment;
    let (other, inside) = match direction {
        Direction::Up => (lane.wrapping_sub(distance), lane >= distance + last),
        Direction::Down => (lane + distance, lane + distance <= last),
        Direction::Butterfly => (lane ^ distance, lane ^ distance <= last),
        Direction::Index => {
            let other = first | distance & !segment;
            (other, other <= last)
        }
    };
    if inside { (other, true) } else { (lane, false) }
}

fn shuffle(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    let direction = x.opcode.take_first(|m| {
        Some(match m {
            "up" => Direction::Up,
            "down" => Direction::Down,
            "bfly" => Direction::Butterfly,
            "idx" => Direction::Index,
            _ => return None,
        })
    });
    let direction = direction.ok_or_else(|| format!("`{}` lacks a direction", x.opcode))?;
    let kind = x.opcode.take_type()?;
    let (d, p) = match x.operand(0)?.clone() {
        Operand::Pair(d, p) => (Operand::Name(d), Some(Operand::Name(p))),
        d => (d, None),
    };
    let d = x.compiler.destination(&d, kind)?;
    let p = p.map(|p| x.compiler.destination(&p, Type::Predicate)).transpose()?;
    let a = x.source(1, kind)?;
    let [distance, clamp, members] = [2, 3, 4].map(|i| x.source(i, Type::U32));
    let (distance, clamp, members) = (distance?, clamp?, members?);
    Ok(exchange(members, move |registers, mask| {
        let values: Lanes<u32> = u32::read(registers, a);
        for lane in lanes(mask) {
            let distance = u32::read_lane(registers, distance, lane);
            let clamp = u32::read_lane(registers, clamp, lane);
            let (other, inside) = partner(direction, lane as u32, distance, clamp);
            if mask >> other & 1 == 0 {
                return Err(format!("lane {lane} shuffles with lane {other}, which does not take part"));
            }
            u32::write_lane(registers, d, lane, values[other as usize]);
            if let Some(p) = p {
                registers.set_predicate(p, Mask::from(inside) << lane, 1 << lane);
            }
        }
        Ok(())
    }))
}

fn vote(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    let mode = x.opcode.modifiers.first().cloned().unwrap_or_default();
    x.opcode.take(&mode);
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let operand = x.operand(1)?.clone();
    let (a, negated) = x.compiler.predicate(&operand)?;
    let members = x.source(2, Type::U32)?;
    let decide: fn(Mask, Mask) -> bool = match (mode.as_str(), kind) {
        ("ballot", Type::B32) => {
            return Ok(exchange(members, move |registers, mask| {
                let votes = registers.predicate(a, negated) & mask;
                lanes(mask).for_each(|lane| u32::write_lane(registers, d, lane, votes));
                Ok(())
            }));
        }
        ("all", Type::Predicate) => |votes, mask| votes == mask,
        ("any", Type::Predicate) => |votes, _| votes != 0,
        ("uni", Type::Predicate) => |votes, mask| votes == 0 || votes == mask,
        _ => return Err(format!("`vote.{mode}` of type `{kind:?}` is not simulated")),
    };
    Ok(exchange(members, move |registers, mask| {
        let votes = registers.predicate(a, negated) & mask;
        registers.set_predicate(d, if decide(votes, mask) { Mask::MAX } else { 0 }, mask);
        Ok(())
    }))
}

/// `redux.sync`: a reduction over the lanes, of integers.
fn reduce(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    let operation = x.opcode.modifiers.first().cloned().unwrap_or_default();
    x.opcode.take(&operation);
    let kind = x.opcode.take_type()?;
    let signed = kind == Type::S32;
    let combine: fn(u32, u32) -> u32 = match operation.as_str() {
        "add" => u32::wrapping_add,
        "min" if signed => |a, b| (a as i32).min(b as i32) as u32,
        "max" if signed => |a, b| (a as i32).max(b as i32) as u32,
        "min" => u32::min,
        "max" => u32::max,
        "and" => |a, b| a & b,
        "or" => |a, b| a | b,
        "xor" => |a, b| a ^ b,
        _ => return Err(format!("`redux.{operation}` is not simulated")),
    };
    if (kind == Type::B32) != matches!(operation.as_str(), "and" | "or" | "xor") {
        return Err(x.unsupported(kind));
    }
    let d = x.destination(kind)?;
    let (a, members) = (x.source(1, kind)?, x.source(2, Type::U32)?);
    Ok(exchange(members, move |registers, mask| {
        let values = lanes(mask).map(|lane| u32::read_lane(registers, a, lane));
        let result = values.reduce(combine).unwrap_or_default();
        lanes(mask).for_each(|lane| u32::write_lane(registers, d, lane, result));
        Ok(())
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{mistake, rejected, word};
    use super::*;
    use crate::machine::Cause;

    #[test]
    fn partners_by_direction() {
        let whole = 0x1f;
        assert_eq!(partner(Direction::Down, 3, 4, whole), (7, true));
        assert_eq!(partner(Direction::Down, 30, 4, whole), (30, false));
        assert_eq!(partner(Direction::Up, 5, 4, 0), (1, true));
        assert_eq!(partner(Direction::Up, 3, 4, 0), (3, false));
        assert_eq!(partner(Direction::Butterfly, 5, 16, whole), (21, true));
        assert_eq!(partner(Direction::Index, 5, 40, whole), (8, true));
        // Segments of eight lanes.
        let eight = 0x18 << 8;
        assert_eq!(partner(Direction::Down, 6, 1, eight | whole), (7, true));
        assert_eq!(partner(Direction::Down, 7, 1, eight | whole), (7, false));
        assert_eq!(partner(Direction::Index, 13, 2, eight | whole), (10, true));
        assert_eq!(partner(Direction::Up, 9, 1, eight), (8, true));
        assert_eq!(partner(Direction::Up, 8, 1, eight), (8, false));
    }

    /// The usual sum over a warp: five exchanges of halves.
    #[test]
    fn sum_over_the_lanes_by_shuffles() {
        let step =
            |distance| format!("shfl.sync.bfly.b32 %r2, %r0, {distance}, 31, -1; add.u32 %r0, %r0, %r2;\n");
        let code = format!("mov.u32 %r0, %laneid; {}", [16, 8, 4, 2, 1].map(step).concat());
        assert_eq!(word(&code, &[]), 31 * 16);
        assert_eq!(word("{ mov.u32 %r2, %laneid; redux.sync.add.u32 %r0, %r2, -1; }", &[]), 31 * 16);
        assert_eq!(
            word("{ mov.u32 %r2, %laneid; sub.u32 %r2, %r2, 5; redux.sync.min.s32 %r0, %r2, -1; }", &[]),
            -5i32 as u32
        );
    }

    #[test]
    fn votes() {
        let low = "{ .reg .pred %p; mov.u32 %r2, %laneid; setp.lt.u32 %p, %r2, %r1;";
        assert_eq!(word(&format!("{low} vote.sync.ballot.b32 %r0, %p, -1; }}"), &[5]), 0b1_1111);
        for (mode, expected) in [("all", [0, 0, 1]), ("any", [0, 1, 1]), ("uni", [1, 0, 1])] {
            let code = format!("{low} vote.sync.{mode}.pred %p, %p, -1; selp.u32 %r0, 1, 0, %p; }}");
            assert_eq!([0, 5, 32].map(|n| word(&code, &[n])), expected, "{mode}");
        }
        assert_eq!(word("activemask.b32 %r0;", &[]), u32::MAX);
    }

    #[test]
    fn lanes_that_do_not_take_part() {
        let told = |code: &str| {
            let diagnosis = mistake(&format!("{{ .reg .pred %p; mov.u32 %r2, %laneid; {code} }}"));
            assert_eq!(diagnosis.cause, Cause::DivergentExchange, "{diagnosis}");
            diagnosis.message
        };
        let half = "setp.lt.u32 %p, %r2, 16; @!%p bra $END; \
                    shfl.sync.bfly.b32 %r0, %r2, 16, 31, 0xffff; $END:";
        assert!(told(half).contains("lane 0 shuffles with lane 16, which does not take part"));
        let masks = "setp.eq.u32 %p, %r2, 0; selp.b32 %r0, -1, -2, %p; redux.sync.add.u32 %r0, %r2, %r0;";
        assert!(told(masks).contains("lane 1 has another mask of lanes that take part"));
        assert!(told("redux.sync.add.u32 %r0, %r2, 1;").contains("lacks the lane itself"));
    }

    #[test]
    fn refused_forms() {
        assert!(rejected("shfl.up.b32 %r0, %r1, 1, 0, -1;").contains("without `.sync`"));
        assert!(rejected("redux.sync.and.u32 %r0, %r1, -1;").contains("not simulated"));
        assert!(rejected("redux.sync.mul.u32 %r0, %r1, -1;").contains("not simulated"));
    }
}
