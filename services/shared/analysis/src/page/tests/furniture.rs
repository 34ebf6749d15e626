//! Bylines, credits, captions and links to other articles, in the way of each language's newsrooms.

use super::{ALL, Page, read, read_body, reasons};
use crate::page::{Reason, Role};

/// Two paragraphs of a language, with other lines between and behind them.
const PARAGRAPHS: [(&str, &str, &str); 17] = [
    ("id", "Kapal itu kandas pada Selasa malam, kata petugas.", "Awaknya selamat dan dibawa ke darat."),
    ("ms", "Kapal itu terkandas malam Selasa, kata jurucakap.", "Anak kapalnya selamat dan dibawa ke darat."),
    ("en", "The ship ran aground on Tuesday, the port said.", "Its crew were safe and came ashore."),
    ("es", "El barco encalló el martes, según el puerto.", "La tripulación está a salvo en tierra."),
    ("fr", "Le navire s’est échoué mardi, selon le port.", "L’équipage est sauf et à terre."),
    ("de", "Das Schiff lief am Dienstag auf Grund, so der Hafen.", "Die Besatzung ist wohlauf und an Land."),
    ("pt", "O navio encalhou na terça-feira, disse o porto.", "A tripulação está salva e em terra."),
    ("tr", "Gemi salı günü karaya oturdu, dedi liman.", "Mürettebat sağ salim karaya çıktı."),
    ("ru", "Судно село на мель во вторник, сообщил порт.", "Экипаж цел и доставлен на берег."),
    ("uk", "Судно сіло на мілину у вівторок, повідомив порт.", "Екіпаж цілий і вже на березі."),
    ("ar", "جنحت السفينة يوم الثلاثاء، وفق الميناء.", "الطاقم بخير ووصل إلى البر."),
    ("fa", "کشتی روز سه‌شنبه به گل نشست، بندر گفت.", "خدمه سالم‌اند و به خشکی رسیدند."),
    ("hi", "जहाज मंगलवार को फंस गया, बंदरगाह ने कहा।", "चालक दल सुरक्षित है और तट पर है।"),
    ("ko", "배는 화요일에 좌초했다고 항구가 밝혔다.", "선원들은 무사히 뭍에 올랐다."),
    ("ja", "船は火曜日に座礁したと港が発表した。", "乗組員は無事に上陸した。"),
    ("zh", "船星期二搁浅，港口这样说。", "船员平安，已经上岸。"),
    ("vi", "Tàu mắc cạn tối thứ ba, cảng vụ cho biết.", "Thủy thủ đoàn an toàn và đã lên bờ."),
];

fn paragraphs(language: &str) -> (&'static str, &'static str) {
    let (_, first, second) = PARAGRAPHS.iter().find(|(code, ..)| *code == language).unwrap();
    (first, second)
}

/// Asserts that a line between two paragraphs is no part of the body.
fn between(language: &str, line: &str) -> Page {
    let (first, second) = paragraphs(language);
    let page = read_body("Title", &format!("{first}\n\n{line}\n\n{second}"), &ALL);
    assert_eq!(page.body, format!("{first}\n\n{second}"), "{language}: {line}");
    page
}

/// Asserts that a line behind the last paragraph is no part of the body.
fn behind(language: &str, line: &str) -> Page {
    let (first, second) = paragraphs(language);
    let page = read_body("Title", &format!("{first}\n\n{second}\n\n{line}"), &ALL);
    assert_eq!(page.body, format!("{first}\n\n{second}"), "{language}: {line}");
    page
}

