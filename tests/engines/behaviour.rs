//! Each behaviour of the store, on every engine.

use guerdon_domain::{
    event::{Event, MemberEvent, SIGN_UP},
    id::HoldId,
    pay::{self, Capture, PlaceHold},
    rejection::{Rejection, RuleError, RuleFailure},
};
use guerdon_store::{
    EventAnswer, Ledger, Notice, OrderAnswer, PostError, Publication, PublishError, Waits,
};
use tokio::task::JoinSet;

use super::bench::{
    Bench, PROGRAMME, at, member, on_every_engine, order_id, paid, refund, request,
};

const NOW: &str = "2026-03-18T12:00:00Z";

#[tokio::test]
async fn a_request_is_posted_once_and_answered_alike() {
    on_every_engine(async |bench| {
        let first = bench.adjust(1, "k", 40, NOW).await.unwrap();
        let items = bench.items().await;
        let again = bench.adjust(1, "k", 40, "2027-03-18").await.unwrap();
        assert_eq!((first.replayed, again.replayed), (false, true));
        assert_eq!(first.entries, again.entries);
        assert!(matches!(bench.adjust(1, "k", 41, NOW).await, Err(PostError::KeyReused)));
        assert_eq!(bench.items().await, items, "neither writes");
        assert_eq!(bench.available(1).await, 40);
    })
    .await;
}

#[tokio::test]
async fn racing_requests_all_count() {
    on_every_engine(async |bench| {
        let mut racers = JoinSet::new();
        for number in 0..12 {
            let bench = bench.clone();
            racers.spawn(async move {
                bench.adjust(1, &format!("k-{}", number % 6), 5, NOW).await.unwrap().replayed
            });
        }
        let replayed = racers.join_all().await.into_iter().filter(|replayed| *replayed).count();
        assert_eq!(
            (replayed, bench.available(1).await),
            (6, 30),
            "twelve deliveries of six requests"
        );
    })
    .await;
}

#[tokio::test]
async fn an_order_posts_the_difference() {
    on_every_engine(async |bench| {
        let order = paid(1, 1, 10_000, "2026-01-05");
        assert!(matches!(bench.order(&order, NOW).await, OrderAnswer::Posted { .. }));
        let items = bench.items().await;
        assert_eq!(bench.order(&order, NOW).await, OrderAnswer::Unchanged);
        assert_eq!(bench.items().await, items);
        assert!(matches!(bench.order(&refund(1, 1, 5000), NOW).await, OrderAnswer::Posted { .. }));
        assert_eq!(bench.available(1).await, 50);
        let noted = bench.order(&refund(2, 2, 5000), NOW).await;
        assert!(
            matches!(noted, OrderAnswer::Noted { member: None, .. }),
            "a refund before its order: {noted:?}"
        );
        bench.order(&paid(2, 1, 10_000, "2026-01-06"), NOW).await;
        assert_eq!(bench.available(1).await, 100);
        assert_eq!(
            bench.ledger.order_state(&order_id(2)).await.unwrap().written,
            2,
            "a note and an entry"
        );
    })
    .await;
}

