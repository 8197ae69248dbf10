# ما يقرؤه الأعضاء بالعربية. المفاتيح والمتغيرات في en.ftl.

## الأعداد

count-entries = { $count ->
    [zero] لا مشاركات
    [one] مشاركة واحدة
    [two] مشاركتان
    [few] { $count } مشاركات
   *[other] { $count } مشاركة
}
count-plays = { $count ->
    [zero] لا محاولات
    [one] محاولة واحدة
    [two] محاولتان
    [few] { $count } محاولات
   *[other] { $count } محاولة
}
left-in-stock = { $count ->
    [one] بقيت قطعة واحدة فقط
    [two] بقيت قطعتان
    [few] بقيت { $count } قطع
   *[other] بقيت { $count } قطعة
}

## عناوين ما حدث

entry-order = الطلب { $order }
entry-order-unnamed = طلب
entry-sign-up = مرحبًا بك في { $programme }
entry-review = شكرًا على تقييمك
entry-referral = شكرًا على دعوة صديق
entry-birthday = عيد ميلاد سعيد
entry-survey = شكرًا على إجاباتك
entry-newsletter = شكرًا على اشتراكك في النشرة
entry-reversal = استرداد الطلب { $order }
entry-reversal-unnamed = استرداد
entry-return = أُعيدت من الطلب { $order }
entry-return-unnamed = أُعيدت من طلب
entry-return-taken = استُخدمت مجددًا للطلب { $order }
entry-return-taken-unnamed = استُخدمت مجددًا لطلب
entry-activation = متاحة الآن
entry-expiry = انتهت صلاحيتها
entry-redemption = تم الاستبدال: { $reward }
entry-reveal = مفاجأتك من { $reward }: { $prize }
entry-entered = { $entries ->
    [one] مشاركة واحدة في { $raffle }
    [two] مشاركتان في { $raffle }
    [few] { $entries } مشاركات في { $raffle }
   *[other] { $entries } مشاركة في { $raffle }
}
entry-entered-free = { $entries ->
    [one] مشاركة مجانية واحدة في { $raffle }
    [two] مشاركتان مجانيتان في { $raffle }
    [few] { $entries } مشاركات مجانية في { $raffle }
   *[other] { $entries } مشاركة مجانية في { $raffle }
}
entry-prize = جائزة من { $raffle }: { $prize }
entry-play-won = فوز في { $game }: { $prize }
entry-play-lost = محاولة في { $game }: لا فوز هذه المرة
entry-bid = مزايدة بمقدار { $points } في { $auction }
entry-bid-won = فوز بالمزاد: { $auction }
entry-bid-returned = مزايدة أعلى من مزايدتك في { $auction }
entry-hold = محجوزة لدفع { $money }
entry-capture = دُفع { $money } للطلب { $order } ({ $unit })
entry-capture-unnamed = دُفع { $money } ({ $unit })
entry-release = عادت إلى رصيدك
entry-lapse = عادت إلى رصيدك: لم يكتمل الدفع
entry-adjustment = تصحيح: { $reason }
entry-adjustment-unnamed = تصحيح
entry-tier-up = مرحبًا بك في فئة { $tier }
entry-tier-down = فئتك الآن { $tier }
entry-tier-ended = انتهت فئة { $tier }

## السبب

