//! Comparison and selection: `setp set selp slct testp`.

use super::Decoding;
use super::float::Float;
use super::integer::by_integer_type;
use crate::program::lanes::{Compute, Mask, Number, Registers, Slot, map3, where_holds};
use crate::ptx::{Operand, Type};

/// The lanes where two registers are in a relation.
type Relation = Box<dyn Fn(&Registers, [Slot; 2]) -> Mask + Send + Sync>;

/// The relation that a modifier names. The forms with `u` hold for NaN too; `lo ls hi hs` are those of
/// unsigned integers, where they mean the same.
fn relation<T: Number + PartialOrd>(
    name: &str,
    input: impl Fn(T) -> T + Copy + Send + Sync + 'static,
) -> Option<Relation> {
    macro_rules! relation {
        (|$a:ident, $b:ident| $holds:expr) => {
            Box::new(move |registers: &Registers, sources| {
                where_holds::<T>(registers, sources, |$a, $b| {
                    let ($a, $b) = (input($a), input($b));
                    $holds
                })
            })
        };
    }
    let ordered = |a: &T, b: &T| a.partial_cmp(b).is_some();
    Some(match name {
        "eq" => relation!(|a, b| a == b),
        "ne" => relation!(|a, b| a != b && ordered(&a, &b)),
        "lt" | "lo" => relation!(|a, b| a < b),
        "le" | "ls" => relation!(|a, b| a <= b),
        "gt" | "hi" => relation!(|a, b| a > b),
        "ge" | "hs" => relation!(|a, b| a >= b),
        "equ" => relation!(|a, b| a == b || !ordered(&a, &b)),
        "neu" => relation!(|a, b| a != b),
        "ltu" => relation!(|a, b| a < b || !ordered(&a, &b)),
        "leu" => relation!(|a, b| a <= b || !ordered(&a, &b)),
        "gtu" => relation!(|a, b| a > b || !ordered(&a, &b)),
        "geu" => relation!(|a, b| a >= b || !ordered(&a, &b)),
        "num" => relation!(|a, b| ordered(&a, &b)),
        "nan" => relation!(|a, b| !ordered(&a, &b)),
        _ => return None,
    })
}

const RELATIONS: [&str; 18] = [
    "eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu", "gtu", "geu",
    "num", "nan",
];

/// Whether numbers of a type can be in a relation: bits are equal or not, `lo ls hi hs` are of unsigned integers, and
/// those that tell NaN apart of floating-point numbers.
fn is_of(name: &str, kind: Type) -> bool {
    let unsigned = matches!(kind, Type::U16 | Type::U32 | Type::U64);
    match name {
        "eq" | "ne" => true,
        "lt" | "le" | "gt" | "ge" => unsigned || kind.is_signed() || kind.is_float(),
        "lo" | "ls" | "hi" | "hs" => unsigned,
        _ => kind.is_float(),
    }
}

/// How the result is combined with a further predicate.
type Combination = fn(Mask, Mask) -> Mask;

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    match x.opcode.name.as_str() {
        "selp" => select(x),
        "slct" => select_by_sign(x),
        "testp" => test(x),
        _ => compare(x),
    }
}

fn compare(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let name = x.opcode.take_first(|m| RELATIONS.contains(&m).then(|| m.to_owned()));
    let name = name.ok_or_else(|| format!("`{}` lacks a relation", x.opcode))?;
    let combine: Option<Combination> = x.opcode.take_first(|m| -> Option<Combination> {
        Some(match m {
            "and" => |a, b| a & b,
            "or" => |a, b| a | b,
            "xor" => |a, b| a ^ b,
            _ => return None,
        })
    });
    let result = if x.opcode.name == "set" { x.opcode.take_type()? } else { Type::Predicate };
    let kind = x.opcode.take_type()?;
    if !is_of(&name, kind) {
        return Err(format!("the relation `{name}` of type `{kind:?}` is not simulated"));
    }
    let flush = kind == Type::F32 && x.opcode.take("ftz");
    let holds = match kind {
        Type::F32 if flush => relation::<f32>(&name, f32::flush),
        Type::F32 => relation::<f32>(&name, |a| a),
        Type::F64 => relation::<f64>(&name, |a| a),
        _ => by_integer_type!(x, kind, T => relation::<T>(&name, |a| a))?,
    };
    let holds = holds.ok_or_else(|| x.unsupported(kind))?;
    let sources = x.sources(kind)?;
    let further = match combine {
        Some(combine) => {
            let operand = x.operand(3)?.clone();
            Some((combine, x.compiler.predicate(&operand)?))
        }
        None => None,
    };
    let combined = move |registers: &Registers, value: Mask| match further {
        Some((combine, (slot, negated))) => combine(value, registers.predicate(slot, negated)),
        None => value,
    };
    if result != Type::Predicate {
        return set(x, result, move |registers| combined(registers, holds(registers, sources)));
    }
    let (first, second) = match x.operand(0)?.clone() {
        Operand::Pair(first, second) => (Operand::Name(first), Some(Operand::Name(second))),
        operand => (operand, None),
    };
    let p = x.compiler.destination(&first, Type::Predicate)?;
    let q = second.map(|q| x.compiler.destination(&q, Type::Predicate)).transpose()?;
    Ok(Box::new(move |registers, mask| {
        let value = holds(registers, sources);
        let (yes, no) = (combined(registers, value), combined(registers, !value));
        registers.set_predicate(p, yes, mask);
        if let Some(q) = q {
            registers.set_predicate(q, no, mask);
        }
    }))
}

