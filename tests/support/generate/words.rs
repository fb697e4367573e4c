//! Texts: a growing vocabulary for English, sentences for the other languages.

use std::fmt::Write as _;

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, ISO_2022_JP, ISO_8859_2, KOI8_R, KOI8_U, SHIFT_JIS, UTF_8, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252,
};

use super::Dice;

/// A language as mail shows it: charsets, people, subjects, sentences.
pub(super) struct Language {
    pub charsets: &'static [&'static Encoding],
    pub people: &'static [&'static str],
    pub subjects: &'static [&'static str],
    pub sentences: &'static [&'static str],
    /// Written without spaces between sentences.
    pub dense: bool,
}

pub(super) const RUSSIAN: usize = 0;

pub(super) static LANGUAGES: [Language; 8] = [
    Language {
        charsets: &[UTF_8, KOI8_R, WINDOWS_1251],
        people: &["Ирина Соколова", "Пётр Васильев", "Анна Кузнецова", "Михаил Орлов"],
        subjects: &[
            "Договор на поставку",
            "Встреча в пятницу",
            "Отчёт за третий квартал",
            "Счёт на оплату",
            "Вопрос по накладной",
        ],
        sentences: &[
            "Добрый день, высылаю исправленный договор.",
            "Оплату ждём до конца недели.",
            "Встречу перенесли на пятницу, на одиннадцать часов.",
            "Подскажите, пожалуйста, когда будет готов отчёт.",
            "Всё получили, спасибо!",
            "В приложении счёт и накладная.",
            "Позвоните, если останутся вопросы.",
        ],
        dense: false,
    },
    Language {
        charsets: &[UTF_8, KOI8_U, WINDOWS_1251],
        people: &["Оксана Ткаченко", "Дмитро Шевчук", "Юлія Бондар"],
        subjects: &["Договір оренди", "Зустріч у четвер", "Рахунок за травень"],
        sentences: &[
            "Доброго дня, надсилаю рахунок.",
            "Чи зможете Ви підписати договір до четверга?",
            "Дякую за швидку відповідь!",
            "Їхній склад працює до шостої години.",
            "Зателефонуйте мені, будь ласка, після обіду.",
        ],
        dense: false,
    },
    Language {
        charsets: &[UTF_8, WINDOWS_1252],
        people: &["Jörg Krämer", "Bärbel Schütz", "Günther Weiß", "Käthe Löffler"],
        subjects: &[
            "Angebot für die Tür im Erdgeschoss",
            "Rückfrage zur Lieferung",
            "Schlüsselübergabe am Montag",
            "Änderung der Öffnungszeiten",
        ],
        sentences: &[
            "anbei finden Sie das überarbeitete Angebot.",
            "Die Übergabe der Schlüssel ist am Montag um neun Uhr.",
            "Könnten Sie die Maße bitte noch einmal prüfen?",
            "Wir haben die Rechnung bereits überwiesen.",
            "Für Rückfragen erreichen Sie mich bis 17 Uhr.",
            "Das Gerät läuft seit gestern ohne Störung.",
        ],
        dense: false,
    },
    Language {
        charsets: &[UTF_8, ISO_8859_2, WINDOWS_1250],
        people: &["Zofia Wójcik", "Paweł Krawczyk", "Łucja Dąbrowska"],
        subjects: &["Zamówienie części", "Spotkanie w Łodzi", "Faktura za wrzesień"],
        sentences: &[
            "W załączeniu przesyłam fakturę.",
            "Części powinny dotrzeć w środę.",
            "Czy możemy przełożyć spotkanie na później?",
            "Dziękuję za pomoc, wszystko działa.",
            "Proszę o potwierdzenie odbioru przesyłki.",
        ],
        dense: false,
    },
    Language {
        charsets: &[UTF_8, ISO_2022_JP, SHIFT_JIS],
        people: &["鈴木一郎", "高橋美咲", "伊藤健太"],
        subjects: &["打ち合わせの件", "見積書の送付", "納期のご連絡"],
        sentences: &[
            "いつもお世話になっております。",
            "見積書を添付いたしましたのでご確認ください。",
            "納期は来週の金曜日になります。",
            "ご返信をお待ちしております。",
            "打ち合わせの場所が変わりました。",
        ],
        dense: true,
    },
    Language {
        charsets: &[UTF_8, GB18030],
        people: &["张伟", "刘洋", "陈静"],
        subjects: &["报价单", "会议时间调整", "发货通知"],
        sentences: &[
            "您好，报价单请见附件。",
            "会议改到下周二下午三点。",
            "货物已经发出，预计周五到达。",
            "如有问题请随时联系我。",
            "感谢您的支持。",
        ],
        dense: true,
    },
    Language {
        charsets: &[UTF_8, EUC_KR],
        people: &["박지훈", "최수진"],
        subjects: &["견적서 송부", "회의 일정"],
        sentences: &[
            "안녕하세요, 견적서를 보내 드립니다.",
            "회의는 수요일 오전 열 시입니다.",
            "확인 부탁드립니다.",
            "빠른 회신 감사합니다.",
        ],
        dense: false,
    },
    Language {
        charsets: &[UTF_8, BIG5],
        people: &["林志明", "黃雅婷"],
        subjects: &["報價單確認", "會議通知"],
        sentences: &["您好，附件是最新的報價單。", "會議改到星期三上午。", "貨物預計下週到達。", "謝謝您的協助。"],
        dense: true,
    },
];