#[test]
fn links_to_other_articles_are_cut() {
    for (language, line) in [
        ("id", "Baca juga: Nelayan Natuna minta perlindungan"),
        ("ms", "Baca juga: Nelayan minta perlindungan"),
        ("en", "Read more: Fishing fleet shrinks for a tenth year"),
        ("es", "Lea también: La flota pesquera se reduce"),
        ("fr", "Lire aussi : La flotte de pêche rétrécit"),
        ("de", "Lesen Sie auch: Die Flotte schrumpft"),
        ("pt", "Leia também: A frota de pesca encolhe"),
        ("tr", "İlgili haber: Balıkçı filosu küçülüyor"),
        ("ru", "Читайте также: Рыболовный флот сокращается"),
        ("uk", "Читайте також: Рибальський флот меншає"),
        ("ar", "اقرأ أيضاً: أسطول الصيد يتقلص"),
        ("fa", "بیشتر بخوانید: ناوگان ماهیگیری کوچک می‌شود"),
        ("hi", "यह भी पढ़ें: मछली पकड़ने का बेड़ा घटा"),
        ("ko", "관련기사: 어선이 줄어든다"),
        ("ja", "関連記事：漁船が減る"),
        ("zh", "相关新闻：渔船减少"),
        ("vi", "Xem thêm: Đội tàu cá giảm"),
    ] {
        let page = between(language, line);
        let cut = page.parts.iter().any(|p| p.role == Role::Cut(Reason::Related));
        assert!(cut, "{language}: {line}");
    }
}

#[test]
fn captions_are_told_by_their_label() {
    for (language, line, credit) in [
        ("id", "Foto: Kapal kandas di Natuna, Selasa malam.", "Kapal kandas di Natuna, Selasa malam."),
        ("ms", "Gambar: Kapal terkandas malam Selasa.", "Kapal terkandas malam Selasa."),
        ("en", "Photo: The ship on the sands on Tuesday.", "The ship on the sands on Tuesday."),
        ("es", "Foto: El barco en la arena el martes.", "El barco en la arena el martes."),
        ("fr", "Photo : Le navire sur le sable mardi.", "Le navire sur le sable mardi."),
        ("de", "Foto: Das Schiff am Dienstag im Sand.", "Das Schiff am Dienstag im Sand."),
        ("pt", "Foto: O navio na areia na terça-feira.", "O navio na areia na terça-feira."),
        ("tr", "Fotoğraf: Gemi salı günü kumda.", "Gemi salı günü kumda."),
        ("ru", "Фото: Судно на мели во вторник.", "Судно на мели во вторник."),
        ("uk", "Фото: Судно на мілині у вівторок.", "Судно на мілині у вівторок."),
        ("ar", "صورة: السفينة على الرمل يوم الثلاثاء.", "السفينة على الرمل يوم الثلاثاء."),
        ("fa", "عکس: کشتی روی شن در روز سه‌شنبه.", "کشتی روی شن در روز سه‌شنبه."),
        ("hi", "फोटो: जहाज मंगलवार को रेत पर।", "जहाज मंगलवार को रेत पर।"),
        ("ko", "사진: 화요일 모래 위의 배.", "화요일 모래 위의 배."),
        ("ja", "写真：火曜日に砂の上の船。", "火曜日に砂の上の船。"),
        ("zh", "图：星期二沙滩上的船。", "星期二沙滩上的船。"),
        ("vi", "Ảnh: Con tàu trên cát hôm thứ ba.", "Con tàu trên cát hôm thứ ba."),
    ] {
        assert_eq!(between(language, line).captions, [credit], "{language}: {line}");
    }
}

#[test]
fn agencies_sign_behind_the_last_sentence() {
    for (language, line, credits) in [
        ("id", "(ANTARA)", "Antara"),
        ("ms", "- BERNAMA", "Bernama"),
        ("en", "(Reuters, AP)", "Reuters+AP"),
        ("es", "(EFE)", "EFE"),
        ("fr", "AFP", "AFP"),
        ("de", "dpa/AFP", "dpa+AFP"),
        ("pt", "Fonte: Lusa", "Lusa"),
        ("tr", "Kaynak: AA", "Anadolu"),
        ("ru", "Источник: ТАСС", "TASS"),
        ("uk", "Джерело: УНН", "UNN"),
        ("ar", "المصدر: رويترز", "Reuters"),
        ("fa", "منبع: ایسنا", "ISNA"),
        ("hi", "(भाषा)", "PTI"),
        ("ko", "[서울=뉴시스]", "Newsis"),
        ("ja", "（共同）", "Kyodo"),
        ("zh", "（新华社）", "Xinhua"),
        ("vi", "Theo TTXVN/Vietnam+", "TTXVN"),
    ] {
        assert_eq!(behind(language, line).credits.join("+"), credits, "{language}: {line}");
    }
}

