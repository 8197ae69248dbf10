# สิ่งที่สมาชิกอ่าน ภาษาไทย คีย์และตัวแปร: ดู en.ftl

## จำนวน

count-entries = { $count } สิทธิ์
count-plays = { $count } ครั้ง
left-in-stock = เหลือ { $count } ชิ้น

## ชื่อรายการ

entry-order = คำสั่งซื้อ { $order }
entry-order-unnamed = คำสั่งซื้อ
entry-sign-up = ยินดีต้อนรับสู่ { $programme }
entry-review = ขอบคุณสำหรับรีวิว
entry-referral = ขอบคุณที่ชวนเพื่อน
entry-birthday = สุขสันต์วันเกิด
entry-survey = ขอบคุณสำหรับคำตอบ
entry-newsletter = ขอบคุณที่สมัครรับข่าวสาร
entry-reversal = คืนเงินคำสั่งซื้อ { $order }
entry-reversal-unnamed = คืนเงิน
entry-return = ได้คืนจากคำสั่งซื้อ { $order }
entry-return-unnamed = ได้คืนจากคำสั่งซื้อ
entry-return-taken = ใช้อีกครั้งกับคำสั่งซื้อ { $order }
entry-return-taken-unnamed = ใช้อีกครั้งกับคำสั่งซื้อ
entry-activation = ใช้ได้แล้ว
entry-expiry = หมดอายุ
entry-redemption = แลกแล้ว: { $reward }
entry-reveal = ของขวัญเซอร์ไพรส์จาก { $reward }: { $prize }
entry-entered = { $entries } สิทธิ์ใน { $raffle }
entry-entered-free = { $entries } สิทธิ์ฟรีใน { $raffle }
entry-prize = ได้รางวัลจาก { $raffle }: { $prize }
entry-play-won = ได้รางวัลจาก { $game }: { $prize }
entry-play-lost = เล่น { $game }: ครั้งนี้ยังไม่ได้รางวัล
entry-bid = เสนอราคา { $points } ใน { $auction }
entry-bid-won = ชนะการประมูล: { $auction }
entry-bid-returned = มีผู้เสนอสูงกว่าใน { $auction }
entry-hold = กันไว้เพื่อชำระ { $money }
entry-capture = ชำระ { $money } ด้วย{ $unit } สำหรับคำสั่งซื้อ { $order }
entry-capture-unnamed = ชำระ { $money } ด้วย{ $unit }
entry-release = กลับเข้ายอดคงเหลือแล้ว
entry-lapse = กลับเข้ายอดคงเหลือแล้ว: การชำระเงินไม่เสร็จสิ้น
entry-adjustment = แก้ไขยอด: { $reason }
entry-adjustment-unnamed = แก้ไขยอด
entry-tier-up = ยินดีต้อนรับสู่ระดับ { $tier }
entry-tier-down = ตอนนี้คุณอยู่ระดับ { $tier }
entry-tier-ended = ระดับ { $tier } สิ้นสุดแล้ว

## เหตุผล

