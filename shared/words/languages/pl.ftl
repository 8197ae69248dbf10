# Co czytają uczestnicy, po polsku. Klucze i zmienne: zob. en.ftl.

## Ile

count-entries = { $count ->
    [one] { $count } los
    [few] { $count } losy
   *[other] { $count } losów
}
count-plays = { $count ->
    [one] { $count } gra
    [few] { $count } gry
   *[other] { $count } gier
}
left-in-stock = { $count ->
    [one] Została tylko { $count } sztuka
    [few] Zostały { $count } sztuki
   *[other] Zostało { $count } sztuk
}

## Tytuły wpisów

entry-order = Zamówienie { $order }
entry-order-unnamed = Zamówienie
entry-sign-up = Witamy w { $programme }
entry-review = Dziękujemy za opinię
entry-referral = Dziękujemy za zaproszenie znajomych
entry-birthday = Wszystkiego najlepszego z okazji urodzin
entry-survey = Dziękujemy za odpowiedzi
entry-newsletter = Dziękujemy za zapis do newslettera
entry-reversal = Zwrot z zamówienia { $order }
entry-reversal-unnamed = Zwrot
entry-return = Oddane z zamówienia { $order }
entry-return-unnamed = Oddane z zamówienia
entry-return-taken = Ponownie użyte do zamówienia { $order }
entry-return-taken-unnamed = Ponownie użyte do zamówienia
entry-activation = Już dostępne
entry-expiry = Wygasły
entry-redemption = Odebrano: { $reward }
entry-reveal = Niespodzianka z „{ $reward }”: { $prize }
entry-entered = { $entries ->
    [one] { $entries } los w loterii „{ $raffle }”
    [few] { $entries } losy w loterii „{ $raffle }”
   *[other] { $entries } losów w loterii „{ $raffle }”
}
entry-entered-free = { $entries ->
    [one] { $entries } bezpłatny los w loterii „{ $raffle }”
    [few] { $entries } bezpłatne losy w loterii „{ $raffle }”
   *[other] { $entries } bezpłatnych losów w loterii „{ $raffle }”
}
entry-prize = Nagroda w loterii „{ $raffle }”: { $prize }
entry-play-won = Wygrana w grze „{ $game }”: { $prize }
entry-play-lost = Gra „{ $game }”: tym razem bez wygranej
entry-bid = Licytacja „{ $auction }”: { $points }
entry-bid-won = Wygrana licytacja: { $auction }
entry-bid-returned = Przebita oferta w licytacji „{ $auction }”
entry-hold = Odłożone na płatność { $money }
entry-capture = Zapłacono { $money } za zamówienie { $order } ({ $unit })
entry-capture-unnamed = Zapłacono { $money } ({ $unit })
entry-release = Wróciły na saldo
entry-lapse = Wróciły na saldo: płatności nie dokończono
entry-adjustment = Korekta: { $reason }
entry-adjustment-unnamed = Korekta
entry-tier-up = Witamy na poziomie { $tier }
entry-tier-down = Twój poziom to teraz { $tier }
entry-tier-ended = Poziom { $tier } dobiegł końca

## Dlaczego

why-net = { $points } za każde { $money } z { $net }
why-net-rate = { $points } za każde { $money }
why-net-amount = Za { $net } z Twojego zamówienia
why-net-order = Za Twoje zamówienie
why-fixed = { $points } za tę aktywność
why-fixed-order = Stała premia
why-multiple = Mnożnik { $factor } dla zamówienia: { $points }
why-multiple-order = Dodatkowa premia do zamówienia
why-capped-day = Najwyżej { $most } dziennie
why-capped-month = Najwyżej { $most } miesięcznie
why-capped-year = Najwyżej { $most } rocznie
why-capped-ever = Najwyżej { $most } łącznie
why-no-eligible-line = Za nic w tym zamówieniu nie przysługują { $unit }
why-too-small = { $net } to za mało, by coś naliczyć
why-too-small-order = Kwota jest za mała, by coś naliczyć
why-window = Oferta wtedy nie obowiązywała
why-tier = Dla poziomu { $tier }
why-when = Warunki nie zostały spełnione
why-tickets-raffle = { $count ->
    [one] { $count } los w loterii „{ $of }”
    [few] { $count } losy w loterii „{ $of }”
   *[other] { $count } losów w loterii „{ $of }”
}
why-tickets-game = { $count ->
    [one] { $count } gra w „{ $of }”
    [few] { $count } gry w „{ $of }”
   *[other] { $count } gier w „{ $of }”
}
why-tickets-for = { $tickets } za { $net }
why-entries-closed = Przyjmowanie zakończone: nic się tu już nie zmieni
why-currency = Zamówienia w tej walucie nie są premiowane
why-not-paid = Zamówienie nie jest opłacone
why-refund-currency = Część zwrotu jest w walucie { $currency }: liczą się produkty, kwoty nie
why-no-such-line = Części zwrotu nie udało się dopasować: nic za nią nie odejmujemy
why-forgiven = Już z nich skorzystano, więc pozostają Twoje
why-made-up = Wyrównanie za to, co wcześniej pozostało Twoje

