//! Pages of our own writing in the layouts of newsrooms, the seed article, and arbitrary text.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

mod datelines;
mod dates;
mod furniture;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    Knowledge::read([
        ("common/page.toml", include_str!("../../../lexicon/common/page.toml")),
        ("id/page.toml", include_str!("../../../lexicon/id/page.toml")),
        ("en/page.toml", include_str!("../../../lexicon/en/page.toml")),
    ])
    .unwrap()
});

/// What is built in, with the names of places.
static ALL: LazyLock<Knowledge> = LazyLock::new(|| crate::Knowledge::built_in().unwrap().page().clone());

fn published(page: &Page) -> Option<String> {
    page.published_at.map(|at| at.to_string())
}

fn place(page: &Page) -> Option<&str> {
    page.dateline.as_ref()?.place.as_deref()
}

fn reasons(page: &Page, source: &str) -> Vec<(Reason, String)> {
    page.cuts(source).map(|(reason, text)| (reason, text.to_owned())).collect()
}

#[test]
fn reads_the_seed_article() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/spec/seed-article.txt");
    let Ok(source) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: the seed article is not at {}", path.display());
        return;
    };
    let page = read(&source, &KNOWLEDGE);
    assert_eq!(published(&page).as_deref(), Some("2023-09-13T14:50:00+07:00"));
    assert_eq!(page.title, "Rusia Siap Bantu Korut Kembangkan Teknologi Antariksa");
    assert_eq!(page.subtitle, "Putin menerima kunjungan Pemimpin Korut Kim Jong-un di Kosmodrom Vostochny");
    let byline = page.byline.clone().unwrap();
    assert_eq!(byline.text, "Rep: Kamran Dikarma/ Red: Esthi Maharani");
    assert_eq!(byline.names, ["Kamran Dikarma", "Esthi Maharani"]);
    assert_eq!(place(&page), Some("MOSKOW"));
    assert_eq!(page.publisher.as_deref(), Some("REPUBLIKA.CO.ID"));
    assert_eq!(page.photo_credits, ["AP Photo/Mikhail Metzel"]);
    assert_eq!(page.captions, Vec::<String>::new());
    let paragraphs: Vec<&str> = page.body.split("\n\n").collect();
    assert_eq!(paragraphs.len(), 7, "{paragraphs:#?} {:?}", page.parts);
    assert!(paragraphs[0].starts_with("REPUBLIKA.CO.ID,\u{a0}\u{a0}MOSKOW – Presiden Rusia"));
    let sentence: String = page.body.chars().skip(page.dateline.as_ref().unwrap().end as usize).collect();
    assert!(sentence.starts_with("Presiden Rusia Vladimir Putin"));
    assert!(paragraphs[2].starts_with("Awak media kemudian"));
    assert!(paragraphs[6].ends_with("atas program nuklirnya."));
    let cuts: Vec<(Reason, &str)> =
        page.cuts(&source).map(|(r, t)| (r, t.split(' ').next().unwrap())).collect();
    assert_eq!(
        cuts,
        [
            (Reason::RepeatsBody, "Presiden"),
            (Reason::RepeatsBody, "Presiden"),
            (Reason::Related, "Baca"),
            (Reason::Advertisement, "Advertisement"),
            (Reason::Related, "Berita"),
            (Reason::Advertisement, "Advertisement"),
            (Reason::Advertisement, "Advertisement"),
            (Reason::Advertisement, "Advertisement"),
        ]
    );
}

const INDONESIAN: &str = "Beranda > Internasional > Asia\n\
    Kapal Patroli Usir Kapal Asing dari Natuna\n\
    kabarlaut.example - Selasa, 03/11/2026, 16:05 WITA\n\
    Penulis: Ratih Kusumadewi\n\
    Editor: Bagas Prawira\n\
    Bagikan\nFacebook\nTwitter\nWhatsApp\n\
    \n\
    NATUNA, kabarlaut.example - Kapal patroli mengusir dua kapal asing, Selasa (3/11/2026).\n\
    \n\
    Baca juga: Nelayan Natuna Minta Perlindungan\n\
    \n\
    \"Mereka pergi tanpa perlawanan,\" kata juru bicara.\n\
    \n\
    Lihat Juga\n\
    Harga Ikan di Natuna Naik Jelang Akhir Tahun\n\
    Festival Layar Digelar Pekan Depan di Ranai\n\
    \n\
    Reaksi Warga\n\
    \n\
    Warga menyambut baik langkah itu. (rtk/bgs)\n\
    \n\
    Ikuti berita kabarlaut.example di Google News\n\
    Terpopuler\n\
    1\n\
    Resep Sambal Roa\n\
    2\n\
    Jadwal Kapal Feri Desember";

