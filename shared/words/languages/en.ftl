# What members read, in English. Every other language has these keys, with the same variables.
#
# Always there: $programme (its name) and $unit (what points are called: "beans").
# Numbers are $count, $entries, $members, $page, $pages, $place, $times and $winners. All other variables are ready to be
# read: "$points" is "1,234 beans", "$date" a date, "$money" an amount.

## How many

count-entries = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
count-plays = { $count ->
    [one] { $count } play
   *[other] { $count } plays
}
left-in-stock = { $count ->
    [one] Only { $count } left
   *[other] { $count } left
}

## Titles of what happened

entry-order = Order { $order }
entry-order-unnamed = Order
entry-sign-up = Welcome to { $programme }
entry-review = Thank you for your review
entry-referral = Thank you for inviting a friend
entry-birthday = Happy birthday
entry-survey = Thank you for your answers
entry-newsletter = Thank you for subscribing
entry-reversal = Refund of order { $order }
entry-reversal-unnamed = Refund
entry-return = Given back from order { $order }
entry-return-unnamed = Given back from an order
entry-return-taken = Used again for order { $order }
entry-return-taken-unnamed = Used again for an order
entry-activation = Now available
entry-expiry = Expired
entry-redemption = Redeemed: { $reward }
entry-reveal = Your surprise from { $reward }: { $prize }
entry-entered = { $entries ->
    [one] { $entries } entry in { $raffle }
   *[other] { $entries } entries in { $raffle }
}
entry-entered-free = { $entries ->
    [one] { $entries } free entry in { $raffle }
   *[other] { $entries } free entries in { $raffle }
}
entry-prize = Prize won in { $raffle }: { $prize }
entry-play-won = Won in { $game }: { $prize }
entry-play-lost = Played { $game }: no win this time
entry-bid = Bid { $points } in { $auction }
entry-bid-won = Won at auction: { $auction }
entry-bid-returned = Outbid in { $auction }
entry-hold = Set aside to pay { $money }
entry-capture = Paid { $money } with { $unit } for order { $order }
entry-capture-unnamed = Paid { $money } with { $unit }
entry-release = Back in your balance
entry-lapse = Back in your balance: the payment was not completed
entry-adjustment = Correction: { $reason }
entry-adjustment-unnamed = Correction
entry-tier-up = Welcome to { $tier }
entry-tier-down = You are now in { $tier }
entry-tier-ended = { $tier } has ended

## Why a rule gave what it gave, or nothing

why-net = { $points } for each { $money } of { $net }
why-net-rate = { $points } for each { $money }
why-net-amount = For { $net } of your order
why-net-order = For your order
why-fixed = { $points } for this
why-fixed-order = A fixed bonus
why-multiple = { $factor } times the { $points } of your order
why-multiple-order = A bonus on top of your order
why-capped-day = At most { $most } a day
why-capped-month = At most { $most } a month
why-capped-year = At most { $most } a year
why-capped-ever = At most { $most } in all
why-no-eligible-line = Nothing in the order earns { $unit }
why-too-small = { $net } is too little to earn
why-too-small-order = The amount is too small to earn
why-window = Not on at the time
why-tier = For members of { $tier }
why-when = Its conditions are not met
why-tickets-raffle = { $count ->
    [one] { $count } entry in { $of }
   *[other] { $count } entries in { $of }
}
why-tickets-game = { $count ->
    [one] { $count } play of { $of }
   *[other] { $count } plays of { $of }
}
why-tickets-for = { $tickets } for { $net }
why-entries-closed = It has closed: nothing changes there
why-currency = Orders in this currency do not earn
why-not-paid = The order is not paid
why-refund-currency = Part of the refund is in { $currency }: its items count, its amounts do not
why-no-such-line = Part of the refund could not be matched: nothing is taken for it
why-forgiven = You had used them already, so you keep them
why-made-up = Makes up for what you kept earlier

## What is missing, or why not