## Czego brakuje

missing-unknown-reward = Tej nagrody nie ma w ofercie
missing-unknown-raffle = Tej loterii nie ma w ofercie
missing-unknown-game = Tej gry nie ma w ofercie
missing-unknown-auction = Tej licytacji nie ma w ofercie
missing-plays-itself = Ta gra toczy się sama: nie trzeba nic klikać
missing-not-for-sale = Nie można tego dostać za { $unit }
missing-no-free-route = Nie można tego dostać bezpłatnie: { $reason }
missing-entries-left = { $count ->
    [0] Masz już tyle losów, ile się liczy
    [one] Możesz mieć jeszcze { $count } los
    [few] Możesz mieć jeszcze { $count } losy
   *[other] Możesz mieć jeszcze { $count } losów
}
missing-pay-not-offered = Tutaj nie zapłacisz w ten sposób ({ $unit })
missing-no-open-hold = Ta płatność nie jest już aktywna
missing-not-positive = Wybierz więcej niż zero
missing-currency = Zapłać w walucie { $currency }
missing-opens = Początek: { $date }
missing-closed = Zakończono: { $date }
missing-tier = Dla poziomu { $tier }
missing-condition = Obecnie niedostępne dla Ciebie
missing-limit-day = { $times ->
    [one] Raz dziennie: wróć jutro
   *[other] { $times } razy dziennie: wróć jutro
}
missing-limit-month = { $times ->
    [one] Raz w miesiącu: wróć w następnym miesiącu
   *[other] { $times } razy w miesiącu: wróć w następnym miesiącu
}
missing-limit-year = { $times ->
    [one] Raz w roku: wróć w przyszłym roku
   *[other] { $times } razy w roku: wróć w przyszłym roku
}
missing-limit-ever = { $times ->
    [one] Raz dla każdego: masz to już za sobą
   *[other] { $times } razy dla każdego: masz to już za sobą
}
missing-bid = Zaoferuj co najmniej { $points }
missing-too-many-bids = { $count ->
    [one] Bierzesz już udział w { $count } licytacji: poczekaj, aż się skończy
   *[other] Bierzesz już udział w { $count } licytacjach: poczekaj, aż któraś się skończy
}
missing-payable = Możesz tu użyć od { $min } do { $max }, co { $step }
missing-payable-none = Tego zamówienia nie opłacisz w ten sposób ({ $unit })
missing-too-many-holds = Najpierw dokończ lub anuluj rozpoczętą płatność
missing-no-sealed-gift = Ten prezent jest już otwarty
missing-too-many-gifts = { $count ->
    [one] { $count } prezent czeka: najpierw go otwórz
    [few] { $count } prezenty czekają: najpierw otwórz któryś z nich
   *[other] { $count } prezentów czeka: najpierw otwórz któryś z nich
}
missing-more-than-held = Odłożono tylko { $points }
missing-other-order = Ta płatność dotyczy innego zamówienia
missing-points = Brakuje: { $points }
missing-points-pending = Brakuje: { $points }; w drodze: { $pending }
missing-no-play = Nie masz już żadnej gry
missing-out-of-stock = Wyczerpane
missing-unavailable = Chwilowo niedostępne: spróbuj później

## Co przyznano

grant-voucher = Voucher
grant-voucher-product = Voucher na { $product }
grant-voucher-product-unnamed = Voucher na produkt
grant-voucher-amount = Voucher o wartości { $money }
grant-voucher-percent = Voucher rabatowy
grant-credit = { $money } do wydania w sklepie
grant-points = { $points }
grant-badge = { $badge }
grant-mystery = Niespodzianka do otwarcia
grant-mystery-on = Niespodzianka, otworzy się: { $date }
grant-until = { $grant }, ważne do: { $date }

## Zestawienie