#[test]
fn reads_an_indonesian_page() {
    let page = read(INDONESIAN, &KNOWLEDGE);
    assert_eq!(page.title, "Kapal Patroli Usir Kapal Asing dari Natuna");
    assert_eq!(published(&page).as_deref(), Some("2026-11-03T16:05:00+08:00"));
    assert_eq!(page.publisher.as_deref(), Some("kabarlaut.example"));
    assert_eq!(place(&page), Some("NATUNA"));
    assert_eq!(page.byline.as_ref().unwrap().names, ["Ratih Kusumadewi", "Bagas Prawira"]);
    assert_eq!(
        page.body,
        "NATUNA, kabarlaut.example - Kapal patroli mengusir dua kapal asing, Selasa (3/11/2026).\n\n\
         \"Mereka pergi tanpa perlawanan,\" kata juru bicara.\n\n\
         Reaksi Warga\n\n\
         Warga menyambut baik langkah itu."
    );
    let cut = reasons(&page, INDONESIAN);
    assert!(cut.contains(&(Reason::Initials, "(rtk/bgs)".to_owned())), "{cut:?}");
    assert!(cut.contains(&(Reason::Related, "Jadwal Kapal Feri Desember".to_owned())), "{cut:?}");
    assert_eq!(cut.iter().filter(|(reason, _)| *reason == Reason::Share).count(), 4);
}

const ENGLISH: &str = "WORLD\n\n\
    Coast guard tows burning trawler away from shipping lane\n\n\
    Crew of eleven taken off unhurt. Cause of the blaze is not known.\n\n\
    By Maud Ellery and Tobias Renn in Harwick\n\
    Published: Nov. 3, 2026 2:05 p.m. EST | Updated: Nov. 3, 2026 4:40 p.m. EST\n\
    3 min read\n\n\
    A tug pulls the trawler Greta out of the lane. (Photo by Ines Lund/Getty Images)\n\n\
    HARWICK, Nov 3 (Reuters) - A coast guard tug on Tuesday towed a burning trawler out of the\n\
    busiest lane of the strait, the port said, and traffic was moving again by the\n\
    evening.\n\n\
    Advertisement\n\n\
    The crew were taken off by helicopter. None of them was hurt, the\n\
    operator said in a statement, and all were expected to be ashore before\n\
    midnight.\n\n\
    Follow us on WhatsApp\n\n\
    The port did not respond to requests for comments.\n\n\
    (Reporting by Maud Ellery; Editing by Sana Whitlow)\n\n\
    Related Stories\n\
    Fishing fleet shrinks for a tenth year\n\
    Share this article\n\
    © 2026 The Harwick Mail. All rights reserved.";

#[test]
fn reads_an_english_page() {
    let page = read(ENGLISH, &KNOWLEDGE);
    assert_eq!(page.title, "Coast guard tows burning trawler away from shipping lane");
    assert_eq!(page.subtitle, "Crew of eleven taken off unhurt. Cause of the blaze is not known.");
    assert_eq!(published(&page).as_deref(), Some("2026-11-03T14:05:00-05:00"));
    assert_eq!(page.byline.as_ref().unwrap().names, ["Maud Ellery", "Tobias Renn", "Sana Whitlow"]);
    assert_eq!(page.credits, ["Reuters"]);
    assert_eq!(place(&page), Some("HARWICK"));
    assert_eq!(
        page.captions,
        ["A tug pulls the trawler Greta out of the lane. (Photo by Ines Lund/Getty Images)"]
    );
    let paragraphs: Vec<&str> = page.body.split("\n\n").collect();
    assert_eq!(paragraphs.len(), 3);
    assert!(paragraphs[0].ends_with("traffic was moving again by the evening."), "{}", paragraphs[0]);
    assert_eq!(paragraphs[2], "The port did not respond to requests for comments.");
    let cut: Vec<Reason> = page.cuts(ENGLISH).map(|(reason, _)| reason).collect();
    for reason in [
        Reason::Section,
        Reason::Metadata,
        Reason::Advertisement,
        Reason::Subscribe,
        Reason::Related,
        Reason::Share,
        Reason::Copyright,
    ] {
        assert!(cut.contains(&reason), "{reason:?} of {cut:?}");
    }
}

