//! What a member was given, in a line that they understand.

use guerdon_domain::{entry::Granted, money::Money, programme::Programme};

use crate::{Words, clean, describe::TEXT_MAX};

impl Words {
    /// What a member was given, in a line, with the last day on which it is good. Its code is for the caller to show.
    pub fn grant(&self, granted: &Granted, programme: &Programme) -> String {
        match granted {
            Granted::Voucher { voucher, sku, amount, expires, .. } => {
                let grant = self.voucher(voucher, sku.as_deref(), *amount);
                let Some(expires) = expires else { return grant };
                let until = self.ending(*expires, &programme.time_zone);
                self.text_with("grant-until", &[("grant", grant.into()), ("date", until.into())])
            }
            Granted::Credit { amount } => {
                self.text_with("grant-credit", &[("money", self.money(*amount).into())])
            }
            Granted::Points { points } => {
                self.text_with("grant-points", &[("points", self.points(*points).into())])
            }
            Granted::Badge { name, .. } => {
                self.text_with("grant-badge", &[("badge", clean(name, TEXT_MAX).into())])
            }
            Granted::Mystery { reveal_at: None, .. } => self.text("grant-mystery"),
            Granted::Mystery { reveal_at: Some(at), .. } => {
                let date = self.beginning(*at, &programme.time_zone);
                self.text_with("grant-mystery-on", &[("date", date.into())])
            }
        }
    }

    fn voucher(&self, kind: &str, sku: Option<&str>, amount: Option<Money>) -> String {
        match (kind, sku, amount) {
            (_, _, Some(amount)) => {
                self.text_with("grant-voucher-amount", &[("money", self.money(amount).into())])
            }
            (_, Some(sku), None) => {
                let product = clean(sku, TEXT_MAX);
                self.text_with("grant-voucher-product", &[("product", product.into())])
            }
            ("product", None, None) => self.text("grant-voucher-product-unnamed"),
            ("percent", None, None) => self.text("grant-voucher-percent"),
            (_, None, None) => self.text("grant-voucher"),
        }
    }
}

#[cfg(test)]
mod tests {
    use guerdon_domain::draw::hash::Hash;

    use super::*;
    use crate::{
        Language,
        samples::{at, money, programme, seen, words},
    };

    #[test]
    fn what_was_given_is_said_with_its_last_day() {
        let voucher = |kind: &str, sku: Option<&str>, amount: Option<&str>| Granted::Voucher {
            voucher: kind.to_owned(),
            code: "ABCD-1234".to_owned(),
            sku: sku.map(str::to_owned),
            amount: amount.map(money),
            expires: None,
        };
        let until = Granted::Voucher {
            voucher: "product".to_owned(),
            code: "ABCD-1234".to_owned(),
            sku: Some("LATTE".to_owned()),
            amount: None,
            expires: Some(at("2026-10-31T23:00:00Z")),
        };
        let badge = Granted::Badge {
            badge: "early-bird".to_owned(),
            name: "Early\u{202e} bird".to_owned(),
        };
        let mystery = |reveal_at| Granted::Mystery { reveal_at, commitment: Hash([0; 32]) };
        let programme = programme();
        for (granted, line) in [
            (until, "Voucher for LATTE, good until 31 October 2026"),
            (voucher("product", None, None), "Voucher for a product"),
            (voucher("amount", None, Some("5.00 EUR")), "Voucher worth €5.00"),
            (voucher("percent", None, None), "Discount voucher"),
            (voucher("other", None, None), "Voucher"),
            (Granted::Credit { amount: money("5.00 EUR") }, "€5.00 store credit"),
            (Granted::Points { points: 60 }, "60 beans"),
            (badge, "Early bird"),
            (mystery(None), "A surprise, yours to open"),
            (mystery(Some(at("2026-10-31T23:00:00Z"))), "A surprise, opening on 1 November 2026"),
        ] {
            assert_eq!(words(Language::En).grant(&granted, &programme), line);
            for language in Language::ALL {
                let text = seen(&words(language).grant(&granted, &programme));
                assert!(!text.is_empty() && !text.starts_with("grant-"), "{language}: {text}");
            }
        }
    }
}
