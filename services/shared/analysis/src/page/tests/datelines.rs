//! What opens a report, in the way of each language's newsrooms.

use super::{ALL, read_body};

/// Place, agencies, outlet and reporters that an opening gives.
#[derive(Debug, PartialEq)]
struct Told<'a> {
    place: &'a str,
    agencies: &'a str,
    outlet: &'a str,
    reporters: &'a str,
}

/// Asserts what each opening gives, and that the sentence begins right behind it and nothing is lost.
fn assert_opened(language: &str, rest: &str, openings: &[(&str, &str, &str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (opening, place, agencies, outlet, reporters) in openings {
        let expected = Told { place, agencies, outlet, reporters };
        let body = format!("{opening}{rest}\n\n{rest}");
        let page = read_body("Title", &body, &ALL);
        assert_eq!(page.body, body, "{language}: {opening}");
        let Some(dateline) = &page.dateline else {
            wrong.push(format!("{opening}: none"));
            continue;
        };
        let credits = page.credits.join("+");
        let names = page.byline.as_ref().map(|b| b.names.join("+")).unwrap_or_default();
        let told = Told {
            place: dateline.place.as_deref().unwrap_or_default(),
            agencies: &credits,
            outlet: page.publisher.as_deref().unwrap_or_default(),
            reporters: &names,
        };
        let sentence: String = page.body.chars().skip(dateline.end as usize).collect();
        if told != expected || !sentence.starts_with(rest) {
            wrong.push(format!(
                "{opening}: {told:?}, then {:?}",
                sentence.chars().take(12).collect::<String>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{language}: {wrong:#?}");
}

#[test]
fn latin_scripts_open_with_capitals() {
    assert_opened(
        "en",
        "The harbour was shut on Tuesday, the port said.",
        &[
            ("KYIV, Nov 5 (Reuters) - ", "KYIV", "Reuters", "", ""),
            ("New Delhi, Sept 13 (PTI) ", "New Delhi", "PTI", "", ""),
            ("BEIJING, Sept. 13 (Xinhua) -- ", "BEIJING", "Xinhua", "", ""),
            ("WASHINGTON (AP) — ", "WASHINGTON", "AP", "", ""),
            ("Nov 5 (Reuters) - ", "", "Reuters", "", ""),
            ("ST. PETERSBURG, Russia (AP) — ", "ST. PETERSBURG", "AP", "", ""),
            ("Kyiv, Ukraine | AFP | ", "Kyiv", "AFP", "", ""),
            ("LONDON/PARIS (Reuters) - ", "LONDON", "Reuters", "", ""),
            ("(CNN) — ", "", "", "CNN", ""),
        ],
    );
    assert_opened(
        "id",
        "Kapal itu kandas pada Selasa malam, kata petugas.",
        &[
            ("JAKARTA, KOMPAS.com - ", "JAKARTA", "", "KOMPAS.com", ""),
            ("Jakarta (ANTARA) - ", "Jakarta", "Antara", "", ""),
            ("Jakarta, CNBC Indonesia - ", "Jakarta", "", "CNBC Indonesia", ""),
            ("TEMPO.CO, Jakarta - ", "Jakarta", "", "TEMPO.CO", ""),
            ("Liputan6.com, Jakarta - ", "Jakarta", "", "Liputan6.com", ""),
            ("SURABAYA - ", "SURABAYA", "", "", ""),
        ],
    );
    assert_opened(
        "ms",
        "Kapal itu terkandas malam Selasa, kata jurucakap.",
        &[
            ("KUALA LUMPUR, 4 Nov (Bernama) -- ", "KUALA LUMPUR", "Bernama", "", ""),
            ("KUALA LUMPUR 4 Nov. - ", "KUALA LUMPUR", "", "", ""),
            ("PUTRAJAYA: ", "PUTRAJAYA", "", "", ""),
        ],
    );
    assert_opened(
        "es",
        "El puerto cerró el martes, según la autoridad.",
        &[
            ("Madrid, 13 sep (EFE).- ", "Madrid", "EFE", "", ""),
            ("MADRID 13 Sep. (EUROPA PRESS) - ", "MADRID", "Europa Press", "", ""),
            ("BUENOS AIRES.- ", "BUENOS AIRES", "", "", ""),
            ("Bogotá (AFP) - ", "Bogotá", "AFP", "", ""),
            ("CIUDAD DE MÉXICO (apro).– ", "CIUDAD DE MÉXICO", "apro", "", ""),
        ],
    );
    assert_opened(
        "pt",
        "O porto fechou na terça-feira, disse a autoridade.",
        &[
            ("Lisboa, 13 set. 2023 (Lusa) – ", "Lisboa", "Lusa", "", ""),
            ("BRASÍLIA (Reuters) - ", "BRASÍLIA", "Reuters", "", ""),
            ("São Paulo – ", "São Paulo", "", "", ""),
            ("RIO DE JANEIRO, RJ (FOLHAPRESS) - ", "RIO DE JANEIRO", "Folhapress", "", ""),
        ],
    );
    assert_opened(
        "fr",
        "Le port a fermé mardi, selon les autorités.",
        &[
            ("PARIS, 13 septembre (Reuters) - ", "PARIS", "Reuters", "", ""),
            ("Paris (AFP) – ", "Paris", "AFP", "", ""),
            ("Kiev, Ukraine | AFP | mercredi 13/09/2023 - ", "Kiev", "AFP", "", ""),
        ],
    );
    assert_opened(
        "de",
        "Der Hafen blieb am Dienstag zu, teilte die Behörde mit.",
        &[
            ("Berlin (dpa) - ", "Berlin", "dpa", "", ""),
            ("Berlin/Paris (dpa) – ", "Berlin", "dpa", "", ""),
            ("Wien (APA) – ", "Wien", "APA", "", ""),
            ("BERLIN taz | ", "BERLIN", "", "taz", ""),
            ("Kiew, 13. September (Reuters) - ", "Kiew", "Reuters", "", ""),
        ],
    );
    assert_opened(
        "tr",
        "Liman salı günü kapandı, dedi yetkili.",
        &[
            ("ANKARA (AA) - ", "ANKARA", "Anadolu", "", ""),
            ("KUDÜS/GAZZE (AA) - ", "KUDÜS", "Anadolu", "", ""),
            ("İSTANBUL (İHA) - ", "İSTANBUL", "IHA", "", ""),
            ("ŞIRNAK, (DHA)- ", "ŞIRNAK", "DHA", "", ""),
            ("Cemal KAYA/ANKARA, (DHA)- ", "ANKARA", "DHA", "", "Cemal KAYA"),
            ("SEUL (AA) ", "SEUL", "Anadolu", "", ""),
        ],
    );
    assert_opened(
        "vi",
        "Tàu mắc cạn tối thứ ba, cảng vụ cho biết.",
        &[
            ("(Dân trí) - ", "", "", "Dân trí", ""),
            ("(NLĐO)- ", "", "", "NLĐO", ""),
            ("TTO - ", "", "", "TTO", ""),
            ("Hà Nội (TTXVN) - ", "Hà Nội", "TTXVN", "", ""),
            ("VOV.VN - ", "", "", "VOV.VN", ""),
        ],
    );
}

#[test]
fn cyrillic_newsrooms_end_with_a_full_stop() {
    assert_opened(
        "ru",
        "Порт закрыли во вторник, сообщили власти.",
        &[
            ("СЕУЛ, 5 ноября. /ТАСС/. ", "СЕУЛ", "TASS", "", ""),
            ("МОСКВА, 5 мая. /ТАСС/. ", "МОСКВА", "TASS", "", ""),
            ("МОСКВА, 5 ноя — РИА Новости. ", "МОСКВА", "RIA Novosti", "", ""),
            ("Москва. 5 ноября. ИНТЕРФАКС - ", "Москва", "Interfax", "", ""),
            ("МИНСК, 5 ноября (БЕЛТА). ", "МИНСК", "BelTA", "", ""),
            ("КИЕВ (Рейтер) - ", "КИЕВ", "Reuters", "", ""),
        ],
    );
    assert_opened(
        "uk",
        "Порт закрили у вівторок, повідомила влада.",
        &[
            ("КИЇВ. 5 листопада. УНН. ", "КИЇВ", "UNN", "", ""),
            ("Київ, 5 листопада (Укрінформ) - ", "Київ", "Ukrinform", "", ""),
            ("КИЇВ, 5 листопада - Інтерфакс-Україна. ", "КИЇВ", "Interfax-Ukraine", "", ""),
        ],
    );
}

#[test]
fn scripts_without_capitals_go_by_gazetteer_and_agency() {
    assert_opened(
        "ar",
        "أُغلق الميناء يوم الثلاثاء، وفق السلطات.",
        &[
            ("القاهرة (رويترز) - ", "القاهرة", "Reuters", "", ""),
            ("غزة/ الأناضول\n\n", "غزة", "Anadolu", "", ""),
            ("بيروت - أ ف ب\n\n", "بيروت", "AFP", "", ""),
            ("موسكو 4 نوفمبر (تشرين الثاني) / تاس /. ", "موسكو", "TASS", "", ""),
            ("دمشق-سانا ", "دمشق", "SANA", "", ""),
            ("القدس المحتلة - وفا - ", "القدس المحتلة", "WAFA", "", ""),
            ("لندن – «القدس العربي»: ", "لندن", "", "القدس العربي", ""),
        ],
    );
    assert_opened(
        "fa",
        "بندر روز سه‌شنبه بسته شد و کشتی‌ها ماندند.",
        &[
            ("به گزارش خبرگزاری فارس، ", "", "Fars", "", ""),
            ("به گزارش ایسنا به نقل از رویترز، ", "", "ISNA+Reuters", "", ""),
            ("به گزارش گروه بین‌الملل خبرگزاری تسنیم، ", "", "Tasnim", "", ""),
            ("تهران - ایرنا - ", "تهران", "IRNA", "", ""),
            ("تهران- ایرنا- ", "تهران", "IRNA", "", ""),
        ],
    );
    assert_opened(
        "hi",
        "बंदरगाह मंगलवार को बंद रहा और जहाज खड़े रहे।",
        &[
            ("नई दिल्ली, 13 सितंबर (भाषा) ", "नई दिल्ली", "PTI", "", ""),
            ("पीटीआई, नई दिल्ली। ", "नई दिल्ली", "PTI", "", ""),
            ("नई दिल्ली: ", "नई दिल्ली", "", "", ""),
            ("कीव (एएनआई): ", "कीव", "ANI", "", ""),
            ("विशेष संवाददाता, नई दिल्ली। ", "नई दिल्ली", "", "", ""),
            ("नई दिल्ली। ", "नई दिल्ली", "", "", ""),
        ],
    );
}

#[test]
fn east_asia_opens_in_brackets_or_without_a_gap() {
    assert_opened(
        "ko",
        "항구는 화요일에 문을 닫았다고 당국이 밝혔다.",
        &[
            ("(서울=연합뉴스) 김하늘 기자 = ", "서울", "Yonhap", "", "김하늘"),
            ("[서울=뉴시스]홍길동 기자 = ", "서울", "Newsis", "", "홍길동"),
            ("(워싱턴=연합뉴스) 김하늘 이정우 특파원 = ", "워싱턴", "Yonhap", "", "김하늘+이정우"),
            ("(서울·도쿄=연합뉴스) ", "서울", "Yonhap", "", ""),
            ("【서울=뉴시스】", "서울", "Newsis", "", ""),
            ("(서울=뉴스1) 홍길동 기자 = ", "서울", "News1", "", "홍길동"),
            ("[헤럴드경제=홍길동 기자] ", "", "", "헤럴드경제", "홍길동"),
        ],
    );
    assert_opened(
        "ja",
        "港は火曜日に閉鎖されたと当局が発表した。",
        &[
            ("【ソウル=共同】", "ソウル", "Kyodo", "", ""),
            ("【ワシントン時事】", "ワシントン", "Jiji", "", ""),
            ("［東京　１３日　ロイター］ - ", "東京", "Reuters", "", ""),
            ("（CNN）", "", "", "CNN", ""),
            ("ソウル（聯合ニュース）", "ソウル", "Yonhap", "", ""),
            ("【ソウル＝山田太郎】", "ソウル", "", "", "山田太郎"),
            ("【AFP＝時事】", "", "AFP+Jiji", "", ""),
        ],
    );
    assert_opened(
        "zh",
        "港口星期二关闭，当局这样说。",
        &[
            ("新华社北京9月13日电（记者 张三）", "北京", "Xinhua", "", "张三"),
            ("新华社北京9月13日电（记者张三、李四）", "北京", "Xinhua", "", "张三+李四"),
            ("中新社北京9月13日电 ", "北京", "China News Service", "", ""),
            ("（中央社記者王小明台北13日電）", "台北", "CNA", "", "王小明"),
            ("【明报专讯】", "", "", "明报专讯", ""),
            ("央视新闻消息，", "", "", "央视新闻", ""),
            ("法新社耶路撒冷13日电 ", "耶路撒冷", "AFP", "", ""),
            ("〔記者王小明／台北報導〕", "台北", "", "", "王小明"),
            ("記者王小明／台北報導\n\n", "台北", "", "", "王小明"),
        ],
    );
}

#[test]
fn sentences_open_no_dateline() {
    for body in [
        "Putin – who has ruled for long – said so on Tuesday.",
        "The minister said: We go on as before.",
        "Update: Three people were hurt.",
        "Presiden: Kami siap membantu.",
        "Harga beras naik - Pemerintah diam saja.",
        "On Nov. 3 (a Tuesday) the harbour was shut.",
        "Twenty-two people came - Nobody left.",
        "Sunak: We will not go on as before.",
        "Iran: The talks will go on as before.",
        "Merkel (CDU) Berlin gegenüber sagte das nicht.",
        "On 5 November the harbour of Odesa was shut.",
        "5 November 2026 was the day on which the harbour was shut.",
        "(Kyiv) was the word on the sign - Nobody knew why.",
        "“We Stand Here” - The words were on the wall.",
        "Москва. Так зовут и кота.",
        "5 ноября порт в Одессе был закрыт.",
        "Одесса (порт) закрыта со вторника.",
        "وزير الخارجية: لن نتراجع عن موقفنا أبدا.",
        "إيران: المحادثات مستمرة كما كانت.",
        "به گزارش شاهدان، بندر بسته شد.",
        "در گزارش خبرگزاری فارس، بندر بسته شد.",
        "प्रधानमंत्री ने कहा: हम पीछे नहीं हटेंगे।",
        "पुलिस अधिकारी - हम पीछे नहीं हटेंगे।",
        "13 सितंबर को बंदरगाह बंद रहा।",
        "(종합) 항구는 화요일에 문을 닫았다.",
        "[앵커] 항구는 화요일에 문을 닫았다.",
        "국방부는 (서울) 항구를 닫았다.",
        "【独自】港は火曜日に閉鎖された。",
        "「港」は火曜日に閉鎖された。",
        "新华社报道，港口星期二关闭。",
        "据新华社报道，港口星期二关闭。",
        "9月13日，北京的港口关闭。",
        "记者从港口获悉，港口星期二关闭。",
        "北京电视台星期二说，港口关闭。",
        "Reuters melaporkan bahwa kapal itu kandas.",
        "Selasa (3/11/2026), kapal itu kandas.",
        "Ankara (başkent) sessizdi.",
        "Thủ tướng: Chúng tôi sẽ không lùi bước.",
    ] {
        let page = read_body("", body, &ALL);
        assert_eq!(page.dateline, None, "{body}");
        assert_eq!(page.body, body);
    }
}
