//! The same statement in each language.

use guerdon_paper::{Align, Block, Cell, Column, Document, Row};

/// What differs between languages.
pub(crate) struct Words {
    pub(crate) language: &'static str,
    pub(crate) right_to_left: bool,
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) figures: [(&'static str, &'static str); 4],
    pub(crate) progress: &'static str,
    pub(crate) activity: &'static str,
    pub(crate) columns: [&'static str; 4],
    pub(crate) visit: &'static str,
    pub(crate) shop: &'static str,
    pub(crate) total: &'static str,
    pub(crate) small: &'static str,
    pub(crate) footer: &'static str,
    pub(crate) page: &'static str,
}

pub(crate) const WORDS: [Words; 6] = [
    Words {
        language: "en",
        right_to_left: false,
        title: "Points statement",
        intro: "Dear Ada Wójcik, this is what happened on your Harbour Coffee account between 1 October and 31 October 2026. \
                Points are worth one penny each and are valid for twelve months from the day you earned them.",
        figures: [
            ("Opening balance", "1,204"),
            ("Earned", "+386"),
            ("Redeemed", "−500"),
            ("Closing balance", "1,090"),
        ],
        progress: "1,640 of 2,500 qualifying points towards Gold",
        activity: "Activity",
        columns: ["Date", "What", "Amount", "Points"],
        visit: "Flat white and almond croissant",
        shop: "Harbour Coffee, Quay Street",
        total: "Total",
        small: "If anything here looks wrong, tell us within 60 days. Points have no cash value and cannot be transferred.",
        footer: "Harbour Coffee Ltd, 4 Quay Street, Bristol BS1 4EJ. Registered in England no. 01234567.",
        page: "Page {} of {}",
    },
    Words {
        language: "pl",
        right_to_left: false,
        title: "Zestawienie punktów",
        intro: "Szanowna Pani Ado Wójcik, oto co wydarzyło się na Pani koncie w programie Kawiarnia Portowa między 1 a 31 \
                października 2026 r. Każdy punkt jest wart jeden grosz i zachowuje ważność przez dwanaście miesięcy od naliczenia.",
        figures: [
            ("Saldo początkowe", "1 204"),
            ("Naliczone", "+386"),
            ("Wykorzystane", "−500"),
            ("Saldo końcowe", "1 090"),
        ],
        progress: "1 640 z 2 500 punktów kwalifikujących do poziomu Złotego",
        activity: "Operacje",
        columns: ["Data", "Opis", "Kwota", "Punkty"],
        visit: "Kawa z mlekiem i rogalik migdałowy",
        shop: "Kawiarnia Portowa, ul. Żeglarska w Łodzi",
        total: "Razem",
        small: "Jeśli coś się nie zgadza, prosimy o wiadomość w ciągu 60 dni. Punktów nie można wymienić na gotówkę.",
        footer: "Kawiarnia Portowa sp. z o.o., ul. Żeglarska 4, 90-001 Łódź",
        page: "Strona {} z {}",
    },
    Words {
        language: "de",
        right_to_left: false,
        title: "Punktekontoauszug",
        intro: "Guten Tag Ada Wójcik, hier sehen Sie alle Buchungen auf Ihrem Konto bei Hafenkaffee vom 1. bis 31. Oktober 2026. \
                Jeder Punkt ist einen Cent wert und gilt zwölf Monate ab dem Tag, an dem er gutgeschrieben wurde.",
        figures: [
            ("Anfangssaldo", "1.204"),
            ("Gesammelt", "+386"),
            ("Eingelöst", "−500"),
            ("Schlusssaldo", "1.090"),
        ],
        progress: "1.640 von 2.500 Statuspunkten bis Gold",
        activity: "Umsätze",
        columns: ["Datum", "Vorgang", "Betrag", "Punkte"],
        visit: "Milchkaffee und Mandelhörnchen",
        shop: "Hafenkaffee, Große Elbstraße",
        total: "Summe",
        small: "Bitte prüfen Sie den Auszug und melden Sie Unstimmigkeiten innerhalb von 60 Tagen.",
        footer: "Hafenkaffee GmbH, Große Elbstraße 4, 22767 Hamburg",
        page: "Seite {} von {}",
    },
    Words {
        language: "th",
        right_to_left: false,
        title: "ใบแจ้งยอดคะแนนสะสม",
        intro: "เรียน คุณอาดา นี่คือรายการทั้งหมดในบัญชีสะสมคะแนนของคุณระหว่างวันที่ 1 ถึง 31 ตุลาคม 2569 คะแนนแต่ละคะแนนมีมูลค่าหนึ่งสตางค์และใช้ได้ภายในสิบสองเดือนนับจากวันที่ได้รับ กรุณาตรวจสอบความถูกต้องของรายการ",
        figures: [("ยอดยกมา", "1,204"), ("ได้รับ", "+386"), ("ใช้ไป", "−500"), ("ยอดคงเหลือ", "1,090")],
        progress: "1,640 จาก 2,500 คะแนนเพื่อเลื่อนเป็นสมาชิกระดับทอง",
        activity: "รายการเคลื่อนไหว",
        columns: ["วันที่", "รายการ", "จำนวนเงิน", "คะแนน"],
        visit: "กาแฟนมและครัวซองต์อัลมอนด์",
        shop: "ร้านกาแฟท่าเรือ ถนนเจริญกรุง",
        total: "รวมทั้งหมด",
        small: "หากพบข้อผิดพลาด กรุณาแจ้งให้เราทราบภายใน 60 วัน",
        footer: "บริษัท กาแฟท่าเรือ จำกัด ถนนเจริญกรุง กรุงเทพฯ 10500",
        page: "หน้า {} จาก {}",
    },
    Words {
        language: "ko",
        right_to_left: false,
        title: "포인트 명세서",
        intro: "김하늘 고객님, 2026년 10월 1일부터 10월 31일까지 항구커피 계정의 이용 내역입니다. 포인트는 1점당 1원의 가치가 있으며 \
                적립일로부터 12개월 동안 사용하실 수 있습니다. 내역을 확인해 주시기 바랍니다.",
        figures: [
            ("이월 포인트", "1,204"),
            ("적립", "+386"),
            ("사용", "−500"),
            ("잔여 포인트", "1,090"),
        ],
        progress: "골드 등급까지 2,500점 중 1,640점을 모으셨습니다",
        activity: "이용 내역",
        columns: ["날짜", "내용", "금액", "포인트"],
        visit: "카페 라테와 아몬드 크루아상",
        shop: "항구커피 부산역점",
        total: "합계",
        small: "내역이 사실과 다르면 60일 이내에 알려 주십시오. 포인트는 현금으로 바꿀 수 없습니다.",
        footer: "주식회사 항구커피, 부산광역시 동구 중앙대로 4",
        page: "{} / {} 쪽",
    },
    Words {
        language: "ar",
        right_to_left: true,
        title: "كشف حساب النقاط",
        intro: "عزيزتي آدا، هذا ما جرى في حسابك لدى مقهى الميناء (Harbour Coffee) بين 1 و31 أكتوبر 2026. قيمة كل نقطة فلس واحد، \
                وتبقى النقاط صالحة مدة اثني عشر شهرًا من يوم اكتسابها. يرجى مراجعة العمليات أدناه.",
        figures: [
            ("الرصيد الافتتاحي", "1,204"),
            ("المكتسب", "+386"),
            ("المستبدل", "−500"),
            ("الرصيد الختامي", "1,090"),
        ],
        progress: "1,640 من أصل 2,500 نقطة للوصول إلى المستوى الذهبي",
        activity: "العمليات",
        columns: ["التاريخ", "الوصف", "المبلغ", "النقاط"],
        visit: "قهوة بالحليب وكرواسون باللوز",
        shop: "مقهى الميناء، شارع البحر (Quay 4)",
        total: "المجموع",
        small: "إذا وجدت خطأ فأخبرنا خلال 60 يومًا. لا يمكن تحويل النقاط إلى نقد.",
        footer: "شركة مقهى الميناء ذ.م.م، شارع البحر 4، المنامة",
        page: "صفحة {} من {}",
    },
];