statement-subject = { $programme }: masz { $points }
statement-title = Twoje zestawienie: { $month }
statement-greeting = Dzień dobry, { $name }!
statement-greeting-unnamed = Dzień dobry!
statement-opening-balance = Saldo na { $date }
statement-closing-balance = Saldo na koniec dnia { $date }
statement-available = Do wykorzystania: { $points }
statement-held = Odłożone na płatność lub licytację: { $points }
statement-pending = W drodze: { $points }
statement-pending-until = { $points }, dostępne od { $date }
statement-expires = { $points } do wykorzystania do { $date }
statement-expires-title = Wykorzystaj na czas
statement-nothing-expires = Nic wkrótce nie wygasa
statement-earned = Zebrane
statement-spent = Wykorzystane
statement-lapsed = Wygasłe
statement-corrected = Skorygowane
statement-column-date = Data
statement-column-what = Co się wydarzyło
statement-column-points = Zmiana
statement-column-balance = Saldo
statement-history = Co się wydarzyło
statement-nothing-happened = W tym okresie nic się nie wydarzyło
statement-tier = Twój poziom: { $tier }
statement-tier-none = Nie masz jeszcze poziomu
statement-tier-progress = { $has } z { $needed } do poziomu { $tier }
statement-tier-missing = Jeszcze { $points } do { $date } i wchodzisz na poziom { $tier }
statement-tier-top = To najwyższy poziom
statement-value = Wartość: { $money }
statement-given = Dla Ciebie
statement-given-empty = Nic nie czeka na wykorzystanie
statement-badge = Odznaka: { $name }
statement-raffles = Twoje loterie
statement-raffle-entries = { $count ->
    [one] { $raffle }: { $count } los, losowanie { $date }
    [few] { $raffle }: { $count } losy, losowanie { $date }
   *[other] { $raffle }: { $count } losów, losowanie { $date }
}
statement-raffle-won = { $raffle }: Twoja wygrana to { $prize }
statement-raffle-lost = { $raffle }: tym razem bez wygranej
statement-offers = Możesz odebrać już teraz
statement-offers-none = Tak trzymaj: pierwsza nagroda jest coraz bliżej
statement-offers-near = W zasięgu ręki
statement-offer = { $reward } za { $points }
statement-offer-free = { $reward }, dla Ciebie bezpłatnie
statement-offer-missing = { $reward }. { $missing }
statement-how-to-redeem-title = Jak odebrać nagrodę
statement-how-to-redeem = Otwórz swoją stronę, wybierz nagrodę i potwierdź. Od razu dostaniesz kod do użycia przy kasie.
statement-open-page = Otwórz moją stronę
statement-link-private = Ten link jest tylko dla Ciebie: nie przekazuj go nikomu.
statement-terms = Regulamin { $programme }, wersja { $version }
statement-because = Otrzymujesz tę wiadomość, bo należysz do { $programme } i chcesz dostawać zestawienia.
statement-unsubscribe = Nie chcę więcej tych wiadomości
statement-unsubscribed = Gotowe: nie będziemy już wysyłać zestawień e-mailem
statement-page-of = Strona { $page } z { $pages }
statement-generated = Sporządzono { $date }

## Strona uczestnika: nawigacja

page-title = { $programme }: { $section }
page-skip = Przejdź do treści
page-menu = Menu
page-language = Język
page-sign-out = Wyloguj się
page-back = Wstecz
page-more = Pokaż więcej
page-cancel = Anuluj
nav-overview = Przegląd
nav-history = Historia
nav-offers = Nagrody
nav-chances = Loterie i gry
nav-things = Moje rzeczy
nav-profile = Profil
nav-leaderboard = Ranking

## Strona uczestnika: przegląd i historia

overview-hello = Cześć, { $name }!
overview-hello-unnamed = Cześć!
overview-balance = Twoje { $unit }
history-title = Co się wydarzyło
history-empty = Jeszcze nic tu nie ma: pojawi się tu Twoje pierwsze zamówienie
history-why = Dlaczego?
history-balance-after = Saldo po zmianie: { $points }
statements-title = Zestawienia
statements-pdf = { $month } (PDF)

## Strona uczestnika: nagrody

offers-title = Nagrody
offers-empty = Teraz nie ma żadnych nagród: zajrzyj wkrótce ponownie
offers-free = Bezpłatnie
offers-until = Do { $date }
redeem-button = Odbierz
redeem-button-for = Odbierz za { $points }
redeem-confirm-title = Odebrać: { $reward }?
redeem-confirm = Koszt: { $points }. Zostanie: { $left }
redeem-confirm-free = Dla Ciebie bezpłatnie
redeem-done = Gotowe! Twoja nagroda: { $reward }
redeem-left = Pozostało: { $points }
code-copy = Kopiuj kod
code-copied = Skopiowano
code-how = Wpisz go przy kasie
gift-open = Otwórz niespodziankę
gift-opened = To { $prize }!
gift-opens-on = Otworzy się: { $date }

