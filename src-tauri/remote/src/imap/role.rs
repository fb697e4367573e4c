//! What a mailbox is for, where the server does not announce it: well-known names in many languages.

use MailboxRole::{All, Archive, Drafts, Inbox, Junk, Sent, Trash};
use model::mailbox::MailboxRole;

const NAMES: &[(MailboxRole, &[&str])] = &[
    (
        Sent,
        &[
            "sent",
            "sent items",
            "sent messages",
            "sent mail",
            "sent-mail",
            "outbox sent",
            "gesendet",
            "gesendete objekte",
            "gesendete elemente",
            "gesendete nachrichten",
            "envoyés",
            "messages envoyés",
            "éléments envoyés",
            "enviados",
            "elementos enviados",
            "mensajes enviados",
            "itens enviados",
            "posta inviata",
            "inviati",
            "inviata",
            "verzonden",
            "verzonden items",
            "verzonden berichten",
            "skickat",
            "skickade",
            "skickade objekt",
            "sendt",
            "sendt post",
            "sendte elementer",
            "lähetetyt",
            "wysłane",
            "elementy wysłane",
            "отправленные",
            "отправленные сообщения",
            "исходящие",
            "надіслані",
            "відправлені",
            "відіслані",
            "odeslané",
            "odeslaná pošta",
            "odoslané",
            "elküldött",
            "elküldött elemek",
            "trimise",
            "изпратени",
            "послато",
            "poslano",
            "απεσταλμένα",
            "gönderilmiş",
            "gönderilmiş öğeler",
            "gönderilenler",
            "送信済み",
            "送信済みアイテム",
            "送信済みメール",
            "已发送",
            "已发送邮件",
            "寄件備份",
            "보낸편지함",
            "보낸 편지함",
            "פריטים שנשלחו",
            "المرسل",
            "المرسلة",
        ],
    ),
    (
        Drafts,
        &[
            "drafts",
            "draft",
            "entwürfe",
            "entwurf",
            "brouillons",
            "brouillon",
            "borradores",
            "rascunhos",
            "bozze",
            "concepten",
            "klad",
            "utkast",
            "kladder",
            "luonnokset",
            "szkice",
            "kopie robocze",
            "wersje robocze",
            "robocze",
            "черновики",
            "черновик",
            "чернетки",
            "чернетка",
            "koncepty",
            "rozepsané",
            "piszkozatok",
            "ciorne",
            "чернови",
            "nacrti",
            "skice",
            "πρόχειρα",
            "taslaklar",
            "下書き",
            "草稿",
            "草稿箱",
            "草稿匣",
            "임시보관함",
            "임시 보관함",
            "טיוטות",
            "مسودات",
            "المسودات",
        ],
    ),
    (
        Trash,
        &[
            "trash",
            "deleted",
            "deleted items",
            "deleted messages",
            "bin",
            "rubbish",
            "wastebasket",
            "papierkorb",
            "gelöscht",
            "gelöschte elemente",
            "gelöschte objekte",
            "corbeille",
            "éléments supprimés",
            "messages supprimés",
            "papelera",
            "elementos eliminados",
            "eliminados",
            "lixeira",
            "itens excluídos",
            "cestino",
            "posta eliminata",
            "elementi eliminati",
            "prullenbak",
            "prullenmand",
            "verwijderde items",
            "verwijderd",
            "papperskorgen",
            "borttaget",
            "slettet",
            "slettede elementer",
            "papirkurv",
            "roskakori",
            "poistetut",
            "kosz",
            "elementy usunięte",
            "usunięte",
            "корзина",
            "удаленные",
            "удалённые",
            "видалені",
            "кошик",
            "смітник",
            "koš",
            "odstraněná pošta",
            "kôš",
            "lomtár",
            "kuka",
            "törölt elemek",
            "coș de gunoi",
            "gunoi",
            "кошче",
            "смеће",
            "otpad",
            "smeće",
            "κάδος",
            "κάδος απορριμμάτων",
            "çöp",
            "çöp kutusu",
            "silinmiş öğeler",
            "ゴミ箱",
            "削除済みアイテム",
            "已删除",
            "已删除邮件",
            "垃圾桶",
            "刪除的郵件",
            "휴지통",
            "지운편지함",
            "אשפה",
            "المهملات",
        ],
    ),
    (
        Junk,
        &[
            "junk",
            "spam",
            "junk e-mail",
            "junk email",
            "junk mail",
            "bulk mail",
            "bulk",
            "spamverdacht",
            "spam-verdacht",
            "junk-e-mail",
            "werbung",
            "indésirables",
            "courrier indésirable",
            "pourriel",
            "correo no deseado",
            "no deseado",
            "lixo eletrônico",
            "lixo",
            "posta indesiderata",
            "ongewenst",
            "ongewenste e-mail",
            "skräppost",
            "søppelpost",
            "uønsket",
            "uønsket e-post",
            "roskaposti",
            "wiadomości-śmieci",
            "wiadomości śmieci",
            "niechciane",
            "спам",
            "нежелательная почта",
            "небажана пошта",
            "небажані",
            "nevyžádaná pošta",
            "nevyžiadaná pošta",
            "levélszemét",
            "нежелана поща",
            "neželjena pošta",
            "ανεπιθύμητη αλληλογραφία",
            "ανεπιθύμητα",
            "gereksiz",
            "istenmeyen",
            "önemsiz e-posta",
            "迷惑メール",
            "垃圾邮件",
            "垃圾郵件",
            "스팸",
            "스팸함",
            "스팸메일함",
            "דואר זבל",
        ],
    ),
    (
        Archive,
        &[
            "archive",
            "archives",
            "archived",
            "archiv",
            "archivo",
            "archivos",
            "arquivo",
            "arquivados",
            "archivio",
            "archief",
            "arkiv",
            "arkisto",
            "archiwum",
            "архив",
            "архів",
            "archív",
            "archívum",
            "arhiva",
            "arhivă",
            "αρχειοθήκη",
            "arşiv",
            "アーカイブ",
            "归档",
            "存档",
            "封存",
            "보관함",
            "ארכיון",
            "الأرشيف",
        ],
    ),
    (
        All,
        &[
            "all mail",
            "[gmail]/all mail",
            "alle nachrichten",
            "вся почта",
            "уся пошта",
            "wszystkie",
        ],
    ),
];

