# Was Mitglieder lesen, auf Deutsch. Schlüssel und Variablen: siehe en.ftl.

## Wie viele

count-entries = { $count ->
    [one] { $count } Los
   *[other] { $count } Lose
}
count-plays = { $count ->
    [one] { $count } Spiel
   *[other] { $count } Spiele
}
left-in-stock = { $count ->
    [one] Nur noch { $count } da
   *[other] Noch { $count } da
}

## Titel der Einträge

entry-order = Bestellung { $order }
entry-order-unnamed = Bestellung
entry-sign-up = Willkommen bei { $programme }
entry-review = Danke für deine Bewertung
entry-referral = Danke fürs Einladen
entry-birthday = Alles Gute zum Geburtstag
entry-survey = Danke für deine Antworten
entry-newsletter = Danke für deine Anmeldung zum Newsletter
entry-reversal = Erstattung der Bestellung { $order }
entry-reversal-unnamed = Erstattung
entry-return = Zurück aus Bestellung { $order }
entry-return-unnamed = Zurück aus einer Bestellung
entry-return-taken = Wieder eingelöst für Bestellung { $order }
entry-return-taken-unnamed = Wieder eingelöst für eine Bestellung
entry-activation = Jetzt verfügbar
entry-expiry = Verfallen
entry-redemption = Eingelöst: { $reward }
entry-reveal = Deine Überraschung aus „{ $reward }“: { $prize }
entry-entered = { $entries ->
    [one] { $entries } Los für „{ $raffle }“
   *[other] { $entries } Lose für „{ $raffle }“
}
entry-entered-free = { $entries ->
    [one] { $entries } Gratislos für „{ $raffle }“
   *[other] { $entries } Gratislose für „{ $raffle }“
}
entry-prize = Gewonnen bei „{ $raffle }“: { $prize }
entry-play-won = Gewonnen bei „{ $game }“: { $prize }
entry-play-lost = „{ $game }“ gespielt: diesmal kein Gewinn
entry-bid = Gebot für „{ $auction }“: { $points }
entry-bid-won = Ersteigert: { $auction }
entry-bid-returned = Überboten bei „{ $auction }“
entry-hold = Zurückgelegt, um { $money } zu bezahlen
entry-capture = { $money } für Bestellung { $order } bezahlt ({ $unit })
entry-capture-unnamed = { $money } bezahlt ({ $unit })
entry-release = Wieder verfügbar
entry-lapse = Wieder verfügbar: Die Zahlung wurde nicht abgeschlossen
entry-adjustment = Korrektur: { $reason }
entry-adjustment-unnamed = Korrektur
entry-tier-up = Willkommen im Status { $tier }
entry-tier-down = Dein Status ist jetzt { $tier }
entry-tier-ended = Der Status { $tier } ist abgelaufen

## Warum

why-net = { $points } je { $money } von { $net }
why-net-rate = { $points } je { $money }
why-net-amount = Für { $net } deiner Bestellung
why-net-order = Für deine Bestellung
why-fixed = { $points } dafür
why-fixed-order = Ein fester Bonus
why-multiple = Faktor { $factor } für deine Bestellung: { $points }
why-multiple-order = Ein Bonus auf deine Bestellung
why-capped-day = Höchstens { $most } am Tag
why-capped-month = Höchstens { $most } im Monat
why-capped-year = Höchstens { $most } im Jahr
why-capped-ever = Höchstens { $most } insgesamt
why-no-eligible-line = Für nichts in der Bestellung gibt es { $unit }
why-too-small = { $net } ist zu wenig zum Sammeln
why-too-small-order = Der Betrag ist zu klein zum Sammeln
why-window = Galt zu der Zeit nicht
why-tier = Für Mitglieder mit Status { $tier }
why-when = Die Bedingungen sind nicht erfüllt
why-tickets-raffle = { $count ->
    [one] { $count } Los für „{ $of }“
   *[other] { $count } Lose für „{ $of }“
}
why-tickets-game = { $count ->
    [one] { $count } Spiel bei „{ $of }“
   *[other] { $count } Spiele bei „{ $of }“
}
why-tickets-for = { $tickets } für { $net }
why-entries-closed = Schon geschlossen: Daran ändert sich nichts mehr
why-currency = Für Bestellungen in dieser Währung gibt es nichts
why-not-paid = Die Bestellung ist nicht bezahlt
why-refund-currency = Ein Teil der Erstattung ist in { $currency }: Die Artikel zählen, die Beträge nicht
why-no-such-line = Ein Teil der Erstattung ließ sich nicht zuordnen: Dafür wird nichts abgezogen
why-forgiven = Schon eingelöst, deshalb darfst du sie behalten
why-made-up = Gleicht aus, was du früher behalten hast

