//! What formulas mean: precedence, associativity, postfix forms, literals.

use super::{around, block, shape, shape_of, text};

#[test]
fn precedence_and_associativity() {
    for (formula, expected) in [
        // Powers bind most tightly, to the right, and more tightly than a minus on their left.
        ("-a^2", "(neg (^ a 2))"),
        ("-a**2", "(neg (^ a 2))"),
        ("a^b^c", "(^ a (^ b c))"),
        ("a**b**c", "(^ a (^ b c))"),
        ("2^-1", "(^ 2 (neg 1))"),
        ("a^-b", "(^ a (neg b))"),
        ("a ** -b", "(^ a (neg b))"),
        ("a**-b", "(^ a (neg b))"),
        ("a^-b^c", "(^ a (neg (^ b c)))"),
        ("a^--b", "(^ a (neg (neg b)))"),
        ("-a^-b", "(neg (^ a (neg b)))"),
        ("(-a)^2", "(^ (neg a) 2)"),
        ("a*b^c", "(prod *a *(^ b c))"),
        ("a^b*c", "(prod *(^ a b) *c)"),
        ("a^b.sum()", "(^ a (b.sum))"),
        ("a.sum()^b", "(^ (a.sum) b)"),
        ("a^b[0]", "(^ a b[0])"),
        ("-SqDist(x, y) / s^2", "(prod *(neg (SqDist x y)) /(^ s 2))"),
        ("a * x^2 + b", "(sum +(prod *a *(^ x 2)) +b)"),
        // Signs.
        ("-a*b", "(prod *(neg a) *b)"),
        ("a*-b", "(prod *a *(neg b))"),
        ("a--b", "(sum +a -(neg b))"),
        ("--a", "(neg (neg a))"),
        ("-a.exp()", "(neg (a.exp))"),
        ("-a[0]", "(neg a[0])"),
        ("-a|b", "(| (neg a) b)"),
        // Products and sums are one node each.
        ("a*b/c*d", "(prod *a *b /c *d)"),
        ("a-b+c-d", "(sum +a -b +c -d)"),
        ("a+b*c-d/e", "(sum +a +(prod *b *c) -(prod *d /e))"),
        ("a*b+c*d", "(sum +(prod *a *b) +(prod *c *d))"),
        ("(a+b)+c", "(sum +(sum +a +b) +c)"),
        ("a+(b+c)", "(sum +a +(sum +b +c))"),
        ("(a*b)*c", "(prod *(prod *a *b) *c)"),
        ("a/(b/c)", "(prod *a /(prod *b /c))"),
        // The dot product is looser than sums, comparisons looser than it.
        ("a|b+c", "(| a (sum +b +c))"),
        ("a+b|c", "(| (sum +a +b) c)"),
        ("a|b*c", "(| a (prod *b *c))"),
        ("a|b|c", "(| (| a b) c)"),
        ("a|(b|c)", "(| a (| b c))"),
        ("a|b<c", "(< (| a b) c)"),
        ("a<b|c", "(< a (| b c))"),
        ("a<-b", "(< a (neg b))"),
        ("a<=b+c", "(<= a (sum +b +c))"),
        ("a>b", "(> a b)"),
        ("a>=b", "(>= a b)"),
        ("a==b", "(== a b)"),
        ("a!=b", "(!= a b)"),
        ("(a<b)*(b<c)", "(prod *(< a b) *(< b c))"),
        ("(a<b)<c", "(< (< a b) c)"),
        ("a<b*c+d|e^f", "(< a (| (sum +(prod *b *c) +d) (^ e f)))"),
        ("e^f|d+b*c<a", "(< (| (^ e f) (sum +d +(prod *b *c))) a)"),
    ] {
        assert_eq!(shape_of(formula), expected, "{formula}");
    }
}

