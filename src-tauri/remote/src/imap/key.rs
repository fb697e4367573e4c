//! Keys of messages: `UIDVALIDITY:UID`. A key of a mailbox that was renumbered can thus never name
//! another message.

/// The key of a UID.
pub fn write(uidvalidity: u32, uid: u32) -> String {
    format!("{uidvalidity}:{uid}")
}

/// Both numbers of a key.
pub fn read(key: &str) -> Option<(u32, u32)> {
    let (uidvalidity, uid) = key.split_once(':')?;
    Some((uidvalidity.parse().ok()?, uid.parse().ok().filter(|uid| *uid > 0)?))
}

/// The UID of a key of this UIDVALIDITY.
pub fn uid(key: &str, uidvalidity: u32) -> Option<u32> {
    read(key).filter(|(epoch, _)| *epoch == uidvalidity).map(|(_, uid)| uid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_another_epoch_names_nothing() {
        assert_eq!(uid(&write(7, 9), 7), Some(9));
        assert_eq!(uid(&write(7, 9), 8), None);
        assert_eq!(read("9"), None);
        assert_eq!(read("7:0"), None);
    }
}