#[test]
fn date_lines_are_read_in_their_forms() {
    for (line, expected) in [
        ("Rabu 13 Sep 2023 14:50 WIB", "2023-09-13T14:50:00+07:00"),
        ("Rabu, 4 November 2026 | 14.50 WIT", "2026-11-04T14:50:00+09:00"),
        ("Kompas.example - 04/11/2026, 06:15 WIB", "2026-11-04T06:15:00+07:00"),
        ("Diterbitkan pada Ahad, 01 Nopember 2026 pukul 20:10 WITA", "2026-11-01T20:10:00+08:00"),
        ("Jumat, 6 Nov 2026", "2026-11-06T12:00:00+07:00"),
        ("Senin, 09 November 2026 08:00", "2026-11-09T08:00:00+07:00"),
        ("November 4, 2026 at 9:05 a.m. EST", "2026-11-04T09:05:00-05:00"),
        ("Published on Wed 4 Nov 2026 12.30 GMT", "2026-11-04T12:30:00Z"),
        ("Wednesday, November 4th, 2026, 12:05 PM EDT", "2026-11-04T12:05:00-04:00"),
        ("4 Nov 2026 21:00 JST", "2026-11-04T21:00:00+09:00"),
        ("2026-11-04T14:50:00+05:30", "2026-11-04T14:50:00+05:30"),
        ("2026-11-04T14:50:00.250Z", "2026-11-04T14:50:00Z"),
        ("2026-11-04 14:50 GMT+9", "2026-11-04T14:50:00+09:00"),
        ("Wed, 04 Nov 2026 14:50:00 +0100", "2026-11-04T14:50:00+01:00"),
        ("Tuesday 3/11/2026 10:00 GMT", "2026-11-03T10:00:00Z"),
        ("Wednesday 3/11/2026 10:00 GMT", "2026-03-11T10:00:00Z"),
        ("Posted 2 hours 2026-11-04 7 pm IST", "none"),
        ("Gempa 4 November 2026 Pukul 14:50 WIB Guncang Cianjur", "none"),
        ("4 November", "none"),
        ("31/02/2026 10:00 WIB", "none"),
        ("Harga naik 10.30 persen", "none"),
    ] {
        let page =
            read(&format!("{line}\n\nSatu Judul yang Biasa\n\nIsi berita yang biasa saja."), &KNOWLEDGE);
        assert_eq!(published(&page).as_deref().unwrap_or("none"), expected, "{line}");
    }
}

#[test]
fn a_date_that_languages_read_differently_goes_by_the_words_of_the_page() {
    let page =
        |text: &str| published(&read(&format!("03/11/2026 10:00\n\nHeadline One\n\n{text}"), &KNOWLEDGE));
    assert_eq!(
        page("Hujan turun di kota ini dan tidak akan reda.").as_deref(),
        Some("2026-11-03T10:00:00+07:00")
    );
    assert_eq!(page("The rain has set in with the wind, it was said on the radio."), None);
}

