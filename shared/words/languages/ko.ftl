# 회원이 읽는 글, 한국어. 키와 변수는 en.ftl을 보세요.

## 수량

count-entries = 응모권 { $count }장
count-plays = 게임 { $count }회
left-in-stock = { $count }개 남음

## 내역 제목

entry-order = 주문 { $order }
entry-order-unnamed = 주문
entry-sign-up = { $programme } 가입을 환영합니다
entry-review = 리뷰를 남겨 주셔서 감사합니다
entry-referral = 친구를 초대해 주셔서 감사합니다
entry-birthday = 생일을 축하합니다
entry-survey = 설문에 답해 주셔서 감사합니다
entry-newsletter = 소식을 구독해 주셔서 감사합니다
entry-reversal = 주문 { $order } 환불
entry-reversal-unnamed = 환불
entry-return = 주문 { $order }에서 돌려받음
entry-return-unnamed = 주문에서 돌려받음
entry-return-taken = 주문 { $order }에 다시 사용
entry-return-taken-unnamed = 주문에 다시 사용
entry-activation = 이제 사용 가능
entry-expiry = 소멸
entry-redemption = 교환: { $reward }
entry-reveal = { $reward } 깜짝 선물: { $prize }
entry-entered = { $raffle } 응모권 { $entries }장
entry-entered-free = { $raffle } 무료 응모권 { $entries }장
entry-prize = { $raffle } 당첨: { $prize }
entry-play-won = { $game } 당첨: { $prize }
entry-play-lost = { $game } 참여: 아쉽지만 다음 기회에
entry-bid = { $auction } 입찰: { $points }
entry-bid-won = 낙찰: { $auction }
entry-bid-returned = { $auction } 입찰 실패
entry-hold = { $money } 결제용으로 보관
entry-capture = 주문 { $order }에 { $money } 결제 ({ $unit })
entry-capture-unnamed = { $money } 결제 ({ $unit })
entry-release = 잔액으로 돌아옴
entry-lapse = 잔액으로 돌아옴: 결제가 완료되지 않았습니다
entry-adjustment = 조정: { $reason }
entry-adjustment-unnamed = 조정
entry-tier-up = { $tier } 등급이 되신 것을 환영합니다
entry-tier-down = 현재 등급: { $tier }
entry-tier-ended = { $tier } 등급 종료

## 이유

why-net = { $net } 중 { $money }마다 { $points }
why-net-rate = { $money }마다 { $points }
why-net-amount = 주문 금액 { $net }에 대한 적립
why-net-order = 주문에 대한 적립
why-fixed = { $points } 정액 적립
why-fixed-order = 정액 보너스
why-multiple = 주문 적립 { $points }의 { $factor }배
why-multiple-order = 주문 추가 보너스
why-capped-day = 하루 최대 { $most }
why-capped-month = 한 달 최대 { $most }
why-capped-year = 한 해 최대 { $most }
why-capped-ever = 총 최대 { $most }
why-no-eligible-line = 이 주문에는 { $unit } 적립 대상이 없습니다
why-too-small = { $net }: 적립하기에는 적은 금액입니다
why-too-small-order = 적립하기에는 적은 금액입니다
why-window = 당시에는 진행 중이 아니었습니다
why-tier = { $tier } 등급 회원 전용
why-when = 조건이 충족되지 않았습니다
why-tickets-raffle = { $of } 응모권 { $count }장
why-tickets-game = { $of } 게임 { $count }회
why-tickets-for = { $net }에 대해 { $tickets }
why-entries-closed = 이미 마감되어 더는 바뀌지 않습니다
why-currency = 이 통화의 주문은 적립되지 않습니다
why-not-paid = 결제되지 않은 주문입니다
why-refund-currency = 환불 일부가 { $currency } 금액입니다. 상품만 반영되고 금액은 반영되지 않습니다
why-no-such-line = 환불 일부를 확인할 수 없어 차감하지 않습니다
why-forgiven = 이미 사용하셨으므로 그대로 두셔도 됩니다
why-made-up = 앞서 그대로 두신 만큼 채웁니다

## 부족한 것