pub(super) const FIRST_NAMES: &[&str] = &[
    "Alice", "Arthur", "Beth", "Bruno", "Celia", "Colin", "Dana", "Derek", "Edith", "Erik", "Flora", "Felix", "Gina",
    "Gordon", "Hazel", "Hugo", "Ines", "Ivor", "Joan", "Jasper", "Kira", "Keith", "Lena", "Leo", "Maud", "Max", "Nora",
    "Neil", "Olga", "Owen", "Pia", "Percy", "Rita", "Ralph", "Sonia", "Simon", "Tess", "Theo", "Una", "Vincent",
];
pub(super) const LAST_NAMES: &[&str] = &[
    "Abbott", "Archer", "Barlow", "Benson", "Calloway", "Crane", "Dalton", "Draper", "Ellis", "Farrow", "Fenton",
    "Gale", "Garner", "Hale", "Hobbs", "Ingram", "Jarvis", "Keller", "Lang", "Lowry", "Marsh", "Mercer", "Nash",
    "Norton", "Osborne", "Pratt", "Quill", "Reeve", "Rowe", "Sawyer", "Sharpe", "Tate", "Thorne", "Vance", "Webb",
    "Yates",
];
pub(super) const COMPANIES: &[&str] = &[
    "northwind",
    "bluepeak",
    "cedar",
    "ironbridge",
    "lakeside",
    "meridian",
    "oakfield",
    "quarry",
    "redwood",
    "summit",
    "tidewater",
    "willow",
];

const FREQUENT: &str = "the of and to in a is that for it was on as with be by at this are from have or an they which you one we all can her has there been if more when \
will would who so no out up into do any your what about other then them these some could than its time only may over such our new also my first after where most \
before through much between work well should each just those people how too because same state long under again system different right number world part place \
while group might late problem fact late order point form off small number large room week month change office market report draft plan price team board house \
letter answer question figure table water school night story early money morning reason result sense force power ground field paper moment window garden river \
road train summer winter silver copper letter meeting invoice project version release customer delivery contract payment budget review update request account \
schedule server network database engine interface feature patch branch build test failure warning error memory process thread driver kernel package library";

const SYLLABLES: &[&str] = &[
    "ba", "be", "bo", "ca", "ce", "co", "da", "de", "di", "do", "fa", "fe", "fi", "ga", "go", "ha", "he", "in", "ka",
    "ko", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "pe", "po", "ra", "re", "ri",
    "ro", "sa", "se", "si", "so", "ta", "te", "ti", "to", "va", "ve", "vi", "vo", "za", "ster", "tion", "ment", "ing",
    "er",
];

/// English: frequent words first, ever rarer ones after, as Zipf found; numbers and names between.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    words: Vec<String>,
}

impl Vocabulary {
    pub fn new(dice: &mut Dice) -> Self {
        let mut words: Vec<String> = FREQUENT.split_whitespace().map(str::to_owned).collect();
        while words.len() < 40_000 {
            let syllables = 2 + dice.below(3);
            words.push((0..syllables).map(|_| *dice.pick(SYLLABLES)).collect());
        }
        Self { words }
    }

    pub fn word(&self, dice: &mut Dice) -> &str {
        // Rank r comes about 1/r as often: uniform in the logarithm of the rank.
        let rank = (self.words.len() as f64).powf(dice.unit()) as usize;
        &self.words[rank.min(self.words.len()) - 1]
    }

    pub fn sentence(&self, dice: &mut Dice) -> String {
        let mut sentence = String::new();
        for at in 0..4 + dice.below(14) {
            let word = self.word(dice);
            if at == 0 {
                sentence.push_str(&word[..1].to_uppercase());
                sentence.push_str(&word[1..]);
            } else {
                sentence.push(' ');
                sentence.push_str(word);
            }
        }
        let number = dice.below(100_000);
        let _ = match dice.below(24) {
            0 => write!(sentence, " #{number}"),
            1 => write!(sentence, " https://{}.example/{number}", self.word(dice)),
            2 => write!(sentence, " {}-{number}", self.word(dice)),
            _ => Ok(()),
        };
        sentence.push(if dice.chance(0.1) { '?' } else { '.' });
        sentence
    }

    pub fn title(&self, dice: &mut Dice) -> String {
        let sentence = self.sentence(dice);
        let words: Vec<_> = sentence.trim_end_matches(['.', '?']).split(' ').take(3 + dice.below(5)).collect();
        words.join(" ")
    }
}

/// Paragraphs of one language (`None` is English), separated by empty lines.
pub(super) fn paragraphs(
    dice: &mut Dice,
    vocabulary: &Vocabulary,
    language: Option<&Language>,
    count: usize,
) -> Vec<String> {
    let mut paragraphs = Vec::with_capacity(count);
    for _ in 0..count {
        let sentences = 1 + dice.below(6);
        let parts: Vec<String> = (0..sentences)
            .map(|_| match language {
                None => vocabulary.sentence(dice),
                Some(language) => (*dice.pick(language.sentences)).to_owned(),
            })
            .collect();
        paragraphs.push(parts.join(if language.is_some_and(|language| language.dense) { "" } else { " " }));
    }
    paragraphs
}