why-net = { $points } ต่อทุก { $money } จากยอด { $net }
why-net-rate = { $points } ต่อทุก { $money }
why-net-amount = จากยอด { $net } ของคำสั่งซื้อ
why-net-order = จากคำสั่งซื้อของคุณ
why-fixed = { $points } สำหรับกิจกรรมนี้
why-fixed-order = โบนัสคงที่
why-multiple = { $factor } เท่าของ { $points } จากคำสั่งซื้อ
why-multiple-order = โบนัสเพิ่มจากคำสั่งซื้อ
why-capped-day = ไม่เกิน { $most } ต่อวัน
why-capped-month = ไม่เกิน { $most } ต่อเดือน
why-capped-year = ไม่เกิน { $most } ต่อปี
why-capped-ever = ไม่เกิน { $most } รวมทั้งหมด
why-no-eligible-line = ไม่มีสินค้าในคำสั่งซื้อนี้ที่ได้รับ{ $unit }
why-too-small = ยอด { $net } น้อยเกินกว่าจะสะสมได้
why-too-small-order = ยอดน้อยเกินกว่าจะสะสมได้
why-window = อยู่นอกช่วงเวลาของข้อเสนอ
why-tier = สำหรับสมาชิกระดับ { $tier }
why-when = ไม่เป็นไปตามเงื่อนไข
why-tickets-raffle = { $count } สิทธิ์ใน { $of }
why-tickets-game = เล่น { $of } ได้ { $count } ครั้ง
why-tickets-for = { $tickets } จากยอด { $net }
why-entries-closed = ปิดรับแล้ว: ไม่มีอะไรเปลี่ยนแปลงอีก
why-currency = คำสั่งซื้อในสกุลเงินนี้ไม่ได้รับการสะสม
why-not-paid = คำสั่งซื้อยังไม่ได้ชำระเงิน
why-refund-currency = เงินคืนบางส่วนเป็นสกุล { $currency }: นับเฉพาะสินค้า ไม่นับจำนวนเงิน
why-no-such-line = ไม่พบรายการของเงินคืนบางส่วน: จึงไม่หักอะไร
why-forgiven = คุณใช้ไปแล้ว จึงไม่ต้องคืน
why-made-up = ชดเชยส่วนที่คุณไม่ต้องคืนก่อนหน้านี้

## สิ่งที่ยังขาด

missing-unknown-reward = ไม่มีของรางวัลนี้
missing-unknown-raffle = ไม่มีการจับรางวัลนี้
missing-unknown-game = ไม่มีเกมนี้
missing-unknown-auction = ไม่มีการประมูลนี้
missing-plays-itself = เกมนี้เล่นเองโดยอัตโนมัติ: ไม่ต้องกดอะไร
missing-not-for-sale = รายการนี้ใช้{ $unit }แลกไม่ได้
missing-no-free-route = รับฟรีไม่ได้: { $reason }
missing-entries-left = { $count ->
    [0] คุณมีสิทธิ์ครบตามจำนวนที่นับแล้ว
   *[other] คุณรับได้อีก { $count } สิทธิ์
}
missing-pay-not-offered = ไม่รับชำระด้วย{ $unit }
missing-no-open-hold = การชำระเงินนี้ปิดไปแล้ว
missing-not-positive = กรุณาเลือกจำนวนมากกว่าศูนย์
missing-currency = กรุณาชำระเป็นสกุล { $currency }
missing-opens = เริ่ม { $date }
missing-closed = สิ้นสุด { $date }
missing-tier = สำหรับสมาชิกระดับ { $tier }
missing-condition = ยังไม่เปิดให้คุณในขณะนี้
missing-limit-day = วันละ { $times } ครั้ง: กลับมาใหม่พรุ่งนี้นะ
missing-limit-month = เดือนละ { $times } ครั้ง: กลับมาใหม่เดือนหน้านะ
missing-limit-year = ปีละ { $times } ครั้ง: กลับมาใหม่ปีหน้านะ
missing-limit-ever = คนละ { $times } ครั้ง: คุณใช้สิทธิ์ครบแล้ว
missing-bid = เสนอตั้งแต่ { $points } ขึ้นไป
missing-too-many-bids = คุณเสนอราคาอยู่ใน { $count } การประมูลแล้ว: กรุณารอให้จบก่อน
missing-payable = ใช้ได้ { $min } ถึง { $max } ครั้งละ { $step }
missing-payable-none = คำสั่งซื้อนี้ใช้{ $unit }ไม่ได้
missing-too-many-holds = กรุณาชำระรายการที่ค้างอยู่ให้เสร็จหรือยกเลิกก่อน
missing-no-sealed-gift = ของขวัญนี้เปิดไปแล้ว
missing-too-many-gifts = มีของขวัญรออยู่ { $count } ชิ้น: กรุณาเปิดก่อน
missing-more-than-held = กันไว้เพียง { $points }
missing-other-order = การชำระเงินนี้เป็นของคำสั่งซื้ออื่น
missing-points = ขาดอีก { $points }
missing-points-pending = ขาดอีก { $points } กำลังจะได้รับ { $pending }
missing-no-play = คุณไม่มีสิทธิ์เล่นเหลือแล้ว
missing-out-of-stock = หมดแล้ว
missing-unavailable = ยังใช้ไม่ได้ในขณะนี้: กรุณาลองใหม่ภายหลัง