why-net = { $points } لكل { $money } من { $net }
why-net-rate = { $points } لكل { $money }
why-net-amount = مقابل { $net } من طلبك
why-net-order = مقابل طلبك
why-fixed = { $points } مقابل هذا
why-fixed-order = مكافأة ثابتة
why-multiple = مضاعفة بمقدار { $factor } لما في طلبك: { $points }
why-multiple-order = مكافأة إضافية على طلبك
why-capped-day = بحد أقصى { $most } في اليوم
why-capped-month = بحد أقصى { $most } في الشهر
why-capped-year = بحد أقصى { $most } في السنة
why-capped-ever = بحد أقصى { $most } إجمالًا
why-no-eligible-line = ليس في الطلب ما تُمنح عنه { $unit }
why-too-small = المبلغ { $net } أقل من أن يمنح شيئًا
why-too-small-order = المبلغ أقل من أن يمنح شيئًا
why-window = لم يكن العرض ساريًا حينها
why-tier = لأعضاء فئة { $tier }
why-when = لم تتحقق الشروط
why-tickets-raffle = { $count ->
    [one] مشاركة واحدة في { $of }
    [two] مشاركتان في { $of }
    [few] { $count } مشاركات في { $of }
   *[other] { $count } مشاركة في { $of }
}
why-tickets-game = { $count ->
    [one] محاولة واحدة في { $of }
    [two] محاولتان في { $of }
    [few] { $count } محاولات في { $of }
   *[other] { $count } محاولة في { $of }
}
why-tickets-for = { $tickets } مقابل { $net }
why-entries-closed = أُغلق: لا يتغير فيه شيء
why-currency = الطلبات بهذه العملة لا تمنح شيئًا
why-not-paid = الطلب غير مدفوع
why-refund-currency = جزء من الاسترداد بعملة { $currency }: تُحتسب المنتجات دون المبالغ
why-no-such-line = تعذّرت مطابقة جزء من الاسترداد: لا يُخصم عنه شيء
why-forgiven = سبق استخدامها، لذلك تبقى لك
why-made-up = تعويض عما بقي لك سابقًا

## ما ينقص

missing-unknown-reward = هذه المكافأة غير متوفرة
missing-unknown-raffle = هذا السحب غير متوفر
missing-unknown-game = هذه اللعبة غير متوفرة
missing-unknown-auction = هذا المزاد غير متوفر
missing-plays-itself = تعمل من تلقاء نفسها: لا حاجة إلى الضغط على شيء
missing-not-for-sale = لا يمكن الحصول عليه مقابل { $unit }
missing-no-free-route = لا يمكن الحصول عليه مجانًا: { $reason }
missing-entries-left = { $count ->
    [0] لديك كل المشاركات التي تُحتسب
    [one] يمكنك إضافة مشاركة واحدة
    [two] يمكنك إضافة مشاركتين
    [few] يمكنك إضافة { $count } مشاركات
   *[other] يمكنك إضافة { $count } مشاركة
}
missing-pay-not-offered = الدفع بهذه الطريقة غير متاح ({ $unit })
missing-no-open-hold = لم تعد عملية الدفع هذه مفتوحة
missing-not-positive = يُرجى اختيار عدد أكبر من الصفر
missing-currency = يُرجى الدفع بعملة { $currency }
missing-opens = يبدأ في { $date }
missing-closed = انتهى في { $date }
missing-tier = لأعضاء فئة { $tier }
missing-condition = غير متاح لك حاليًا
missing-limit-day = { $times ->
    [one] مرة واحدة في اليوم: نراك غدًا
    [two] مرتان في اليوم: نراك غدًا
    [few] { $times } مرات في اليوم: نراك غدًا
   *[other] { $times } مرة في اليوم: نراك غدًا
}
missing-limit-month = { $times ->
    [one] مرة واحدة في الشهر: نراك الشهر القادم
    [two] مرتان في الشهر: نراك الشهر القادم
    [few] { $times } مرات في الشهر: نراك الشهر القادم
   *[other] { $times } مرة في الشهر: نراك الشهر القادم
}
missing-limit-year = { $times ->
    [one] مرة واحدة في السنة: نراك السنة القادمة
    [two] مرتان في السنة: نراك السنة القادمة
    [few] { $times } مرات في السنة: نراك السنة القادمة
   *[other] { $times } مرة في السنة: نراك السنة القادمة
}
missing-limit-ever = { $times ->
    [one] مرة واحدة لكل عضو: سبق أن حصلت عليها
    [two] مرتان لكل عضو: سبق أن حصلت عليهما
    [few] { $times } مرات لكل عضو: سبق أن حصلت عليها
   *[other] { $times } مرة لكل عضو: سبق أن حصلت عليها
}
missing-bid = زايد بمقدار { $points } أو أكثر
missing-too-many-bids = { $count ->
    [one] لديك مزايدة في مزاد واحد: يُرجى الانتظار حتى ينتهي
    [two] لديك مزايدات في مزادين: يُرجى الانتظار حتى ينتهي أحدهما
    [few] لديك مزايدات في { $count } مزادات: يُرجى الانتظار حتى ينتهي أحدها
    [many] لديك مزايدات في { $count } مزادًا: يُرجى الانتظار حتى ينتهي أحدها
   *[other] لديك مزايدات في { $count } مزاد: يُرجى الانتظار حتى ينتهي أحدها
}
missing-payable = يمكنك استخدام { $min } إلى { $max } هنا، بمضاعفات { $step }
missing-payable-none = لا يمكن استخدام { $unit } لهذا الطلب
missing-too-many-holds = يُرجى أولًا إكمال عملية دفع بدأتها أو إلغاؤها
missing-no-sealed-gift = هذه الهدية مفتوحة بالفعل
missing-too-many-gifts = { $count ->
    [one] هدية واحدة بانتظارك: افتحها أولًا
    [two] هديتان بانتظارك: افتح إحداهما أولًا
    [few] { $count } هدايا بانتظارك: افتح إحداها أولًا
   *[other] { $count } هدية بانتظارك: افتح إحداها أولًا
}
missing-more-than-held = المحجوز { $points } فقط
missing-other-order = عملية الدفع هذه تخص طلبًا آخر
missing-points = ينقصك { $points }
missing-points-pending = ينقصك { $points }؛ وفي الطريق { $pending }
missing-no-play = لم تبقَ لديك محاولات
missing-out-of-stock = نفدت الكمية
missing-unavailable = غير متاح الآن: يُرجى المحاولة لاحقًا

