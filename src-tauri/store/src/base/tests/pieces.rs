//! Files are read in pieces, as they are kept: plain or compressed.

use super::*;

#[test]
fn a_piece_of_a_file_is_the_same_bytes_whether_it_is_kept_compressed_or_not() {
    let f = fixture();
    let soft: Vec<u8> = (0..300_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
    let hard: Vec<u8> = (0..9_000_u32).flat_map(|n| *::blake3::hash(&n.to_le_bytes()).as_bytes()).collect();
    for bytes in [soft, hard, b"x".to_vec(), Vec::new()] {
        let hash = f.base.add_file(&bytes).unwrap();
        let size = bytes.len() as u64;
        assert_eq!(f.base.file_bytes(&hash).unwrap(), size);
        for (from, most) in [
            (0, 1),
            (0, 64),
            (7, 100),
            (size / 2, 70_000),
            (size.saturating_sub(3), 9),
            (size, 5),
            (size + 9, 1),
            (0, size),
        ] {
            let expected: Vec<u8> = bytes.iter().copied().skip(from as usize).take(most as usize).collect();
            assert_eq!(f.base.file_piece(&hash, from, most).unwrap(), expected, "{size} {from} {most}");
        }
    }
    for strange in ["", "../x", &"00".repeat(32)] {
        assert_eq!(f.base.file_piece(strange, 0, 1).unwrap_err().code, model::ErrorCode::NotFound);
    }
}