## Was noch fehlt

missing-unknown-reward = Diese Prämie gibt es nicht
missing-unknown-raffle = Diese Verlosung gibt es nicht
missing-unknown-game = Dieses Spiel gibt es nicht
missing-unknown-auction = Diese Auktion gibt es nicht
missing-plays-itself = Es läuft von selbst: Du musst nichts tun
missing-not-for-sale = Dafür kannst du keine { $unit } einlösen
missing-no-free-route = Das gibt es nicht gratis: { $reason }
missing-entries-left = { $count ->
    [0] Du hast schon so viele Lose, wie zählen
    [one] Du kannst noch { $count } Los haben
   *[other] Du kannst noch { $count } Lose haben
}
missing-pay-not-offered = So kannst du hier nicht bezahlen ({ $unit })
missing-no-open-hold = Diese Zahlung ist nicht mehr offen
missing-not-positive = Bitte wähle mehr als null
missing-currency = Bitte zahle in { $currency }
missing-opens = Beginnt am { $date }
missing-closed = Endete am { $date }
missing-tier = Für Mitglieder mit Status { $tier }
missing-condition = Zurzeit nicht für dich verfügbar
missing-limit-day = { $times ->
    [one] Einmal am Tag: Komm morgen wieder
   *[other] { $times }-mal am Tag: Komm morgen wieder
}
missing-limit-month = { $times ->
    [one] Einmal im Monat: Komm nächsten Monat wieder
   *[other] { $times }-mal im Monat: Komm nächsten Monat wieder
}
missing-limit-year = { $times ->
    [one] Einmal im Jahr: Komm nächstes Jahr wieder
   *[other] { $times }-mal im Jahr: Komm nächstes Jahr wieder
}
missing-limit-ever = { $times ->
    [one] Einmal je Mitglied: Das hast du schon gehabt
   *[other] { $times }-mal je Mitglied: Das hast du schon gehabt
}
missing-bid = Biete mindestens { $points }
missing-too-many-bids = { $count ->
    [one] Du bietest schon bei { $count } Auktion mit: Warte, bis sie vorbei ist
   *[other] Du bietest schon bei { $count } Auktionen mit: Warte, bis eine vorbei ist
}
missing-payable = Hier kannst du { $min } bis { $max } einlösen, in Schritten von { $step }
missing-payable-none = Für diese Bestellung kannst du keine { $unit } einlösen
missing-too-many-holds = Schließe erst eine begonnene Zahlung ab oder brich sie ab
missing-no-sealed-gift = Dieses Geschenk ist schon offen
missing-too-many-gifts = { $count ->
    [one] { $count } Geschenk wartet: Öffne es zuerst
   *[other] { $count } Geschenke warten: Öffne zuerst eines davon
}
missing-more-than-held = Zurückgelegt sind nur { $points }
missing-other-order = Diese Zahlung gehört zu einer anderen Bestellung
missing-points = Noch { $points }
missing-points-pending = Noch { $points }; unterwegs: { $pending }
missing-no-play = Du hast kein Spiel mehr
missing-out-of-stock = Alles vergeben
missing-unavailable = Gerade nicht verfügbar: Bitte versuche es später

## Was du bekommen hast

grant-voucher = Gutschein
grant-voucher-product = Gutschein für { $product }
grant-voucher-product-unnamed = Gutschein für ein Produkt
grant-voucher-amount = Gutschein über { $money }
grant-voucher-percent = Rabattgutschein
grant-credit = { $money } Guthaben
grant-points = { $points }
grant-badge = { $badge }
grant-mystery = Eine Überraschung zum Öffnen
grant-mystery-on = Eine Überraschung, öffnet sich am { $date }
grant-until = { $grant }, gültig bis { $date }

## Der Kontoauszug

