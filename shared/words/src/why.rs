//! Why a rule gave what it gave, or nothing.

use guerdon_domain::{
    calendar::Per,
    entry::{Because, Reason, Tickets},
    id::RuleId,
    money::Money,
    programme::{Award, EarnRule, Programme},
};

use crate::{
    Words,
    describe::{game_name, raffle_name, tier_name},
};

impl Words {
    /// Why an entry came out as it did: [`Words::why`] of each of its reasons that has words, in their order.
    ///
    /// If the entry `changed` what the member has, rules that were not for this are left out: beside what other rules gave,
    /// nobody asks.
    pub fn whys(&self, reasons: &[Reason], changed: bool, programme: &Programme) -> Vec<String> {
        let told = reasons.iter().filter(|reason| !changed || !is_silent(reason));
        told.filter_map(|reason| self.why(reason, programme)).collect()
    }

    /// Why a rule gave what it gave, or nothing: "1 bean for each €1.00 of €812.40".
    ///
    /// `None` for what stands in no member's ledger: an order of a guest, a test, news that wait for their order, and events
    /// that no rule is for. Amounts are left out where the programme accepts several currencies, since a reason does not say
    /// which it is in.
    pub fn why(&self, reason: &Reason, programme: &Programme) -> Option<String> {
        let text = match &reason.because {
            Because::Net(net) => self.net(&reason.rule, *net, programme),
            Because::Fixed if reason.points == 0 => self.text("why-fixed-order"),
            Because::Fixed => {
                self.text_with("why-fixed", &[("points", self.points(reason.points).into())])
            }
            Because::Multiple(base) => self.multiple(&reason.rule, *base, programme),
            Because::Capped { cap, per, .. } => self.capped(&reason.rule, *cap, *per, programme),
            Because::NoEligibleLine => self.text("why-no-eligible-line"),
            Because::TooSmall(net) => match self.amount(*net, programme) {
                Some(net) => self.text_with("why-too-small", &[("net", net.into())]),
                None => self.text("why-too-small-order"),
            },
            Because::Window => self.text("why-window"),
            Because::Tier { needed } => {
                self.text_with("why-tier", &[("tier", tier_name(programme, needed).into())])
            }
            Because::When => self.text("why-when"),
            Because::Tickets(tickets) => self.tickets(tickets, programme),
            Because::EntriesClosed => self.text("why-entries-closed"),
            Because::Currency => self.text("why-currency"),
            Because::NotPaid => self.text("why-not-paid"),
            Because::RefundCurrency { currency, .. } => {
                self.text_with("why-refund-currency", &[("currency", currency.code().into())])
            }
            Because::NoSuchLine(_) => self.text("why-no-such-line"),
            Because::Forgiven => self.text("why-forgiven"),
            Because::MadeUp => self.text("why-made-up"),
            Because::Guest | Because::AwaitsOrder | Because::NoRule | Because::Test => return None,
        };
        Some(text)
    }

    fn net(&self, rule: &RuleId, net: i64, programme: &Programme) -> String {
        let net = self.amount(net, programme);
        let award = rule_of(programme, rule).map(|rule| (&rule.award, &rule.tickets));
        let Some((Award::PerUnit { give, per_minor, .. }, None)) = award else {
            return match net {
                Some(net) => self.text_with("why-net-amount", &[("net", net.into())]),
                None => self.text("why-net-order"),
            };
        };
        let per = Money { minor: *per_minor, currency: programme.currency };
        let (points, money) = (self.points(*give), self.money(per));
        match net {
            Some(net) => {
                let args =
                    [("points", points.into()), ("money", money.into()), ("net", net.into())];
                self.text_with("why-net", &args)
            }
            None => self
                .text_with("why-net-rate", &[("points", points.into()), ("money", money.into())]),
        }
    }