## สิ่งที่ได้รับ

grant-voucher = คูปอง
grant-voucher-product = คูปองแลก { $product }
grant-voucher-product-unnamed = คูปองแลกสินค้า
grant-voucher-amount = คูปองมูลค่า { $money }
grant-voucher-percent = คูปองส่วนลด
grant-credit = เครดิตร้านค้า { $money }
grant-points = { $points }
grant-badge = { $badge }
grant-mystery = ของขวัญเซอร์ไพรส์ รอคุณเปิด
grant-mystery-on = ของขวัญเซอร์ไพรส์ จะเปิด { $date }
grant-until = { $grant } ใช้ได้ถึง { $date }

## ใบแจ้งยอด

statement-subject = { $programme }: คุณมี { $points }
statement-title = ใบแจ้งยอดของคุณ { $month }
statement-greeting = สวัสดีคุณ { $name }
statement-greeting-unnamed = สวัสดี
statement-opening-balance = ยอด ณ { $date }
statement-closing-balance = ยอด ณ สิ้นวัน { $date }
statement-available = ใช้ได้ { $points }
statement-held = กันไว้เพื่อชำระเงินหรือประมูล { $points }
statement-pending = กำลังจะได้รับ { $points }
statement-pending-until = { $points } ใช้ได้ตั้งแต่ { $date }
statement-expires = { $points } ใช้ได้ถึง { $date }
statement-expires-title = ใช้ให้ทันเวลา
statement-nothing-expires = ยังไม่มีอะไรใกล้หมดอายุ
statement-earned = สะสม
statement-spent = ใช้ไป
statement-lapsed = หมดอายุ
statement-corrected = แก้ไขยอด
statement-column-date = วันที่
statement-column-what = รายการ
statement-column-points = เปลี่ยนแปลง
statement-column-balance = คงเหลือ
statement-history = รายการที่เกิดขึ้น
statement-nothing-happened = ไม่มีรายการในช่วงนี้
statement-tier = ระดับของคุณ: { $tier }
statement-tier-none = คุณยังไม่มีระดับ
statement-tier-progress = { $has } จาก { $needed } สู่ระดับ { $tier }
statement-tier-missing = อีก { $points } ภายใน { $date } คุณจะได้ระดับ { $tier }
statement-tier-top = คุณอยู่ระดับสูงสุดแล้ว
statement-value = มูลค่า { $money }
statement-given = สิ่งที่คุณได้รับ
statement-given-empty = ไม่มีอะไรรอใช้
statement-badge = เหรียญตรา: { $name }
statement-raffles = การจับรางวัลของคุณ
statement-raffle-entries = { $raffle }: { $count } สิทธิ์ จับรางวัล { $date }
statement-raffle-won = { $raffle }: คุณได้ { $prize }
statement-raffle-lost = { $raffle }: ครั้งนี้ยังไม่ได้รางวัล
statement-offers = รับได้เลยตอนนี้
statement-offers-none = สะสมต่ออีกนิด: ของรางวัลชิ้นแรกใกล้เข้ามาแล้ว
statement-offers-near = อีกนิดเดียว
statement-offer = { $reward } ใช้ { $points }
statement-offer-free = { $reward } ฟรีสำหรับคุณ
statement-offer-missing = { $reward }: { $missing }
statement-how-to-redeem-title = วิธีแลก
statement-how-to-redeem = เปิดหน้าของคุณ เลือกของรางวัล แล้วกดยืนยัน คุณจะได้รหัสทันทีเพื่อใช้ตอนชำระเงิน
statement-open-page = เปิดหน้าของฉัน
statement-link-private = ลิงก์นี้เป็นของคุณเท่านั้น: กรุณาอย่าส่งต่อ
statement-terms = ข้อกำหนดของ { $programme } ฉบับที่ { $version }
statement-because = คุณได้รับอีเมลนี้เพราะเป็นสมาชิก { $programme } และขอรับใบแจ้งยอด
statement-unsubscribe = เลิกรับอีเมลเหล่านี้
statement-unsubscribed = เรียบร้อย: เราจะไม่ส่งใบแจ้งยอดทางอีเมลอีก
statement-page-of = หน้า { $page } จาก { $pages }
statement-generated = จัดทำเมื่อ { $date }