missing-unknown-reward = 제공되지 않는 리워드입니다
missing-unknown-raffle = 제공되지 않는 추첨입니다
missing-unknown-game = 제공되지 않는 게임입니다
missing-unknown-auction = 제공되지 않는 경매입니다
missing-plays-itself = 자동으로 진행됩니다. 누르실 것이 없습니다
missing-not-for-sale = { $unit }: 여기에는 사용할 수 없습니다
missing-no-free-route = 무료로 받을 수 없습니다: { $reason }
missing-entries-left = { $count ->
    [0] 인정되는 응모권을 이미 모두 받으셨습니다
   *[other] 응모권을 { $count }장 더 받으실 수 있습니다
}
missing-pay-not-offered = { $unit } 결제는 제공되지 않습니다
missing-no-open-hold = 이 결제는 더 이상 진행 중이 아닙니다
missing-not-positive = 0보다 큰 수를 선택해 주세요
missing-currency = { $currency } 통화로 결제해 주세요
missing-opens = { $date } 시작
missing-closed = { $date } 종료
missing-tier = { $tier } 등급 회원 전용
missing-condition = 지금은 이용하실 수 없습니다
missing-limit-day = 하루 { $times }회까지: 내일 다시 와 주세요
missing-limit-month = 한 달 { $times }회까지: 다음 달에 다시 와 주세요
missing-limit-year = 한 해 { $times }회까지: 내년에 다시 와 주세요
missing-limit-ever = 회원당 { $times }회까지: 이미 모두 받으셨습니다
missing-bid = { $points } 이상 입찰해 주세요
missing-too-many-bids = 이미 경매 { $count }건에 입찰하셨습니다. 하나가 끝날 때까지 기다려 주세요
missing-payable = { $min }~{ $max } 사용 가능, { $step } 단위
missing-payable-none = 이 주문에는 사용하실 수 없습니다 ({ $unit })
missing-too-many-holds = 시작하신 결제를 먼저 완료하거나 취소해 주세요
missing-no-sealed-gift = 이미 열린 선물입니다
missing-too-many-gifts = 선물 { $count }개가 기다리고 있어요. 먼저 열어 주세요
missing-more-than-held = { $points }만 보관되어 있습니다
missing-other-order = 다른 주문의 결제입니다
missing-points = { $points } 더 필요해요
missing-points-pending = { $points } 더 필요해요. 적립 예정: { $pending }
missing-no-play = 남은 게임이 없습니다
missing-out-of-stock = 모두 소진되었습니다
missing-unavailable = 지금은 이용하실 수 없습니다. 나중에 다시 시도해 주세요

## 받으신 것

grant-voucher = 교환권
grant-voucher-product = { $product } 교환권
grant-voucher-product-unnamed = 상품 교환권
grant-voucher-amount = { $money } 상품권
grant-voucher-percent = 할인 쿠폰
grant-credit = 스토어 크레딧 { $money }
grant-points = { $points }
grant-badge = { $badge }
grant-mystery = 열어 볼 깜짝 선물
grant-mystery-on = { $date }에 열리는 깜짝 선물
grant-until = { $grant }, { $date }까지 사용 가능

## 명세서