#[test]
fn datelines_are_read_in_their_forms() {
    let rest = "The minister spoke on Tuesday of rain and wind.";
    for (opening, place, qualifier, publisher, credits) in [
        ("REPUBLIKA.CO.ID,  MOSKOW – ", Some("MOSKOW"), None, Some("REPUBLIKA.CO.ID"), ""),
        ("JAKARTA, KOMPAS.com - ", Some("JAKARTA"), None, Some("KOMPAS.com"), ""),
        ("SEOUL (Reuters) - ", Some("SEOUL"), None, None, "Reuters"),
        ("LONDON, Nov 3 (AP) — ", Some("LONDON"), None, None, "AP"),
        ("Jakarta (ANTARA) - ", Some("Jakarta"), None, None, "Antara"),
        ("Jakarta, CNN Indonesia -- ", Some("Jakarta"), None, Some("CNN Indonesia"), ""),
        ("GAZIANTEP, Turkey (AP) — ", Some("GAZIANTEP"), Some("Turkey"), None, "AP"),
        ("Taipei, Feb. 21 (FM) ", Some("Taipei"), None, None, "FM"),
        ("TOKYO, SELASA — ", Some("TOKYO"), None, None, ""),
        ("New Delhi: ", Some("New Delhi"), None, None, ""),
        ("tirto.id - ", None, None, Some("tirto.id"), ""),
        ("VIVA – ", None, None, Some("VIVA"), ""),
        ("RIO DE JANEIRO, Nov. 3 (AFP) – ", Some("RIO DE JANEIRO"), None, None, "AFP"),
        ("WASHINGTON, D.C. — ", Some("WASHINGTON"), Some("D.C."), None, ""),
    ] {
        let body = format!("{opening}{rest}\n\nMore was not said.");
        let page = read_body("A title", &body, &ALL);
        let dateline = page.dateline.clone().unwrap_or_else(|| panic!("{opening}"));
        assert_eq!(dateline.place.as_deref(), place, "{opening}");
        assert_eq!(dateline.qualifier.as_deref(), qualifier, "{opening}");
        assert_eq!(page.publisher.as_deref(), publisher, "{opening}");
        assert_eq!(page.credits.join(","), credits, "{opening}");
        assert_eq!(
            page.body.chars().skip(dateline.end as usize).collect::<String>(),
            format!("{rest}\n\nMore was not said.")
        );
        assert_eq!(page.body, body);
    }
}

#[test]
fn a_body_loses_only_what_is_the_sites() {
    let body = "Jakarta - Menteri itu bicara soal beras.\nBaca juga: Harga Cabai Turun\nStok cukup sampai Maret, katanya.\n\
        SCROLL TO CONTINUE WITH CONTENT\nWarga masih khawatir.\n\n[Gambas:Video Kabar]\n\nSimak Video: Panen Raya\n\n(ita/fas)";
    let page = read_body("Menteri Bicara Beras", body, &KNOWLEDGE);
    assert_eq!(page.title, "Menteri Bicara Beras");
    assert_eq!(
        page.body,
        "Jakarta - Menteri itu bicara soal beras.\n\nStok cukup sampai Maret, katanya.\n\nWarga masih khawatir."
    );
    let kept = [
        "Baca juga itu penting, kata guru itu kepada murid.",
        "Halaman kantor polisi rusak akibat ledakan.",
        "Kementerian belum memberi komentar.",
        "The quake struck just two hours ago.",
        "Copyright law changes on Monday, the court said.",
        "Page one of the report names three officers.",
        "Share prices in Tokyo fell.",
        "Iklan rokok dilarang di kota itu.",
        "13 November 2026",
        "Editor: Apakah Anda takut?",
    ];
    for line in kept {
        let source = format!("Satu alinea di muka.\n\n{line}\n\nSatu alinea di belakang.");
        let page = read_body("", &source, &KNOWLEDGE);
        assert!(page.body.contains(line), "{line}: {:?}", reasons(&page, &source));
    }
}

#[test]
fn signatures_behind_the_last_sentence_are_told_apart() {
    let read = |tail: &str| {
        let page = read_body("", &format!("Hujan turun semalam.\n\nWarga mengungsi.{tail}"), &KNOWLEDGE);
        assert_eq!(page.body, "Hujan turun semalam.\n\nWarga mengungsi.", "{tail}");
        (page.byline.map(|b| b.names.join(",")).unwrap_or_default(), page.credits.join(","))
    };
    assert_eq!(read(" (dka)"), (String::new(), String::new()));
    assert_eq!(read("\n\n(sef/sef)"), (String::new(), String::new()));
    assert_eq!(read(" (AFP/REUTERS/MYR)"), (String::new(), "AFP,Reuters,MYR".to_owned()));
    assert_eq!(read(" (Agung Dharmada/kabarbali)").0, "Agung Dharmada");
    assert_eq!(read("\n\nRep: Nadia Larasati/ Red: Firman Hidayat").0, "Nadia Larasati,Firman Hidayat");
    assert_eq!(read("\n\nSumber: Antara").1, "Antara");
    assert_eq!(read("\n\n(By Wu Kai-ting and Evelyn Shih)\nEnditem/kt").0, "Wu Kai-ting,Evelyn Shih");
    assert_eq!(read("\n\n– Additional reporting by Sapeka Ncube").0, "Sapeka Ncube");
    assert_eq!(read("\n\n— The Transatlantic").1, "The Transatlantic");
    let kept = read_body("", "The walk is five miles (km).", &KNOWLEDGE);
    assert_eq!(kept.body, "The walk is five miles (km).");
}