/// `set`: all ones, or 1.0, where the relation holds.
fn set(
    x: &mut Decoding<'_, '_>,
    kind: Type,
    holds: impl Fn(&Registers) -> Mask + Send + Sync + 'static,
) -> Result<Compute, String> {
    let truth = match kind {
        Type::F32 => 1f32.to_bits(),
        Type::U32 | Type::S32 => u32::MAX,
        _ => return Err(x.unsupported(kind)),
    };
    let d = x.destination(kind)?;
    Ok(Box::new(move |registers, mask| {
        let value = holds(registers);
        for lane in crate::program::lanes::lanes(mask) {
            u32::write_lane(registers, d, lane, if value >> lane & 1 == 1 { truth } else { 0 });
        }
    }))
}

/// The first operand where the predicate holds, else the second.
fn select(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let sources = x.sources(kind)?;
    let operand = x.operand(3)?.clone();
    let (predicate, negated) = x.compiler.predicate(&operand)?;
    fn selection<T: Number>(d: Slot, [a, b]: [Slot; 2], predicate: Slot, negated: bool) -> Compute {
        Box::new(move |registers, mask| {
            let chosen = registers.predicate(predicate, negated);
            let (x, y) = (T::read(registers, a), T::read(registers, b));
            T::write_each(registers, d, mask, |i| if chosen >> i & 1 == 1 { x[i] } else { y[i] });
        })
    }
    Ok(match kind.bytes() {
        8 => selection::<u64>(d, sources, predicate, negated),
        _ => selection::<u32>(d, sources, predicate, negated),
    })
}

/// `slct`: the first operand where the third is not negative, else the second.
fn select_by_sign(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let by = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let [a, b] = x.sources(kind)?;
    let c = x.source(3, by)?;
    let flush = by == Type::F32 && x.opcode.take("ftz");
    let float = move |c: f32| if flush { c.flush() } else { c } >= 0.0;
    match (kind.bytes(), by) {
        (4, Type::S32) => Ok(map3(d, [a, b, c], |a: u32, b: u32, c: i32| if c >= 0 { a } else { b })),
        (4, Type::F32) => Ok(map3(d, [a, b, c], move |a: u32, b: u32, c: f32| if float(c) { a } else { b })),
        (8, Type::S32) => Ok(map3(d, [a, b, c], |a: u64, b: u64, c: i32| if c >= 0 { a } else { b })),
        (8, Type::F32) => Ok(map3(d, [a, b, c], move |a: u64, b: u64, c: f32| if float(c) { a } else { b })),
        _ => Err(x.unsupported(by)),
    }
}

