//! Division and square root, correctly rounded (`div rcp sqrt` with a rounding direction), and integer `div
//! rem`.

use super::Decoding;
use super::float::Float;
use super::integer::by_integer_type;
use crate::program::lanes::{Compute, map1, map2};
use crate::ptx::Type;
use crate::rounding;

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    match x.opcode.take_type()? {
        kind @ Type::F32 => rounded::<f32>(x, kind, 1.0, |a| a.sqrt()),
        kind @ Type::F64 => rounded::<f64>(x, kind, 1.0, |a| a.sqrt()),
        kind => Err(x.unsupported(kind)),
    }
}

fn rounded<T: Float + std::ops::Div<Output = T>>(
    x: &mut Decoding<'_, '_>,
    kind: Type,
    one: T,
    square_root: fn(T) -> T,
) -> Result<Compute, String> {
    let rounding = x.rounding().ok_or_else(|| format!("`{}` lacks a rounding direction", x.opcode))?;
    let flush = kind == Type::F32 && x.opcode.take("ftz");
    let input = move |a: T| if flush { a.flush() } else { a };
    let output = move |r: T| if flush { r.flush().canonical() } else { r.canonical() };
    let d = x.destination(kind)?;
    Ok(match x.opcode.name.as_str() {
        "div" => {
            let sources = x.sources(kind)?;
            map2(d, sources, move |a: T, b: T| output(rounding::div(input(a), input(b), rounding)))
        }
        "rcp" => {
            let [a] = x.sources(kind)?;
            map1(d, a, move |a: T| output(rounding::div(one, input(a), rounding)))
        }
        _ => {
            let [a] = x.sources(kind)?;
            map1(d, a, move |a: T| output(rounding::sqrt(input(a), square_root(input(a)), rounding)))
        }
    })
}

/// Integer quotient, rounded to zero, and its remainder. What the hardware leaves undefined, division by
/// zero, gives all ones and the dividend.
pub(super) fn integer(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let sources = x.sources(kind)?;
    let remainder = x.opcode.name == "rem";
    by_integer_type!(x, kind, T => if remainder {
        map2(d, sources, |a: T, b: T| if b == 0 { a } else { a.wrapping_rem(b) })
    } else {
        map2(d, sources, |a: T, b: T| if b == 0 { !0 } else { a.wrapping_div(b) })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{double, long, single, word};

    #[test]
    fn rounded_division_and_roots() {
        assert_eq!(single("div.rn.f32 %f0, %f1, %f2;", &[1.0, 3.0]), 1.0 / 3.0);
        assert_eq!(double("div.rn.f64 %fd0, %fd1, %fd2;", &[2.0, 3.0]), 2.0 / 3.0);
        assert_eq!(single("sqrt.rn.f32 %f0, %f1;", &[2.0]), 2f32.sqrt());
        assert_eq!(double("sqrt.rn.f64 %fd0, %fd1;", &[2.0]), 2f64.sqrt());
        assert_eq!(double("rcp.rn.f64 %fd0, %fd1;", &[3.0]), 1.0 / 3.0);
        for direction in ["div.rp", "div.rm"] {
            let third = single(&format!("{direction}.f32 %f0, %f1, %f2;"), &[1.0, 3.0]);
            assert_eq!(f64::from(third) > 1.0 / 3.0, direction == "div.rp");
        }
        assert_eq!(
            double("sqrt.rp.f64 %fd0, %fd1;", &[2.0]),
            double("sqrt.rz.f64 %fd0, %fd1;", &[2.0]).next_up()
        );
        assert_eq!(
            single("rcp.rz.f32 %f0, %f1;", &[-3.0]),
            single("rcp.rm.f32 %f0, %f1;", &[-3.0]).next_up()
        );
    }

    #[test]
    fn special_values() {
        assert_eq!(single("div.rn.f32 %f0, %f1, %f2;", &[-1.0, 0.0]), f32::NEG_INFINITY);
        assert!(single("div.rn.f32 %f0, %f1, %f2;", &[0.0, 0.0]).is_nan());
        assert!(single("sqrt.rn.f32 %f0, %f1;", &[-1.0]).is_nan());
        assert!(single("sqrt.rn.f32 %f0, %f1;", &[-0.0]).is_sign_negative());
        assert_eq!(single("rcp.rn.ftz.f32 %f0, %f1;", &[1e-40]), f32::INFINITY);
        assert_eq!(single("div.rn.ftz.f32 %f0, %f1, %f2;", &[1e-30, 1e10]), 0.0);
    }

    #[test]
    fn integer_quotient_and_remainder() {
        assert_eq!(word("div.s32 %r0, %r1, %r2;", &[-7i32 as u32, 2]) as i32, -3);
        assert_eq!(word("rem.s32 %r0, %r1, %r2;", &[-7i32 as u32, 2]) as i32, -1);
        assert_eq!(word("div.u32 %r0, %r1, %r2;", &[u32::MAX, 2]), u32::MAX / 2);
        assert_eq!(long("rem.u64 %rd0, %rd1, %rd2;", &[1 << 40, 1000]), (1 << 40) % 1000);
        assert_eq!(word("div.u32 %r0, %r1, %r2;", &[5, 0]), u32::MAX);
        assert_eq!(word("rem.u32 %r0, %r1, %r2;", &[5, 0]), 5);
        assert_eq!(long("div.s64 %rd0, %rd1, %rd2;", &[i64::MIN as u64, u64::MAX]), i64::MIN as u64);
    }
}
