//! One contract, several protocols: the same behaviours, seen through the door, on each of them.
//!
//! [`World`] is a server that can be prepared and looked at; [`behaviours`] says what has to happen, once.
//! What a protocol can't have it says by name and with its reason ([`World::cannot`]).
//! Look next: `imap`, `gmail` for the worlds.

mod behaviours;
mod gmail;
mod graph;
mod imap;

use crate::profile::Profile;
use async_trait::async_trait;
use behaviours::Scene;
use model::AccountId;
use model::mailbox::MailboxRole;

/// A place of mail, by what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Where mail arrives.
    Inbox,
    /// The user's own: a mailbox or label called Projects.
    Own,
    /// Sent letters.
    Sent,
    /// Drafts.
    Drafts,
    /// Where archived mail is.
    Archive,
    /// Deleted mail.
    Trash,
}

impl Place {
    /// The role of the mailbox; `None` for the user's own.
    pub fn role(self) -> Option<MailboxRole> {
        Some(match self {
            Self::Inbox => MailboxRole::Inbox,
            Self::Own => return None,
            Self::Sent => MailboxRole::Sent,
            Self::Drafts => MailboxRole::Drafts,
            Self::Archive => MailboxRole::Archive,
            Self::Trash => MailboxRole::Trash,
        })
    }
}

/// The user's own mailbox or label.
pub const OWN: &str = "Projects";

/// What every protocol has to do, or to say why it can't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    Arrive,
    Read,
    Flag,
    Keyword,
    Move,
    Archive,
    Delete,
    Draft,
    Send,
    ReplyInThread,
    Alias,
    Throttled,
    TokenExpired,
    PermissionEnded,
    CursorLost,
    ErrorMidPage,
    Muddled,
    GoneBeforeGet,
    AnswerLost,
    Probe,
    TestMail,
}

/// A server with one user's mailbox, `anna@tabella.test`. Message-IDs are without angle brackets.
#[async_trait]
pub trait World: Send + Sync {
    /// Why the protocol can't have this; `None` where it can.
    fn cannot(&self, behaviour: Behaviour) -> Option<&'static str>;
    /// Makes the account in a profile, ready to sync and send.
    async fn account(&self, profile: &Profile) -> AccountId;
    /// The user's address.
    fn email(&self) -> String {
        e2e::server::address("anna")
    }

    /// A message stands there, unread, as if another program or the world had put it there.
    fn put(&self, place: Place, raw: &[u8]);
    /// Where the server has the message, sorted. Inbox and Own before Archive: Archive alone is archived.
    fn places(&self, message_id: &str) -> Vec<Place>;
    /// Read and starred, as the server has it.
    fn flags(&self, message_id: &str) -> (bool, bool);
    /// All that stands there, raw.
    fn all(&self, place: Place) -> Vec<Vec<u8>>;
    /// The raw message, where the server has it.
    fn raw(&self, place: Place, message_id: &str) -> Option<Vec<u8>>;
    /// Another program reads and stars it.
    fn read_elsewhere(&self, message_id: &str);
    /// Its keywords, as the server has them.
    fn keywords(&self, _message_id: &str) -> Vec<String> {
        unreachable!("says that it can't")
    }
    /// Another program gives it these keywords, and no others.
    fn name_elsewhere(&self, _message_id: &str, _names: &[&str]) {
        unreachable!("says that it can't")
    }
    /// Another program moves it out of the inbox into the user's own mailbox.
    fn move_elsewhere(&self, message_id: &str);
    /// Another program deletes it for good.
    fn delete_elsewhere(&self, message_id: &str);

    /// The letters with this Message-ID that the server took, as it got them.
    fn taken(&self, message_id: &str) -> Vec<Vec<u8>>;
    /// Whole messages given out so far, where the server counts.
    fn given(&self) -> Option<usize> {
        None
    }

