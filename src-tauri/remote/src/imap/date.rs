//! IMAP's dates: INTERNALDATE and the day of SEARCH (RFC 9051, `date-time` and `date`).

use model::Timestamp;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Reads ` 7-Feb-1994 21:52:25 -0800`.
pub fn parse(text: &str) -> Option<Timestamp> {
    let mut words = text.split_whitespace();
    let (date, time, zone) = (words.next()?, words.next()?, words.next().unwrap_or("+0000"));
    let mut date = date.split('-');
    let (day, month, year) = (date.next()?, date.next()?, date.next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? as i8 + 1;
    let mut time = time.split(':');
    let mut part = || time.next()?.parse::<i8>().ok();
    let (hour, minute, second) = (part()?, part()?, part()?.min(59));
    let (digits, sign) = match zone.strip_prefix('-') {
        Some(digits) => (digits, -1),
        None => (zone.strip_prefix('+').unwrap_or(zone), 1),
    };
    let digits: i64 = digits.parse().ok()?;
    let offset_seconds = sign * (digits / 100 * 3600 + digits % 100 * 60);
    let civil =
        jiff::civil::DateTime::new(year.parse().ok()?, month, day.parse().ok()?, hour, minute, second, 0).ok()?;
    let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp(utc.as_millisecond() - offset_seconds * 1000))
}

fn civil(at: Timestamp) -> jiff::civil::DateTime {
    jiff::Timestamp::from_millisecond(at.0)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned(jiff::tz::TimeZone::UTC)
        .datetime()
}

fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("Jan")
}

/// Writes a date and time for APPEND, in UTC.
pub fn date_time(at: Timestamp) -> String {
    let t = civil(at);
    let (year, month) = (t.year().max(1970), month_name(t.month()));
    format!("{:02}-{month}-{year:04} {:02}:{:02}:{:02} +0000", t.day(), t.hour(), t.minute(), t.second())
}

/// Writes the day before, for SEARCH SINCE, which ignores zones.
pub fn day_before(at: Timestamp) -> String {
    let t = civil(at.plus_seconds(-86_400));
    format!("{}-{}-{:04}", t.day(), month_name(t.month()), t.year().max(1970))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_date_survives_both_ways() {
        let at = parse(" 7-Feb-1994 21:52:25 -0800").unwrap();
        assert_eq!(at.to_rfc3339(), "1994-02-08T05:52:25Z");
        assert_eq!(date_time(at), "08-Feb-1994 05:52:25 +0000");
        assert_eq!(parse(&date_time(at)), Some(at));
        assert_eq!(day_before(at), "7-Feb-1994");
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in
            ["", "x", "99-Foo-2020 1:2:3 +0000", "1-Jan-2020", "31-Feb-2020 10:00:00 +0000", "1-Jan-2020 10:00:00 +x"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