statement-subject = { $programme }: 현재 { $points }
statement-title = { $month } 명세서
statement-greeting = { $name }님, 안녕하세요.
statement-greeting-unnamed = 안녕하세요.
statement-opening-balance = { $date } 잔액
statement-closing-balance = { $date } 마감 잔액
statement-available = 사용 가능: { $points }
statement-held = 결제 또는 입찰용 보관: { $points }
statement-pending = 적립 예정: { $points }
statement-pending-until = { $points }, { $date }부터 사용 가능
statement-expires = { $points }, { $date }까지 사용 가능
statement-expires-title = 기한 안에 사용하세요
statement-nothing-expires = 곧 소멸될 것이 없습니다
statement-earned = 적립
statement-spent = 사용
statement-lapsed = 소멸
statement-corrected = 조정
statement-column-date = 날짜
statement-column-what = 내역
statement-column-points = 변동
statement-column-balance = 잔액
statement-history = 이용 내역
statement-nothing-happened = 이 기간에는 내역이 없습니다
statement-tier = 회원 등급: { $tier }
statement-tier-none = 아직 등급이 없습니다
statement-tier-progress = { $tier }까지 { $needed } 중 { $has }
statement-tier-missing = { $date }까지 { $points } 더 모으면 { $tier } 등급이 됩니다
statement-tier-top = 최고 등급입니다
statement-value = { $money } 상당
statement-given = 받으신 혜택
statement-given-empty = 사용할 혜택이 없습니다
statement-badge = 배지: { $name }
statement-raffles = 참여하신 추첨
statement-raffle-entries = { $raffle }: 응모권 { $count }장, 추첨일 { $date }
statement-raffle-won = { $raffle }: { $prize } 당첨
statement-raffle-lost = { $raffle }: 아쉽지만 다음 기회에
statement-offers = 지금 받으실 수 있어요
statement-offers-none = 조금만 더 모으면 첫 리워드를 받으실 수 있어요
statement-offers-near = 조금만 더 모으세요
statement-offer = { $reward }: { $points }
statement-offer-free = { $reward }: 무료
statement-offer-missing = { $reward }: { $missing }
statement-how-to-redeem-title = 교환 방법
statement-how-to-redeem = 내 페이지를 열고 리워드를 선택한 다음 확인해 주세요. 결제할 때 쓸 코드를 바로 드립니다.
statement-open-page = 내 페이지 열기
statement-link-private = 회원님만을 위한 링크입니다. 다른 사람에게 전달하지 마세요.
statement-terms = { $programme } 이용 약관, 버전 { $version }
statement-because = { $programme } 회원으로서 명세서 수신을 신청하셨기에 보내 드리는 메일입니다.
statement-unsubscribe = 메일 수신 거부
statement-unsubscribed = 완료되었습니다. 이제 명세서를 메일로 보내지 않습니다
statement-page-of = { $page } / { $pages } 페이지
statement-generated = 작성일: { $date }

## 회원 페이지: 둘러보기

page-title = { $programme }: { $section }
page-skip = 본문으로 건너뛰기
page-menu = 메뉴
page-language = 언어
page-sign-out = 로그아웃
page-back = 뒤로
page-more = 더 보기
page-cancel = 취소
nav-overview = 홈
nav-history = 이용 내역
nav-offers = 리워드
nav-chances = 추첨 및 게임
nav-things = 내 보관함
nav-profile = 프로필
nav-leaderboard = 순위표

## 회원 페이지: 홈과 이용 내역

overview-hello = { $name }님, 안녕하세요
overview-hello-unnamed = 안녕하세요
overview-balance = 내 { $unit }
history-title = 이용 내역
history-empty = 아직 내역이 없습니다. 첫 주문이 여기에 표시됩니다
history-why = 왜 그런가요?
history-balance-after = 이후 잔액: { $points }
statements-title = 명세서
statements-pdf = { $month } (PDF)

## 회원 페이지: 리워드

offers-title = 리워드
offers-empty = 지금은 리워드가 없습니다. 곧 다시 확인해 주세요
offers-free = 무료
offers-until = { $date }까지
redeem-button = 교환하기
redeem-button-for = { $points }: 교환하기
redeem-confirm-title = 교환하시겠어요? { $reward }
redeem-confirm = { $points } 사용, 사용 후 잔액 { $left }
redeem-confirm-free = 무료로 드립니다
redeem-done = 교환되었습니다! { $reward }
redeem-left = 남은 잔액: { $points }
code-copy = 코드 복사
code-copied = 복사했습니다
code-how = 결제할 때 입력해 주세요
gift-open = 깜짝 선물 열기
gift-opened = 선물은 바로: { $prize }!
gift-opens-on = { $date }에 열립니다

## 회원 페이지: 추첨, 게임, 경매