#[test]
fn the_headline_of_a_video_is_a_headline() {
    let page = read("Video: Kapal Tenggelam di Teluk\n\nKapal itu tenggelam pada Selasa malam.", &KNOWLEDGE);
    assert_eq!(page.title, "Video: Kapal Tenggelam di Teluk");
}

#[test]
fn text_without_a_headline_is_body() {
    let text = "JAKARTA - Hujan lebat mengguyur kota sejak pagi.\n\nSungai meluap di tiga kelurahan.";
    let page = read(text, &KNOWLEDGE);
    assert_eq!((page.title.as_str(), page.body.as_str()), ("", text));
}

#[test]
fn mistakes_are_told_with_file_line_and_entry() {
    for (text, expected) in [
        ("[date]\nmonths = [[\"Januari\"]]\n", "id/page.toml:2: `months`: 1 lists instead of 12"),
        ("[date]\noffset = \"soon\"\n", "id/page.toml:2: `soon`: is no offset like \"+07:00\""),
        ("[date]\nam = [\"x\"]\npm = [\n \"x\"]\n", "id/page.toml:4: `x`: stands for two different things"),
        ("[date]\nnoise = [\"12\"]\n", "id/page.toml:2: `12`: must be words of letters"),
        ("\n[[cut]]\nreason = \"share\"\nlines = [\n\"...\"]\n", "id/page.toml:5: `...`: has no words"),
        (
            "[[cut]]\nreason = \"tags\"\nlines = [\"# ...\"]\n",
            "id/page.toml:3: `# ...`: is any line with a number",
        ),
    ] {
        assert_eq!(Knowledge::parse("id/page.toml", text).unwrap_err().to_string(), expected);
    }
    let unknown = Knowledge::parse("id/page.toml", "[date]\n\nfrobnicate = 1\n").unwrap_err().to_string();
    assert!(unknown.starts_with("id/page.toml:3: unknown field `frobnicate`"), "{unknown}");
}

/// Every letter of the source stands in exactly one part.
fn assert_nothing_is_lost(page: &Page, source: &str) {
    let mut end = 0;
    for part in &page.parts {
        assert!(part.start >= end && part.end > part.start, "{:?}", page.parts);
        assert!(
            !source[end..part.start].chars().any(char::is_alphanumeric),
            "lost: {:?}",
            &source[end..part.start]
        );
        end = part.end;
    }
    assert!(!source[end..].chars().any(char::is_alphanumeric), "lost: {:?}", &source[end..]);
}

/// Lines of pages, shuffled: nearer to what is met than random letters.
fn line() -> impl Strategy<Value = String> {
    let lines: Vec<String> = INDONESIAN.lines().chain(ENGLISH.lines()).map(str::to_owned).collect();
    prop_oneof![
        4 => proptest::sample::select(lines),
        1 => any::<String>(),
        1 => "[ a-zA-Z0-9(),./:–|-]{0,60}",
        1 => Just(String::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_lines_never_panic_and_nothing_is_lost(lines in proptest::collection::vec(line(), 0..30)) {
            let source = lines.join("\n");
        assert_nothing_is_lost(&read(&source, &KNOWLEDGE), &source);
        assert_nothing_is_lost(&read_body("Judul", &source, &KNOWLEDGE), &source);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let source = String::from_utf8_lossy(&bytes);
        assert_nothing_is_lost(&read(&source, &KNOWLEDGE), &source);
    }
}

#[test]
fn a_line_that_is_all_there_is_stays() {
    let page = read_body("", "Foto: Warga Antre Beras di Pasar", &KNOWLEDGE);
    assert_eq!((page.title.as_str(), page.body.as_str()), ("", "Foto: Warga Antre Beras di Pasar"));
}