missing-unknown-reward = This reward is not offered
missing-unknown-raffle = This raffle is not offered
missing-unknown-game = This game is not offered
missing-unknown-auction = This auction is not offered
missing-plays-itself = It plays by itself: there is nothing to press
missing-not-for-sale = It cannot be had for { $unit }
missing-no-free-route = It cannot be had for free: { $reason }
missing-entries-left = { $count ->
    [0] You have as many entries as count
    [one] You can have { $count } entry more
   *[other] You can have { $count } entries more
}
missing-pay-not-offered = Paying with { $unit } is not offered
missing-no-open-hold = This payment is no longer open
missing-not-positive = Please choose more than zero
missing-currency = Please pay in { $currency }
missing-opens = Opens on { $date }
missing-closed = Ended on { $date }
missing-tier = For members of { $tier }
missing-condition = Not offered to you at the moment
missing-limit-day = { $times ->
    [one] Once a day: come back tomorrow
   *[other] { $times } times a day: come back tomorrow
}
missing-limit-month = { $times ->
    [one] Once a month: come back next month
   *[other] { $times } times a month: come back next month
}
missing-limit-year = { $times ->
    [one] Once a year: come back next year
   *[other] { $times } times a year: come back next year
}
missing-limit-ever = { $times ->
    [one] Once for each member: you have had it
   *[other] { $times } times for each member: you have had them
}
missing-bid = Bid { $points } or more
missing-too-many-bids = { $count ->
    [one] You have a bid in { $count } auction already: wait until it is over
   *[other] You have bids in { $count } auctions already: wait until one is over
}
missing-payable = You can use { $min } to { $max } here, in steps of { $step }
missing-payable-none = No { $unit } can be used for this order
missing-too-many-holds = Finish or cancel a payment that you have started first
missing-no-sealed-gift = This gift is open already
missing-too-many-gifts = { $count ->
    [one] { $count } gift is waiting: open it first
   *[other] { $count } gifts are waiting: open one first
}
missing-more-than-held = Only { $points } are set aside
missing-other-order = This payment belongs to another order
missing-points = { $points } more
missing-points-pending = { $points } more; { $pending } on the way
missing-no-play = You have no play left
missing-out-of-stock = All gone
missing-unavailable = Not available right now: please try again later

## What you were given

grant-voucher = Voucher
grant-voucher-product = Voucher for { $product }
grant-voucher-product-unnamed = Voucher for a product
grant-voucher-amount = Voucher worth { $money }
grant-voucher-percent = Discount voucher
grant-credit = { $money } store credit
grant-points = { $points }
grant-badge = { $badge }
grant-mystery = A surprise, yours to open
grant-mystery-on = A surprise, opening on { $date }
grant-until = { $grant }, good until { $date }

## The statement

statement-subject = { $programme }: you have { $points }
statement-title = Your statement for { $month }
statement-greeting = Hello { $name },
statement-greeting-unnamed = Hello,
statement-opening-balance = Balance on { $date }
statement-closing-balance = Balance at the end of { $date }
statement-available = You can spend { $points }
statement-held = { $points } set aside for a payment or a bid
statement-pending = { $points } on the way
statement-pending-until = { $points }, available from { $date }
statement-expires = { $points } to use by { $date }
statement-expires-title = Use these in time
statement-nothing-expires = Nothing expires soon
statement-earned = Earned
statement-spent = Used
statement-lapsed = Expired
statement-corrected = Corrected
statement-column-date = Date
statement-column-what = What happened
statement-column-points = Change
statement-column-balance = Balance
statement-history = What happened
statement-nothing-happened = Nothing happened in this period
statement-tier = Your tier: { $tier }
statement-tier-none = You have no tier yet
statement-tier-progress = { $has } of { $needed } for { $tier }
statement-tier-missing = { $points } more by { $date }, and you are in { $tier }
statement-tier-top = You are in the highest tier
statement-value = Worth { $money }
statement-given = Given to you
statement-given-empty = Nothing is waiting to be used
statement-badge = Badge: { $name }
statement-raffles = Your raffles
statement-raffle-entries = { $count ->
    [one] { $count } entry in { $raffle }, drawn on { $date }
   *[other] { $count } entries in { $raffle }, drawn on { $date }
}
statement-raffle-won = { $raffle }: you won { $prize }
statement-raffle-lost = { $raffle }: no win this time
statement-offers = You can have these now
statement-offers-none = Keep going: your first reward is getting closer
statement-offers-near = Within reach
statement-offer = { $reward } for { $points }
statement-offer-free = { $reward }, free for you
statement-offer-missing = { $reward }: { $missing }
statement-how-to-redeem-title = How to redeem
statement-how-to-redeem = Open your page, choose a reward and confirm. You get a code at once, to use at the checkout.
statement-open-page = Open my page
statement-link-private = This link is yours alone: please do not pass it on.
statement-terms = Terms of { $programme }, version { $version }
statement-because = You get this e-mail because you are a member of { $programme } and asked for statements.
statement-unsubscribe = Stop these e-mails
statement-unsubscribed = Done: you will get no more statements by e-mail
statement-page-of = Page { $page } of { $pages }
statement-generated = Made on { $date }

## The member's page: finding one's way