/// A statement with so many rows.
pub(crate) fn statement(language: &str, rows: usize) -> Document {
    let words = WORDS.iter().find(|words| words.language == language).unwrap_or(&WORDS[0]);
    let column =
        |index: usize, align, share| Column { title: words.columns[index].into(), align, share };
    let amounts = ["£4.80", "7,90 zł", "12,50 €", "฿185.00", "₩6,500"];
    let rows = (0..rows).map(|index| Row {
        cells: vec![
            format!("2026-10-{:02}", index % 31 + 1).into(),
            match index % 3 {
                0 => Cell::new(words.visit).with_note(words.shop),
                _ => Cell::new(words.shop),
            },
            amounts[index % amounts.len()].into(),
            if index % 7 == 3 {
                "−500".into()
            } else {
                format!("+{}", index * 37 % 90 + 10).into()
            },
        ],
        strong: false,
    });
    let total =
        Row { cells: vec![words.total.into(), "".into(), "".into(), "+386".into()], strong: true };
    Document {
        language: words.language.into(),
        right_to_left: words.right_to_left,
        title: words.title.into(),
        author: "Harbour Coffee".into(),
        created: jiff::Timestamp::from_second(1_793_520_000).unwrap_or_default(),
        accent: [0x0b, 0x6e, 0x4f],
        blocks: vec![
            Block::Title(words.title.into()),
            Block::Paragraph(words.intro.into()),
            Block::Figures(
                words.figures.iter().map(|&(label, value)| (label.into(), value.into())).collect(),
            ),
            Block::Gap,
            Block::Progress { label: words.progress.into(), part: 1640, whole: 2500 },
            Block::Heading(words.activity.into()),
            Block::Table {
                columns: vec![
                    column(0, Align::Start, 4),
                    column(1, Align::Start, 11),
                    column(2, Align::End, 4),
                    column(3, Align::End, 4),
                ],
                rows: rows.chain([total]).collect(),
            },
            Block::Small(words.small.into()),
        ],
        page_label: Box::new(|page, pages| {
            words.page.replacen("{}", &page.to_string(), 1).replacen("{}", &pages.to_string(), 1)
        }),
        footer: words.footer.into(),
    }
}
