use super::*;
use model::base::ColumnType;
use std::io::Cursor;

fn look(bytes: &[u8]) -> Inspection {
    inspect(Cursor::new(bytes), &Dialect::default(), &mut |_| true).unwrap()
}

fn all(bytes: &[u8], found: &Inspection) -> Vec<Vec<String>> {
    let mut rows = rows(Cursor::new(bytes), found).unwrap();
    let mut out = Vec::new();
    while rows.advance().unwrap() {
        let text = |at| match rows.value(at) {
            Given::Text(text) => text.to_owned(),
            Given::Json(value) => value.to_string(),
        };
        out.push((0..found.names.len()).map(text).collect());
    }
    out
}

#[test]
fn separator_header_and_types_are_found() {
    let file = "Name;Betrag;Fällig am\r\nMüller & Söhne;1.234,50;30.11.2026\r\n\"Groß; klein\";7,25;01.12.2026\r\n";
    let found = look(file.as_bytes());
    assert_eq!((found.delimiter, found.header, found.total), (b';', true, 2));
    assert_eq!(found.names, ["Name", "Betrag", "Fällig am"]);
    assert_eq!(
        found.guesses.iter().map(|g| g.kind).collect::<Vec<_>>(),
        [ColumnType::Text, ColumnType::Number, ColumnType::Date]
    );
    assert_eq!(all(file.as_bytes(), &found)[1], ["Groß; klein", "7,25", "01.12.2026"]);
}

#[test]
fn charsets_are_found_without_a_label() {
    let text = "Имя,Город\nОльга,Київ і Львів\nІван,Харьков большой город на востоке\n";
    for encoding in [encoding_rs::UTF_8, encoding_rs::WINDOWS_1251] {
        let (bytes, _, _) = encoding.encode(text);
        let found = look(&bytes);
        assert_eq!(found.names, ["Имя", "Город"], "{}", encoding.name());
        assert_eq!(all(&bytes, &found)[0], ["Ольга", "Київ і Львів"]);
    }
    for bom in [true, false] {
        let mut bytes: Vec<u8> = if bom { vec![0xff, 0xfe] } else { Vec::new() };
        bytes.extend("Name,City\nAnn,Oslo\nBob,Rome\n".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(look(&bytes).names, ["Name", "City"]);
    }
    assert_eq!(look("\u{feff}a b,c d\nx,y\n".as_bytes()).names, ["a b", "c d"]);
}

#[test]
fn a_file_without_a_header_gets_numbered_columns() {
    let found = look(b"1,ann@example.org\n2,bob@example.org\n");
    assert_eq!((found.header, found.total), (false, 2));
    assert_eq!(found.names, ["Column 1", "Column 2"]);
}

#[test]
fn names_are_made_fit_and_unique() {
    let found = look(b"a.b,{x},,A B\n1,2,3,4\n5,6,7,8\n");
    assert_eq!(found.names, ["a b", "x", "Column 3", "A B 2"]);
}

#[test]
fn rows_of_different_lengths_widen_the_table() {
    let found = look(b"a,b\n1,2,3\n4\n");
    assert_eq!(found.names, ["a", "b", "Column 3"]);
    assert_eq!(found.total, 2);
}

#[test]
fn the_type_comes_from_all_rows_and_not_from_the_first() {
    let mut file = String::from("n\n");
    for n in 0..5000 {
        file.push_str(&n.to_string());
        file.push('\n');
    }
    file.push_str("none\n");
    assert_eq!(look(file.as_bytes()).guesses[0].kind, ColumnType::Text);
}

#[test]
fn hostile_files_get_a_clear_error() {
    let fail = |bytes: &[u8]| inspect(Cursor::new(bytes), &Dialect::default(), &mut |_| true).unwrap_err().code;
    assert_eq!(fail(b""), ErrorCode::Invalid);
    assert_eq!(fail(&[0; 4096]), ErrorCode::Damaged);
    assert_eq!(fail("a,".repeat(600).as_bytes()), ErrorCode::TooLarge);
    let mut endless = b"a,b\n1,\"".to_vec();
    endless.resize(ROW_BYTES_MAX + (4 << 20), b'x');
    assert_eq!(fail(&endless), ErrorCode::TooLarge);
    let many = "1\n".repeat(10_000);
    let stopped = inspect(Cursor::new(many.as_bytes()), &Dialect::default(), &mut |_| false).unwrap_err();
    assert_eq!(stopped.code, ErrorCode::Cancelled);
}