## ما حصلت عليه

grant-voucher = قسيمة
grant-voucher-product = قسيمة { $product }
grant-voucher-product-unnamed = قسيمة لمنتج
grant-voucher-amount = قسيمة بقيمة { $money }
grant-voucher-percent = قسيمة خصم
grant-credit = رصيد في المتجر: { $money }
grant-points = { $points }
grant-badge = { $badge }
grant-mystery = مفاجأة بانتظار أن تفتحها
grant-mystery-on = مفاجأة تُفتح في { $date }
grant-until = { $grant }، صالحة حتى { $date }

## كشف الحساب

statement-subject = { $programme }: لديك { $points }
statement-title = كشف حسابك: { $month }
statement-greeting = مرحبًا { $name }،
statement-greeting-unnamed = مرحبًا،
statement-opening-balance = الرصيد في { $date }
statement-closing-balance = الرصيد في نهاية { $date }
statement-available = المتاح لك: { $points }
statement-held = محجوز لدفع أو مزايدة: { $points }
statement-pending = في الطريق: { $points }
statement-pending-until = { $points }، متاحة من { $date }
statement-expires = { $points } للاستخدام حتى { $date }
statement-expires-title = استخدمها في وقتها
statement-nothing-expires = لا شيء تنتهي صلاحيته قريبًا
statement-earned = المكتسب
statement-spent = المستخدم
statement-lapsed = المنتهي
statement-corrected = المصحح
statement-column-date = التاريخ
statement-column-what = ما حدث
statement-column-points = التغيير
statement-column-balance = الرصيد
statement-history = ما حدث
statement-nothing-happened = لم يحدث شيء في هذه الفترة
statement-tier = فئتك: { $tier }
statement-tier-none = ليست لديك فئة بعد
statement-tier-progress = { $has } من { $needed } نحو فئة { $tier }
statement-tier-missing = { $points } أخرى حتى { $date } وتصل إلى فئة { $tier }
statement-tier-top = أنت في أعلى فئة
statement-value = القيمة: { $money }
statement-given = ما حصلت عليه
statement-given-empty = لا شيء بانتظار الاستخدام
statement-badge = شارة: { $name }
statement-raffles = سحوباتك
statement-raffle-entries = { $count ->
    [zero] { $raffle }: لا مشاركات، السحب في { $date }
    [one] { $raffle }: مشاركة واحدة، السحب في { $date }
    [two] { $raffle }: مشاركتان، السحب في { $date }
    [few] { $raffle }: { $count } مشاركات، السحب في { $date }
   *[other] { $raffle }: { $count } مشاركة، السحب في { $date }
}
statement-raffle-won = { $raffle }: فزت بجائزة { $prize }
statement-raffle-lost = { $raffle }: لا فوز هذه المرة
statement-offers = يمكنك الحصول عليها الآن
statement-offers-none = واصل الجمع: مكافأتك الأولى تقترب
statement-offers-near = في المتناول
statement-offer = { $reward } مقابل { $points }
statement-offer-free = { $reward }، مجانًا لك
statement-offer-missing = { $reward }: { $missing }
statement-how-to-redeem-title = كيفية الاستبدال
statement-how-to-redeem = افتح صفحتك واختر مكافأة ثم أكّد. تحصل فورًا على رمز تستخدمه عند الدفع.
statement-open-page = فتح صفحتي
statement-link-private = هذا الرابط لك وحدك: يُرجى عدم مشاركته.
statement-terms = شروط { $programme }، الإصدار { $version }
statement-because = تصلك هذه الرسالة لأنك عضو في { $programme } وطلبت كشوف الحساب.
statement-unsubscribe = إيقاف هذه الرسائل
statement-unsubscribed = تم: لن تصلك كشوف أخرى بالبريد الإلكتروني
statement-page-of = صفحة { $page } من { $pages }
statement-generated = أُعد في { $date }

