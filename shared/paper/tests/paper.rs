//! What a reader of the PDF gets: its text, its pages, its structure; whatever the document says.

use guerdon_paper::{Align, Block, Cell, Column, Document, PaperError, Row, pdf};
use lopdf::Object;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

mod samples;

fn document(blocks: Vec<Block>, right_to_left: bool) -> Document {
    Document {
        language: "en".into(),
        right_to_left,
        title: "Sample".into(),
        author: "Guerdon".into(),
        created: jiff::Timestamp::UNIX_EPOCH,
        accent: [0, 0, 0],
        blocks,
        page_label: Box::new(|page, pages| format!("Page {page} of {pages}")),
        footer: "Foot of the page".into(),
    }
}

/// The text of each page.
fn texts(bytes: &[u8]) -> Vec<String> {
    let read = lopdf::Document::load_mem(bytes).expect("a PDF that can be read");
    read.get_pages().keys().map(|&page| read.extract_text(&[page]).expect("text")).collect()
}

/// The text without what extraction adds or loses between words.
fn solid(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace() && *character != '\u{feff}')
        .collect()
}

#[test]
fn every_word_can_be_read_in_order() {
    // The reader used here knows no ActualText, on which stacked Thai marks and joined Arabic letters depend.
    for words in samples::WORDS.iter().filter(|words| !matches!(words.language, "th" | "ar")) {
        let text = solid(&texts(&pdf(&samples::statement(words.language, 5)).unwrap()).concat());
        let said = [
            words.title,
            words.intro,
            words.progress,
            words.visit,
            words.shop,
            words.total,
            words.small,
        ];
        let mut from = 0;
        for said in said {
            let at = text[from..].find(&solid(said));
            from += at.unwrap_or_else(|| panic!("{}: {said:?} in {text:?}", words.language));
        }
    }
}

#[test]
fn arabic_is_read_in_the_order_of_its_runs() {
    let text = texts(&pdf(&samples::statement("ar", 5)).unwrap()).concat();
    for digits in ["1,204", "−500", "2026-10-01", "Harbour Coffee"] {
        assert!(solid(&text).contains(&solid(digits)), "{digits} in {text}");
    }
    // Glyphs run from left to right; the letters of a word without ligatures are therefore reversed, and marked so.
    let reversed: String = "قيمة".chars().rev().collect();
    assert!(text.contains(&reversed) || text.contains("قيمة"), "{text}");
}

#[test]
fn the_same_document_is_the_same_bytes() {
    assert_eq!(
        pdf(&samples::statement("ko", 60)).unwrap(),
        pdf(&samples::statement("ko", 60)).unwrap()
    );
}

#[test]
fn a_long_table_is_fast_and_repeats_its_head() {
    let started = std::time::Instant::now();
    let bytes = pdf(&samples::statement("pl", 2_000)).unwrap();
    let took = started.elapsed();
    let pages = texts(&bytes);
    assert!((60..100).contains(&pages.len()), "{} pages", pages.len());
    for (index, text) in pages.iter().enumerate() {
        assert!(solid(text).contains("DataOpisKwotaPunkty"), "page {index}: {text}");
        assert!(
            solid(text).contains(&solid(&format!("Strona {} z {}", index + 1, pages.len()))),
            "page {index}: {text}"
        );
    }
    assert!(took.as_secs() < 20, "even without optimisation: {took:?}");
}

#[test]
fn the_structure_is_tagged() {
    let bytes = pdf(&samples::statement("de", 3)).unwrap();
    let read = lopdf::Document::load_mem(&bytes).unwrap();
    let catalog = read.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"de");
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"Outlines"));
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    for object in read.objects.values() {
        if let Object::Dictionary(element) = object
            && element.has(b"P")
            && let Ok(kind) = element.get(b"S").and_then(Object::as_name)
        {
            *kinds.entry(String::from_utf8_lossy(kind).into_owned()).or_default() += 1;
        }
    }
    // A head, three rows and a total; cells that say nothing have nothing to be read and are left out.
    let count = |kind: &str| kinds.get(kind).copied().unwrap_or_default();
    assert_eq!(
        (count("H1"), count("H2"), count("Table"), count("TR"), count("TH")),
        (1, 1, 1, 5, 4),
        "{kinds:?}"
    );
    assert_eq!((count("LI"), count("P")), (4, 3), "{kinds:?}");
}

