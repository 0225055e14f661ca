//! The order of the modules.

#[test]
fn placeholder_until_the_layering_test() {}