    fn multiple(&self, rule: &RuleId, base: i64, programme: &Programme) -> String {
        let factor = match rule_of(programme, rule).map(|rule| &rule.award) {
            Some(Award::Multiply(ratio)) => self.factor(ratio.numerator, ratio.denominator),
            _ => None,
        };
        let Some(factor) = factor else { return self.text("why-multiple-order") };
        let points = self.points(base);
        self.text_with("why-multiple", &[("factor", factor.into()), ("points", points.into())])
    }

    fn capped(&self, rule: &RuleId, cap: i64, per: Per, programme: &Programme) -> String {
        let of = rule_of(programme, rule).and_then(|rule| rule.tickets.as_ref());
        let most = match of.map(|of| programme.raffle(of.as_str()).is_some()) {
            None => self.points(cap),
            Some(true) => self.text_with("count-entries", &[("count", cap.into())]),
            Some(false) => self.text_with("count-plays", &[("count", cap.into())]),
        };
        let key = match per {
            Per::Day => "why-capped-day",
            Per::Month => "why-capped-month",
            Per::Year => "why-capped-year",
            Per::Ever => "why-capped-ever",
        };
        self.text_with(key, &[("most", most.into())])
    }

    fn tickets(&self, tickets: &Tickets, programme: &Programme) -> String {
        let id = tickets.of.as_str();
        let (key, of) = match programme.raffle(id) {
            Some(_) => ("why-tickets-raffle", raffle_name(programme, id)),
            None => ("why-tickets-game", game_name(programme, id)),
        };
        let text = self.text_with(key, &[("count", tickets.tickets.into()), ("of", of.into())]);
        match tickets.net.and_then(|net| self.amount(net, programme)) {
            Some(net) => {
                let args = [("tickets", text.into()), ("net", net.into())];
                self.text_with("why-tickets-for", &args)
            }
            None => text,
        }
    }

    /// An amount of an order, if it is certain which currency it is in.
    fn amount(&self, minor: i64, programme: &Programme) -> Option<String> {
        let certain = programme.accepts.is_empty();
        certain.then(|| self.money(Money { minor, currency: programme.currency }))
    }
}

/// Whether a reason only says that a rule was not for this.
fn is_silent(reason: &Reason) -> bool {
    let not_for_this = matches!(
        reason.because,
        Because::When | Because::Window | Because::Tier { .. } | Because::NoEligibleLine
    );
    reason.points == 0 && not_for_this
}

fn rule_of<'a>(programme: &'a Programme, id: &RuleId) -> Option<&'a EarnRule> {
    programme.earn.iter().find(|rule| rule.id == *id)
}

#[cfg(test)]
mod tests {
    use guerdon_domain::entry::NoSuchLine;

    use super::*;
    use crate::{
        Language,
        samples::{currency, programme, seen, words},
    };

    fn reason(rule: &str, points: i64, because: Because) -> Reason {
        Reason { rule: RuleId::new(rule).unwrap(), points, because }
    }

    fn tickets(of: &str, tickets: i64, net: Option<i64>) -> Because {
        Because::Tickets(Box::new(Tickets { of: of.into(), tickets, net }))
    }