    /// Makes a further address to send as, and gives it.
    fn alias(&self) -> String {
        unreachable!("says that it can't")
    }
    /// Answers the next requests with a plea for a pause of a second.
    fn throttle(&self) {
        unreachable!("says that it can't")
    }
    /// Ends the access token before its time.
    fn expire(&self) {
        unreachable!("says that it can't")
    }
    /// Ends the permission.
    fn end_permission(&self) {
        unreachable!("says that it can't")
    }
    /// Forgets every place to go on from.
    fn lose_cursor(&self);
    /// Fails once in the middle of the next fetch. True where the adapter has to get over it by itself.
    fn fail_mid_page(&self) -> bool;
    /// Ends what was broken on purpose, where that does not end by itself.
    fn mend(&self) {}
    /// Tells everything twice and out of order from now on.
    fn muddle(&self) {
        unreachable!("says that it can't")
    }
    /// The message goes between the next list and its fetch.
    fn vanish(&self, _message_id: &str) {
        unreachable!("says that it can't")
    }
    /// The server takes the next letter, and its answer is lost.
    fn lose_answer(&self) {
        unreachable!("says that it can't")
    }
}

/// Runs a behaviour on a world, or says why not.
async fn run<F: Future<Output = ()>>(world: impl World + 'static, what: Behaviour, go: impl FnOnce(Scene) -> F) {
    if let Some(why) = world.cannot(what) {
        eprintln!("{what:?}: not with this protocol: {why}");
        return;
    }
    go(Scene::new(Box::new(world)).await).await;
}

/// The whole contract as tests of one world.
macro_rules! contract {
    ($module:ident, $world:expr) => {
        mod $module {
            use super::Behaviour as B;
            use super::{behaviours as b, run};

            contract! { @tests $world,
                a_letter_that_arrives_is_shown_once: Arrive, arrive;
                what_another_program_reads_moves_and_deletes_is_so_here: Read, read;
                flags_set_here_are_set_there: Flag, flag;
                keywords_are_the_same_here_and_there: Keyword, keyword;
                a_move_takes_a_letter_from_one_place_to_the_other: Move, shift;
                an_archived_letter_leaves_the_inbox_and_is_kept: Archive, archive;
                a_deleted_letter_goes_to_the_trash_and_then_for_good: Delete, delete;
                a_draft_has_one_copy_on_the_server_as_long_as_it_lives: Draft, draft;
                a_letter_is_sent_once_and_sent_holds_one_copy: Send, send;
                an_answer_stays_in_its_conversation: ReplyInThread, reply;
                addresses_to_send_as_are_learned: Alias, alias;
                a_plea_for_a_pause_is_obeyed_and_nothing_is_lost: Throttled, throttled;
                a_token_that_ends_early_is_renewed_without_a_word: TokenExpired, expired;
                a_permission_that_ended_asks_to_sign_in_and_keeps_all_mail: PermissionEnded, ended;
                a_lost_cursor_costs_a_comparison_and_no_second_download: CursorLost, cursor_lost;
                an_error_in_the_middle_leaves_no_hole: ErrorMidPage, mid_page;
                changes_told_twice_and_out_of_order_end_in_the_same_state: Muddled, muddled;
                a_letter_gone_between_list_and_get_is_no_error: GoneBeforeGet, gone;
                a_probe_tries_what_works_and_says_what_does_not: Probe, probe;
                a_test_mail_gives_the_servers_answer: TestMail, test_mail;
                a_letter_whose_answer_was_lost_is_found_and_never_sent_again: AnswerLost, answer_lost;
            }
        }
    };
    (@tests $world:expr, $($name:ident: $behaviour:ident, $go:ident;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                run($world, B::$behaviour, b::$go).await;
            }
        )*
    };
}

contract!(over_imap, crate::contract::imap::Imap::start());
contract!(over_gmail, crate::contract::gmail::GmailWorld::start());
contract!(over_graph, crate::contract::graph::GraphWorld::start());