page-title = { $programme }: { $section }
page-skip = Skip to content
page-menu = Menu
page-language = Language
page-sign-out = Sign out
page-back = Back
page-more = Show more
page-cancel = Cancel
nav-overview = Overview
nav-history = History
nav-offers = Rewards
nav-chances = Raffles & games
nav-things = My things
nav-profile = Profile
nav-leaderboard = Leaderboard

## The member's page: overview and history

overview-hello = Hello { $name }
overview-hello-unnamed = Hello
overview-balance = Your { $unit }
history-title = What happened
history-empty = Nothing here yet: your first order will be
history-why = Why?
history-balance-after = Balance after: { $points }
statements-title = Statements
statements-pdf = { $month } as PDF

## The member's page: rewards

offers-title = Rewards
offers-empty = There are no rewards right now: please look in again soon
offers-free = Free
offers-until = Until { $date }
redeem-button = Redeem
redeem-button-for = Redeem for { $points }
redeem-confirm-title = Redeem { $reward }?
redeem-confirm = This uses { $points }; { $left } are left
redeem-confirm-free = This is free for you
redeem-done = Done! Enjoy { $reward }
redeem-left = You have { $points } left
code-copy = Copy code
code-copied = Copied
code-how = Enter it at the checkout
gift-open = Open your surprise
gift-opened = It is { $prize }!
gift-opens-on = Opens on { $date }

## The member's page: raffles, games and auctions

chances-title = Raffles & games
chances-empty = No raffle or game is on right now
raffle-enter-for = Enter for { $points }
raffle-enter-free = Enter for free
raffle-entered = You are in: good luck!
raffle-your-entries = { $count ->
    [0] You have no entries yet
    [one] You have { $count } entry
   *[other] You have { $count } entries
}
raffle-closes = Closes on { $date }
raffle-closed = Closed: the draw is on { $date }
raffle-you-won = You won { $prize }!
raffle-you-lost = No win this time
raffle-record = The record of the draw
raffle-record-how = Anyone can check with it that the draw was fair
game-play = Play
game-play-for = Play for { $points }
game-play-free = Play for free
game-plays-left = { $count ->
    [0] No plays left
    [one] { $count } play left
   *[other] { $count } plays left
}
game-won = You won { $prize }!
game-lost = No win this time: better luck next time
game-over = This game has ended
auction-bid = Bid
auction-bid-label = Your bid
auction-least = At least { $points }
auction-leading = Your bid of { $points } is among the winning ones
auction-sealed = Nobody sees the bids before it closes
auction-winners = { $winners ->
    [one] The highest bid wins
   *[other] The { $winners } highest bids win
}
auction-closes = Closes on { $date }

## The member's page: what is mine

things-title = My things
things-empty = Nothing here yet: redeem your first reward
things-codes = Codes
things-credit = Store credit
things-credit-balance = You have { $money } of store credit
things-gifts = Surprises
things-badges = Badges
things-expired = Expired on { $date }
holds-title = Set aside
holds-empty = Nothing is set aside
holds-hold = { $points } for a payment of { $money }
holds-bid = { $points } for your bid in { $auction }
holds-until = Comes back by itself on { $date }

## The member's page: profile

profile-title = Profile
profile-name = Name
profile-nickname = Nickname
profile-nickname-hint = Shown on the leaderboard in place of your name
profile-email = E-mail
profile-save = Save
profile-saved = Saved
profile-invalid-email = Please check the e-mail address
consent-statements = Send me statements by e-mail
consent-statements-hint = A summary of your { $unit }, when there is something to tell. You can stop it at any time.
consent-leaderboard = Show me on the leaderboard
consent-leaderboard-hint = Other members see your nickname, your place and your { $unit } of the year. You can stop it at any time.
consent-given = Agreed on { $date }
export-button = Export my data
export-hint = What { $programme } has recorded about you, in one file. Statements already sent are not in it.
leaderboard-title = Leaderboard
leaderboard-empty = Nobody is here yet: be the first
leaderboard-place = { $place }. { $name }
leaderboard-you = You are number { $place } of { $members }
leaderboard-join = Join in: see your profile

## Signing in, and what can go wrong

link-title = Your link
link-expired = This link has expired
link-expired-hint = Links are good for a short time only: please ask for a new one
link-used = This link was used already
link-used-hint = Each link works once: please ask for a new one
link-invalid = This link does not work
link-invalid-hint = Please check that you opened all of it, or ask for a new one
error-title = That did not work
error-changed = Something has changed meanwhile: please look again
error-busy = A lot is going on right now: please try again in a moment
error-unexpected = Something went wrong on our side. Nothing was taken from you: please try again later.
error-not-found = This page does not exist
error-signed-out = Please sign in again
