//! The forms of the command line.

use crate::provider::ProviderVerb;
use crate::sign_in::{AddOauth, Browser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Mail and tables of records, without a window.
#[derive(Parser)]
#[command(name = "tabella", version, about)]
pub struct Cli {
    /// The profile's folder; the system's data folder if left out.
    #[arg(long, env = "TABELLA_PROFILE", global = true)]
    pub profile: Option<PathBuf>,
    /// One JSON value on stdout instead of tables.
    #[arg(long, global = true)]
    pub json: bool,
    /// File whose first line unlocks the profile where no keyring answers (or TABELLA_PASSPHRASE).
    #[arg(long, global = true)]
    pub passphrase_file: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

// Only the forms of the command that was given are built: building all of them takes longer than a search.
#[derive(Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Mail accounts.
    Account {
        #[command(subcommand)]
        verb: AccountVerb,
    },
    /// OAuth providers: client credentials, endpoints, scopes.
    Provider {
        #[command(subcommand)]
        verb: ProviderVerb,
    },
    /// One round, until nothing is left to fetch.
    Sync {
        /// Only this account (name, address or id).
        #[arg(long)]
        account: Option<String>,
        /// Compare everything, trusting no earlier state.
        #[arg(long)]
        full: bool,
    },
    /// The engine without a window, until stopped.
    Run {
        /// Stop after this many seconds.
        #[arg(long = "for", value_name = "SECONDS")]
        seconds: Option<u64>,
    },
    /// Mailboxes.
    Mailbox {
        #[command(subcommand)]
        verb: MailboxVerb,
    },
    /// Messages.
    Message {
        #[command(subcommand)]
        verb: MessageVerb,
    },
    /// Conversations.
    Thread {
        #[command(subcommand)]
        verb: ThreadVerb,
    },
    /// Finds messages.
    Search {
        /// Words and operators, such as `from:anna has:attachment "annual report" -draft`.
        query: String,
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only the number.
        #[arg(long)]
        count: bool,
    },
    /// Sends a letter.
    Send(Box<SendArgs>),
    /// The send ledger.
    Outbox {
        #[command(subcommand)]
        verb: OutboxVerb,
    },
    /// Letter templates.
    Template {
        #[command(subcommand)]
        verb: TemplateVerb,
    },
    /// Bases.
    Base {
        #[command(subcommand)]
        verb: BaseVerb,
    },
    /// Tables of a base.
    Table {
        #[command(subcommand)]
        verb: TableVerb,
    },
    /// Records of a table.
    Record {
        #[command(subcommand)]
        verb: RecordVerb,
    },
    /// One letter a record.
    Bulk {
        #[command(subcommand)]
        verb: BulkVerb,
    },
    /// Calls any command of the door with JSON arguments (`-` reads them from stdin).
    Call {
        name: String,
        #[arg(value_name = "JSON")]
        arguments: Option<String>,
    },
    /// Lists the commands of the door.
    Commands,
    /// Checks keyring, profile and accounts, and says what to do.
    Doctor,
}

#[derive(Clone, Copy, ValueEnum)]
#[expect(clippy::enum_variant_names, reason = "the words of the command line")]
pub enum Tls {
    Tls,
    Starttls,
    None,
}

#[derive(Subcommand)]
pub enum AccountVerb {
    /// Adds an account.
    Add {
        #[command(subcommand)]
        kind: AddKind,
    },
    /// Lists accounts.
    List,
    /// Shows one account.
    Show { account: String },
    /// Sends a test mail.
    Test {
        account: String,
        #[arg(long, required = true, num_args = 1..)]
        to: Vec<String>,
        #[arg(long, default_value = "Test mail from Tabella")]
        subject: String,
        #[arg(long, default_value = "If you read this, sending works.")]
        text: String,
    },
    /// Tries out what works.
    Probe { account: String },
    /// Signs in again: with a new password, or in the browser for accounts of a provider.
    Reauthorize {
        account: String,
        /// The password is the first line of stdin; from then on the account signs in with it.
        #[arg(long)]
        password_stdin: bool,
        /// Sign in through this provider from now on instead of with a password (IMAP accounts; all mail stays).
        #[arg(long, conflicts_with = "password_stdin")]
        provider: Option<String>,
        #[command(flatten)]
        browser: Browser,
    },
    /// Fetches the further addresses that the provider lets the account send as.
    Aliases { account: String },
    /// Compares everything with the server in the next round.
    Resync { account: String },
    /// Removes the account and its mail from this machine.
    Remove {
        account: String,
        /// Needed: there is no way back.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub enum AddKind {
    /// IMAP and SMTP with a password; hosts left out are found.
    Imap(Box<AddImap>),
    /// Gmail, signed in by OAuth in the browser.
    Gmail(AddOauth),
    /// Microsoft 365 or Outlook.com, signed in by OAuth in the browser.
    Microsoft(AddOauth),
    /// Another provider, signed in by OAuth in the browser; `tabella provider list` names them.
    Oauth {
        provider: String,
        #[command(flatten)]
        args: AddOauth,
    },
    /// Delivers to itself, never to the network.
    Sandbox {
        #[arg(long)]
        email: String,
        /// Fill it with sample messages.
        #[arg(long)]
        samples: bool,
        /// Language of the samples.
        #[arg(long, default_value = "en")]
        language: String,
    },
}

#[derive(Args)]
pub struct AddImap {
    #[arg(long)]
    pub email: String,
    /// Unique name; the address if left out.
    #[arg(long)]
    pub name: Option<String>,
    /// Display name for letters.
    #[arg(long)]
    pub sender_name: Option<String>,
    #[arg(long)]
    pub username: Option<String>,
    /// The password is the first line of stdin.
    #[arg(long)]
    pub password_stdin: bool,
    /// HOST:PORT
    #[arg(long)]
    pub imap: Option<String>,
    #[arg(long, value_enum, default_value_t = Tls::Tls)]
    pub imap_tls: Tls,
    /// HOST:PORT
    #[arg(long)]
    pub smtp: Option<String>,
    #[arg(long, value_enum, default_value_t = Tls::Tls)]
    pub smtp_tls: Tls,
    /// Certificate authority to trust for this account, PEM.
    #[arg(long)]
    pub ca_file: Option<PathBuf>,
    /// Only mail from this day on, YYYY-MM-DD.
    #[arg(long)]
    pub since: Option<String>,
    /// Adds the account without trying its servers.
    #[arg(long)]
    pub unchecked: bool,
}

#[derive(Subcommand)]
pub enum MailboxVerb {
    /// Lists mailboxes.
    List {
        #[arg(long)]
        account: Option<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    Eml,
    Mbox,
}

#[derive(Subcommand)]
pub enum MessageVerb {
    /// Lists messages, newest first.
    List {
        #[arg(long)]
        account: Option<String>,
        /// Path or id of a mailbox.
        #[arg(long)]
        mailbox: Option<String>,
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[arg(long)]
        count: bool,
    },
    /// Shows a message.
    Show {
        id: i64,
        #[arg(long, group = "form")]
        text: bool,
        #[arg(long, group = "form")]
        html: bool,
        #[arg(long, group = "form")]
        raw: bool,
        #[arg(long, group = "form")]
        headers: bool,
    },
    /// Lists or saves attachments.
    Attachments {
        id: i64,
        /// Save all of them into this folder.
        #[arg(long)]
        save: Option<PathBuf>,
    },
    /// Sets and clears flags: +seen -seen +flagged -flagged +answered -answered.
    Flag {
        #[arg(required = true, allow_hyphen_values = true)]
        ids_and_flags: Vec<String>,
    },
    /// Sets and removes keywords (Microsoft: categories).
    Keyword {
        #[arg(required = true)]
        ids: Vec<i64>,
        #[arg(long)]
        add: Vec<String>,
        #[arg(long)]
        remove: Vec<String>,
    },
    /// Moves messages: ID... MAILBOX
    Move {
        #[arg(required = true, num_args = 2..)]
        ids_and_mailbox: Vec<String>,
    },
    /// Moves messages to the archive.
    Archive { ids: Vec<i64> },
    /// Moves messages to the trash; in the trash, deletes them.
    Delete { ids: Vec<i64> },
    /// Compares messages with their servers: fetches again what is missing or damaged here, removes what is gone there.
    Resync {
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Puts a message (eml), an mbox, a Maildir or a folder of these into a mailbox, here and on the server.
    Import {
        #[arg(long)]
        account: String,
        /// Path or id of a mailbox.
        #[arg(long)]
        mailbox: String,
        path: PathBuf,
    },
    /// Writes the messages of a mailbox or a search into files.
    #[command(group = clap::ArgGroup::new("which").required(true))]
    Export {
        #[arg(long)]
        account: Option<String>,
        /// Path or id of a mailbox.
        #[arg(long, group = "which")]
        mailbox: Option<String>,
        #[arg(long, group = "which")]
        search: Option<String>,
        #[arg(long, value_enum)]
        format: Format,
        /// A new folder (eml) or file (mbox).
        path: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum ThreadVerb {
    /// Lists conversations of the inboxes.
    List {
        #[arg(long)]
        account: Option<String>,
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Shows a conversation.
    Show { id: i64 },
    /// Puts conversations off: they come back to the inbox at a time.
    Snooze {
        #[arg(required = true)]
        ids: Vec<i64>,
        /// When they come back, RFC 3339.
        #[arg(long)]
        until: String,
    },
    /// Brings snoozed conversations back now.
    Unsnooze {
        #[arg(required = true)]
        ids: Vec<i64>,
    },
}

#[derive(Args)]
pub struct SendArgs {
    /// Account name or address.
    #[arg(long)]
    pub from: String,
    #[arg(long, required = true, num_args = 1..)]
    pub to: Vec<String>,
    #[arg(long, num_args = 1..)]
    pub cc: Vec<String>,
    #[arg(long, num_args = 1..)]
    pub bcc: Vec<String>,
    #[arg(long, num_args = 1..)]
    pub reply_to: Vec<String>,
    #[arg(long)]
    pub subject: String,
    /// File with the text, - for stdin.
    #[arg(long, required_unless_present = "html")]
    pub text: Option<String>,
    /// File with HTML, - for stdin.
    #[arg(long)]
    pub html: Option<String>,
    #[arg(long, num_args = 1..)]
    pub attach: Vec<PathBuf>,
    /// Not before this time, RFC 3339.
    #[arg(long)]
    pub at: Option<String>,
    /// Wait until the server answered.
    #[arg(long)]
    pub wait: bool,
}

#[derive(Subcommand)]
pub enum OutboxVerb {
    /// Lists letters, newest first.
    List,
    /// Shows a letter.
    Show { id: i64 },
    /// Stops sending, for one account or all.
    Pause { account: Option<String> },
    /// Goes on sending.
    Resume { account: Option<String> },
    /// Tries a refused or waiting letter again.
    Retry { id: i64 },
    /// Takes a letter back.
    Cancel { id: i64 },
}

#[derive(Subcommand)]
pub enum TemplateVerb {
    /// Lists templates.
    List,
    /// Shows a template.
    Show { template: String },
    /// Makes or replaces a template.
    Put {
        template: String,
        #[arg(long)]
        subject: String,
        /// File, - for stdin.
        #[arg(long)]
        html: Option<String>,
        /// File, - for stdin.
        #[arg(long)]
        text: Option<String>,
    },
    /// Removes a template.
    Remove { template: String },
}

#[derive(Subcommand)]
pub enum BaseVerb {
    /// Lists bases.
    List,
    /// Makes an empty base.
    Create { name: String },
    /// Makes a base from a file.
    Import {
        file: PathBuf,
        #[arg(long)]
        name: Option<String>,
    },
    /// Opens a base's file where it lies.
    Open { file: PathBuf },
    /// Writes a base to a file: .base, .xlsx, .csv, .json, .sqlite or .dtable by its name's end.
    Export {
        base: String,
        file: PathBuf,
        /// This table alone.
        #[arg(long)]
        table: Option<String>,
        /// As this view of the table shows it.
        #[arg(long, requires = "table")]
        view: Option<String>,
        /// With pictures and files.
        #[arg(long)]
        files: bool,
        /// A .base that can only be read, without comments and private views.
        #[arg(long)]
        read_only: bool,
        /// CSV's separator.
        #[arg(long)]
        delimiter: Option<String>,
        /// CSV without a byte order mark.
        #[arg(long)]
        no_bom: bool,
    },
    /// The accounts a base names.
    Account {
        #[command(subcommand)]
        verb: BaseAccountVerb,
    },
    /// Copies a base.
    Copy { base: String, name: String },
    /// Removes a base and its file.
    Remove {
        base: String,
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub enum BaseAccountVerb {
    /// Lists the base's names and which account each is here.
    List { base: String },
    /// Says which account a name is; the name is made if the base does not have it.
    Bind { base: String, name: String, account: String },
    /// Takes a name off the base's list.
    Unbind { base: String, name: String },
}

#[derive(Subcommand)]
pub enum TableVerb {
    /// Lists tables.
    List { base: String },
    /// Shows a table's columns and views.
    Show { base: String, table: String },
}

#[derive(Subcommand)]
pub enum RecordVerb {
    /// Lists records.
    List {
        base: String,
        table: String,
        #[arg(long)]
        view: Option<String>,
        /// `Column predicate value`, such as `City is Berlin`; `and` joins several.
        #[arg(long)]
        filter: Option<String>,
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// As CSV.
        #[arg(long)]
        csv: bool,
    },
    /// Adds a record: COLUMN=VALUE...
    Add { base: String, table: String, cells: Vec<String> },
    /// Changes a record: COLUMN=VALUE...
    Update { base: String, table: String, record: i64, cells: Vec<String> },
    /// Deletes records.
    Delete { base: String, table: String, records: Vec<i64> },
    /// The messages of the record's addresses.
    Mail { base: String, table: String, record: i64 },
}

#[derive(Args)]
pub struct BulkArgs {
    pub base: String,
    pub table: String,
    #[arg(long)]
    pub template: String,
    /// Column with the addresses.
    #[arg(long)]
    pub to: String,
    #[arg(long)]
    pub account: String,
    #[arg(long)]
    pub view: Option<String>,
    #[arg(long)]
    pub filter: Option<String>,
    /// Write status, time and Message-ID back into the records.
    #[arg(long)]
    pub write_back: bool,
    /// Seconds between two letters.
    #[arg(long, default_value_t = 0)]
    pub pace: u32,
}

#[derive(Subcommand)]
pub enum BulkVerb {
    /// Dry run: every letter checked, nothing queued.
    Plan(BulkArgs),
    /// Queues the letters.
    Send {
        #[command(flatten)]
        args: BulkArgs,
        /// Wait until every letter has its answer.
        #[arg(long)]
        wait: bool,
    },
    /// Shows a run.
    Status { run: i64 },
    /// Pauses a run.
    Pause { run: i64 },
    /// Goes on with a run.
    Resume { run: i64 },
    /// Stops a run; what was not sent is cancelled.
    Stop { run: i64 },
}
