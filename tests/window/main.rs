//! window
fn main(){}
