//! The door: one declaration of every command.
//!
//! From [`for_each_command!`] come the engine's dispatch, the TypeScript map in
//! `ui/src/engine/bindings.ts`, `tabella commands`, and the list the tests hold against.
//! A line reads: `kind noun.verb(Arguments) -> Result [nouns];` where `kind` is `read` or `write`,
//! and the nouns are what a read is made of: a [`crate::Change`] of one of them makes it stale.
//! A write names none: its `Change`s come from the commit.

/// Calls `$callback!` with the whole table.
#[macro_export]
macro_rules! for_each_command {
    ($callback:path) => {
        $callback! {
            read profile.get(setting::Nothing) -> setting::Profile [Setting];
            write profile.unlock(setting::UnlockArgs) -> setting::Profile [];
            write profile.sweep(setting::Nothing) -> setting::Swept [];
            read profile.doctor(setting::Nothing) -> Vec<setting::Finding> [Setting];
            read setting.get(setting::Nothing) -> setting::Settings [Setting];
            write setting.put(setting::Settings) -> setting::Settings [];

            read account.list(setting::Nothing) -> Vec<account::Account> [Account, SyncState];
            read account.get(account::AccountRef) -> account::Account [Account, SyncState];
            read account.discover(account::DiscoverArgs) -> account::Discovery [];
            write account.add_imap(account::AddImapArgs) -> account::Account [];
            write account.add_sandbox(account::AddSandboxArgs) -> account::Account [];
            write account.update(account::AccountUpdateArgs) -> account::Account [];
            write account.reauthorize(account::ReauthorizeArgs) -> account::Account [];
            write account.begin_sign_in(provider::BeginSignInArgs) -> provider::SignInTicket [];
            write account.finish_sign_in(provider::SignInRef) -> account::Account [];
            write account.cancel_sign_in(provider::SignInRef) -> setting::Nothing [];
            write account.remove(account::AccountRef) -> setting::Nothing [];
            write account.probe(account::AccountRef) -> account::ProbeReport [];
            write account.test_mail(account::TestMailArgs) -> account::TestMailResult [];
            write account.sync(account::AccountScope) -> setting::Nothing [];
            write account.stop_sync(account::AccountScope) -> setting::Nothing [];
            write account.resync(account::AccountRef) -> setting::Nothing [];
            read account.log(account::AccountRef) -> Vec<account::SyncLogEntry> [SyncState];
            write identity.save(account::IdentitySaveArgs) -> account::Identity [];
            write identity.remove(account::IdentityRef) -> setting::Nothing [];
            write identity.sync(account::AccountRef) -> Vec<account::Identity> [];

            read provider.list(setting::Nothing) -> Vec<provider::Provider> [Provider, Account];
            write provider.set(provider::ProviderSetArgs) -> provider::Provider [];
            write provider.remove(provider::ProviderRef) -> setting::Nothing [];

            read mailbox.list(mailbox::MailboxListArgs) -> Vec<mailbox::Mailbox> [Mailbox];

            read thread.list(message::ThreadListArgs) -> message::ThreadPage [Message, Mailbox];
            read thread.get(message::ThreadRef) -> message::Thread [Thread];
            write thread.snooze(message::SnoozeArgs) -> message::Undoable [];
            write thread.unsnooze(message::ActArgs) -> message::Undoable [];
            read message.list(message::MessageListArgs) -> message::MessagePage [Message, Mailbox];
            read message.get(message::MessageRef) -> message::Message [Message];
            read message.body(message::MessageRef) -> message::MessageBody [Message];
            write message.flag(message::FlagArgs) -> message::Undoable [];
            write message.keyword(message::KeywordArgs) -> message::Undoable [];
            write message.move_to(message::MoveArgs) -> message::Undoable [];
            write message.archive(message::ActArgs) -> message::Undoable [];
            write message.delete(message::ActArgs) -> message::Undoable [];
            write message.junk(message::ActArgs) -> message::Undoable [];
            write message.save_attachment(message::SaveAttachmentArgs) -> message::SavedFiles [];
            write message.allow_remote(message::AllowRemoteArgs) -> setting::Nothing [];
            write message.import_file(message::MailImportArgs) -> message::MailImported [];
            write message.resync(message::MailResyncArgs) -> message::MailResynced [];
            write message.export_file(message::MailExportArgs) -> message::MailExported [];
            read message.progress(exchange::TicketArgs) -> exchange::ExchangeProgress [Exchange];
            write message.stop(exchange::TicketArgs) -> setting::Nothing [];
            write operation.undo(message::UndoArgs) -> setting::Nothing [];
            read operation.pending(setting::Nothing) -> Vec<message::PendingOperation> [Message];
            read correspondent.complete(message::CompleteArgs) -> Vec<message::Correspondent> [];

            read draft.list(setting::Nothing) -> Vec<draft::Draft> [Draft];
            read draft.get(draft::DraftRef) -> draft::Draft [Draft];
            write draft.create(draft::DraftCreateArgs) -> draft::Draft [];
            write draft.open(message::MessageRef) -> draft::Draft [];
            write draft.save(draft::DraftSaveArgs) -> draft::Draft [];
            write draft.attach(draft::DraftAttachArgs) -> draft::Draft [];
            write draft.detach(draft::DraftDetachArgs) -> draft::Draft [];
            read draft.check(draft::DraftRef) -> Vec<draft::DraftWarning> [Draft];
            write draft.discard(draft::DraftRef) -> setting::Nothing [];
            write draft.restore(draft::DraftRef) -> draft::Draft [];

            write submission.send(submission::SendArgs) -> submission::Submission [];
            write submission.compose(submission::ComposeArgs) -> submission::Submission [];
            read submission.list(submission::SubmissionListArgs) -> submission::SubmissionPage [Submission];
            read submission.get(submission::SubmissionRef) -> submission::Submission [Submission];
            write submission.cancel(submission::SubmissionRef) -> submission::Cancelled [];
            write submission.retry(submission::SubmissionRef) -> submission::Submission [];
            write submission.settle(submission::SettleArgs) -> submission::Submission [];
            write submission.pause(account::AccountScope) -> setting::Nothing [];
            write submission.resume(account::AccountScope) -> setting::Nothing [];

            read template.list(setting::Nothing) -> Vec<template::Template> [Template];
            read template.get(template::TemplateRef) -> template::Template [Template];
            write template.put(template::TemplatePutArgs) -> template::Template [];
            write template.remove(template::TemplateRef) -> setting::Nothing [];
            read template.preview(template::TemplatePreviewArgs) -> template::TemplatePreview [Template, Record];

            read bulk.plan(bulk::BulkArgs) -> bulk::BulkPlan [Template, Record];
            write bulk.send(bulk::BulkArgs) -> bulk::Run [];
            read bulk.list(setting::Nothing) -> Vec<bulk::Run> [Run, Submission];
            read bulk.status(bulk::RunRef) -> bulk::Run [Run, Submission];
            write bulk.pause(bulk::RunRef) -> bulk::Run [];
            write bulk.resume(bulk::RunRef) -> bulk::Run [];
            write bulk.stop(bulk::RunRef) -> bulk::Run [];

            read base.list(setting::Nothing) -> Vec<base::Base> [Base, Table];
            read base.get(base::BaseRef) -> base::Base [Base, Table];
            write base.create(base::BaseCreateArgs) -> base::Base [];
            write base.update(base::BaseUpdateArgs) -> base::Base [];
            write base.copy(base::BaseCopyArgs) -> base::Base [];
            write base.remove(base::BaseRef) -> setting::Nothing [];
            read base.preview_file(base::PreviewFileArgs) -> base::FilePreview [];
            write base.import_file(base::ImportFileArgs) -> base::Imported [];
            read base.preview_import(base::ImportFileArgs) -> exchange::Merged [Table, Record];
            write base.export(exchange::ExportArgs) -> exchange::Exported [];
            read base.progress(exchange::TicketArgs) -> exchange::ExchangeProgress [Exchange];
            write base.import_cancel(exchange::TicketArgs) -> setting::Nothing [];
            read base.accounts(base::BaseRef) -> Vec<exchange::BaseAccount> [Base, Account];
            write base.bind_account(exchange::BindAccountArgs) -> exchange::BaseAccount [];
            write base.rename_account(exchange::RenameAccountArgs) -> exchange::BaseAccount [];
            write base.unbind_account(exchange::UnbindAccountArgs) -> Vec<exchange::BaseAccount> [];
            write base.open(exchange::OpenArgs) -> base::Base [];
            read base.trash(setting::Nothing) -> Vec<history::TrashedBase> [Base];
            write base.restore(base::BaseRef) -> base::Base [];
            write base.purge(base::BaseRef) -> setting::Nothing [];
            read snapshot.list(history::SnapshotListArgs) -> Vec<history::Snapshot> [Base];
            write snapshot.make(history::SnapshotMakeArgs) -> history::Snapshot [];
            write snapshot.restore(history::SnapshotRestoreArgs) -> base::Base [];
            write snapshot.remove(history::SnapshotRef) -> setting::Nothing [];
            read base.history(history::HistoryArgs) -> history::HistoryPage [Record, Table];
            read comment.list(history::CommentListArgs) -> Vec<history::Comment> [Record];
            write comment.add(history::CommentAddArgs) -> history::Comment [];
            write comment.resolve(history::CommentResolveArgs) -> history::Comment [];
            write comment.remove(history::CommentRef) -> setting::Nothing [];
            read record.trash(history::RecordTrashArgs) -> history::RecordTrashPage [Record, Table];
            write record.restore(base::RecordRefs) -> base::BaseAct [];
            write base.undo(base::BaseUndoArgs) -> base::BaseUndone [];
            write base.redo(base::BaseUndoArgs) -> base::BaseUndone [];
            write table.create(base::TableCreateArgs) -> base::Table [];
            write table.update(base::TableUpdateArgs) -> base::Table [];
            write table.remove(base::TableRef) -> setting::Nothing [];
            write table.move_to(base::TableMoveArgs) -> setting::Nothing [];
            write table.duplicate(base::TableDuplicateArgs) -> base::Table [];
            write column.add(base::ColumnAddArgs) -> base::Column [];
            write column.update(base::ColumnUpdateArgs) -> base::Column [];
            write column.remove(base::ColumnRef) -> setting::Nothing [];
            write column.duplicate(base::ColumnDuplicateArgs) -> base::Column [];
            read column.preview_formula(base::PreviewFormulaArgs) -> base::FormulaPreview [Record, Table];
            read column.names(base::ColumnRef) -> Vec<String> [Record, Table];
            read column.functions(setting::Nothing) -> Vec<base::FormulaFunction> [Table];
            write view.add(base::ViewAddArgs) -> base::View [];
            write view.update(base::ViewUpdateArgs) -> base::View [];
            write view.move_to(base::ViewMoveArgs) -> setting::Nothing [];
            write view.claim(base::TableRef) -> Vec<base::View> [];
            write view.remove(base::ViewRef) -> base::ViewRemoved [];
            read record.list(base::RecordListArgs) -> base::RecordPage [Record, Table];
            read record.groups(base::RecordGroupsArgs) -> base::RecordGroups [Record, Table];
            read record.summary(base::RecordSummaryArgs) -> base::RecordSummaries [Record, Table];
            read record.statistics(base::RecordStatisticsArgs) -> base::RecordStatistics [Record, Table];
            read record.candidates(base::CandidateArgs) -> base::CandidatePage [Record, Table];
            read record.linking(base::LinkingArgs) -> base::CandidatePage [Record, Table];
            write record.add(base::RecordAddArgs) -> base::BaseAct [];
            write record.update(base::RecordUpdateArgs) -> base::BaseAct [];
            write record.put(base::RecordPutArgs) -> base::BaseAct [];
            write record.remove(base::RecordRefs) -> base::BaseAct [];
            read record.get(base::RecordRef) -> base::RecordDetail [Record, Table];
            read record.position(base::RecordPositionArgs) -> base::RecordPosition [Record, Table];
            read record.find(base::RecordFindArgs) -> base::RecordHits [Record, Table];
            write record.replace(base::RecordReplaceArgs) -> base::BaseAct [];
            write record.duplicate(base::RecordRefs) -> base::BaseAct [];
            write record.lock(base::RecordLockArgs) -> base::BaseAct [];
            write file.add(base::FileAddArgs) -> base::FilesAdded [];
            write file.save(base::FileSaveArgs) -> message::SavedFiles [];
            read record.mail(base::RecordRef) -> message::MessagePage [Record, Message];
        }
    };
}