    #[test]
    fn every_reason_has_words_in_every_language() {
        let programme = programme();
        let no_line = NoSuchLine { refund: "r1".to_owned(), line: "l9".to_owned() };
        let refund = Because::RefundCurrency { refund: "r1".into(), currency: currency("USD") };
        let capped = |per| Because::Capped { cap: 500, per, wanted: 620 };
        for (reason, text) in [
            (reason("spend", 812, Because::Net(81_240)), "1 bean for each €1.00 of €812.40"),
            (reason("gone", 812, Because::Net(81_240)), "For €812.40 of your order"),
            (reason("welcome", 50, Because::Fixed), "50 beans for this"),
            (reason("welcome", 0, Because::Fixed), "A fixed bonus"),
            (reason("tuesday", 40, Because::Multiple(40)), "2 times the 40 beans of your order"),
            (reason("gone", 40, Because::Multiple(40)), "A bonus on top of your order"),
            (reason("tuesday", 20, capped(Per::Day)), "At most 500 beans a day"),
            (reason("tuesday", 20, capped(Per::Month)), "At most 500 beans a month"),
            (reason("tuesday", 20, capped(Per::Year)), "At most 500 beans a year"),
            (reason("tuesday", 20, capped(Per::Ever)), "At most 500 beans in all"),
            (reason("spend", 0, Because::NoEligibleLine), "Nothing in the order earns beans"),
            (reason("spend", 0, Because::TooSmall(40)), "€0.40 is too little to earn"),
            (reason("spend", 0, Because::Window), "Not on at the time"),
            (reason("spend", 0, Because::Tier { needed: "gold".into() }), "For members of Gold"),
            (reason("spend", 0, Because::When), "Its conditions are not met"),
            (
                reason("spend", 0, tickets("machine", 3, Some(3_000))),
                "3 entries in The espresso machine for €30.00",
            ),
            (reason("spend", 0, tickets("lucky-cup", 1, None)), "1 play of The lucky cup"),
            (reason("spend", 0, Because::EntriesClosed), "It has closed: nothing changes there"),
            (reason("order", 0, Because::Currency), "Orders in this currency do not earn"),
            (reason("order", 0, Because::NotPaid), "The order is not paid"),
            (
                reason("order", 0, refund),
                "Part of the refund is in USD: its items count, its amounts do not",
            ),
            (
                reason("order", 0, Because::NoSuchLine(Box::new(no_line))),
                "Part of the refund could not be matched: nothing is taken for it",
            ),
            (
                reason("clawback", 5, Because::Forgiven),
                "You had used them already, so you keep them",
            ),
            (reason("clawback", 5, Because::MadeUp), "Makes up for what you kept earlier"),
        ] {
            assert_eq!(words(Language::En).why(&reason, &programme).as_deref(), Some(text));
            for language in Language::ALL {
                let own = seen(&words(language).why(&reason, &programme).unwrap());
                assert!(!own.is_empty() && !own.starts_with("why-"), "{language}: {own}");
                assert!(language == Language::En || own != text, "{language}: {own}");
            }
        }
    }

    #[test]
    fn what_no_member_meets_is_not_said() {
        for because in [Because::Guest, Because::AwaitsOrder, Because::NoRule, Because::Test] {
            let reason = reason("order", 0, because);
            assert_eq!(words(Language::En).why(&reason, &programme()), None);
        }
    }

    #[test]
    fn beside_what_was_given_a_rule_that_was_not_for_it_is_not_told() {
        let not_for_it = [
            Because::When,
            Because::Window,
            Because::Tier { needed: "gold".into() },
            Because::NoEligibleLine,
        ];
        let mut reasons = Vec::from(not_for_it.map(|because| reason("spend", 0, because)));
        reasons.push(reason("spend", 0, Because::TooSmall(40)));
        reasons.push(reason("order", 0, Because::NoRule));
        reasons.push(reason("welcome", 50, Because::Fixed));
        let whys = |changed| words(Language::En).whys(&reasons, changed, &programme());
        assert_eq!(whys(true), ["€0.40 is too little to earn", "50 beans for this"]);
        assert_eq!(
            whys(false),
            [
                "Its conditions are not met",
                "Not on at the time",
                "For members of Gold",
                "Nothing in the order earns beans",
                "€0.40 is too little to earn",
                "50 beans for this",
            ]
        );
    }

    #[test]
    fn an_amount_whose_currency_is_not_certain_is_left_out() {
        let mut programme = programme();
        programme.accepts = vec![(currency("USD"), guerdon_domain::money::Ratio::ONE)];
        let why = |because| words(Language::En).why(&reason("spend", 8, because), &programme);
        assert_eq!(why(Because::Net(812)).as_deref(), Some("1 bean for each €1.00"));
        assert_eq!(why(Because::TooSmall(40)).as_deref(), Some("The amount is too small to earn"));
    }
}