statement-subject = { $programme }: Du hast { $points }
statement-title = Dein Auszug für { $month }
statement-greeting = Hallo { $name },
statement-greeting-unnamed = Hallo,
statement-opening-balance = Stand am { $date }
statement-closing-balance = Stand am Ende des { $date }
statement-available = Zum Einlösen: { $points }
statement-held = Für eine Zahlung oder ein Gebot zurückgelegt: { $points }
statement-pending = Unterwegs: { $points }
statement-pending-until = { $points }, verfügbar ab { $date }
statement-expires = { $points }, einzulösen bis zum { $date }
statement-expires-title = Rechtzeitig einlösen
statement-nothing-expires = Demnächst verfällt nichts
statement-earned = Gesammelt
statement-spent = Eingelöst
statement-lapsed = Verfallen
statement-corrected = Korrigiert
statement-column-date = Datum
statement-column-what = Vorgang
statement-column-points = Änderung
statement-column-balance = Stand
statement-history = Was passiert ist
statement-nothing-happened = In dieser Zeit ist nichts passiert
statement-tier = Dein Status: { $tier }
statement-tier-none = Du hast noch keinen Status
statement-tier-progress = { $has } von { $needed } für { $tier }
statement-tier-missing = Noch { $points } bis zum { $date }, und du erreichst { $tier }
statement-tier-top = Du hast den höchsten Status
statement-value = Wert: { $money }
statement-given = Für dich
statement-given-empty = Nichts wartet darauf, eingelöst zu werden
statement-badge = Abzeichen: { $name }
statement-raffles = Deine Verlosungen
statement-raffle-entries = { $count ->
    [one] { $raffle }: { $count } Los, Ziehung am { $date }
   *[other] { $raffle }: { $count } Lose, Ziehung am { $date }
}
statement-raffle-won = { $raffle }: Du hast gewonnen: { $prize }
statement-raffle-lost = { $raffle }: diesmal kein Gewinn
statement-offers = Das kannst du jetzt haben
statement-offers-none = Weiter so: Deine erste Prämie rückt näher
statement-offers-near = In Reichweite
statement-offer = { $reward } für { $points }
statement-offer-free = { $reward }, für dich gratis
statement-offer-missing = { $reward }: { $missing }
statement-how-to-redeem-title = So löst du ein
statement-how-to-redeem = Öffne deine Seite, wähle eine Prämie und bestätige. Du bekommst sofort einen Code für die Kasse.
statement-open-page = Meine Seite öffnen
statement-link-private = Dieser Link ist nur für dich: Bitte gib ihn nicht weiter.
statement-terms = Teilnahmebedingungen von { $programme }, Fassung { $version }
statement-because = Du bekommst diese E-Mail, weil du Mitglied bei { $programme } bist und Auszüge haben möchtest.
statement-unsubscribe = Diese E-Mails abbestellen
statement-unsubscribed = Erledigt: Du bekommst keine Auszüge mehr per E-Mail
statement-page-of = Seite { $page } von { $pages }
statement-generated = Erstellt am { $date }

## Die Seite des Mitglieds: Navigation

page-title = { $programme }: { $section }
page-skip = Zum Inhalt springen
page-menu = Menü
page-language = Sprache
page-sign-out = Abmelden
page-back = Zurück
page-more = Mehr anzeigen
page-cancel = Abbrechen
nav-overview = Übersicht
nav-history = Verlauf
nav-offers = Prämien
nav-chances = Verlosungen & Spiele
nav-things = Meine Sachen
nav-profile = Profil
nav-leaderboard = Bestenliste

## Die Seite des Mitglieds: Übersicht und Verlauf

overview-hello = Hallo { $name }
overview-hello-unnamed = Hallo
overview-balance = Deine { $unit }
history-title = Was passiert ist
history-empty = Noch nichts da: Deine erste Bestellung erscheint hier
history-why = Warum?
history-balance-after = Stand danach: { $points }
statements-title = Auszüge
statements-pdf = { $month } als PDF

## Die Seite des Mitglieds: Prämien

offers-title = Prämien
offers-empty = Zurzeit gibt es keine Prämien: Schau bald wieder vorbei
offers-free = Gratis
offers-until = Bis { $date }
redeem-button = Einlösen
redeem-button-for = Für { $points } einlösen
redeem-confirm-title = { $reward } einlösen?
redeem-confirm = Kosten: { $points }; danach übrig: { $left }
redeem-confirm-free = Für dich gratis
redeem-done = Geschafft! Viel Freude mit: { $reward }
redeem-left = Übrig: { $points }
code-copy = Code kopieren
code-copied = Kopiert
code-how = Gib ihn an der Kasse ein
gift-open = Überraschung öffnen
gift-opened = Es ist: { $prize }!
gift-opens-on = Öffnet sich am { $date }

## Die Seite des Mitglieds: Verlosungen, Spiele und Auktionen