#[test]
fn a_document_that_says_nothing_is_a_page() {
    let mut nothing = document(Vec::new(), false);
    nothing.title.clear();
    nothing.author.clear();
    nothing.language.clear();
    assert_eq!(texts(&pdf(&nothing).unwrap()).len(), 1);
}

#[test]
fn a_table_has_columns() {
    let table = Block::Table { columns: Vec::new(), rows: Vec::new() };
    assert!(matches!(pdf(&document(vec![table], false)), Err(PaperError::Columns { columns: 0 })));
}

/// Strings that have broken something somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("\u{202e}".to_owned()),
        Just("\u{2067}".to_owned()),
        Just("\u{200b}\u{200d}".to_owned()),
        Just("👩‍👩‍👧‍👦🏳️‍🌈".to_owned()),
        Just("Z̴̨̛͇a̷l̵g̶o̸".to_owned()),
        Just("x".repeat(500)),
        Just("ไม่มีช่องว่าง".repeat(30)),
        Just("لا إله ﷺ مرحبا 12.5%".to_owned()),
        Just("뷁한글\u{1112}\u{1161}\u{11ab}".to_owned()),
        Just("\0\u{feff}\u{fffe}\u{e000}\u{10ffff}\u{ad}".to_owned()),
        Just("\r\n\u{2028}\t \u{a0}".to_owned()),
        any::<String>(),
        "\\PC{0,40}",
    ];
    prop::collection::vec(scrap, 0..6).prop_map(|scraps| scraps.concat())
}

#[test]
fn any_text_can_be_set() {
    // Fewer cases than the laws of the ledger get from the environment: each sets whole pages.
    let mut runner = TestRunner::new(ProptestConfig { cases: 100, ..ProptestConfig::default() });
    let any = (prop::collection::vec(hostile(), 8), any::<(bool, u64, u64, [u16; 3])>());
    let outcome = runner.run(&any, |(texts, (right_to_left, part, whole, shares))| {
        let document = hostile_document(&texts, right_to_left, (part, whole), shares);
        prop_assert!(pdf(&document).is_ok_and(|bytes| bytes.starts_with(b"%PDF-1.7")));
        Ok(())
    });
    outcome.unwrap();
}

fn hostile_document(
    texts: &[String],
    right_to_left: bool,
    (part, whole): (u64, u64),
    shares: [u16; 3],
) -> Document {
    let aligned = shares.into_iter().zip([Align::Start, Align::End, Align::Start]);
    let columns =
        aligned.map(|(share, align)| Column { title: texts[0].clone(), align, share }).collect();
    let cells = |text: &String| vec![Cell::new(text).with_note(&texts[1]); 4];
    let rows = texts
        .iter()
        .take(3)
        .map(|text| Row { cells: cells(text), strong: right_to_left })
        .collect();
    let blocks = vec![
        Block::Title(texts[2].clone()),
        Block::Heading(texts[3].clone()),
        Block::Paragraph(texts[4].clone()),
        Block::Small(texts[5].clone()),
        Block::Figures(vec![(texts[6].clone(), texts[7].clone()); texts[0].len() % 6]),
        Block::Progress { label: texts[6].clone(), part, whole },
        Block::Table { columns, rows },
    ];
    Document {
        title: texts[7].clone(),
        footer: texts[6].clone(),
        language: texts[5].chars().take(8).collect(),
        ..document(blocks, right_to_left)
    }
}
