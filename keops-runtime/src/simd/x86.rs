//! What the x86 instruction sets share: the type of masks, and the implementation of vectors from a table of intrinsics.

/// One truth value per lane, in a register of type `R`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask<R>(pub(super) R);

/// Evaluates an expression that calls intrinsics of the instruction set at hand.
macro_rules! intrinsics {
    ($value:expr) => {
        // SAFETY: the expression belongs to a method that was given a token, a vector or a mask of an instruction set.
        // Tokens are made only in functions compiled for their set; vectors and masks, whose fields are private, only
        // from tokens or from other vectors. The expression calls intrinsics of that set, none of which takes a pointer.
        unsafe { $value }
    };
}

/// A vector type and its operations, from a table of intrinsics. On the right of `=>` the variables are registers.
macro_rules! x86_vector {
    (
        $(#[$doc:meta])*
        $name:ident: $lanes:literal x $elem:ident, in $register:ty, masks in $mask:ty, on $token:ident;
        splat($number:ident) => $splat:expr;
        memory: $load:ident, $store:ident;
        vectors: { $($method:ident($a:ident $(, $b:ident)*) => $value:expr;)+ }
        shifts: { $($shift:ident::<$by:ident>($shifted:ident) => $shift_value:expr;)+ }
        comparisons: { $($compare:ident($c:ident, $d:ident) => $truth:expr;)+ }
        masks: { $($mask_method:ident($m:ident $(, $n:ident)*) => $mask_value:expr;)+ }
        any($any:ident) => $any_value:expr;
        select($choice:ident, $yes:ident, $no:ident) => $selected:expr;
        keep($kept:ident, $where:ident) => $keep_value:expr;
        exchange: { $($side:literal($upper:ident, $lower:ident) => $first:expr, $second:expr;)+ }
        $(composed: { $($composed:tt)+ })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(super) struct $name($register);

        impl Vector for $name {
            type Elem = $elem;
            type Token = $token;
            type Mask = Mask<$mask>;

            #[inline(always)]
            fn splat(_: $token, $number: $elem) -> Self {
                $name(intrinsics!($splat))
            }
            #[inline(always)]
            fn set(self, $number: $elem) -> Self {
                $name(intrinsics!($splat))
            }
            #[inline(always)]
            fn set_bits(self, bits: u64) -> Self {
                self.set($elem::from_bits(bits as _))
            }

            $(
                #[inline(always)]
                fn $method(self $(, $b: Self)*) -> Self {
                    let $a = self.0;
                    $(let $b = $b.0;)*
                    $name(intrinsics!($value))
                }
            )+
            $(
                #[inline(always)]
                fn $shift<const $by: i32>(self) -> Self {
                    let $shifted = self.0;
                    $name(intrinsics!($shift_value))
                }
            )+
            $(
                #[inline(always)]
                fn $compare(self, $d: Self) -> Self::Mask {
                    let ($c, $d) = (self.0, $d.0);
                    Mask(intrinsics!($truth))
                }
            )+
            $(
                #[inline(always)]
                fn $mask_method($m: Self::Mask $(, $n: Self::Mask)*) -> Self::Mask {
                    let $m = $m.0;
                    $(let $n = $n.0;)*
                    Mask(intrinsics!($mask_value))
                }
            )+
            #[inline(always)]
            fn any(mask: Self::Mask) -> bool {
                let $any = mask.0;
                intrinsics!($any_value)
            }
            #[inline(always)]
            fn select(mask: Self::Mask, a: Self, b: Self) -> Self {
                let ($choice, $yes, $no) = (mask.0, a.0, b.0);
                $name(intrinsics!($selected))
            }
            #[inline(always)]
            fn keep(self, mask: Self::Mask) -> Self {
                let ($kept, $where) = (self.0, mask.0);
                $name(intrinsics!($keep_value))
            }
            #[inline(always)]
            fn by_a_call(self, work: LanesInMemory<$elem>) -> [Self; 3] {
                let mut lanes = [0.0; $lanes];
                self.store(&mut lanes);
                let (mut a, mut b, mut c) = (lanes, lanes, lanes);
                work($token::LEVEL, &lanes, [&mut a, &mut b, &mut c]);
                // SAFETY: the arrays hold a register full of numbers, and `self` proves the instruction set.
                unsafe { [$name($load(a.as_ptr())), $name($load(b.as_ptr())), $name($load(c.as_ptr()))] }
            }
            $($($composed)+)?
        }

        impl Rows for $name {
            const LANES: usize = $lanes;

            #[inline(always)]
            fn load(_: $token, from: &[$elem]) -> Self {
                let from = &from[..$lanes];
                // SAFETY: the slice holds a register full of numbers, alignment is not asked for, and the token proves
                // the instruction set.
                $name(unsafe { $load(from.as_ptr()) })
            }
            #[inline(always)]
            fn store(self, to: &mut [$elem]) {
                let to = &mut to[..$lanes];
                // SAFETY: the slice has room for a register full of numbers, alignment is not asked for, and `self`
                // proves the instruction set.
                unsafe { $store(to.as_mut_ptr(), self.0) }
            }
            #[inline(always)]
            fn exchange<const BY: usize>(self, b: Self) -> (Self, Self) {
                match BY {
                    $($side => {
                        let ($upper, $lower) = (self.0, b.0);
                        ($name(intrinsics!($first)), $name(intrinsics!($second)))
                    })+
                    _ => panic!("no blocks of {BY} lanes in a vector of {}", $lanes),
                }
            }
        }
    };
}

pub(super) use {intrinsics, x86_vector};