/// The role of a special-use attribute (RFC 6154).
pub fn by_attribute(attribute: &str) -> Option<MailboxRole> {
    Some(match attribute.to_ascii_lowercase().as_str() {
        "\\inbox" => Inbox,
        "\\drafts" => Drafts,
        "\\sent" => Sent,
        "\\archive" => Archive,
        "\\junk" | "\\spam" => Junk,
        "\\trash" => Trash,
        "\\all" | "\\allmail" => All,
        _ => return None,
    })
}

/// The role a name suggests, for mailboxes at the top or right below the inbox or `[Gmail]`.
pub fn by_path(path: &str) -> Option<MailboxRole> {
    if path.eq_ignore_ascii_case("inbox") {
        return Some(Inbox);
    }
    let lower = path.to_lowercase();
    let name = ["inbox/", "[gmail]/", "[google mail]/"]
        .iter()
        .find_map(|top| lower.strip_prefix(top))
        .unwrap_or(&lower);
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(role, _)| *role)
}

/// The order mailboxes are worked in: what people look at first.
pub fn order(role: Option<MailboxRole>) -> u8 {
    match role {
        Some(Inbox) => 0,
        Some(Sent) => 1,
        Some(Drafts) => 2,
        None => 3,
        Some(Archive) => 4,
        Some(Junk) => 5,
        Some(Trash) => 6,
        Some(All) => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_recognised_in_the_languages_of_the_window() {
        for (path, role) in [
            ("INBOX", Inbox),
            ("Gesendete Objekte", Sent),
            ("Надіслані", Sent),
            ("INBOX/Kosz", Trash),
            ("Спам", Junk),
            ("Entwürfe", Drafts),
            ("[Gmail]/All Mail", All),
        ] {
            assert_eq!(by_path(path), Some(role), "{path}");
        }
        assert_eq!(
            by_path("Projects/Sent"),
            None,
            "deep mailboxes are people's own"
        );
    }

    #[test]
    fn every_known_name_is_in_lower_case_and_means_one_thing() {
        let mut seen = std::collections::HashSet::new();
        for (_, names) in NAMES {
            for name in *names {
                assert_eq!(*name, name.to_lowercase());
                assert!(seen.insert(name), "{name} stands for two roles");
            }
        }
    }
}