/// A command as `tabella commands` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// `noun.verb`.
    pub name: &'static str,
    /// True for a read.
    pub read: bool,
    /// Name of the argument type in the bindings.
    pub args: String,
    /// Name of the result type in the bindings.
    pub result: String,
    /// What a read is made of.
    pub nouns: &'static [crate::Noun],
}

macro_rules! declarations {
    ($($kind:ident $noun:ident.$verb:ident($args:ty) -> $result:ty [$($of:ident),*];)*) => {
        /// Every command of the door, in the order of the table.
        pub fn declarations() -> Vec<Declaration> {
            #[allow(clippy::wildcard_imports)]
            use crate::*;
            let cfg = bindings_config();
            vec![$(Declaration {
                name: concat!(stringify!($noun), ".", stringify!($verb)),
                read: stringify!($kind).len() == "read".len(),
                args: <$args as ts_rs::TS>::name(&cfg),
                result: <$result as ts_rs::TS>::name(&cfg),
                nouns: &[$(Noun::$of),*],
            }),*]
        }

        /// The whole of `ui/src/engine/bindings.ts`.
        pub fn bindings() -> String {
            #[allow(clippy::wildcard_imports)]
            use crate::*;
            let cfg = bindings_config();
            let mut collected = Collected::default();
            collected.add::<Error>(&cfg);
            collected.add::<Change>(&cfg);
            // Named only as the value of a record by column.
            collected.add::<base::RecordSummary>(&cfg);
            $(collected.add::<$args>(&cfg); collected.add::<$result>(&cfg);)*
            collected.render(&declarations())
        }
    };
}
for_each_command!(declarations);

