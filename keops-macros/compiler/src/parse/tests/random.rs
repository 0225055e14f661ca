//! Random formulas and random nonsense, the same at every run.

/// A stream of random numbers (SplitMix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of the items.
    pub(super) fn choose<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

/// A formula that is well formed, with `depth` levels at most and more parentheses than it needs.
pub(super) fn formula(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return random
            .choose(&[
                "x_i",
                "y_j",
                "s",
                "λ",
                "0",
                "1",
                "2.5",
                "0.1",
                "1e-3",
                "1.",
                "12345678901234567890",
                "1e300",
            ])
            .into();
    }
    let part = |random: &mut Random| formula(random, depth - 1);
    match random.below(16) {
        0 => format!("-{}", part(random)),
        1 => format!("({})", part(random)),
        2 => format!("{}^{}", operand(random, depth - 1), part(random)),
        3 => format!("{}**-{}", operand(random, depth - 1), operand(random, depth - 1)),
        4..=8 => {
            let count = 1 + random.below(4);
            let mut text = part(random);
            for _ in 0..count {
                text += random.choose(&[" + ", "-", " * ", "/", " | "]);
                text += &part(random);
            }
            text
        }
        9 => {
            let comparison = random.choose(&["<", "<=", ">", ">=", "==", "!="]);
            format!("({} {comparison} ({}))", operand(random, depth - 1), part(random))
        }
        10 => format!("Exp({})", part(random)),
        11 => format!("f({}, {}, axis={})", part(random), part(random), part(random)),
        12 => format!("({}, {})", part(random), part(random)),
        13 => format!("[{}, {}]", part(random), part(random)),
        _ => operand(random, depth),
    }
}

/// An operand with something behind it.
fn operand(random: &mut Random, depth: usize) -> String {
    let inner = if random.below(3) == 0 {
        "x_i".into()
    } else {
        format!("({})", formula(random, depth.saturating_sub(1)))
    };
    let behind =
        random.choose(&["", "", ".sum()", "[0]", "[1..3]", "[:2]", "[1:]", ".abs().sqrt()", ".g(y_j, n=1)"]);
    inner + behind
}

/// Tokens in any order, brackets balanced.
pub(super) fn soup(random: &mut Random, length: usize) -> String {
    const WORDS: [&str; 77] = [
        "x_i",
        "y_j",
        "s",
        "let",
        "let d =",
        "fn",
        "fn f",
        "pub",
        "->",
        "Vi",
        "Vj<3>",
        "Pm<1>",
        "Vi<3, usize>",
        "x_i: Vi<3>,",
        "#",
        "#[grad]",
        "#[grad(x_i)]",
        "+",
        "-",
        "*",
        "/",
        "^",
        "**",
        "|",
        "<",
        "<=",
        ">",
        "==",
        "!=",
        "&",
        "&&",
        "||",
        "!",
        "%",
        "=",
        "+=",
        "=>",
        ".",
        "..",
        "..=",
        "...",
        ",",
        ";",
        ":",
        "::",
        "?",
        "@",
        "$",
        "~",
        "'a",
        "'c'",
        "\"s\"",
        "0",
        "1",
        "2.5",
        "1e999",
        "3f32",
        "2x",
        "0x1f",
        ".sum()",
        ".sum",
        "Exp",
        "if",
        "match",
        "mod",
        "self",
        "mut",
        "as",
        "where",
        "true",
        "for",
        "for k in 0..2 { d += k; }",
        "in s",
        "let mut d = s;",
        "_",
        "r#fn",
        "axis=",
    ];
    let mut text = String::new();
    let mut open = Vec::new();
    for _ in 0..length {
        match random.below(10) {
            0 => {
                let (start, end) = [("(", ")"), ("[", "]"), ("{", "}")][random.below(3)];
                text += start;
                open.push(end);
            }
            1 => text += open.pop().unwrap_or(""),
            _ => {
                text += random.choose(&WORDS);
                text += random.choose(&["", " "]);
                // Without this, two words could run together into one that is no token.
                text += if text.ends_with(|c: char| c.is_alphanumeric() || c == '_') { " " } else { "" };
            }
        }
    }
    text.extend(open.into_iter().rev());
    text
}