## صفحة العضو: التنقل

page-title = { $programme }: { $section }
page-skip = الانتقال إلى المحتوى
page-menu = القائمة
page-language = اللغة
page-sign-out = تسجيل الخروج
page-back = رجوع
page-more = عرض المزيد
page-cancel = إلغاء
nav-overview = نظرة عامة
nav-history = السجل
nav-offers = المكافآت
nav-chances = السحوبات والألعاب
nav-things = أشيائي
nav-profile = الملف الشخصي
nav-leaderboard = قائمة المتصدرين

## صفحة العضو: نظرة عامة والسجل

overview-hello = مرحبًا { $name }
overview-hello-unnamed = مرحبًا
overview-balance = رصيدك ({ $unit })
history-title = ما حدث
history-empty = لا شيء هنا بعد: سيظهر هنا طلبك الأول
history-why = لماذا؟
history-balance-after = الرصيد بعدها: { $points }
statements-title = كشوف الحساب
statements-pdf = { $month } (PDF)

## صفحة العضو: المكافآت

offers-title = المكافآت
offers-empty = لا مكافآت الآن: يُرجى العودة قريبًا
offers-free = مجانًا
offers-until = حتى { $date }
redeem-button = استبدال
redeem-button-for = استبدال مقابل { $points }
redeem-confirm-title = استبدال { $reward }؟
redeem-confirm = التكلفة { $points }، والمتبقي { $left }
redeem-confirm-free = مجانًا لك
redeem-done = تم! نتمنى أن تستمتع: { $reward }
redeem-left = المتبقي لديك: { $points }
code-copy = نسخ الرمز
code-copied = تم النسخ
code-how = أدخله عند الدفع
gift-open = افتح مفاجأتك
gift-opened = إنها { $prize }!
gift-opens-on = تُفتح في { $date }

## صفحة العضو: السحوبات والألعاب والمزادات

