//! Colours, and whether one can be read on another: WCAG 2.2's contrast ratio, in integers.

mod linear;

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

use crate::programme::colour::linear::LINEAR;

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colour {
    /// Red, green, blue.
    channels: [u8; 3],
}

/// The text is not a colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a colour such as \"#1a5fb4\"")]
pub struct NotAColour;

/// How well one colour can be told from another: 1:1 for the same, 21:1 for black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contrast {
    lighter: u64,
    darker: u64,
}

/// What text must have: 4.5:1, in tenths (WCAG 2.2, 1.4.3).
pub const TEXT: u64 = 45;
/// What large text and controls must have: 3:1, in tenths (WCAG 2.2, 1.4.3 and 1.4.11).
pub const LARGE: u64 = 30;

/// 0.05 in the unit of luminance, 10^-13: the light that a screen reflects.
const FLARE: u64 = 500_000_000_000;

impl Colour {
    /// White.
    pub const WHITE: Self = Self::new(255, 255, 255);
    /// Black.
    pub const BLACK: Self = Self::new(0, 0, 0);

    /// A colour of so much red, green and blue.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { channels: [red, green, blue] }
    }

    /// Red, green and blue.
    pub const fn channels(self) -> [u8; 3] {
        self.channels
    }

    /// Relative luminance in units of 10^-13, with the flare.
    fn light(self) -> u64 {
        let weighed = self.channels.into_iter().zip([2_126_u64, 7_152, 722]);
        let light = weighed.map(|(channel, weight)| {
            let linear = LINEAR.get(usize::from(channel)).copied().unwrap_or(0);
            weight.saturating_mul(u64::from(linear))
        });
        light.fold(FLARE, u64::saturating_add)
    }

    /// How well it can be told from another.
    pub fn contrast(self, other: Self) -> Contrast {
        let (one, two) = (self.light(), other.light());
        Contrast { lighter: one.max(two), darker: one.min(two) }
    }

    /// Black or white, whichever can be told from it better: always enough for text.
    #[must_use]
    pub fn opposite(self) -> Self {
        let better =
            self.contrast(Self::BLACK).hundredths() > self.contrast(Self::WHITE).hundredths();
        if better { Self::BLACK } else { Self::WHITE }
    }

    /// Itself if it can be read on another, or the nearest darker or lighter colour that can: the first on the way to black and
    /// to white.
    #[must_use]
    pub fn readable_on(self, on: Self, tenths: u64) -> Self {
        let steps = (0..=u8::MAX)
            .flat_map(|step| [Self::BLACK, Self::WHITE].map(|end| self.towards(end, step)));
        let mut readable = steps.filter(|colour| colour.contrast(on).is_at_least(tenths));
        readable.next().unwrap_or_else(|| on.opposite())
    }

    /// So many 255ths of the way to another colour.
    fn towards(self, end: Self, step: u8) -> Self {
        let mut channels = self.channels;
        for (channel, end) in channels.iter_mut().zip(end.channels) {
            let rest = u16::from(u8::MAX.saturating_sub(step)).saturating_mul((*channel).into());
            let more = u16::from(step).saturating_mul(end.into());
            let sum = rest.saturating_add(more).div_euclid(u8::MAX.into());
            *channel = u8::try_from(sum).unwrap_or(u8::MAX);
        }
        Self { channels }
    }
}

impl Contrast {
    /// Whether it is at least so many tenths to one.
    pub fn is_at_least(self, tenths: u64) -> bool {
        self.lighter.saturating_mul(10) >= self.darker.saturating_mul(tenths)
    }

    /// The ratio in hundredths, rounded down: what is just too little does not look like enough.
    fn hundredths(self) -> u64 {
        self.lighter.saturating_mul(100).checked_div(self.darker).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Contrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.hundredths();
        write!(f, "{}.{:02}:1", hundredths.div_euclid(100), hundredths.rem_euclid(100))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", hex::encode(self.channels))
    }
}

impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let mut channels = [0; 3];
        let digits = text.strip_prefix('#').ok_or(NotAColour)?;
        hex::decode_to_slice(digits, &mut channels).map_err(|_| NotAColour)?;
        Ok(Self { channels })
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let cases = [
            ("#000000", "#ffffff", "21.00:1", true),
            ("#ffffff", "#ffffff", "1.00:1", false),
            // The best known pair: one step of grey on each side of the limit.
            ("#767676", "#ffffff", "4.54:1", true),
            ("#777777", "#ffffff", "4.47:1", false),
            ("#FF0000", "#ffffff", "3.99:1", false),
            ("#0000ff", "#ffffff", "8.59:1", true),
            ("#00ff00", "#ffffff", "1.37:1", false),
        ];
        for (one, other, ratio, enough) in cases {
            let contrast = colour(one).contrast(colour(other));
            assert_eq!(contrast.to_string(), ratio, "{one} on {other}");
            assert_eq!(contrast.is_at_least(TEXT), enough);
            assert_eq!(contrast, colour(other).contrast(colour(one)));
        }
    }

    #[test]
    fn what_is_not_six_digits_is_no_colour() {
        for text in ["", "#", "#abc", "1a5fb4", "#1a5fb", "#1a5fb44", "#1a5fbg", "red", "#１a5fb4"]
        {
            assert_eq!(text.parse::<Colour>(), Err(NotAColour), "{text}");
        }
        assert_eq!(colour("#1A5FB4").to_string(), "#1a5fb4");
    }

    fn any_colour() -> impl Strategy<Value = Colour> {
        any::<[u8; 3]>().prop_map(|channels| Colour { channels })
    }

    proptest! {
        #[test]
        fn black_or_white_can_always_be_read(on in any_colour()) {
            prop_assert!(on.opposite().contrast(on).is_at_least(TEXT));
        }

        #[test]
        fn the_nearest_can_be_read_and_what_can_be_is_itself(colour in any_colour(), on in any_colour()) {
            for tenths in [TEXT, LARGE] {
                let nearest = colour.readable_on(on, tenths);
                prop_assert!(nearest.contrast(on).is_at_least(tenths));
                prop_assert!(nearest == colour || !colour.contrast(on).is_at_least(tenths));
            }
        }

        #[test]
        fn a_colour_reads_as_it_is_written(colour in any_colour()) {
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
        }
    }
}
