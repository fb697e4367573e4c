//! UID sets: `1:5,8` (RFC 9051, `sequence-set`).

/// Writes ascending or unordered UIDs as a set.
pub fn write(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut out = String::new();
    let mut rest = sorted.iter().copied().peekable();
    while let Some(first) = rest.next() {
        let mut last = first;
        while let Some(next) = rest.next_if(|next| Some(*next) == last.checked_add(1)) {
            last = next;
        }
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(&first.to_string());
        if last > first {
            out.push(':');
            out.push_str(&last.to_string());
        }
    }
    out
}

/// Reads a set as ranges; what is no number is left out.
pub fn ranges(set: &str) -> Vec<(u32, u32)> {
    set.split(',')
        .filter_map(|part| {
            let (a, b) = part.split_once(':').unwrap_or((part, part));
            let (a, b) = (a.trim().parse().ok()?, b.trim().parse().ok()?);
            Some(if a <= b { (a, b) } else { (b, a) })
        })
        .collect()
}

/// Reads a set as UIDs in the order written (COPYUID pairs them by place), at most `limit` of them.
pub fn read(set: &str, limit: usize) -> Vec<u32> {
    let mut uids = Vec::new();
    for part in set.split(',') {
        let (a, b) = part.split_once(':').unwrap_or((part, part));
        let (Ok(a), Ok(b)) = (a.trim().parse::<u32>(), b.trim().parse::<u32>()) else {
            continue;
        };
        let room = limit.saturating_sub(uids.len());
        if a <= b {
            uids.extend((a..=b).take(room));
        } else {
            uids.extend((b..=a).rev().take(room));
        }
    }
    uids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_become_ranges_and_come_back() {
        assert_eq!(write(&[5, 1, 2, 3, 9, 9, 10]), "1:3,5,9:10");
        assert_eq!(write(&[]), "");
        assert_eq!(read("1:3,5,9:10", 100), [1, 2, 3, 5, 9, 10]);
        assert_eq!(read("4294967290:4294967295", 3).len(), 3, "a hostile range stays small");
        assert_eq!(ranges("7:5,x,3"), [(5, 7), (3, 3)]);
    }
}