#[test]
fn bylines_are_told_by_label_or_by_the_word_for_a_reporter() {
    for (language, line, names) in [
        ("id", "Penulis: Ratih Kusumadewi", "Ratih Kusumadewi"),
        ("ms", "Oleh: Zainab Rashid", "Zainab Rashid"),
        ("en", "Reporting by Maud Ellery and Tobias Renn", "Maud Ellery+Tobias Renn"),
        ("es", "Redacción: Inés Larrea", "Inés Larrea"),
        ("fr", "Auteur : Odile Garnier", "Odile Garnier"),
        ("de", "Autorin: Ines Lund", "Ines Lund"),
        ("pt", "Reportagem: Rui Teles", "Rui Teles"),
        ("tr", "Muhabir: Elif Kaya", "Elif Kaya"),
        ("ru", "Автор: Мария Лугова", "Мария Лугова"),
        ("uk", "Авторка: Оксана Луговська", "Оксана Луговська"),
        ("ar", "إعداد: ليلى حداد", "ليلى حداد"),
        ("fa", "خبرنگار: لیلا کریمی", "لیلا کریمی"),
        ("hi", "रिपोर्ट: सीमा वर्मा", "सीमा वर्मा"),
        ("ko", "홍길동·김영희 기자", "홍길동+김영희"),
        ("ko", "워싱턴=김하늘 특파원 sky@paper.example", "김하늘"),
        ("ja", "執筆：山田太郎", "山田太郎"),
        ("zh", "（记者张三）", "张三"),
        ("zh", "记者 张三 李四", "张三+李四"),
        ("zh", "作者：王小明", "王小明"),
        ("vi", "Tác giả: Lê Minh", "Lê Minh"),
    ] {
        let byline = behind(language, line).byline.unwrap_or_else(|| panic!("{language}: {line}"));
        assert_eq!(byline.names.join("+"), names, "{language}: {line}");
    }
    assert_eq!(behind("ko", "sky@paper.example").byline.map(|b| b.names), Some(Vec::new()));
}

#[test]
fn no_sentence_of_a_story_is_lost() {
    for (language, line) in [
        ("id", "Jakarta (ibu kota) sepi pada hari itu."),
        ("ms", "Pada 4 November, pelabuhan itu dibuka semula."),
        ("en", "On 5 November the port opened again."),
        ("en", "Reuters had reported the accident before."),
        ("es", "5 de noviembre: ese día abrió el puerto."),
        ("fr", "Newsletter ou non, le port a fermé."),
        ("de", "Newsletter der Behörde warnten vor Sturm."),
        ("pt", "Assine quem quiser, disse o capitão."),
        ("tr", "5 Kasım 2026 günü liman açıldı."),
        ("ru", "Поддержите нас, просил капитан."),
        ("uk", "Київ (столиця) чекав на новини."),
        ("ar", "استمع مجلس الأمن إلى إحاطة عن السفينة."),
        ("fa", "فیلم حادثه را شاهدان ضبط کردند."),
        ("hi", "13 सितंबर को बंदरगाह फिर खुला।"),
        ("ko", "기자들은 항구에 들어가지 못했다."),
        ("ko", "사라진 기자"),
        ("ja", "記者会見は港で開かれた。"),
        ("zh", "记者从港口获悉，船已离开。"),
        ("zh", "登录后他们发现船已离港。"),
        ("vi", "Ngày 13/9, cảng mở cửa trở lại."),
    ] {
        let (first, second) = paragraphs(language);
        let body = format!("{first}\n\n{line}\n\n{second}");
        let page = read_body("Title", &body, &ALL);
        assert_eq!(page.body, body, "{language}: {:?}", reasons(&page, &body));
    }
}

#[test]
fn a_headline_about_a_reporter_is_a_headline() {
    let (first, second) = paragraphs("ko");
    let page = read(&format!("사라진 기자\n\n{first}\n\n{second}"), &ALL);
    assert_eq!(page.title, "사라진 기자");
}