#[tokio::test]
async fn stock_and_codes_are_not_overdrawn() {
    on_every_engine(async |bench| {
        let codes: Vec<String> = ["A", "B", "C"].map(str::to_owned).into();
        assert_eq!(bench.ledger.import_codes("spring", &codes).await.unwrap(), 3);
        for customer in 0..8 {
            bench.adjust(customer, "gift", 100, NOW).await.unwrap();
        }
        let mut racers = JoinSet::new();
        for (customer, reward) in
            (0..8).flat_map(|customer| [(customer, "latte"), (customer, "coded")])
        {
            let bench = bench.clone();
            racers
                .spawn(async move { (reward, bench.redeem(customer, reward, reward, NOW).await) });
        }
        let mut winners = [0, 0];
        for (reward, answer) in racers.join_all().await {
            match answer {
                Ok(_) => winners[usize::from(reward == "coded")] += 1,
                Err(PostError::Refused(refusal)) => assert!(
                    matches!(
                        refusal.reason,
                        Rejection::OutOfStock { stock: 3 } | Rejection::NoCodeLeft { .. }
                    ),
                    "{refusal}"
                ),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(winners, [3, 3]);
        assert_eq!(bench.ledger.stock_taken("latte").await.unwrap(), 3);
        let codes: Vec<String> = ["A", "B", "C", "D"].map(str::to_owned).into();
        assert_eq!(
            bench.ledger.import_codes("spring", &codes).await.unwrap(),
            1,
            "what was given does not come back"
        );
        assert_eq!(bench.ledger.import_codes("spring", &codes).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn history_is_paged_without_gaps() {
    on_every_engine(async |bench| {
        for number in 0..25 {
            bench.adjust(1, &format!("k-{number}"), 1, NOW).await.unwrap();
        }
        for limit in [1, 7, 25, 100] {
            let mut sequences = Vec::new();
            let mut before = None;
            loop {
                let page = bench.ledger.history(&member(1), before, limit).await.unwrap();
                sequences.extend(page.entries.iter().map(|entry| entry.sequence));
                before = page.before;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(sequences, (1..=25).rev().collect::<Vec<u64>>(), "by {limit}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_due_is_found_and_settled() {
    on_every_engine(async |bench| {
        for customer in 0..6 {
            bench.order(&paid(customer, customer, 10_000, "2026-03-10"), NOW).await;
        }
        assert!(due(&bench, NOW).await.is_empty());
        let then = "2026-03-24";
        let found = due(&bench, then).await;
        assert_eq!(found.len(), 6);
        for member in &found {
            assert!(bench.ledger.settle(member, &bench.versions, at(then)).await.unwrap());
            assert!(!bench.ledger.settle(member, &bench.versions, at(then)).await.unwrap());
        }
        assert!(due(&bench, then).await.is_empty());
        assert_eq!(bench.available(3).await, 100);
        assert_eq!(due(&bench, "2027-04-01").await.len(), 6, "when they lapse");
    })
    .await;
}

async fn due(bench: &Bench, now: &str) -> Vec<guerdon_domain::id::MemberId> {
    let mut found = Vec::new();
    for shard in Ledger::due_shards() {
        found.extend(bench.ledger.due(shard, at(now), 100).await.unwrap());
    }
    found
}

#[tokio::test]
async fn versions_are_published_in_order() {
    on_every_engine(async |bench| {
        let ledger = &bench.ledger;
        let (today, tomorrow) = (at("2026-03-18"), at("2026-03-19"));
        let same = format!("# the same\n{PROGRAMME}");
        assert_eq!(
            ledger.publish(&same, tomorrow, today, Notice::Given).await.unwrap(),
            Publication::Same { version: 1 }
        );
        let next = PROGRAMME.replace("points = 50", "points = 60");
        let early = ledger.publish(&next, at("2026-01-01"), today, Notice::Given).await;
        assert!(matches!(early, Err(PublishError::TooEarly { .. })));
        let soon = today + jiff::SignedDuration::from_secs(59);
        let unannounced = ledger.publish(&next, soon, today, Notice::Given).await;
        assert!(
            matches!(unannounced, Err(PublishError::TooEarly { .. })),
            "a function that read the versions just now would not know it: {unannounced:?}"
        );
        let broken = PROGRAMME.replace("points = 50", "points = -1");
        assert!(matches!(
            ledger.publish(&broken, tomorrow, today, Notice::Given).await,
            Err(PublishError::Faults(_))
        ));

        let mut racers = JoinSet::new();
        for points in 61..65 {
            let (ledger, source) =
                (ledger.clone(), PROGRAMME.replace("points = 50", &format!("points = {points}")));
            racers.spawn(
                async move { ledger.publish(&source, tomorrow, today, Notice::Given).await },
            );
        }
        let published = racers.join_all().await;
        let mut numbers: Vec<u32> = published
            .iter()
            .filter_map(|answer| match answer {
                Ok(Publication::Published { version, .. }) => Some(*version),
                _ => None,
            })
            .collect();
        numbers.sort_unstable();
        let all: Vec<u32> =
            ledger.published().await.unwrap().iter().map(|each| each.published.version).collect();
        assert_eq!(all[1..], numbers, "each number is one racer's: {published:?}");
        let last = *all.last().unwrap();
        assert!(last >= 2);

        // A date too far ahead stands in nobody's way.
        for (points, effective) in [("70", "2099-01-01"), ("71", "2026-04-01")] {
            let source = PROGRAMME.replace("points = 50", &format!("points = {points}"));
            ledger.publish(&source, at(effective), today, Notice::Given).await.unwrap();
        }
        let versions = ledger.versions().await.unwrap();
        let in_force =
            ["2026-03-20", "2026-04-02", "2099-01-02"].map(|day| versions.at(at(day)).version);
        assert_eq!(in_force, [last, last + 2, last + 2]);
    })
    .await;
}

#[tokio::test]
async fn events_happen_once() {
    on_every_engine(async |bench| {
        let joined = MemberEvent {
            member: member(1),
            name: SIGN_UP.to_owned(),
            key: None,
            at: at("2026-01-05"),
        };
        for again in [false, true] {
            let answer = bench.ledger.event(&bench.versions, &joined, at(NOW)).await.unwrap();
            let EventAnswer::Posted(posted) = answer else { panic!("{answer:?}") };
            assert_eq!(posted.replayed, again);
        }
        assert_eq!(bench.available(1).await, 50);
    })
    .await;
}

fn event(name: &str, id: &str, at: &str) -> MemberEvent {
    let key = Some(id.to_owned());
    MemberEvent { member: member(1), name: name.to_owned(), key, at: super::bench::at(at) }
}

#[tokio::test]
async fn an_event_that_gave_nothing_never_gives_anything() {
    on_every_engine(async |bench| {
        let vip = event("vip-visit", "r1", NOW);
        let first = bench.ledger.event(&bench.versions, &vip, at(NOW)).await.unwrap();
        let EventAnswer::Noted { reasons, replayed: false } = first else { panic!("{first:?}") };
        assert_eq!(reasons[0].rule, "vip");
        // The member reaches gold, and the very same event is delivered again.
        bench.order(&paid(1, 1, 100_000, "2026-01-05"), NOW).await;
        let items = bench.items().await;
        let again = bench.ledger.event(&bench.versions, &vip, at(NOW)).await.unwrap();
        assert_eq!(again, EventAnswer::Noted { reasons, replayed: true });
        assert_eq!(bench.items().await, items, "and nothing is written");
        let other = event("vip-visit", "r2", NOW);
        let other = bench.ledger.event(&bench.versions, &other, at(NOW)).await.unwrap();
        assert!(matches!(other, EventAnswer::Posted(_)), "{other:?}");
    })
    .await;
}

#[tokio::test]
async fn events_of_other_names_may_share_an_id_and_a_fresh_time_stamp_is_no_other_event() {
    on_every_engine(async |bench| {
        let take = async |event: &MemberEvent| {
            bench.ledger.event(&bench.versions, event, at(NOW)).await.unwrap()
        };
        let first = take(&event("review", "77", "2026-03-17")).await;
        let EventAnswer::Posted(first) = first else { panic!("{first:?}") };
        let again = take(&event("review", "77", "2026-03-18")).await;
        assert_eq!(
            again,
            EventAnswer::Posted(guerdon_store::Posted { replayed: true, ..first.clone() })
        );
        let other = take(&event("vip-visit", "77", "2026-03-17")).await;
        assert!(matches!(other, EventAnswer::Noted { replayed: false, .. }), "{other:?}");
    })
    .await;
}

#[tokio::test]
async fn parked_events_wait_once() {
    on_every_engine(async |bench| {
        let event = Event::Order(paid(1, 1, 100, "2026-01-05"));
        let failed = RuleError {
            rule: "r".to_owned(),
            version: 1,
            cause: RuleFailure::Overflow(guerdon_domain::account::Overflow),
        };
        let first = bench.ledger.park(&event, &failed, at(NOW)).await.unwrap();
        let failed_since = RuleError { version: 2, ..failed };
        let again = bench.ledger.park(&event, &failed_since, at("2026-03-19")).await.unwrap();
        assert_eq!(((first.before, again.before), &again.id), ((false, true), &first.id));
        let parked = bench.ledger.parked().await.unwrap();
        assert_eq!(parked.len(), 1);
        assert_eq!(
            (&parked[0].id, &parked[0].waits, parked[0].recorded_at),
            (&first.id, &Waits::Event(Box::new(event.clone())), Some(at(NOW))),
            "it has waited since it was parked first"
        );
        assert_eq!(parked[0].problem, failed_since.to_string(), "the problem is the newest");
        bench.ledger.unpark(&first.id).await.unwrap();
        assert!(bench.ledger.parked().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn holds_are_captured_and_members_erased() {
    on_every_engine(async |bench| {
        bench.adjust(1, "gift", 500, NOW).await.unwrap();
        let hold = HoldId::new("hold-1").unwrap();
        let place = request(&member(1), "hold", "");
        let wanted = PlaceHold {
            operation: place.operation.clone(),
            hold: hold.clone(),
            points: 100,
            total: "40.00 EUR".parse().unwrap(),
            order: Some(order_id(9)),
        };
        let decide = |account: &guerdon_domain::account::Account| {
            pay::hold(account, &bench.versions, &wanted, at(NOW))
        };
        bench.ledger.post(&member(1), &bench.versions, &place, at(NOW), decide).await.unwrap();
        let request = request(&member(1), "capture", "");
        let operation = request.operation.clone();
        let capture =
            Capture { operation, hold, points: Some(60), order: None, shown_as_discount: false };
        for replayed in [false, true] {
            let posted = bench
                .ledger
                .capture(&member(1), &bench.versions, &request, &capture, at(NOW))
                .await
                .unwrap();
            assert_eq!(posted.replayed, replayed);
        }
        assert_eq!(bench.available(1).await, 440);

        bench.redeem(1, "latte", "latte", NOW).await.unwrap();
        assert_eq!(bench.ledger.grants(&member(1)).await.unwrap().len(), 1);
        let before = bench.ledger.export(&member(1)).await.unwrap();
        bench.ledger.erase(&member(1)).await.unwrap();
        let after = bench.ledger.export(&member(1)).await.unwrap();
        assert!(after.grants.is_empty());
        assert_eq!(after.entries, before.entries, "the books stay");
    })
    .await;
}

#[tokio::test]
async fn a_code_is_in_one_pool_only_and_a_given_one_blocks_no_other() {
    on_every_engine(async |bench| {
        let codes =
            |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let (ledger, gift) = (&bench.ledger, 100);
        assert_eq!(ledger.import_codes("winter", &codes(&["A"])).await.unwrap(), 1);
        assert_eq!(
            ledger.import_codes("spring", &codes(&["A"])).await.unwrap(),
            0,
            "it is winter's"
        );
        assert_eq!(ledger.import_codes("spring", &codes(&["B"])).await.unwrap(), 1);
        bench.adjust(1, "gift", gift, NOW).await.unwrap();
        bench.redeem(1, "one", "coded", NOW).await.unwrap();
        // As an older Guerdon might have left it: free in a pool, and given.
        bench.put_free("spring", "B").await;
        let nothing = bench.redeem(1, "two", "coded", NOW).await.unwrap_err();
        let PostError::Refused(refusal) = nothing else { panic!("{nothing:?}") };
        assert!(matches!(refusal.reason, Rejection::NoCodeLeft { .. }), "{refusal}");
        bench.put_free("spring", "B").await;
        assert_eq!(ledger.import_codes("spring", &codes(&["C"])).await.unwrap(), 1);
        bench.redeem(1, "three", "coded", NOW).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_member_has_twenty_open_holds_at_most() {
    on_every_engine(async |bench| {
        bench.adjust(1, "gift", 1000, NOW).await.unwrap();
        let place = async |number: usize| {
            let request = request(&member(1), &format!("hold-{number}"), "");
            let wanted = PlaceHold {
                operation: request.operation.clone(),
                hold: HoldId::new(format!("hold-{number}")).unwrap(),
                points: 10,
                total: "40.00 EUR".parse().unwrap(),
                order: None,
            };
            let decide = |account: &guerdon_domain::account::Account| {
                pay::hold(account, &bench.versions, &wanted, at(NOW))
            };
            bench.ledger.post(&member(1), &bench.versions, &request, at(NOW), decide).await
        };
        for number in 0..pay::HOLDS_MAX {
            place(number).await.unwrap();
        }
        let PostError::Refused(refusal) = place(pay::HOLDS_MAX).await.unwrap_err() else {
            panic!("it is refused")
        };
        assert_eq!(refusal.reason, Rejection::TooManyHolds { max: 20 });
        // All lapse in the same second, and are settled together.
        let later = at("2026-03-18T13:00:00Z");
        assert!(bench.ledger.settle(&member(1), &bench.versions, later).await.unwrap());
        assert_eq!(bench.available(1).await, 1000);
    })
    .await;
}