## หน้าสมาชิก: นำทาง

page-title = { $programme }: { $section }
page-skip = ข้ามไปยังเนื้อหา
page-menu = เมนู
page-language = ภาษา
page-sign-out = ออกจากระบบ
page-back = ย้อนกลับ
page-more = ดูเพิ่มเติม
page-cancel = ยกเลิก
nav-overview = ภาพรวม
nav-history = ประวัติ
nav-offers = ของรางวัล
nav-chances = จับรางวัลและเกม
nav-things = ของฉัน
nav-profile = โปรไฟล์
nav-leaderboard = อันดับ

## หน้าสมาชิก: ภาพรวมและประวัติ

overview-hello = สวัสดีคุณ { $name }
overview-hello-unnamed = สวัสดี
overview-balance = { $unit }ของคุณ
history-title = รายการที่เกิดขึ้น
history-empty = ยังไม่มีรายการ: คำสั่งซื้อแรกของคุณจะแสดงที่นี่
history-why = ทำไม?
history-balance-after = คงเหลือหลังรายการ: { $points }
statements-title = ใบแจ้งยอด
statements-pdf = { $month } (PDF)

## หน้าสมาชิก: ของรางวัล

offers-title = ของรางวัล
offers-empty = ตอนนี้ยังไม่มีของรางวัล: แวะมาดูใหม่เร็ว ๆ นี้นะ
offers-free = ฟรี
offers-until = ถึง { $date }
redeem-button = แลก
redeem-button-for = แลกด้วย { $points }
redeem-confirm-title = แลก { $reward } ใช่ไหม?
redeem-confirm = ใช้ { $points } เหลือ { $left }
redeem-confirm-free = ฟรีสำหรับคุณ
redeem-done = เรียบร้อย! ขอให้เพลิดเพลินกับ { $reward }
redeem-left = คุณเหลือ { $points }
code-copy = คัดลอกรหัส
code-copied = คัดลอกแล้ว
code-how = กรอกรหัสนี้ตอนชำระเงิน
gift-open = เปิดของขวัญเซอร์ไพรส์
gift-opened = คุณได้ { $prize }!
gift-opens-on = จะเปิด { $date }

## หน้าสมาชิก: จับรางวัล เกม และการประมูล

chances-title = จับรางวัลและเกม
chances-empty = ตอนนี้ยังไม่มีการจับรางวัลหรือเกม
raffle-enter-for = ร่วมลุ้นด้วย { $points }
raffle-enter-free = ร่วมลุ้นฟรี
raffle-entered = คุณร่วมลุ้นแล้ว: ขอให้โชคดี!
raffle-your-entries = { $count ->
    [0] คุณยังไม่มีสิทธิ์
   *[other] คุณมี { $count } สิทธิ์
}
raffle-closes = ปิดรับ { $date }
raffle-closed = ปิดรับแล้ว: จับรางวัล { $date }
raffle-you-won = คุณได้ { $prize }!
raffle-you-lost = ครั้งนี้ยังไม่ได้รางวัล
raffle-record = บันทึกการจับรางวัล
raffle-record-how = ทุกคนตรวจสอบได้ว่าการจับรางวัลยุติธรรม
game-play = เล่น
game-play-for = เล่นด้วย { $points }
game-play-free = เล่นฟรี
game-plays-left = { $count ->
    [0] ไม่มีสิทธิ์เล่นเหลือแล้ว
   *[other] เล่นได้อีก { $count } ครั้ง
}
game-won = คุณได้ { $prize }!
game-lost = ครั้งนี้ยังไม่ได้รางวัล: ขอให้โชคดีครั้งหน้า
game-over = เกมนี้จบแล้ว
auction-bid = เสนอราคา
auction-bid-label = ราคาที่คุณเสนอ
auction-least = อย่างน้อย { $points }
auction-leading = ราคาที่คุณเสนอ { $points } อยู่ในกลุ่มผู้ชนะ
auction-sealed = ไม่มีใครเห็นราคาจนกว่าจะปิดประมูล
auction-winners = { $winners ->
    [1] ผู้เสนอสูงสุดเป็นผู้ชนะ
   *[other] ผู้เสนอสูงสุด { $winners } รายเป็นผู้ชนะ
}
auction-closes = ปิดประมูล { $date }

