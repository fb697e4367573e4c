//! Colours turned for a dark window: lightness is mirrored, hue and saturation stay.

use cssparser::color::parse_named_color;

/// Red, green, blue, each 0..=255.
pub(super) type Rgb = (u8, u8, u8);

/// The colour's counterpart in the dark: white becomes the dark paper, black the light ink.
pub(super) fn turned((red, green, blue): Rgb) -> Rgb {
    let (r, g, b) = (f32::from(red) / 255.0, f32::from(green) / 255.0, f32::from(blue) / 255.0);
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    let lightness = f32::midpoint(high, low);
    let chroma = high - low;
    let mirrored = 0.11 + (1.0 - lightness) * 0.79;
    // Moving all three by the same share of the room left keeps the hue.
    let room = |l: f32| 1.0 - (2.0 * l - 1.0).abs();
    let scale = if room(lightness) > 0.001 {
        (chroma / room(lightness)).min(1.0) * room(mirrored) / chroma.max(0.001)
    } else {
        0.0
    };
    let place = |value: f32| ((mirrored + (value - lightness) * scale).clamp(0.0, 1.0) * 255.0).round() as u8;
    (place(r), place(g), place(b))
}

pub(super) fn css((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A named colour.
pub(super) fn named(name: &str) -> Option<Rgb> {
    parse_named_color(name).ok()
}

/// `#rgb`, `#rrggbb`, and their forms with alpha, which is given back as written.
pub(super) fn hex(digits: &str) -> Option<(Rgb, String)> {
    if !digits.is_ascii() {
        return None;
    }
    let wide: String = match digits.len() {
        3 | 4 => digits.chars().flat_map(|c| [c, c]).collect(),
        6 | 8 => digits.to_owned(),
        _ => return None,
    };
    let byte = |at: usize| u8::from_str_radix(wide.get(at..at + 2)?, 16).ok();
    Some(((byte(0)?, byte(2)?, byte(4)?), wide.get(6..).unwrap_or_default().to_owned()))
}

/// A colour attribute as browsers read it: `#rrggbb`, `rrggbb` or a name.
pub(super) fn attribute(value: &str) -> Option<Rgb> {
    let value = value.trim();
    named(value).or_else(|| hex(value.trim_start_matches('#')).map(|(rgb, _)| rgb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_paper_becomes_dark_and_black_ink_light() {
        let dark = turned((255, 255, 255));
        assert!(dark.0 < 40 && dark == (dark.0, dark.0, dark.0), "{dark:?}");
        let light = turned((0, 0, 0));
        assert!(light.0 > 215, "{light:?}");
        let (r, g, b) = turned((20, 20, 120));
        assert!(b > r && r.abs_diff(g) < 3 && u32::from(b) > 120, "{r} {g} {b}");
    }
}