/// Integers of 64 bits cross as numbers: ids, times and sizes stay below 2^53.
fn bindings_config() -> ts_rs::Config {
    ts_rs::Config::default().with_large_int("number")
}

#[derive(Default)]
struct Collected {
    seen: std::collections::HashSet<std::any::TypeId>,
    decls: std::collections::BTreeMap<String, String>,
}

impl Collected {
    fn add<T: ts_rs::TS + 'static + ?Sized>(&mut self, cfg: &ts_rs::Config) {
        if !self.seen.insert(std::any::TypeId::of::<T>()) {
            return;
        }
        // Only our own types have a place of their own; String, Vec and so on are inlined.
        if <T as ts_rs::TS>::output_path().is_some() {
            self.decls.insert(T::ident(cfg), format!("export {}", T::decl(cfg)));
        }
        let mut visitor = Visitor { collected: self, cfg };
        T::visit_dependencies(&mut visitor);
        T::visit_generics(&mut visitor);
    }

    fn render(&self, declarations: &[Declaration]) -> String {
        use std::fmt::Write as _;
        let mut out =
            String::from("// Made from src-tauri/model by `UPDATE_BINDINGS=1 cargo test -p model`. Do not edit.\n\n");
        for decl in self.decls.values() {
            out.push_str(decl);
            out.push_str("\n\n");
        }
        out.push_str("export interface Commands {\n");
        for d in declarations {
            let _ = writeln!(out, "  \"{}\": {{ args: {}; result: {} }};", d.name, d.args, d.result);
        }
        out.push_str("}\n\n/** What each read is made of: a change of one of these nouns makes it stale. */\n");
        out.push_str("export const readNouns = {\n");
        for d in declarations.iter().filter(|d| d.read) {
            let nouns: Vec<String> = d.nouns.iter().map(|n| format!("\"{}\"", n.as_str())).collect();
            let _ = writeln!(out, "  \"{}\": [{}],", d.name, nouns.join(", "));
        }
        out.push_str("} as const satisfies Partial<Record<keyof Commands, readonly Noun[]>>;\n");
        out
    }
}

struct Visitor<'a> {
    collected: &'a mut Collected,
    cfg: &'a ts_rs::Config,
}

impl ts_rs::TypeVisitor for Visitor<'_> {
    fn visit<T: ts_rs::TS + 'static + ?Sized>(&mut self) {
        self.collected.add::<T>(self.cfg);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_bindings_are_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/engine/bindings.ts");
        let fresh = bindings();
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, &fresh).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == fresh, "run: UPDATE_BINDINGS=1 cargo test -p model");
    }

    #[test]
    fn every_command_is_named_once_and_every_read_says_what_it_is_made_of() {
        let all = declarations();
        let mut names: Vec<_> = all.iter().map(|d| d.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all.len());
        for d in all.iter().filter(|d| !d.read) {
            assert!(d.nouns.is_empty(), "{} is a write: its changes come from the commit", d.name);
        }
    }
}