## Strona uczestnika: loterie, gry i licytacje

chances-title = Loterie i gry
chances-empty = Teraz nie trwa żadna loteria ani gra
raffle-enter-for = Weź udział za { $points }
raffle-enter-free = Weź udział bezpłatnie
raffle-entered = Bierzesz udział: powodzenia!
raffle-your-entries = { $count ->
    [0] Nie masz jeszcze losów
    [one] Masz { $count } los
    [few] Masz { $count } losy
   *[other] Masz { $count } losów
}
raffle-closes = Koniec: { $date }
raffle-closed = Zakończona: losowanie { $date }
raffle-you-won = Twoja wygrana: { $prize }!
raffle-you-lost = Tym razem bez wygranej
raffle-record = Protokół losowania
raffle-record-how = Każdy może sprawdzić, że losowanie było uczciwe
game-play = Zagraj
game-play-for = Zagraj za { $points }
game-play-free = Zagraj bezpłatnie
game-plays-left = { $count ->
    [0] Nie masz już gier
    [one] Została { $count } gra
    [few] Zostały { $count } gry
   *[other] Zostało { $count } gier
}
game-won = Twoja wygrana: { $prize }!
game-lost = Tym razem bez wygranej: następnym razem powodzenia
game-over = Ta gra się zakończyła
auction-bid = Licytuj
auction-bid-label = Twoja oferta
auction-least = Co najmniej { $points }
auction-leading = Twoja oferta ({ $points }) jest wśród zwycięskich
auction-sealed = Do końca licytacji nikt nie widzi ofert
auction-winners = { $winners ->
    [one] Wygrywa najwyższa oferta
    [few] Wygrywają { $winners } najwyższe oferty
   *[other] Wygrywa { $winners } najwyższych ofert
}
auction-closes = Koniec: { $date }

## Strona uczestnika: moje rzeczy

things-title = Moje rzeczy
things-empty = Jeszcze nic tu nie ma: odbierz pierwszą nagrodę
things-codes = Kody
things-credit = Środki do wydania w sklepie
things-credit-balance = Masz { $money } do wydania w sklepie
things-gifts = Niespodzianki
things-badges = Odznaki
things-expired = Wygasło: { $date }
holds-title = Odłożone
holds-empty = Nic nie jest odłożone
holds-hold = { $points } na płatność { $money }
holds-bid = { $points } na Twoją ofertę w licytacji „{ $auction }”
holds-until = Wróci samo: { $date }

## Strona uczestnika: profil

profile-title = Profil
profile-name = Imię
profile-nickname = Pseudonim
profile-nickname-hint = Widoczny w rankingu zamiast imienia
profile-email = E-mail
profile-save = Zapisz
profile-saved = Zapisano
profile-invalid-email = Sprawdź adres e-mail
consent-statements = Przysyłajcie mi zestawienia e-mailem
consent-statements-hint = Podsumowanie ({ $unit }), gdy jest o czym pisać. Możesz zrezygnować w każdej chwili.
consent-leaderboard = Pokazujcie mnie w rankingu
consent-leaderboard-hint = Inni zobaczą Twój pseudonim, Twoje miejsce i Twoje { $unit } z tego roku. Możesz zrezygnować w każdej chwili.
consent-given = Zgoda z dnia { $date }
export-button = Pobierz moje dane
export-hint = To, co { $programme } ma zapisane o Tobie, w jednym pliku, bez wysłanych wcześniej zestawień
leaderboard-title = Ranking
leaderboard-empty = Nikogo tu jeszcze nie ma: zajmij pierwsze miejsce
leaderboard-place = { $place }. { $name }
leaderboard-you = Twoje miejsce: { $place } z { $members }
leaderboard-join = Dołącz w swoim profilu

## Logowanie i błędy

link-title = Twój link
link-expired = Ten link wygasł
link-expired-hint = Linki działają tylko przez krótki czas: poproś o nowy
link-used = Ten link został już użyty
link-used-hint = Każdy link działa raz: poproś o nowy
link-invalid = Ten link nie działa
link-invalid-hint = Sprawdź, czy otwarto go w całości, albo poproś o nowy
error-title = To się nie udało
error-changed = Coś się w międzyczasie zmieniło: spójrz jeszcze raz
error-busy = Teraz dużo się dzieje: spróbuj za chwilę
error-unexpected = Coś poszło nie tak po naszej stronie. Niczego Ci nie zabrano: spróbuj później.
error-not-found = Ta strona nie istnieje
error-signed-out = Zaloguj się ponownie