#[test]
fn calls_methods_and_lists() {
    for (formula, expected) in [
        ("Exp(a)", "(Exp a)"),
        ("Zero()", "(Zero)"),
        ("SqDist(a, b,)", "(SqDist a b)"),
        ("a.sum()", "(a.sum)"),
        ("a.sum(-1)", "(a.sum (neg 1))"),
        ("a.sum(dim=2)", "(a.sum dim=2)"),
        ("a.sum(dim=-1)", "(a.sum dim=(neg 1))"),
        ("a.argKmin(10, axis=1)", "(a.argKmin 10 axis=1)"),
        ("f(a == b)", "(f (== a b))"),
        ("f(n=a==b)", "(f n=(== a b))"),
        ("a.sumsoftmaxweight(g, axis=1,)", "(a.sumsoftmaxweight g axis=1)"),
        ("a.abs().sqrt().sum()", "(((a.abs).sqrt).sum)"),
        ("(a|b).abs()", "((| a b).abs)"),
        ("mod(a, 2)", "(mod a 2)"),
        ("a.mod(2)", "(a.mod 2)"),
        ("a.where(b)", "(a.where b)"),
        ("TensorDot(a, b, [2,3], [3,2,], [1], [])", "(TensorDot a b (list 2 3) (list 3 2) (list 1) (list))"),
        ("(a, b)", "(tuple a b)"),
        ("(a, b,)", "(tuple a b)"),
        ("(a,)", "a"),
        ("((a))", "a"),
        ("Grad(Exp(a), x, 1)", "(Grad (Exp a) x 1)"),
        ("Sum_Reduction(f(a), 0)", "(Sum_Reduction (f a) 0)"),
        ("2.sum()", "(2.sum)"),
        ("2.5.sum()", "(5/2.sum)"),
        ("λ * B", "(prod *λ *B)"),
        ("r#fn + a", "(sum +r#fn +a)"),
    ] {
        assert_eq!(shape_of(formula), expected, "{formula}");
    }
}

#[test]
fn coordinates_and_slices() {
    for (formula, expected) in [
        ("a[0]", "a[0]"),
        ("a[1_0]", "a[10]"),
        ("a[0..2]", "a[0..2]"),
        ("a[0:2]", "a[0..2]"),
        ("a[..2]", "a[..2]"),
        ("a[:2]", "a[..2]"),
        ("a[1..]", "a[1..]"),
        ("a[1:]", "a[1..]"),
        ("a[..]", "a[..]"),
        ("a[:]", "a[..]"),
        ("a[0 .. 2][1]", "a[0..2][1]"),
        ("f(a)[2:].sum()", "((f a)[2..].sum)"),
        ("(a + b)[0]", "(sum +a +b)[0]"),
    ] {
        assert_eq!(shape_of(formula), expected, "{formula}");
    }
}

#[test]
fn literals_are_exact() {
    for (formula, expected) in [
        ("0", "0"),
        ("1_000", "1000"),
        ("0.1", "1/10"),
        ("1.", "1"),
        ("2.5e-3", "1/400"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1/2", "(prod *1 /2)"),
        ("x*2.", "(prod *x *2)"),
    ] {
        assert_eq!(shape_of(formula), expected, "{formula}");
    }
}

#[test]
fn bindings_come_in_order_and_may_shadow() {
    let source = around("let d = x_i - y_j; let d = d | d; let unused = 1; Exp(-d)");
    let block = block(&source);
    let body = block.functions[0].body.as_ref().unwrap();
    let lets: Vec<String> = body.lets.iter().map(|l| format!("{} = {}", l.name, shape(&l.value))).collect();
    assert_eq!(lets, ["d = (sum +x_i -y_j)", "d = (| d d)", "unused = 1"]);
    assert_eq!(shape(&body.result), "(Exp (neg d))");
}

#[test]
fn places_reach_from_the_first_to_the_last_token() {
    for (formula, left) in [
        ("-SqDist(x, y) / s^2 | b", "-SqDist(x, y) / s^2"),
        ("(a + b) | c", "(a + b)"),
        ("x[0..2].sum(dim=1) | c", "x[0..2].sum(dim=1)"),
        ("-a ** b | c", "-a ** b"),
        ("[1, 2] | c", "[1, 2]"),
    ] {
        let source = around(formula);
        let block = block(&source);
        let body = block.functions[0].body.as_ref().unwrap();
        let crate::ast::ExprKind::Dot(a, _) = &body.result.kind else { panic!("{formula}") };
        assert_eq!(text(a.place, &source), left);
        assert_eq!(text(body.result.place, &source), formula);
    }
}
