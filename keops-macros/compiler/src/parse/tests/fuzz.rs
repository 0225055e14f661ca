//! Nonsense must be refused, never panic, and never take long.

use super::random::{Random, formula, soup};
use super::{around, read};
use proc_macro2::TokenStream;

#[test]
fn token_soup_does_not_panic() {
    let mut random = Random(2);
    let (mut sound, mut refused) = (0, 0);
    for case in 0..30_000 {
        let length = 1 + random.below(24);
        let text = soup(&mut random, length);
        let source = match case % 5 {
            0 => text,
            1 => around(&text),
            2 => format!("|x_i: Vi<3>, y_j: Vj<3>| {text}"),
            3 => format!("|{text}| x_i"),
            _ => format!("pub fn f({text}) -> Vi<1> {{ x_i }}"),
        };
        if source.parse::<TokenStream>().is_ok() {
            let (block, faults) = read(&source);
            if faults.is_empty() {
                sound += 1;
                assert!(block.functions.iter().all(|function| function.body.is_some()), "{source}");
                let printed = block.to_string();
                assert!(read(&printed).1.is_empty(), "{source}\nprinted as\n{printed}");
            } else {
                refused += 1;
            }
        }
    }
    assert!(refused > 22_000 && sound > 50, "{refused} refused, {sound} sound: the soup is too thin");
}

/// One token taken out of a sound formula, or put between two words of it, is one mistake at most.
#[test]
fn one_mistake_is_one_error() {
    const EXTRA: [&str; 17] =
        ["+", "*", "^", "|", "<", ";", ".", "%", "!", "=", "?", "@", "x_i", "2", "if", "..", "::"];
    let mut random = Random(3);
    for _ in 0..4_000 {
        let source = around(&formula(&mut random, 3));
        let body = source.find('{').unwrap() + 1..source.len() - 1;
        let words: Vec<&str> = source[body.clone()].split_inclusive([' ', '(', ')', ',', '[', ']']).collect();
        let at = random.below(words.len());
        let mut changed: Vec<&str> = words.clone();
        let extra = random.choose(&EXTRA);
        if random.below(2) == 0 && !words[at].contains(['(', ')', '[', ']']) {
            changed[at] = " ";
        } else if !words[at].starts_with(['(', '[', '.']) {
            changed.splice(at..at, [" ", extra, " "]);
        }
        let text = format!("{}{}{}", &source[..body.start], changed.concat(), &source[body.end..]);
        let (_, faults) = read(&text);
        assert!(faults.len() <= 1, "{text}\n{faults:#?}");
    }
}