chances-title = Verlosungen & Spiele
chances-empty = Gerade läuft keine Verlosung und kein Spiel
raffle-enter-for = Für { $points } mitmachen
raffle-enter-free = Gratis mitmachen
raffle-entered = Du bist dabei: Viel Glück!
raffle-your-entries = { $count ->
    [0] Du hast noch keine Lose
    [one] Du hast { $count } Los
   *[other] Du hast { $count } Lose
}
raffle-closes = Endet am { $date }
raffle-closed = Geschlossen: Die Ziehung ist am { $date }
raffle-you-won = Du hast gewonnen: { $prize }!
raffle-you-lost = Diesmal kein Gewinn
raffle-record = Das Protokoll der Ziehung
raffle-record-how = Damit kann jeder prüfen, dass die Ziehung fair war
game-play = Spielen
game-play-for = Für { $points } spielen
game-play-free = Gratis spielen
game-plays-left = { $count ->
    [0] Keine Spiele mehr übrig
    [one] Noch { $count } Spiel
   *[other] Noch { $count } Spiele
}
game-won = Du hast gewonnen: { $prize }!
game-lost = Diesmal kein Gewinn: Beim nächsten Mal viel Glück
game-over = Dieses Spiel ist vorbei
auction-bid = Bieten
auction-bid-label = Dein Gebot
auction-least = Mindestens { $points }
auction-leading = Dein Gebot ({ $points }) ist unter den Höchsten
auction-sealed = Bis zum Ende sieht niemand die Gebote
auction-winners = { $winners ->
    [one] Das höchste Gebot gewinnt
   *[other] Die { $winners } höchsten Gebote gewinnen
}
auction-closes = Endet am { $date }

## Die Seite des Mitglieds: meine Sachen

things-title = Meine Sachen
things-empty = Noch nichts da: Löse deine erste Prämie ein
things-codes = Codes
things-credit = Guthaben
things-credit-balance = Du hast { $money } Guthaben
things-gifts = Überraschungen
things-badges = Abzeichen
things-expired = Abgelaufen am { $date }
holds-title = Zurückgelegt
holds-empty = Nichts ist zurückgelegt
holds-hold = { $points } für eine Zahlung über { $money }
holds-bid = { $points } für dein Gebot bei „{ $auction }“
holds-until = Kommt von selbst zurück: { $date }

## Die Seite des Mitglieds: Profil

profile-title = Profil
profile-name = Name
profile-nickname = Spitzname
profile-nickname-hint = Steht in der Bestenliste statt deines Namens
profile-email = E-Mail
profile-save = Speichern
profile-saved = Gespeichert
profile-invalid-email = Bitte prüfe die E-Mail-Adresse
consent-statements = Schickt mir Auszüge per E-Mail
consent-statements-hint = Ein Überblick ({ $unit }), wenn es etwas zu erzählen gibt. Du kannst das jederzeit beenden.
consent-leaderboard = Zeigt mich in der Bestenliste
consent-leaderboard-hint = Andere sehen deinen Spitznamen, deinen Platz und deine { $unit } in diesem Jahr. Du kannst das jederzeit beenden.
consent-given = Zugestimmt am { $date }
export-button = Meine Daten herunterladen
export-hint = Was { $programme } über dich aufgezeichnet hat, in einer Datei. Bereits verschickte Auszüge sind nicht dabei.
leaderboard-title = Bestenliste
leaderboard-empty = Noch niemand da: Sei die Nummer eins
leaderboard-place = { $place }. { $name }
leaderboard-you = Du bist Nummer { $place } von { $members }
leaderboard-join = Mitmachen: siehe dein Profil

## Anmelden, und was schiefgehen kann

link-title = Dein Link
link-expired = Dieser Link ist abgelaufen
link-expired-hint = Links gelten nur kurze Zeit: Bitte fordere einen neuen an
link-used = Dieser Link wurde schon benutzt
link-used-hint = Jeder Link funktioniert einmal: Bitte fordere einen neuen an
link-invalid = Dieser Link funktioniert nicht
link-invalid-hint = Bitte prüfe, ob du ihn ganz geöffnet hast, oder fordere einen neuen an
error-title = Das hat nicht geklappt
error-changed = Inzwischen hat sich etwas geändert: Bitte sieh noch einmal nach
error-busy = Gerade ist viel los: Bitte versuche es gleich noch einmal
error-unexpected = Bei uns ist etwas schiefgegangen. Dir wurde nichts abgezogen: Bitte versuche es später.
error-not-found = Diese Seite gibt es nicht
error-signed-out = Bitte melde dich neu an