/// `testp`: what kind of number an operand is.
fn test(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let property: fn(f64, bool) -> bool = match x.opcode.modifiers.first().map(String::as_str) {
        Some("finite") => |a, _| a.is_finite(),
        Some("infinite") => |a, _| a.is_infinite(),
        Some("number") => |a, _| !a.is_nan(),
        Some("notanumber") => |a, _| a.is_nan(),
        Some("normal") => |a, subnormal| a.is_finite() && a != 0.0 && !subnormal,
        Some("subnormal") => |_, subnormal| subnormal,
        _ => return Err(format!("`{}` lacks a property", x.opcode)),
    };
    x.opcode.modifiers.remove(0);
    let kind = x.opcode.take_type()?;
    let p = x.destination(Type::Predicate)?;
    let [a] = x.sources(kind)?;
    match kind {
        Type::F32 => Ok(Box::new(move |registers, mask| {
            let holds = |a: f32, _| property(a.into(), a.is_subnormal());
            let value = where_holds(registers, [a, a], holds);
            registers.set_predicate(p, value, mask);
        })),
        Type::F64 => Ok(Box::new(move |registers, mask| {
            let value = where_holds(registers, [a, a], |a: f64, _| property(a, a.is_subnormal()));
            registers.set_predicate(p, value, mask);
        })),
        _ => Err(x.unsupported(kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{double, long, rejected, single, word};
    use super::*;

    fn holds_for_floats(name: &str, [a, b]: [f32; 2]) -> bool {
        let code = format!(
            "{{ .reg .pred %p; setp.{name}.f32 %p, %f1, %f2; selp.f32 %f0, 0f3F800000, 0f00000000, %p; }}"
        );
        single(&code, &[a, b]) == 1.0
    }

    #[test]
    fn relations_of_floats() {
        let nan = f32::NAN;
        for (name, expected) in [
            ("eq", [false, true, false, false]),
            ("ne", [true, false, true, false]),
            ("lt", [true, false, false, false]),
            ("le", [true, true, false, false]),
            ("gt", [false, false, true, false]),
            ("ge", [false, true, true, false]),
            ("equ", [false, true, false, true]),
            ("neu", [true, false, true, true]),
            ("ltu", [true, false, false, true]),
            ("leu", [true, true, false, true]),
            ("gtu", [false, false, true, true]),
            ("geu", [false, true, true, true]),
            ("num", [true, true, true, false]),
            ("nan", [false, false, false, true]),
        ] {
            let results =
                [[1.0, 2.0], [2.0, 2.0], [3.0, 2.0], [nan, 2.0]].map(|pair| holds_for_floats(name, pair));
            assert_eq!(results, expected, "{name}");
        }
        assert!(holds_for_floats("lt", [0.0, 1e-40]) && !holds_for_floats("lt.ftz", [0.0, 1e-40]));
        let code = "{ .reg .pred %p; setp.lt.f64 %p, %fd1, %fd2; selp.f64 %fd0, %fd1, %fd2, !%p; }";
        assert_eq!(double(code, &[1.0, 2.0]), 2.0);
    }

    #[test]
    fn relations_of_integers_know_the_sign() {
        let minus = u32::MAX;
        for (name, kind, expected) in
            [("lt", "s32", 1), ("lt", "u32", 0), ("lo", "u32", 0), ("hs", "u32", 1), ("gt", "s32", 0)]
        {
            let code = format!("{{ .reg .pred %p; setp.{name}.{kind} %p, %r1, 3; selp.u32 %r0, 1, 0, %p; }}");
            assert_eq!(word(&code, &[minus]), expected, "{name} {kind}");
        }
        let code = "{ .reg .pred %p; setp.ge.s64 %p, %rd1, 0; selp.b64 %rd0, 7, 8, %p; }";
        assert_eq!(long(code, &[u64::MAX]), 8);
    }

    #[test]
    fn pairs_and_combinations() {
        let code = "{ .reg .pred %p, %q, %s; setp.ne.u32 %s, %r2, 0; setp.lt.and.u32 %p|%q, %r1, 5, !%s; \
                    .reg .b32 %t; selp.u32 %r0, 1, 0, %p; selp.u32 %t, 2, 0, %q; or.b32 %r0, %r0, %t; }";
        assert_eq!(word(code, &[1, 0]), 1);
        assert_eq!(word(code, &[9, 0]), 2);
        assert_eq!(word(code, &[1, 1]), 0);
    }

    #[test]
    fn set_and_selections_by_sign() {
        assert_eq!(word("set.lt.u32.u32 %r0, %r1, 5;", &[1]), u32::MAX);
        assert_eq!(single("set.gt.f32.f32 %f0, %f1, 0f00000000;", &[1.0]), 1.0);
        assert_eq!(word("slct.u32.s32 %r0, 7, 8, %r1;", &[u32::MAX]), 8);
        assert_eq!(single("slct.f32.f32 %f0, %f1, %f2, %f3;", &[1.0, 2.0, -0.0]), 1.0);
    }

    #[test]
    fn properties() {
        for (name, expected) in [
            ("finite", [true, true, false, false]),
            ("infinite", [false, false, true, false]),
            ("number", [true, true, true, false]),
            ("notanumber", [false, false, false, true]),
            ("normal", [true, false, false, false]),
            ("subnormal", [false, true, false, false]),
        ] {
            let code = format!(
                "{{ .reg .pred %p; testp.{name}.f32 %p, %f1; selp.f32 %f0, 0f3F800000, 0f00000000, %p; }}"
            );
            let results = [1.0, 1e-40, f32::INFINITY, f32::NAN].map(|a| single(&code, &[a]) == 1.0);
            assert_eq!(results, expected, "{name}");
        }
    }

    #[test]
    fn every_relation_is_known() {
        assert!(RELATIONS.iter().all(|name| relation::<f32>(name, |a| a).is_some()));
        assert!(rejected("setp.f32 %p, %f1, %f2;").contains("lacks a relation"));
    }

    /// As ptxas refuses them.
    #[test]
    fn relations_that_a_type_lacks() {
        for code in [
            "setp.lo.s32 %p, %r1, %r2;",
            "setp.lt.b32 %p, %r1, %r2;",
            "setp.lo.f32 %p, %f1, %f2;",
            "setp.equ.s32 %p, %r1, %r2;",
        ] {
            assert!(rejected(code).contains("the relation"), "{code}");
        }
        assert!(rejected("{ .reg .pred %p; setp.lt.ftz.f64 %p, %fd1, %fd2; }").contains("`.ftz`"));
    }
}