## หน้าสมาชิก: ของฉัน

things-title = ของฉัน
things-empty = ยังไม่มีอะไร: แลกของรางวัลชิ้นแรกของคุณเลย
things-codes = รหัส
things-credit = เครดิตร้านค้า
things-credit-balance = คุณมีเครดิตร้านค้า { $money }
things-gifts = ของขวัญเซอร์ไพรส์
things-badges = เหรียญตรา
things-expired = หมดอายุ { $date }
holds-title = กันไว้
holds-empty = ไม่มีรายการที่กันไว้
holds-hold = { $points } สำหรับชำระ { $money }
holds-bid = { $points } สำหรับการประมูล { $auction }
holds-until = จะกลับคืนเอง { $date }

## หน้าสมาชิก: โปรไฟล์

profile-title = โปรไฟล์
profile-name = ชื่อ
profile-nickname = ชื่อเล่น
profile-nickname-hint = แสดงในอันดับแทนชื่อของคุณ
profile-email = อีเมล
profile-save = บันทึก
profile-saved = บันทึกแล้ว
profile-invalid-email = กรุณาตรวจสอบที่อยู่อีเมล
consent-statements = ส่งใบแจ้งยอดให้ฉันทางอีเมล
consent-statements-hint = สรุป{ $unit }ของคุณเมื่อมีเรื่องให้แจ้ง คุณเลิกรับได้ทุกเมื่อ
consent-leaderboard = แสดงฉันในอันดับ
consent-leaderboard-hint = สมาชิกอื่นจะเห็นชื่อเล่น อันดับ และ{ $unit }ในปีนี้ของคุณ คุณเลิกแสดงได้ทุกเมื่อ
consent-given = ยินยอมเมื่อ { $date }
export-button = ดาวน์โหลดข้อมูลของฉัน
export-hint = ข้อมูลของคุณที่ { $programme } บันทึกไว้ ในไฟล์เดียว ไม่รวมใบแจ้งยอดที่ส่งไปแล้ว
leaderboard-title = อันดับ
leaderboard-empty = ยังไม่มีใคร: มาเป็นคนแรกกัน
leaderboard-place = { $place }. { $name }
leaderboard-you = คุณอยู่อันดับ { $place } จาก { $members } คน
leaderboard-join = เข้าร่วมได้ในโปรไฟล์ของคุณ

## การเข้าสู่ระบบและข้อผิดพลาด

link-title = ลิงก์ของคุณ
link-expired = ลิงก์นี้หมดอายุแล้ว
link-expired-hint = ลิงก์ใช้ได้ช่วงสั้น ๆ เท่านั้น: กรุณาขอลิงก์ใหม่
link-used = ลิงก์นี้ถูกใช้ไปแล้ว
link-used-hint = แต่ละลิงก์ใช้ได้ครั้งเดียว: กรุณาขอลิงก์ใหม่
link-invalid = ลิงก์นี้ใช้ไม่ได้
link-invalid-hint = กรุณาตรวจสอบว่าเปิดลิงก์ครบทั้งหมด หรือขอลิงก์ใหม่
error-title = ทำรายการไม่สำเร็จ
error-changed = มีบางอย่างเปลี่ยนไป: กรุณาดูอีกครั้ง
error-busy = ตอนนี้มีผู้ใช้มาก: กรุณาลองใหม่ในอีกสักครู่
error-unexpected = ระบบของเราขัดข้อง คุณไม่ถูกหักอะไร: กรุณาลองใหม่ภายหลัง
error-not-found = ไม่มีหน้านี้
error-signed-out = กรุณาเข้าสู่ระบบอีกครั้ง