chances-title = 추첨 및 게임
chances-empty = 지금은 진행 중인 추첨이나 게임이 없습니다
raffle-enter-for = { $points }: 응모하기
raffle-enter-free = 무료로 응모하기
raffle-entered = 응모되었습니다. 행운을 빌어요!
raffle-your-entries = { $count ->
    [0] 아직 응모권이 없습니다
   *[other] 내 응모권 { $count }장
}
raffle-closes = { $date } 마감
raffle-closed = 마감: { $date } 추첨
raffle-you-won = 축하합니다! { $prize } 당첨
raffle-you-lost = 아쉽지만 다음 기회에
raffle-record = 추첨 기록
raffle-record-how = 추첨이 공정했는지 누구나 확인할 수 있습니다
game-play = 게임하기
game-play-for = { $points }: 게임하기
game-play-free = 무료로 게임하기
game-plays-left = { $count ->
    [0] 남은 게임이 없습니다
   *[other] { $count }회 남음
}
game-won = 축하합니다! { $prize } 당첨
game-lost = 아쉽네요. 다음에는 꼭 당첨되시길 바라요
game-over = 종료된 게임입니다
auction-bid = 입찰하기
auction-bid-label = 내 입찰
auction-least = { $points } 이상
auction-leading = 내 입찰 { $points }: 현재 낙찰권입니다
auction-sealed = 마감 전에는 아무도 입찰을 볼 수 없습니다
auction-winners = { $winners ->
    [1] 가장 높은 입찰이 낙찰됩니다
   *[other] 가장 높은 입찰 { $winners }건이 낙찰됩니다
}
auction-closes = { $date } 마감

## 회원 페이지: 내 보관함

things-title = 내 보관함
things-empty = 아직 비어 있습니다. 첫 리워드를 교환해 보세요
things-codes = 코드
things-credit = 스토어 크레딧
things-credit-balance = 스토어 크레딧 잔액: { $money }
things-gifts = 깜짝 선물
things-badges = 배지
things-expired = { $date } 만료
holds-title = 보관 중
holds-empty = 보관 중인 것이 없습니다
holds-hold = { $money } 결제용 { $points }
holds-bid = { $auction } 입찰용 { $points }
holds-until = { $date }에 자동으로 돌아옵니다

## 회원 페이지: 프로필

profile-title = 프로필
profile-name = 이름
profile-nickname = 닉네임
profile-nickname-hint = 순위표에 이름 대신 표시됩니다
profile-email = 이메일
profile-save = 저장
profile-saved = 저장했습니다
profile-invalid-email = 이메일 주소를 확인해 주세요
consent-statements = 이메일로 명세서 받기
consent-statements-hint = 알려 드릴 소식이 있을 때 요약해 보내 드립니다 ({ $unit }). 언제든지 중단하실 수 있습니다.
consent-leaderboard = 순위표에 표시하기
consent-leaderboard-hint = 다른 회원에게 닉네임과 순위, 올해 모은 { $unit } 수가 보입니다. 언제든지 중단하실 수 있습니다.
consent-given = { $date } 동의
export-button = 내 데이터 내려받기
export-hint = { $programme }에 기록된 회원님의 정보를 파일 하나로 드립니다. 이미 보내 드린 명세서는 들어 있지 않습니다.
leaderboard-title = 순위표
leaderboard-empty = 아직 아무도 없습니다. 첫 번째가 되어 보세요
leaderboard-place = { $place }. { $name }
leaderboard-you = { $members }명 중 { $place }위
leaderboard-join = 프로필에서 참여하기

## 로그인과 오류

link-title = 내 링크
link-expired = 만료된 링크입니다
link-expired-hint = 링크는 잠시 동안만 유효합니다. 새 링크를 요청해 주세요
link-used = 이미 사용된 링크입니다
link-used-hint = 링크는 한 번만 사용할 수 있습니다. 새 링크를 요청해 주세요
link-invalid = 작동하지 않는 링크입니다
link-invalid-hint = 링크 전체를 열었는지 확인하시거나 새 링크를 요청해 주세요
error-title = 처리하지 못했습니다
error-changed = 그사이 변경된 내용이 있습니다. 다시 확인해 주세요
error-busy = 이용자가 많습니다. 잠시 후 다시 시도해 주세요
error-unexpected = 저희 쪽에 문제가 생겼습니다. 차감된 것은 없으니 나중에 다시 시도해 주세요.
error-not-found = 없는 페이지입니다
error-signed-out = 다시 로그인해 주세요