chances-title = السحوبات والألعاب
chances-empty = لا سحب ولا لعبة الآن
raffle-enter-for = شارك مقابل { $points }
raffle-enter-free = شارك مجانًا
raffle-entered = تمت مشاركتك: حظًا سعيدًا!
raffle-your-entries = { $count ->
    [0] ليست لديك مشاركات بعد
    [one] لديك مشاركة واحدة
    [two] لديك مشاركتان
    [few] لديك { $count } مشاركات
   *[other] لديك { $count } مشاركة
}
raffle-closes = يُغلق في { $date }
raffle-closed = أُغلق: السحب في { $date }
raffle-you-won = فزت بجائزة { $prize }!
raffle-you-lost = لا فوز هذه المرة
raffle-record = محضر السحب
raffle-record-how = يمكن للجميع التحقق به من نزاهة السحب
game-play = العب
game-play-for = العب مقابل { $points }
game-play-free = العب مجانًا
game-plays-left = { $count ->
    [0] لم تبقَ محاولات
    [one] بقيت محاولة واحدة
    [two] بقيت محاولتان
    [few] بقيت { $count } محاولات
   *[other] بقيت { $count } محاولة
}
game-won = فزت بجائزة { $prize }!
game-lost = لا فوز هذه المرة: حظًا أوفر في المرة القادمة
game-over = انتهت هذه اللعبة
auction-bid = زايد
auction-bid-label = مزايدتك
auction-least = على الأقل { $points }
auction-leading = مزايدتك ({ $points }) من بين الفائزة
auction-sealed = لا أحد يرى المزايدات قبل الإغلاق
auction-winners = { $winners ->
    [one] تفوز أعلى مزايدة
    [two] تفوز أعلى مزايدتين
    [few] تفوز أعلى { $winners } مزايدات
   *[other] تفوز أعلى { $winners } مزايدة
}
auction-closes = يُغلق في { $date }

## صفحة العضو: أشيائي

things-title = أشيائي
things-empty = لا شيء هنا بعد: استبدل مكافأتك الأولى
things-codes = الرموز
things-credit = رصيد المتجر
things-credit-balance = رصيدك في المتجر: { $money }
things-gifts = المفاجآت
things-badges = الشارات
things-expired = انتهى في { $date }
holds-title = المحجوز
holds-empty = لا شيء محجوز
holds-hold = { $points } لدفع { $money }
holds-bid = { $points } لمزايدتك في { $auction }
holds-until = تعود من تلقاء نفسها في { $date }

## صفحة العضو: الملف الشخصي

profile-title = الملف الشخصي
profile-name = الاسم
profile-nickname = الاسم المستعار
profile-nickname-hint = يظهر في قائمة المتصدرين بدلًا من اسمك
profile-email = البريد الإلكتروني
profile-save = حفظ
profile-saved = تم الحفظ
profile-invalid-email = يُرجى التحقق من البريد الإلكتروني
consent-statements = أرسلوا إليّ كشوف الحساب بالبريد الإلكتروني
consent-statements-hint = ملخص ({ $unit }) عندما يكون هناك جديد. يمكنك إيقافه في أي وقت.
consent-leaderboard = أظهروني في قائمة المتصدرين
consent-leaderboard-hint = يرى الأعضاء الآخرون اسمك المستعار ومركزك وما جمعته هذا العام ({ $unit }). يمكنك إيقافه في أي وقت.
consent-given = تمت الموافقة في { $date }
export-button = تنزيل بياناتي
export-hint = ما سُجِّل عنك في { $programme }، في ملف واحد. لا يشمل ذلك كشوف الحساب التي سبق إرسالها.
leaderboard-title = قائمة المتصدرين
leaderboard-empty = لا أحد هنا بعد: كن في المركز الأول
leaderboard-place = { $place }. { $name }
leaderboard-you = مركزك { $place } من { $members }
leaderboard-join = شارك من ملفك الشخصي

## الدخول وما قد يتعثر

link-title = رابطك
link-expired = انتهت صلاحية هذا الرابط
link-expired-hint = تصلح الروابط لوقت قصير فقط: يُرجى طلب رابط جديد
link-used = سبق استخدام هذا الرابط
link-used-hint = يعمل كل رابط مرة واحدة: يُرجى طلب رابط جديد
link-invalid = هذا الرابط لا يعمل
link-invalid-hint = يُرجى التأكد من فتحه كاملًا أو طلب رابط جديد
error-title = لم يتم ذلك
error-changed = تغيّر شيء في هذه الأثناء: يُرجى النظر مجددًا
error-busy = هناك ضغط كبير الآن: يُرجى المحاولة بعد قليل
error-unexpected = حدث خطأ لدينا. لم يُخصم منك شيء: يُرجى المحاولة لاحقًا.
error-not-found = هذه الصفحة غير موجودة
error-signed-out = يُرجى تسجيل الدخول مجددًا
