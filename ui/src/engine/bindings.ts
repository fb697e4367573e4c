// Made from src-tauri/model by `UPDATE_BINDINGS=1 cargo test -p model`. Do not edit.

export type Account = { 
/**
 * Its id.
 */
id: AccountId, 
/**
 * Unique among the accounts of the profile; the address unless changed.
 */
name: string, 
/**
 * The mailbox's main address.
 */
email: string, 
/**
 * How it connects.
 */
kind: AccountKind, 
/**
 * The OAuth provider it signs in through; `None` is a password, or no sign-in at all.
 */
provider: string | null, 
/**
 * Display name of the main identity.
 */
sender_name: string, 
/**
 * Incoming server; `None` for API and sandbox accounts.
 */
imap: ServerSettings | null, 
/**
 * Outgoing server; `None` for API and sandbox accounts, or where nothing can be sent.
 */
smtp: ServerSettings | null, 
/**
 * The first sync of a Gmail account reads the letters by IMAP; changes, acts and sending stay with the API.
 */
bulk_imap: boolean, 
/**
 * True where an own certificate authority was given.
 */
own_ca: boolean, 
/**
 * A colour of the palette, `#rrggbb`.
 */
color: string, 
/**
 * Place in lists, ascending.
 */
position: number, 
/**
 * Paused accounts neither sync nor send.
 */
paused: boolean, 
/**
 * Messages before this stay on the server; `None` is everything.
 */
since_at: Timestamp | null, 
/**
 * Minutes between polls where the server can't push; 1..=1440.
 */
sync_minutes: number, 
/**
 * How sync is doing.
 */
sync: SyncState, 
/**
 * What the probe found, if it ran.
 */
probe: ProbeReport | null, 
/**
 * Identities, the main one first.
 */
identities: Array<Identity>, };

export type AccountId = number;

export type AccountKind = "imap" | "gmail" | "microsoft" | "sandbox";

export type AccountRef = { 
/**
 * Which.
 */
id: AccountId, };

export type AccountScope = { 
/**
 * Only this one.
 */
id: AccountId | null, };

export type AccountUpdateArgs = { 
/**
 * Which.
 */
id: AccountId | null, 
/**
 * New unique name.
 */
name: string | null, 
/**
 * New display name.
 */
sender_name: string | null, 
/**
 * New colour `#rrggbb`.
 */
color: string | null, 
/**
 * New place.
 */
position: number | null, 
/**
 * Pause or go on.
 */
paused: boolean | null, 
/**
 * New start date; `Some(None)` is everything.
 */
since_at: number | null, 
/**
 * New polling interval, minutes.
 */
sync_minutes: number | null, 
/**
 * New incoming server.
 */
imap: ServerSettings | null, 
/**
 * New outgoing server.
 */
smtp: ServerSettings | null, 
/**
 * New password.
 */
password: string | null, 
/**
 * New own certificate authority; an empty text removes it.
 */
ca_pem: string | null, 
/**
 * Read the letters of a first sync by IMAP (Gmail by its API alone).
 */
bulk_imap: boolean | null, };

export type Act = { 
/**
 * Its number in the log.
 */
act: number, 
/**
 * When.
 */
at: Timestamp, 
/**
 * The session that did it; this window's and this program's own is `me`.
 */
by: string, 
/**
 * The command, such as `record.update`.
 */
what: string, 
/**
 * The table most of it is about.
 */
table: TableId | null, 
/**
 * Records it made, changed or removed.
 */
records: number, 
/**
 * It was taken back.
 */
undone: boolean, 
/**
 * The first changes, at most 50.
 */
changes: Array<ActChange>, };

export type ActArgs = { 
/**
 * Which.
 */
selection: Selection, };

export type ActChange = { 
/**
 * The table.
 */
table: TableId, 
/**
 * The record; none where a table, column or view changed.
 */
record: RecordId | null, 
/**
 * The record's first column, or the name of what changed.
 */
text: string, 
/**
 * `add`, `update`, `remove` of a record; `table`, `column`, `view`.
 */
kind: string, 
/**
 * The column of a changed cell.
 */
column: ColumnId | null, 
/**
 * As it was shown before.
 */
before: string | null, 
/**
 * And after.
 */
after: string | null, };

export type AddImapArgs = { 
/**
 * The address.
 */
email: string, 
/**
 * Unique name; the address if left out.
 */
name: string | null, 
/**
 * Display name for letters.
 */
sender_name: string | null, 
/**
 * User name; the discovered one or the address if left out.
 */
username: string | null, 
/**
 * The password; goes straight to the sealed secrets.
 */
password: string, 
/**
 * The password of the outgoing server where it differs.
 */
smtp_password: string | null, 
/**
 * Incoming server.
 */
imap: ServerSettings | null, 
/**
 * Outgoing server.
 */
smtp: ServerSettings | null, 
/**
 * Certificate authorities in PEM trusted for this account besides the system's.
 */
ca_pem: string | null, 
/**
 * Takes the account as it is told, without trying its servers first.
 */
unchecked: boolean, 
/**
 * Start date of sync.
 */
since_at: Timestamp | null, };

export type AddSandboxArgs = { 
/**
 * Its address; any.
 */
email: string, 
/**
 * Fill it with sample messages and a sample base.
 */
samples: boolean, 
/**
 * Language of the samples: en, de, uk, pl or ru.
 */
language: string | null, };

export type Address = { 
/**
 * Display name, may be empty.
 */
name: string, 
/**
 * `local@domain`.
 */
email: string, };

export type AllowRemoteArgs = { 
/**
 * The message.
 */
id: MessageId, 
/**
 * For every message of its sender.
 */
sender: boolean, };

export type Arg = number | string | Phrase;

export type Attachment = { 
/**
 * Number of the part inside the message (mail-parser's part id).
 */
part: number, 
/**
 * File name, safe to create: no path, no control characters; never empty.
 */
filename: string, 
/**
 * Media type such as `application/pdf`.
 */
mime: string, 
/**
 * Decoded bytes.
 */
size: number, 
/**
 * Content-ID without angle brackets, for inline images.
 */
content_id: string | null, 
/**
 * Shown inside the text.
 */
inline: boolean, };

export type Base = { 
/**
 * Its id.
 */
id: BaseId, 
/**
 * Unique name.
 */
name: string, 
/**
 * A colour of the palette, `#rrggbb`.
 */
color: string, 
/**
 * Its file.
 */
path: string, 
/**
 * Its file is not the profile's: it lies where a person keeps it, and stays there.
 */
elsewhere: boolean, 
/**
 * Last change.
 */
updated_at: Timestamp, 
/**
 * Why nothing can be changed in it, if so.
 */
read_only?: ReadOnly, 
/**
 * Tables, without their records.
 */
tables: Array<Table>, 
/**
 * Why it can't be opened, if so; then `tables` is empty.
 */
error: Error | null, };

export type BaseAccount = { 
/**
 * The name, unique in the base.
 */
name: string, 
/**
 * The account that serves it here, if one was chosen.
 */
account: AccountId | null, 
/**
 * That account's name.
 */
account_name: string | null, 
/**
 * And its kind.
 */
kind: AccountKind | null, };

export type BaseAct = { 
/**
 * Number of the act in the base's log.
 */
act: number, 
/**
 * Records it made or changed, at most the first 1,000.
 */
records: Array<RecordId>, };

export type BaseCopyArgs = { 
/**
 * Which.
 */
id: BaseId, 
/**
 * The copy's name.
 */
name: string, };

export type BaseCreateArgs = { 
/**
 * Unique name.
 */
name: string, };

export type BaseId = string;

export type BaseRef = { 
/**
 * Which.
 */
id: BaseId, };

export type BaseUndoArgs = { 
/**
 * The base.
 */
base: BaseId, };

export type BaseUndone = { 
/**
 * What was taken back, such as `record.update`; `None` where there was nothing.
 */
what: string | null, 
/**
 * Cells left alone because somebody changed them since.
 */
conflicts: number, };

export type BaseUpdateArgs = { 
/**
 * Which.
 */
id: BaseId, 
/**
 * New name.
 */
name: string | null, 
/**
 * New colour.
 */
color: string | null, };

export type BeginSignInArgs = { 
/**
 * Through which provider.
 */
provider: string, 
/**
 * The mailbox's address, so that the browser offers the right account.
 */
email: string | null, 
/**
 * How to read and send; the API where the provider has one.
 */
transport: SignInTransport | null, 
/**
 * Renew this account's sign-in instead of adding one. An IMAP account with a password signs in through the
 * provider named here from now on; all its mail stays.
 */
account: AccountId | null, 
/**
 * Sign in with any browser by a code to type, where the provider allows it.
 */
device: boolean, 
/**
 * Name of the new account; the address if left out.
 */
name: string | null, 
/**
 * Display name for letters.
 */
sender_name: string | null, 
/**
 * Start date of sync.
 */
since_at: Timestamp | null, 
/**
 * Address of a shared mailbox to open as the person who signs in (Microsoft).
 */
shared_mailbox: string | null, 
/**
 * Read the letters of the first sync by IMAP (Gmail by its API alone).
 */
bulk_imap: boolean | null, };

export type BindAccountArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The name.
 */
name: string, 
/**
 * The account; `None` keeps the name without one.
 */
account: AccountId | null, 
/**
 * True: the name must be new, else it is a conflict.
 */
add: boolean, };

export type BulkArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The template.
 */
template: TemplateId, 
/**
 * The column with the recipients' addresses.
 */
to: ColumnId, 
/**
 * The account that sends.
 */
account: AccountId, 
/**
 * The ticked records; `None` is all records of the view and filter.
 */
records: Array<RecordId> | null, 
/**
 * Records of this view.
 */
view: ViewId | null, 
/**
 * Records that match.
 */
filter: FilterNode | null, 
/**
 * In this order.
 */
sorts: Array<Sort>, 
/**
 * Where the outcome is written: status text, time and Message-ID. Columns are made where they
 * are missing.
 */
write_back: boolean, 
/**
 * Shortest time between two letters of this run, seconds.
 */
pace_seconds: number, };

export type BulkPlan = { 
/**
 * Records looked at.
 */
records: number, 
/**
 * Letters that would go out.
 */
letters: number, 
/**
 * What is wrong; records named here get no letter, except for `empty_value`.
 */
problems: Array<BulkProblem>, 
/**
 * The first letters, rendered.
 */
samples: Array<PlannedLetter>, 
/**
 * A mistake in the template stops the whole run.
 */
template_error: Error | null, };

export type BulkProblem = { 
/**
 * The record.
 */
record: RecordId, 
/**
 * What is wrong.
 */
kind: BulkProblemKind, 
/**
 * The address or column it is about; what is wrong, where the letter can't be rendered.
 */
what: string, 
/**
 * What `what` is made of, where it is a sentence with arguments.
 */
what_parts?: Parts, };

export type BulkProblemKind = "no_address" | "bad_address" | "duplicate" | "empty_value" | "template";

export type Cancelled = { 
/**
 * The draft it was made from, restored; none for letters of a bulk run.
 */
draft_id: DraftId | null, };

export type Candidate = { 
/**
 * Its id.
 */
id: RecordId, 
/**
 * Its first cell as people read it; may be empty.
 */
text: string, };

export type CandidateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table of the link column.
 */
table: TableId, 
/**
 * The link column.
 */
column: ColumnId, 
/**
 * Only records whose first cell holds this text, case and diacritics folded.
 */
search: string | null, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 1,000; 0 gives only the total.
 */
limit: number, };

export type CandidatePage = { 
/**
 * All of them.
 */
total: number, 
/**
 * The page.
 */
rows: Array<Candidate>, };

export type CellFile = { 
/**
 * Its name as people see it.
 */
name: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Names its content in this base.
 */
hash: string, };

export type CellRef = { 
/**
 * The record.
 */
record: RecordId, 
/**
 * The column.
 */
column: ColumnId, };

export type Change = { 
/**
 * Grows with every change of one file (mail.db, or one base).
 */
seq: number, 
/**
 * What changed.
 */
noun: Noun, 
/**
 * Which one: an id of that noun; `None` means "any of them".
 */
id: string | null, 
/**
 * The base that holds it, for tables and records.
 */
base: BaseId | null, 
/**
 * True where this is new incoming mail a person may want to be told of.
 */
arrived: boolean, };

export type Column = { 
/**
 * Its id, unique in the base and never used again.
 */
id: ColumnId, 
/**
 * Unique name in its table; without `{`, `}`, `.` and `` ` ``.
 */
name: string, 
/**
 * What it holds.
 */
type: ColumnType, 
/**
 * Settings of its type (see the type's file in src-tauri/base/src/column).
 */
settings: Record<string, unknown>, 
/**
 * What it is for.
 */
description: string, 
/**
 * Pixels.
 */
width: number, 
/**
 * What a formula, a link formula or a link shows; left out for all other types.
 */
result?: ColumnResult, };

export type ColumnAddArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Unique name.
 */
name: string, 
/**
 * Type.
 */
type: ColumnType, 
/**
 * Settings of the type; defaults if left out.
 */
settings: Record<string, unknown> | null, };

export type ColumnDuplicateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The column.
 */
column: ColumnId, 
/**
 * The copy's name; made from the column's own if left out.
 */
name: string | null, };

export type ColumnId = number;

export type ColumnRef = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The column.
 */
column: ColumnId, };

export type ColumnResult = { 
/**
 * The type of the value, or of each value of a list.
 */
type: ColumnType, 
/**
 * Settings of that type, such as a number's format.
 */
settings: Record<string, unknown>, 
/**
 * A cell is a list of values.
 */
list: boolean, 
/**
 * Why nothing can be calculated, in words.
 */
error: Phrase | null, };

export type ColumnType = "text" | "long_text" | "number" | "date" | "duration" | "single_select" | "multiple_select" | "checkbox" | "rating" | "image" | "file" | "email" | "url" | "phone" | "geolocation" | "signature" | "collaborator" | "creator" | "last_modifier" | "created_time" | "modified_time" | "auto_number" | "link" | "link_formula" | "formula" | "button" | "department";

export type ColumnUpdateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The column.
 */
column: ColumnId, 
/**
 * New name.
 */
name: string | null, 
/**
 * New type; cells are converted, and what does not convert stays recoverable by undo.
 */
type: ColumnType | null, 
/**
 * New settings.
 */
settings: Record<string, unknown> | null, 
/**
 * New description.
 */
description: string | null, 
/**
 * New width, pixels 40..=1200.
 */
width: number | null, 
/**
 * New place among the table's columns, from 0.
 */
position: number | null, };

export type Comment = { 
/**
 * Its number in the base.
 */
id: number, 
/**
 * When it was written.
 */
at: Timestamp, 
/**
 * What it says.
 */
text: string, 
/**
 * It is settled.
 */
resolved: boolean, };

export type CommentAddArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The record.
 */
record: RecordId, 
/**
 * 1 to 10,000 characters.
 */
text: string, };

export type CommentListArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The record.
 */
record: RecordId, };

export type CommentRef = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The comment.
 */
id: number, };

export type CommentResolveArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The comment.
 */
id: number, 
/**
 * Settled, or open again.
 */
resolved: boolean, };

export type CompleteArgs = { 
/**
 * What was typed: matched inside names and addresses, case and diacritics folded; then as
 * initials, and with one typo.
 */
text: string, 
/**
 * At most this many, 1..=50.
 */
limit: number, };

export type ComposeArgs = { 
/**
 * Account or identity, by address or account name.
 */
from: string, 
/**
 * To.
 */
to: Array<string>, 
/**
 * Cc.
 */
cc: Array<string>, 
/**
 * Bcc.
 */
bcc: Array<string>, 
/**
 * Reply-To.
 */
reply_to: Array<string>, 
/**
 * Subject.
 */
subject: string, 
/**
 * Plain text.
 */
text: string | null, 
/**
 * HTML.
 */
html: string | null, 
/**
 * Files on this machine.
 */
attach: Array<string>, 
/**
 * Send later.
 */
send_at: Timestamp | null, };

export type Correspondent = { 
/**
 * Display name, may be empty.
 */
name: string, 
/**
 * `local@domain`.
 */
email: string, 
/**
 * The table that knows this person; `None` for people known from mail alone.
 */
table: PeopleTable | null, };

export type DateStep = "day" | "week" | "month" | "quarter" | "year";

export type DiscoverArgs = { 
/**
 * The address typed.
 */
email: string, };

export type Discovery = { 
/**
 * Where they come from.
 */
source: DiscoverySource, 
/**
 * The provider's name, if known.
 */
provider: string | null, 
/**
 * Incoming server.
 */
imap: ServerSettings | null, 
/**
 * Outgoing server.
 */
smtp: ServerSettings | null, 
/**
 * What the user must do first at the provider; the window knows the words for each.
 */
hint: DiscoveryHint | null, };

export type DiscoveryHint = "allow_imap" | "app_password" | "oauth_only";

export type DiscoverySource = "preset" | "autoconfig" | "ispdb" | "srv" | "mx" | "none";

export type Draft = { 
/**
 * Its id.
 */
id: DraftId, 
/**
 * The account that will send it.
 */
account_id: AccountId, 
/**
 * The sender.
 */
identity_id: IdentityId, 
/**
 * Why it was begun.
 */
kind: DraftKind, 
/**
 * The message it answers or forwards.
 */
original: MessageId | null, 
/**
 * To.
 */
to: Array<Address>, 
/**
 * Cc.
 */
cc: Array<Address>, 
/**
 * Bcc.
 */
bcc: Array<Address>, 
/**
 * Subject.
 */
subject: string, 
/**
 * Rich text as mail-safe HTML; `None` in plain text mode. Inline images are `cid:` addresses.
 */
html: string | null, 
/**
 * Plain text (in rich mode made from `html` when saved).
 */
text: string, 
/**
 * Put the original, verbatim, below the text when it is sent.
 */
quote: boolean, 
/**
 * Files.
 */
attachments: Array<DraftAttachment>, 
/**
 * Last change.
 */
updated_at: Timestamp, };

export type DraftAttachArgs = { 
/**
 * Which draft.
 */
id: DraftId, 
/**
 * A file on this machine.
 */
path: string | null, 
/**
 * Name and base64 of pasted or dropped bytes.
 */
bytes: PastedFile | null, 
/**
 * As an inline image.
 */
inline: boolean, };

export type DraftAttachment = { 
/**
 * Its id.
 */
id: DraftAttachmentId, 
/**
 * File name.
 */
filename: string, 
/**
 * Media type.
 */
mime: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Content-ID where it is an inline image.
 */
content_id: string | null, };

export type DraftAttachmentId = number;

export type DraftCreateArgs = { 
/**
 * Why.
 */
kind: DraftKind, 
/**
 * What it answers or forwards; needed for all kinds but `new`.
 */
original: MessageId | null, 
/**
 * Sender; chosen by rule if left out (the address the original was sent to).
 */
identity_id: IdentityId | null, 
/**
 * Recipients to begin with.
 */
to: Array<Address>, 
/**
 * Subject to begin with.
 */
subject: string | null, 
/**
 * Text to begin with.
 */
text: string | null, };

export type DraftDetachArgs = { 
/**
 * Which draft.
 */
id: DraftId, 
/**
 * Which file.
 */
attachment_id: DraftAttachmentId, };

export type DraftId = number;

export type DraftKind = "new" | "reply" | "reply_all" | "forward";

export type DraftRef = { 
/**
 * Which.
 */
id: DraftId, };

export type DraftSaveArgs = { 
/**
 * Which.
 */
id: DraftId, 
/**
 * Sender.
 */
identity_id: IdentityId, 
/**
 * To.
 */
to: Array<Address>, 
/**
 * Cc.
 */
cc: Array<Address>, 
/**
 * Bcc.
 */
bcc: Array<Address>, 
/**
 * Subject.
 */
subject: string, 
/**
 * Rich text; `None` in plain text mode.
 */
html: string | null, 
/**
 * Plain text.
 */
text: string, 
/**
 * Quote the original.
 */
quote: boolean, 
/**
 * The composer was closed: the copy for the server's Drafts need not wait.
 */
closed?: boolean, };

export type DraftWarning = { "kind": "no_recipient" } | { "kind": "bad_address", 
/**
 * What was typed.
 */
address: string, } | { "kind": "empty_subject" } | { "kind": "missing_attachment", 
/**
 * The word that says so.
 */
word: string, } | { "kind": "many_visible", 
/**
 * How many in To and Cc.
 */
count: number, } | { "kind": "too_large", 
/**
 * Bytes of the finished message.
 */
size: number, 
/**
 * Bytes the server takes.
 */
limit: number, };

export type Error = { 
/**
 * What callers switch on.
 */
code: ErrorCode, 
/**
 * What happened, one sentence in plain English.
 */
message: string, 
/**
 * What to do about it, one sentence; empty where nothing helps.
 */
remedy: string, 
/**
 * What the message is made of, where it has arguments: for translations.
 */
message_parts?: Parts, 
/**
 * What the remedy is made of, where it has arguments.
 */
remedy_parts?: Parts, 
/**
 * The server's or system's own words, for experts and for support.
 */
detail: string | null, 
/**
 * Seconds the other side asked us to wait before trying again.
 */
retry_after_seconds?: number, };

export type ErrorCode = "invalid" | "not_found" | "conflict" | "cancelled" | "network" | "timeout" | "certificate" | "no_tls" | "sign_in" | "admin_consent" | "consent_denied" | "scope_missing" | "refused" | "throttled" | "quota" | "too_large" | "protocol" | "locked" | "newer" | "damaged" | "busy" | "disk" | "template" | "internal";

export type ExchangeProgress = { 
/**
 * It is under way.
 */
running: boolean, 
/**
 * Records or messages read or written so far. An import reads a text file twice: first to find its types.
 */
records: number, 
/**
 * How many there are, where that is known.
 */
total: number | null, };

export type ExportArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * This table alone; `None` is every table.
 */
table: TableId | null, 
/**
 * As this view of the table shows it: its filter, order and columns.
 */
view: ViewId | null, 
/**
 * What to write.
 */
format: ExportFormat, 
/**
 * The file to write.
 */
path: string, 
/**
 * With pictures (xlsx) or files (dtable) where the format can hold them.
 */
files: boolean, 
/**
 * A base for reading only (base): without comments and private views, and nobody's to change.
 */
read_only: boolean, 
/**
 * CSV begins with a byte order mark, by which Excel knows UTF-8; yes if left out.
 */
bom: boolean | null, 
/**
 * CSV's separator; a comma if left out.
 */
delimiter: string | null, 
/**
 * By this name its progress is asked for and it is stopped.
 */
ticket: string | null, };

export type ExportFormat = "base" | "dtable" | "xlsx" | "csv" | "json" | "sqlite";

export type Exported = { 
/**
 * The file.
 */
path: string, 
/**
 * Its size.
 */
bytes: number, 
/**
 * Tables in it.
 */
tables: number, 
/**
 * Records in it.
 */
records: number, 
/**
 * What the format could not hold, one sentence each.
 */
notes: Array<Phrase>, };

export type Figure = "count" | "sum" | "average" | "min" | "max" | "unique";

export type FileAddArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * A file or image column.
 */
column: ColumnId, 
/**
 * The record whose cell they are added to, as one act; left out, they are kept for a record
 * that is about to be made: its cell must name them within the hour.
 */
record: RecordId | null, 
/**
 * Files of this machine, by their whole paths.
 */
paths: Array<string>, 
/**
 * Files that have no path.
 */
bytes: Array<PastedFile>, };

export type FilePreview = { 
/**
 * Name for the base and table, from the file's name.
 */
name: string, 
/**
 * Separator used.
 */
delimiter: string, 
/**
 * Charset used.
 */
encoding: string, 
/**
 * Whether the first line was taken for names.
 */
header: boolean, 
/**
 * Columns with their guessed types.
 */
columns: Array<PreviewColumn>, 
/**
 * First records as text, at most 20.
 */
rows: Array<Array<string>>, 
/**
 * Records in all.
 */
total: number, 
/**
 * The file's tables; the columns, rows and total above are those of the one asked for.
 */
tables: Array<PreviewTable>, };

export type FileSaveArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The record.
 */
record: RecordId, 
/**
 * The column; one that looks files up is fine.
 */
column: ColumnId, 
/**
 * Which of the cell's files, from 0; all of them if left out.
 */
file: number | null, 
/**
 * Where to: a file for one, a folder for one or all. What is there stays: the new file gets a number.
 */
path: string, };

export type FilesAdded = { 
/**
 * The act on the record, if one was named.
 */
act: BaseAct | null, 
/**
 * The files as a cell names them.
 */
files: Array<CellFile>, };

export type FilterNode = { "kind": "group", 
/**
 * True: all must match; false: one is enough.
 */
all: boolean, 
/**
 * The members; an empty group matches everything.
 */
items: Array<FilterNode>, } | { "kind": "rule", 
/**
 * The column.
 */
column: ColumnId, 
/**
 * The predicate, such as `contains` or `is_before`; each column type lists its own.
 */
predicate: string, 
/**
 * What to compare with; `null` where the predicate needs nothing.
 */
value: unknown, 
/**
 * For dates: `today`, `days_ago`, `this_month`, `exact`, ...
 */
modifier: string | null, };

export type Finding = { 
/**
 * What was looked at, such as `keyring` or `mail.db`.
 */
what: string, 
/**
 * Whether it is well.
 */
ok: boolean, 
/**
 * What was found.
 */
found: string, 
/**
 * What `what` is made of, where it has arguments.
 */
what_parts?: Parts, 
/**
 * What `found` is made of, where it has arguments.
 */
found_parts?: Parts, 
/**
 * What is wrong and what to do.
 */
error: Error | null, };

export type FlagArgs = { 
/**
 * Which.
 */
selection: Selection, 
/**
 * Read or unread.
 */
seen: boolean | null, 
/**
 * Star.
 */
flagged: boolean | null, 
/**
 * Answered.
 */
answered: boolean | null, 
/**
 * Forwarded.
 */
forwarded: boolean | null, };

export type Flags = { 
/**
 * Read.
 */
seen: boolean, 
/**
 * Starred.
 */
flagged: boolean, 
/**
 * Answered.
 */
answered: boolean, 
/**
 * Forwarded (`$Forwarded`).
 */
forwarded: boolean, 
/**
 * A draft.
 */
draft: boolean, };

export type FormulaFunction = { 
/**
 * Its name as it is written.
 */
name: string, 
/**
 * What it takes: `dateAdd(date, number, unit)`.
 */
signature: string, 
/**
 * `logic`, `number`, `text`, `date` or `list`.
 */
category: string, 
/**
 * A formula that uses it.
 */
example: string, };

export type FormulaPreview = { 
/**
 * What it yields; `None` where it has a mistake.
 */
result: ColumnResult | null, 
/**
 * Values of some records.
 */
samples: Array<FormulaSample>, 
/**
 * The mistake.
 */
error: Error | null, 
/**
 * Where it is: characters before it.
 */
at: number | null, };

export type FormulaSample = { 
/**
 * The record.
 */
record: RecordId, 
/**
 * The value as people read it; a failure reads `#ERROR: ...`.
 */
text: string, };

export type HistoryArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * Only acts on this table.
 */
table: TableId | null, 
/**
 * Only acts on this record of it.
 */
record: RecordId | null, 
/**
 * Only acts before this one: where the last page ended.
 */
before: number | null, 
/**
 * Only acts of this session, or only those of others.
 */
by: HistoryBy | null, 
/**
 * Only acts from this moment on.
 */
from_at: Timestamp | null, 
/**
 * Only acts before this moment.
 */
until_at: Timestamp | null, 
/**
 * Acts to give, at most 200.
 */
limit: number, };

export type HistoryBy = "me" | "others";

export type HistoryPage = { 
/**
 * The acts.
 */
acts: Array<Act>, 
/**
 * There are older ones.
 */
more: boolean, };

export type Identity = { 
/**
 * Its id.
 */
id: IdentityId, 
/**
 * The account that sends for it.
 */
account_id: AccountId, 
/**
 * Display name, may be empty.
 */
name: string, 
/**
 * Address.
 */
email: string, 
/**
 * True for the account's own address.
 */
main: boolean, 
/**
 * True where the provider named it (an alias); it goes when the provider names it no longer.
 */
provided: boolean, };

export type IdentityId = number;

export type IdentityRef = { 
/**
 * Which.
 */
id: IdentityId, };

export type IdentitySaveArgs = { 
/**
 * Which; `None` makes a new one.
 */
id: IdentityId | null, 
/**
 * The account that sends for it.
 */
account_id: AccountId, 
/**
 * Display name.
 */
name: string, 
/**
 * Address.
 */
email: string, };

export type ImportFileArgs = { 
/**
 * A file on this machine.
 */
path: string, 
/**
 * The file itself where it has no path (dropped or pasted); `path` is ignored then.
 */
bytes: PastedFile | null, 
/**
 * Into this base as a new table; `None` makes a new base.
 */
base: BaseId | null, 
/**
 * Name of the new base or table; the file's name if left out.
 */
name: string | null, 
/**
 * As in the preview.
 */
delimiter: string | null, 
/**
 * As in the preview.
 */
encoding: string | null, 
/**
 * As in the preview.
 */
header: boolean | null, 
/**
 * Types chosen by the user, in the file's order; guessed if left out.
 */
types: Array<ColumnType> | null, 
/**
 * Which of the file's tables, from 0; all if left out. Types are those of the first of them.
 */
tables?: Array<number>, 
/**
 * Into a table that exists instead of a new one; `base` names its base.
 */
into?: ImportInto, 
/**
 * By this name its progress is asked for and it is stopped.
 */
ticket?: string, };

export type ImportInto = { 
/**
 * The table.
 */
table: TableId, 
/**
 * How records meet.
 */
mode: MergeMode, 
/**
 * Columns that together tell a record from every other; needed to update.
 */
keys: Array<ColumnId>, 
/**
 * For each column of the file the column it goes into, or none. By name if left out.
 */
mapping: Array<ColumnId | null> | null, };

export type Imported = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The new tables.
 */
tables: Array<TableId>, 
/**
 * Records in all.
 */
records: number, 
/**
 * Columns with values that did not fit the type; these stand in a new text column named after it.
 */
misfits: Array<string>, 
/**
 * What an import into an existing table did.
 */
merged: Merged | null, };

export type KeywordArgs = { 
/**
 * Which.
 */
selection: Selection, 
/**
 * Names to set.
 */
add: Array<string>, 
/**
 * Names to take away.
 */
remove: Array<string>, };

export type LinkingArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table of the link column.
 */
table: TableId, 
/**
 * The link column; it need not be shown in the other table.
 */
column: ColumnId, 
/**
 * The record it leads to.
 */
record: RecordId, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 1,000; 0 gives only the total.
 */
limit: number, };

export type ListScope = { 
/**
 * One account.
 */
account_id: AccountId | null, 
/**
 * One mailbox.
 */
mailbox_id: MailboxId | null, 
/**
 * All mailboxes of this role: `inbox` is the unified inbox.
 */
role: MailboxRole | null, 
/**
 * A search (operators from:, to:, subject:, has:attachment, is:unread, in:, before:, after:,
 * larger:, "exact phrase", -not).
 */
query: string | null, 
/**
 * Only unread.
 */
unread: boolean, 
/**
 * Only starred.
 */
flagged: boolean, 
/**
 * Only with attachments.
 */
has_attachments: boolean, };

export type ListSort = "newest" | "oldest" | "from" | "subject" | "largest";

export type MailExportArgs = { 
/**
 * Which messages.
 */
scope: ListScope, 
/**
 * These alone, whatever the scope: messages, and all of conversations.
 */
selection: Selection | null, 
/**
 * As what.
 */
format: MailFormat, 
/**
 * An absolute path that is free: of the folder, or of the file.
 */
path: string, 
/**
 * A name of the caller's choice to ask how far it is, and to stop it.
 */
ticket: string | null, };

export type MailExported = { 
/**
 * Messages written.
 */
messages: number, 
/**
 * Messages that neither this machine nor their server had any more, by subject.
 */
missing: Array<string>, 
/**
 * Where they are.
 */
path: string, };

export type MailFormat = "eml" | "mbox";

export type MailImportArgs = { 
/**
 * Into this mailbox; its account stores what is new on the server, too.
 */
mailbox_id: MailboxId, 
/**
 * An absolute path: a message (eml), an mbox, a Maildir, or a folder of these.
 */
path: string, 
/**
 * Goes on from here: [`MailImported::next`] of the part before.
 */
from: string | null, 
/**
 * The act this goes on with: [`MailImported::group`] of the part before.
 */
group: OperationGroupId | null, };

export type MailImported = { 
/**
 * New messages.
 */
messages: number, 
/**
 * Messages that were in the mailbox already.
 */
skipped: number, 
/**
 * What could not be read, and why.
 */
unreadable: Array<Phrase>, 
/**
 * Bytes looked at so far, of all parts.
 */
done_bytes: number, 
/**
 * Bytes in all.
 */
total_bytes: number, 
/**
 * Where the next part begins; none: all is done.
 */
next: string | null, 
/**
 * Hand this to `operation.undo` to take back what no server has stored yet.
 */
group: OperationGroupId | null, };

export type MailResyncArgs = { 
/**
 * Which messages.
 */
scope: ListScope, 
/**
 * These alone, whatever the scope: messages, and all of conversations.
 */
selection: Selection | null, 
/**
 * A name of the caller's choice to ask how far it is, and to stop it.
 */
ticket: string | null, };

export type MailResynced = { 
/**
 * Messages that were compared.
 */
messages: number, 
/**
 * Of these, whose content was missing, damaged or another one here, and was fetched.
 */
mended: number, 
/**
 * Of these, which their server has no longer; they are gone from here too.
 */
gone: number, 
/**
 * Messages left out, since no server has them (yet).
 */
local: number, 
/**
 * It was stopped before the end.
 */
stopped: boolean, };

export type Mailbox = { 
/**
 * Its id.
 */
id: MailboxId, 
/**
 * Whose it is.
 */
account_id: AccountId, 
/**
 * The whole path in Unicode, parts joined by `/`, such as `Projects/2026`.
 */
path: string, 
/**
 * The last part of the path.
 */
name: string, 
/**
 * Its special use, if any.
 */
role: MailboxRole | null, 
/**
 * False where it only holds other mailboxes.
 */
selectable: boolean, 
/**
 * Messages known here.
 */
messages: number, 
/**
 * Unread messages known here.
 */
unread: number, 
/**
 * Messages the server says it holds, where that is known; more than `messages` while syncing.
 */
on_server: number | null, };

export type MailboxId = number;

export type MailboxListArgs = { 
/**
 * Only of this account.
 */
account_id: AccountId | null, };

export type MailboxRole = "inbox" | "snoozed" | "drafts" | "sent" | "archive" | "junk" | "trash" | "all";

export type MergeMisfit = { 
/**
 * The column of the table.
 */
column: ColumnId, 
/**
 * How many.
 */
count: number, 
/**
 * The first of them, as the file has it.
 */
first: string, 
/**
 * Its line among the file's records, from 1.
 */
record: number, };

export type MergeMode = "append" | "update" | "both";

export type Merged = { 
/**
 * New records.
 */
added: number, 
/**
 * Records with other values than before.
 */
updated: number, 
/**
 * Records that were so already.
 */
unchanged: number, 
/**
 * Cells that held something and are empty now: where a column is mapped, the file says what is in it.
 */
emptied: number, 
/**
 * Records of the file left out: without a key, or with one the table does not have.
 */
skipped: number, 
/**
 * Values that do not fit their column; these cells stay as they were.
 */
misfits: Array<MergeMisfit>, 
/**
 * For each column of the file the column it goes into.
 */
mapping: Array<ColumnId | null>, };

export type Message = { 
/**
 * Its id.
 */
id: MessageId, 
/**
 * Its conversation.
 */
thread_id: ThreadId, 
/**
 * Whose.
 */
account_id: AccountId, 
/**
 * The mailboxes it is in.
 */
mailbox_ids: Array<MailboxId>, 
/**
 * Message-ID header without angle brackets; may be empty.
 */
message_id: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Author.
 */
from: Address, 
/**
 * Address of the submitter where it differs from the author.
 */
sender: Address | null, 
/**
 * Where replies go, where it differs from the author.
 */
reply_to: Array<Address>, 
/**
 * To.
 */
to: Array<Address>, 
/**
 * Cc.
 */
cc: Array<Address>, 
/**
 * Bcc (only on our own sent mail and drafts).
 */
bcc: Array<Address>, 
/**
 * Date header, or the time of arrival where it is missing or absurd.
 */
date_at: Timestamp, 
/**
 * Flags.
 */
flags: Flags, 
/**
 * Names it has at its server besides the flags (Microsoft: categories), in the server's order.
 */
keywords: Array<string>, 
/**
 * Put off until then.
 */
snoozed_until?: Timestamp, 
/**
 * Begin of the visible text.
 */
snippet: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Files and inline parts.
 */
attachments: Array<Attachment>, 
/**
 * The body is here; false while only headers were fetched.
 */
complete: boolean, 
/**
 * It could not be parsed: what is shown is the source.
 */
unreadable: boolean, 
/**
 * It has an HTML body.
 */
has_html: boolean, 
/**
 * Remote images it would load with consent.
 */
remote_images: number, 
/**
 * The user allowed remote images for it or its sender.
 */
remote_allowed: boolean, 
/**
 * RFC 2369 and 8058 unsubscribe address or link, if given.
 */
unsubscribe: string | null, 
/**
 * Links whose text names another host than their target.
 */
deceptive_links: number, };

export type MessageBody = { 
/**
 * Plain text: the text part, or the visible text of the HTML part.
 */
text: string, 
/**
 * Sanitised HTML, where the message has an HTML part.
 */
html: string | null, 
/**
 * The header block as text.
 */
headers: string, };

export type MessageId = number;

export type MessageListArgs = { 
/**
 * Which.
 */
scope: ListScope, 
/**
 * In which order.
 */
sort: ListSort, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 1,000; 0 gives only the total.
 */
limit: number, };

export type MessagePage = { 
/**
 * All messages of the list.
 */
total: number, 
/**
 * The page.
 */
rows: Array<Message>, };

export type MessageRef = { 
/**
 * Which.
 */
id: MessageId, };

export type MoveArgs = { 
/**
 * Which.
 */
selection: Selection, 
/**
 * Where to, in the same account.
 */
mailbox_id: MailboxId, };

export type Nothing = Record<symbol, never>;

export type Noun = "account" | "sync_state" | "provider" | "mailbox" | "message" | "thread" | "draft" | "submission" | "template" | "run" | "base" | "table" | "record" | "setting" | "exchange";

export type OpenArgs = { 
/**
 * A `.base` file.
 */
path: string, };

export type OperationGroupId = number;

export type OperationId = number;

export type Parts = { 
/**
 * English, with `{name}` where an argument stands; `{{` and `}}` are braces.
 */
template: string, 
/**
 * The arguments by name.
 */
args: { [key in string]: Arg }, };

export type PastedFile = { 
/**
 * File name.
 */
filename: string, 
/**
 * Media type.
 */
mime: string, 
/**
 * Content, base64 (RFC 4648, section 4).
 */
base64: string, };

export type PendingOperation = { 
/**
 * Its id.
 */
id: OperationId, 
/**
 * Whose.
 */
account_id: AccountId, 
/**
 * What: `flag`, `move`, `delete`, `append`, ...
 */
kind: string, 
/**
 * Subject of the message it concerns, or of the first of them.
 */
subject: string, 
/**
 * When the user did it.
 */
created_at: Timestamp, 
/**
 * Tries so far.
 */
attempts: number, 
/**
 * The server refused it, and it was taken back here for this reason.
 */
refused: Error | null, };

export type PeopleTable = { 
/**
 * Name of the base.
 */
base: string, 
/**
 * Name of the table.
 */
name: string, };

export type Phrase = { 
/**
 * As it reads in English.
 */
text: string, 
/**
 * What it is made of; none where it has no arguments: then the text is its own template.
 */
parts?: Parts, };

export type PlannedLetter = { 
/**
 * Its record.
 */
record: RecordId, 
/**
 * Recipient.
 */
to: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Plain text.
 */
text: string, };

export type PreviewColumn = { 
/**
 * Name.
 */
name: string, 
/**
 * Guessed type.
 */
type: ColumnType, };

export type PreviewFileArgs = { 
/**
 * A file on this machine (.csv, .tsv, .txt; .xlsx and .dtable where the base knows them).
 */
path: string, 
/**
 * The file itself where it has no path (dropped or pasted); `path` is ignored then.
 */
bytes: PastedFile | null, 
/**
 * Field separator; guessed if left out.
 */
delimiter: string | null, 
/**
 * Charset label (WHATWG); guessed if left out.
 */
encoding: string | null, 
/**
 * The first line holds names; guessed if left out.
 */
header: boolean | null, 
/**
 * Which of the file's tables to show, from 0; the first if left out.
 */
table?: number, };

export type PreviewFormulaArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The formula as it is being typed.
 */
formula: string, 
/**
 * Calculate it for this record; for the first five if left out.
 */
record: RecordId | null, };

export type PreviewTable = { 
/**
 * Its name; empty where the file does not name its tables.
 */
name: string, 
/**
 * Columns with their types.
 */
columns: Array<PreviewColumn>, 
/**
 * Records in all.
 */
total: number, };

export type ProbeReport = { 
/**
 * When it was tried.
 */
probed_at: Timestamp, 
/**
 * The steps in the order they were tried.
 */
steps: Array<ProbeStep>, 
/**
 * Number of mailboxes found.
 */
mailboxes: number, 
/**
 * The server pushes news (IDLE).
 */
push: boolean, 
/**
 * Used and allowed storage in bytes.
 */
quota: Quota | null, 
/**
 * Largest message the server takes for sending, bytes (RFC 1870).
 */
size_limit: number | null, 
/**
 * True where the server files the Sent copy by itself.
 */
files_sent_copy: boolean | null, };

export type ProbeStep = { 
/**
 * Which step; the window names it in the user's language.
 */
kind: ProbeStepKind, 
/**
 * Whether it worked.
 */
ok: boolean, 
/**
 * What was found, such as `imap.example.org:993, TLS 1.3`.
 */
found: string, 
/**
 * Why not.
 */
error: Error | null, };

export type ProbeStepKind = "imap_connect" | "imap_login" | "mailboxes" | "push" | "quota" | "smtp_connect" | "smtp_login" | "size_limit" | "sent_copy";

export type Profile = { 
/**
 * Its folder.
 */
path: string, 
/**
 * Tabella's version.
 */
version: string, 
/**
 * Secrets.
 */
secrets: SecretsState, };

export type Provider = { 
/**
 * `google`, `microsoft`, a preset's name, or a name of the user's.
 */
name: string, 
/**
 * For people: `Google`, `Yandex`, or what the user called it.
 */
title: string, 
/**
 * Entered by the user from scratch; such ones can be removed.
 */
own: boolean, 
/**
 * Client ID; empty until set.
 */
client_id: string, 
/**
 * When the secret was set; `None` where there is none.
 */
secret_set_at: Timestamp | null, 
/**
 * When the secret ends, as the user noted it.
 */
secret_expires_at: Timestamp | null, 
/**
 * Microsoft's tenant: common, organizations, consumers or an id. `None` at other providers, and
 * where none was entered (which means common).
 */
tenant: string | null, 
/**
 * Endpoints that differ from the built-in ones, by name: `authorize`, `token`, `revoke`, `device`,
 * `api`, `redirect` (an address on this machine), `imap` and `smtp` (host:port).
 */
endpoints: { [key in string]: string }, 
/**
 * The built-in ones, by the same names.
 */
builtin_endpoints: { [key in string]: string }, 
/**
 * Scopes that differ from the built-in ones; empty where they do not.
 */
scopes: Array<string>, 
/**
 * The built-in scopes, for the way that is usual at this provider.
 */
builtin_scopes: Array<string>, 
/**
 * The redirect address to enter at the provider.
 */
redirect_uri: string, 
/**
 * Incoming server for accounts that read by IMAP with a token; its user name is empty.
 */
imap: ServerSettings | null, 
/**
 * Outgoing server for such accounts; its user name is empty.
 */
smtp: ServerSettings | null, 
/**
 * Accounts that sign in through it.
 */
accounts: number, 
/**
 * True where nothing is missing that a sign-in needs.
 */
ready: boolean, };

export type ProviderRef = { 
/**
 * Which.
 */
name: string, };

export type ProviderSetArgs = { 
/**
 * Which; a name nobody has yet makes an own one.
 */
name: string, 
/**
 * Title of an own provider.
 */
title: string | null, 
/**
 * Client ID.
 */
client_id: string | null, 
/**
 * Client secret; an empty text removes it.
 */
client_secret: string | null, 
/**
 * When the secret ends; `Some(None)` forgets it.
 */
secret_expires_at: number | null, 
/**
 * Microsoft's tenant; an empty text restores common.
 */
tenant: string | null, 
/**
 * Endpoints to change; an empty text restores the built-in one. Those not named stay.
 */
endpoints: { [key in string]: string } | null, 
/**
 * Scopes; an empty list restores the built-in ones.
 */
scopes: Array<string> | null, 
/**
 * Incoming server of an own provider; an empty host removes it. The user name counts for nothing.
 */
imap: ServerSettings | null, 
/**
 * Outgoing server of an own provider; an empty host removes it. The user name counts for nothing.
 */
smtp: ServerSettings | null, };

export type Quota = { 
/**
 * Used.
 */
used: number, 
/**
 * Allowed.
 */
limit: number, };

export type ReadOnly = "shared" | "place";

export type ReauthorizeArgs = { 
/**
 * Which.
 */
id: AccountId, 
/**
 * The new password.
 */
password: string, 
/**
 * Sign in by this password from now on, although the account signs in at its provider (IMAP alone). The
 * servers are tried first; all mail stays.
 */
switch: boolean | null, };

export type RecordAddArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Cells of each new record. Text is parsed as if typed.
 */
records: Record<number, unknown>[], };

export type RecordDetail = { 
/**
 * Its id.
 */
id: RecordId, 
/**
 * The columns of the cells, in the table's order.
 */
columns: Array<ColumnId>, 
/**
 * One value a column, `null` where empty.
 */
cells: unknown[], 
/**
 * It refuses edits.
 */
locked: boolean, 
/**
 * When it was made.
 */
created_at: Timestamp, 
/**
 * When it was changed last.
 */
modified_at: Timestamp, };

export type RecordFindArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Records and columns of this view.
 */
view: ViewId | null, 
/**
 * What to look for in the text people see.
 */
text: string, 
/**
 * Case and diacritics count.
 */
case: boolean, 
/**
 * The whole cell is the text.
 */
whole: boolean, 
/**
 * Only in this column.
 */
column: ColumnId | null, 
/**
 * Only behind the record at this place of the view's list.
 */
from: number, };

export type RecordGroup = { 
/**
 * The value; `null` for empty cells.
 */
value: unknown, 
/**
 * The value as people read it.
 */
label: string, 
/**
 * Its records.
 */
count: number, 
/**
 * Where its first record stands in `record.list` of the same view, filter and search.
 */
offset: number, 
/**
 * Figures of the number columns the view shows.
 */
subtotals: Record<number, RecordSummary>, 
/**
 * Groups of the next level.
 */
children: Array<RecordGroup>, };

export type RecordGroups = { 
/**
 * Groups of the first level in the order of the list.
 */
groups: Array<RecordGroup>, 
/**
 * Records in all.
 */
total: number, 
/**
 * There are more than 5,000 groups: none are given.
 */
truncated: boolean, };

export type RecordGroupsArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The view whose groups are meant.
 */
view: ViewId, 
/**
 * Further filter.
 */
filter: FilterNode | null, 
/**
 * Only records with this text.
 */
search: string | null, };

export type RecordHit = { 
/**
 * The record.
 */
record: RecordId, 
/**
 * The column.
 */
column: ColumnId, 
/**
 * Place of the record in the view's list.
 */
offset: number, };

export type RecordHits = { 
/**
 * In the order of the view, at most 1,000.
 */
hits: Array<RecordHit>, 
/**
 * All of them; of a very large table those of the first 20,000 records that hold the text.
 */
total: number, };

export type RecordId = number;

export type RecordListArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Records of this view (its filter and sorts).
 */
view: ViewId | null, 
/**
 * Further filter.
 */
filter: FilterNode | null, 
/**
 * Only records with this text in any shown column, case and diacritics folded.
 */
search: string | null, 
/**
 * Order instead of the view's.
 */
sorts: Array<Sort> | null, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 1,000; 0 gives only the total.
 */
limit: number, };

export type RecordLockArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The records.
 */
records: Array<RecordId>, 
/**
 * True: they refuse edits from now on.
 */
locked: boolean, };

export type RecordPage = { 
/**
 * All records of the list.
 */
total: number, 
/**
 * The columns of the cells below, in their order.
 */
columns: Array<ColumnId>, 
/**
 * The page.
 */
rows: Array<RecordRow>, };

export type RecordPosition = { 
/**
 * Its place in the list, from 0; `None` where the list does not hold it.
 */
offset: number | null, };

export type RecordPositionArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The record.
 */
record: RecordId, 
/**
 * Records of this view.
 */
view: ViewId | null, 
/**
 * Further filter.
 */
filter: FilterNode | null, 
/**
 * Only records with this text.
 */
search: string | null, 
/**
 * Order instead of the view's.
 */
sorts: Array<Sort> | null, };

export type RecordPutArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * What to write into records that are there.
 */
update: Array<RecordValues>, 
/**
 * Cells of each new record. Text is parsed as if typed.
 */
add: Record<number, unknown>[], };

export type RecordRef = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The record.
 */
record: RecordId, };

export type RecordRefs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The records.
 */
records: Array<RecordId>, };

export type RecordReplaceArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Records and columns of this view.
 */
view: ViewId | null, 
/**
 * What to look for.
 */
text: string, 
/**
 * What stands there afterwards; read as if typed.
 */
replacement: string, 
/**
 * Case and diacritics count.
 */
case: boolean, 
/**
 * The whole cell is the text.
 */
whole: boolean, 
/**
 * Only in this column.
 */
column: ColumnId | null, 
/**
 * Only in these cells.
 */
records: Array<CellRef> | null, };

export type RecordRow = { 
/**
 * Its id.
 */
id: RecordId, 
/**
 * One value a column of the page, `null` where empty.
 */
cells: unknown[], 
/**
 * It refuses edits.
 */
locked?: boolean, };

export type RecordStatistics = { 
/**
 * One a row.
 */
rows: Array<StatisticLabel>, 
/**
 * One a column; without a second axis a single one without label.
 */
columns: Array<StatisticLabel>, 
/**
 * By row and column; `None` where there is nothing.
 */
values: Array<Array<number | null>>, };

export type RecordStatisticsArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Records of this view.
 */
view: ViewId | null, 
/**
 * Further filter.
 */
filter: FilterNode | null, 
/**
 * One row a value.
 */
rows: StatisticAxis, 
/**
 * One column a value; one column in all if left out.
 */
columns: StatisticAxis | null, 
/**
 * What stands in the cells.
 */
measure: StatisticMeasure, };

export type RecordSummaries = Record<number, RecordSummary>;

export type RecordSummary = { 
/**
 * Records.
 */
count: number, 
/**
 * Cells that hold something; of checkboxes those that are checked.
 */
filled: number, 
/**
 * All others.
 */
empty: number, 
/**
 * Different values.
 */
unique: number, 
/**
 * Of numbers.
 */
sum: number | null, 
/**
 * Of numbers.
 */
average: number | null, 
/**
 * Of numbers.
 */
median: number | null, 
/**
 * Of numbers and dates, as the column's cells cross the door.
 */
min: unknown, 
/**
 * Of numbers and dates.
 */
max: unknown, };

export type RecordSummaryArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Records of this view.
 */
view: ViewId | null, 
/**
 * Further filter.
 */
filter: FilterNode | null, 
/**
 * Only records with this text.
 */
search: string | null, 
/**
 * Figures of these columns; of all number columns if left out.
 */
columns: Array<ColumnId> | null, 
/**
 * Only of these records.
 */
records: Array<RecordId> | null, };

export type RecordTrashArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * Only records of this table.
 */
table: TableId | null, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 500.
 */
limit: number, };

export type RecordTrashPage = { 
/**
 * All of them.
 */
total: number, 
/**
 * The page.
 */
rows: Array<TrashedRecord>, };

export type RecordUpdateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * What to write.
 */
records: Array<RecordValues>, };

export type RecordValues = { 
/**
 * The record.
 */
id: RecordId, 
/**
 * New values; `null` empties a cell.
 */
cells: Record<number, unknown>, };

export type RenameAccountArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The name.
 */
name: string, 
/**
 * The new one.
 */
new_name: string, };

export type Run = { 
/**
 * Its id.
 */
id: RunId, 
/**
 * State.
 */
state: RunState, 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The template's name when it began.
 */
template: string, 
/**
 * The account.
 */
account: AccountId, 
/**
 * When it began.
 */
created_at: Timestamp, 
/**
 * Letters in all.
 */
total: number, 
/**
 * Letters accepted.
 */
accepted: number, 
/**
 * Letters refused, bounced or unsent.
 */
failed: number, 
/**
 * Letters uncertain.
 */
uncertain: number, 
/**
 * Letters that wait.
 */
waiting: number, 
/**
 * Letters cancelled.
 */
cancelled: number, 
/**
 * Each letter, in order (filled by `bulk.status`, empty in `bulk.list`).
 */
recipients: Array<RunRecipient>, };

export type RunId = number;

export type RunRecipient = { 
/**
 * Its record.
 */
record: RecordId, 
/**
 * Recipient.
 */
to: string, 
/**
 * Its entry in the ledger.
 */
submission: SubmissionId, 
/**
 * Where it stands.
 */
state: SubmissionState, 
/**
 * The server's answer or the reason it waits.
 */
answer: string | null, };

export type RunRef = { 
/**
 * Which.
 */
id: RunId, };

export type RunState = "running" | "paused" | "stopped" | "done";

export type SaveAttachmentArgs = { 
/**
 * The message.
 */
id: MessageId, 
/**
 * The part; `None` saves all files.
 */
part: number | null, 
/**
 * A file for one part, a folder for all. An existing file is never overwritten: a number is added.
 */
path: string, };

export type SavedFiles = { 
/**
 * Their paths.
 */
paths: Array<string>, };

export type SavedFilter = { 
/**
 * Shown name.
 */
name: string, 
/**
 * The search.
 */
query: string, };

export type SecretsState = "keyring" | "passphrase" | "needs_passphrase" | "locked";

export type Selection = { 
/**
 * Whole conversations.
 */
threads: Array<ThreadId>, 
/**
 * Single messages.
 */
messages: Array<MessageId>, 
/**
 * Where they were seen: moves take them out of here. `None`: out of every mailbox but Sent,
 * Drafts and Trash.
 */
mailbox_id: MailboxId | null, 
/**
 * The act this goes on with: a large one is done in parts, and taken back as one. The group of
 * an answer that changed any message.
 */
group?: OperationGroupId, };

export type SendArgs = { 
/**
 * The draft; it is gone once frozen, and comes back by `submission.cancel`.
 */
draft_id: DraftId, 
/**
 * Send later; now (plus the undo time) if left out.
 */
send_at: Timestamp | null, };

export type ServerSettings = { 
/**
 * Host name or address, trimmed, without scheme or port.
 */
host: string, 
/**
 * 1..=65535.
 */
port: number, 
/**
 * Encryption.
 */
tls: TlsMode, 
/**
 * User name at this server.
 */
username: string, };

export type Settings = { 
/**
 * UI language: en, de, uk, pl or ru; empty follows the system.
 */
language: string, 
/**
 * `system`, `light` or `dark`.
 */
theme: string, 
/**
 * `comfortable`, `cozy` or `compact`.
 */
density: string, 
/**
 * Seconds a sent letter can be taken back, 0 or 5..=60.
 */
undo_seconds: number, 
/**
 * Group messages into conversations.
 */
conversations: boolean, 
/**
 * Single-letter shortcuts.
 */
shortcuts: boolean, 
/**
 * Desktop notifications for new mail.
 */
notifications: boolean, 
/**
 * `right`, `bottom` or `off`.
 */
reader: string, 
/**
 * What opens after archive or delete: `newer`, `older` or `list`.
 */
after_act: string, 
/**
 * Columns of the message list beyond the subject: any of `size`, `account`, `snippet`, `attachments`.
 */
list_columns: Array<string>, 
/**
 * Saved searches.
 */
saved_filters: Array<SavedFilter>, 
/**
 * Who the user is in bases: written into the columns of who made or changed a record, and nowhere else.
 * At most [`OWN_NAME_MAX`] characters on one line; empty writes nothing.
 */
own_name: string, 
/**
 * First start is over.
 */
welcomed: boolean, 
/**
 * Sizes and places the window remembers, by name.
 */
layout: { [key in string]: number }, };

export type SettleArgs = { 
/**
 * Which.
 */
id: SubmissionId, 
/**
 * It was sent.
 */
sent: boolean, };

export type SignInRef = { 
/**
 * Which.
 */
ticket: string, };

export type SignInTicket = { 
/**
 * Names this sign-in to `account.finish_sign_in` and `account.cancel_sign_in`.
 */
ticket: string, 
/**
 * What to open in the system's browser, or to copy into one on this machine (with a code: on any).
 */
address: string, 
/**
 * What to type there; `None` where nothing is.
 */
code: string | null, 
/**
 * When it is given up.
 */
ends_at: Timestamp, };

export type SignInTransport = "api" | "imap";

export type Snapshot = { 
/**
 * Its id.
 */
id: string, 
/**
 * When it was made.
 */
at: Timestamp, 
/**
 * What it is called; may be empty.
 */
name: string, 
/**
 * Size of its file.
 */
bytes: number, 
/**
 * Records in it.
 */
records: number, };

export type SnapshotListArgs = { 
/**
 * The base.
 */
base: BaseId, };

export type SnapshotMakeArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * What to call it.
 */
name: string | null, };

export type SnapshotRef = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The snapshot.
 */
id: string, };

export type SnapshotRestoreArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The snapshot.
 */
id: string, 
/**
 * Name of the new base.
 */
as_new_name: string, };

export type SnoozeArgs = { 
/**
 * Which; what of it is in no inbox stays where it is.
 */
selection: Selection, 
/**
 * When it comes back; in the future.
 */
until: Timestamp, };

export type Sort = { 
/**
 * By this.
 */
column: ColumnId, 
/**
 * Largest first.
 */
descending: boolean, 
/**
 * Dates put together by this, in groups; each moment by itself if left out.
 */
by?: DateStep, };

export type StatisticAxis = { 
/**
 * By the values of this column.
 */
column: ColumnId, 
/**
 * Dates put together by this; days if left out.
 */
by: DateStep | null, };

export type StatisticLabel = { 
/**
 * The value as it crosses the door; `null` is empty.
 */
value: unknown, 
/**
 * The value as people read it.
 */
label: string, };

export type StatisticMeasure = { 
/**
 * Of this column; not needed to count records.
 */
column: ColumnId | null, 
/**
 * Which figure.
 */
summary: Figure, };

export type Submission = { 
/**
 * Its id.
 */
id: SubmissionId, 
/**
 * The account that sends it.
 */
account_id: AccountId, 
/**
 * Where it stands.
 */
state: SubmissionState, 
/**
 * Sender.
 */
from: Address, 
/**
 * Subject.
 */
subject: string, 
/**
 * Our Message-ID without angle brackets.
 */
message_id: string, 
/**
 * The one it went out under, where the provider gave it another; replies name that.
 */
sent_message_id: string | null, 
/**
 * Everybody it goes to, with what became of it.
 */
recipients: Array<SubmissionRecipient>, 
/**
 * When it was frozen.
 */
created_at: Timestamp, 
/**
 * Not before this.
 */
send_at: Timestamp, 
/**
 * When it reached its present state.
 */
state_at: Timestamp, 
/**
 * Tries so far.
 */
attempts: number, 
/**
 * Next try, where it waits after a failure.
 */
retry_at: Timestamp | null, 
/**
 * The server's answer to the whole letter.
 */
answer: string | null, 
/**
 * Why it waits or failed.
 */
error: Error | null, 
/**
 * The Sent copy is in place.
 */
filed: boolean, 
/**
 * The bulk run it belongs to.
 */
run_id: RunId | null, 
/**
 * Bytes.
 */
size: number, };

export type SubmissionId = number;

export type SubmissionListArgs = { 
/**
 * Only of this account.
 */
account_id: AccountId | null, 
/**
 * Only of this run.
 */
run_id: RunId | null, 
/**
 * Only what still waits or needs the user.
 */
open: boolean, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 1,000; 0 means 200.
 */
limit: number, };

export type SubmissionPage = { 
/**
 * All rows.
 */
total: number, 
/**
 * Rows that still wait or need the user, of all accounts.
 */
open: number, 
/**
 * Accounts whose lane is paused.
 */
paused: Array<AccountId>, 
/**
 * The page, newest first.
 */
rows: Array<Submission>, };

export type SubmissionRecipient = { 
/**
 * Address.
 */
email: string, 
/**
 * Where it stands.
 */
state: SubmissionState, 
/**
 * SMTP reply code, if any.
 */
code: number | null, 
/**
 * The server's answer.
 */
answer: string | null, };

export type SubmissionRef = { 
/**
 * Which.
 */
id: SubmissionId, };

export type SubmissionState = "frozen" | "queued" | "claimed" | "handing_over" | "accepted" | "refused" | "uncertain" | "bounced" | "replied" | "cancelled" | "unsent";

export type Swept = { 
/**
 * Contents removed.
 */
removed: number, 
/**
 * Contents that are so new that somebody may be about to need them; a later sweep looks again.
 */
spared: number, 
/**
 * Bytes given back to the system.
 */
freed_bytes: number, 
/**
 * Bytes kept for what comes next.
 */
kept_bytes: number, };

export type SyncLogEntry = { 
/**
 * When the round began.
 */
started_at: Timestamp, 
/**
 * When it ended; `None` while it runs or where the program was stopped.
 */
ended_at: Timestamp | null, 
/**
 * New messages.
 */
new: number, 
/**
 * Messages whose flags or mailboxes changed.
 */
changed: number, 
/**
 * Messages gone from the server.
 */
removed: number, 
/**
 * Messages set aside.
 */
unreadable: number, 
/**
 * Why it ended early.
 */
error: Error | null, };

export type SyncPhase = "new" | "connecting" | "fetching" | "up_to_date" | "offline" | "sign_in" | "failed" | "paused";

export type SyncState = { 
/**
 * What it is doing.
 */
phase: SyncPhase, 
/**
 * Messages fetched in this round.
 */
done: number, 
/**
 * Messages this round has to fetch.
 */
total: number, 
/**
 * The mailbox being worked on.
 */
mailbox: string | null, 
/**
 * Messages that could not be read and were set aside.
 */
unreadable: number, 
/**
 * Last time everything was in step.
 */
ok_at: Timestamp | null, 
/**
 * Why it stands still.
 */
error: Error | null, };

export type Table = { 
/**
 * Its id, unique in the base.
 */
id: TableId, 
/**
 * Unique name in the base.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Columns in the table's order.
 */
columns: Array<Column>, 
/**
 * Views in order; there is always one.
 */
views: Array<View>, 
/**
 * Not shown among the tables unless asked for.
 */
hidden?: boolean, 
/**
 * Private views of other persons, which are not among the views; left out for none. See `view.claim`.
 */
others_views?: number, };

export type TableCreateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * Unique name.
 */
name: string, };

export type TableDuplicateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The copy's name, unique in the base.
 */
name: string, 
/**
 * With its records and their links.
 */
records: boolean, };

export type TableId = number;

export type TableMoveArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * New place among the base's tables, from 0.
 */
position: number, };

export type TableRef = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, };

export type TableUpdateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * New name.
 */
name: string | null, 
/**
 * New description.
 */
description: string | null, 
/**
 * Hide it among the tables, or show it again.
 */
hidden: boolean | null, };

export type Template = { 
/**
 * Its id.
 */
id: TemplateId, 
/**
 * Unique name.
 */
name: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Rich text; `None` for plain text.
 */
html: string | null, 
/**
 * Plain text.
 */
text: string, 
/**
 * Last change.
 */
updated_at: Timestamp, };

export type TemplateId = number;

export type TemplatePreview = { 
/**
 * Subject.
 */
subject: string, 
/**
 * HTML, sanitised.
 */
html: string | null, 
/**
 * Plain text.
 */
text: string, 
/**
 * Quoted columns that are empty in this record.
 */
empty: Array<string>, };

export type TemplatePreviewArgs = { 
/**
 * Subject as typed.
 */
subject: string, 
/**
 * Rich text as typed.
 */
html: string | null, 
/**
 * Plain text as typed.
 */
text: string, 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The record.
 */
record: RecordId, };

export type TemplatePutArgs = { 
/**
 * Which; `None` finds it by name or makes a new one.
 */
id: TemplateId | null, 
/**
 * Unique name.
 */
name: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Rich text.
 */
html: string | null, 
/**
 * Plain text.
 */
text: string, };

export type TemplateRef = { 
/**
 * Which.
 */
id: TemplateId, };

export type TestMailArgs = { 
/**
 * Which account sends.
 */
id: AccountId, 
/**
 * Recipients.
 */
to: Array<string>, 
/**
 * Subject.
 */
subject: string, 
/**
 * Content.
 */
text: string, };

export type TestMailResult = { 
/**
 * Whether the server took it.
 */
accepted: boolean, 
/**
 * The server's own answer.
 */
answer: string, 
/**
 * Why not, in plain words.
 */
error: Error | null, };

export type Thread = { 
/**
 * Its id.
 */
id: ThreadId, 
/**
 * Whose.
 */
account_id: AccountId, 
/**
 * Subject.
 */
subject: string, 
/**
 * Messages, oldest first.
 */
messages: Array<Message>, };

export type ThreadId = number;

export type ThreadListArgs = { 
/**
 * Which.
 */
scope: ListScope, 
/**
 * In which order.
 */
sort: ListSort, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 500.
 */
limit: number, };

export type ThreadPage = { 
/**
 * All rows of the list, on this page or not.
 */
total: number, 
/**
 * The page.
 */
rows: Array<ThreadRow>, };

export type ThreadRef = { 
/**
 * Which.
 */
id: ThreadId, };

export type ThreadRow = { 
/**
 * Its id.
 */
id: ThreadId, 
/**
 * Whose.
 */
account_id: AccountId, 
/**
 * Subject of the newest message.
 */
subject: string, 
/**
 * Correspondents in order of appearance, at most four; in Sent and Drafts the recipients.
 */
people: Array<Address>, 
/**
 * Begin of the newest message's visible text.
 */
snippet: string, 
/**
 * Time of the newest message in this list.
 */
last_at: Timestamp, 
/**
 * Messages of the conversation.
 */
messages: number, 
/**
 * Of these, how many are in this list (the rest is elsewhere, such as in Sent).
 */
matching: number, 
/**
 * Unread messages.
 */
unread: number, 
/**
 * Any starred.
 */
flagged: boolean, 
/**
 * Any answered.
 */
answered: boolean, 
/**
 * Any with attachments.
 */
has_attachments: boolean, 
/**
 * A draft belongs to it.
 */
has_draft: boolean, 
/**
 * Put off until then.
 */
snoozed_until?: Timestamp, 
/**
 * Bytes of the largest message.
 */
size: number, };

export type TicketArgs = { 
/**
 * The ticket given to `base.import_file`, `base.export` or `message.export_file`.
 */
ticket: string, };

export type Timestamp = number;

export type TlsMode = "tls" | "starttls" | "none";

export type TrashedBase = { 
/**
 * Its id.
 */
id: BaseId, 
/**
 * Its name.
 */
name: string, 
/**
 * When it was removed.
 */
removed_at: Timestamp, 
/**
 * Its file's size.
 */
bytes: number, };

export type TrashedRecord = { 
/**
 * Its table.
 */
table: TableId, 
/**
 * Its number.
 */
id: RecordId, 
/**
 * Its first column.
 */
text: string, 
/**
 * When it was removed.
 */
removed_at: Timestamp, 
/**
 * Its filled columns as they were shown: name and text.
 */
cells: Array<[string, string]>, };

export type UnbindAccountArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The name.
 */
name: string, };

export type UndoArgs = { 
/**
 * The act.
 */
group: OperationGroupId, };

export type Undoable = { 
/**
 * Hand this to `operation.undo`.
 */
group: OperationGroupId, 
/**
 * Messages it changed.
 */
messages: number, };

export type UnlockArgs = { 
/**
 * At least 8 characters when it is set.
 */
passphrase: string, };

export type View = { 
/**
 * Its id, unique in the base.
 */
id: ViewId, 
/**
 * Unique name in its table.
 */
name: string, 
/**
 * How it shows records.
 */
kind: ViewKind, 
/**
 * Which records.
 */
filter: FilterNode | null, 
/**
 * In which order.
 */
sorts: Array<Sort>, 
/**
 * Grouped by, at most three.
 */
groups: Array<Sort>, 
/**
 * Columns not shown.
 */
hidden: Array<ColumnId>, 
/**
 * Order of the columns where it differs from the table's.
 */
order: Array<ColumnId>, 
/**
 * Columns frozen at the left, counted from the first.
 */
frozen: number, 
/**
 * 1 to 4 lines.
 */
row_height: number, 
/**
 * Nobody may change it.
 */
locked: boolean, 
/**
 * Further settings of its kind.
 */
settings: Record<string, unknown>, };

export type ViewAddArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * Unique name in the table.
 */
name: string, 
/**
 * How it shows records.
 */
kind: ViewKind, 
/**
 * Starts as this view is: its filter, order, columns and settings.
 */
copy_of: ViewId | null, };

export type ViewId = number;

export type ViewKind = "table" | "kanban" | "calendar" | "gallery" | "timeline" | "tree" | "form";

export type ViewMoveArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The view.
 */
view: ViewId, 
/**
 * New place among the table's views, from 0.
 */
position: number, };

export type ViewRef = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The view.
 */
view: ViewId, };

export type ViewRemoved = { 
/**
 * Names of link columns that offered the records of this view only, and now offer all.
 */
unlimited: Array<string>, };

export type ViewUpdateArgs = { 
/**
 * The base.
 */
base: BaseId, 
/**
 * The table.
 */
table: TableId, 
/**
 * The view as it shall be.
 */
view: View, };

export interface Commands {
  "profile.get": { args: Nothing; result: Profile };
  "profile.unlock": { args: UnlockArgs; result: Profile };
  "profile.sweep": { args: Nothing; result: Swept };
  "profile.doctor": { args: Nothing; result: Array<Finding> };
  "setting.get": { args: Nothing; result: Settings };
  "setting.put": { args: Settings; result: Settings };
  "account.list": { args: Nothing; result: Array<Account> };
  "account.get": { args: AccountRef; result: Account };
  "account.discover": { args: DiscoverArgs; result: Discovery };
  "account.add_imap": { args: AddImapArgs; result: Account };
  "account.add_sandbox": { args: AddSandboxArgs; result: Account };
  "account.update": { args: AccountUpdateArgs; result: Account };
  "account.reauthorize": { args: ReauthorizeArgs; result: Account };
  "account.begin_sign_in": { args: BeginSignInArgs; result: SignInTicket };
  "account.finish_sign_in": { args: SignInRef; result: Account };
  "account.cancel_sign_in": { args: SignInRef; result: Nothing };
  "account.remove": { args: AccountRef; result: Nothing };
  "account.probe": { args: AccountRef; result: ProbeReport };
  "account.test_mail": { args: TestMailArgs; result: TestMailResult };
  "account.sync": { args: AccountScope; result: Nothing };
  "account.stop_sync": { args: AccountScope; result: Nothing };
  "account.resync": { args: AccountRef; result: Nothing };
  "account.log": { args: AccountRef; result: Array<SyncLogEntry> };
  "identity.save": { args: IdentitySaveArgs; result: Identity };
  "identity.remove": { args: IdentityRef; result: Nothing };
  "identity.sync": { args: AccountRef; result: Array<Identity> };
  "provider.list": { args: Nothing; result: Array<Provider> };
  "provider.set": { args: ProviderSetArgs; result: Provider };
  "provider.remove": { args: ProviderRef; result: Nothing };
  "mailbox.list": { args: MailboxListArgs; result: Array<Mailbox> };
  "thread.list": { args: ThreadListArgs; result: ThreadPage };
  "thread.get": { args: ThreadRef; result: Thread };
  "thread.snooze": { args: SnoozeArgs; result: Undoable };
  "thread.unsnooze": { args: ActArgs; result: Undoable };
  "message.list": { args: MessageListArgs; result: MessagePage };
  "message.get": { args: MessageRef; result: Message };
  "message.body": { args: MessageRef; result: MessageBody };
  "message.flag": { args: FlagArgs; result: Undoable };
  "message.keyword": { args: KeywordArgs; result: Undoable };
  "message.move_to": { args: MoveArgs; result: Undoable };
  "message.archive": { args: ActArgs; result: Undoable };
  "message.delete": { args: ActArgs; result: Undoable };
  "message.junk": { args: ActArgs; result: Undoable };
  "message.save_attachment": { args: SaveAttachmentArgs; result: SavedFiles };
  "message.allow_remote": { args: AllowRemoteArgs; result: Nothing };
  "message.import_file": { args: MailImportArgs; result: MailImported };
  "message.resync": { args: MailResyncArgs; result: MailResynced };
  "message.export_file": { args: MailExportArgs; result: MailExported };
  "message.progress": { args: TicketArgs; result: ExchangeProgress };
  "message.stop": { args: TicketArgs; result: Nothing };
  "operation.undo": { args: UndoArgs; result: Nothing };
  "operation.pending": { args: Nothing; result: Array<PendingOperation> };
  "correspondent.complete": { args: CompleteArgs; result: Array<Correspondent> };
  "draft.list": { args: Nothing; result: Array<Draft> };
  "draft.get": { args: DraftRef; result: Draft };
  "draft.create": { args: DraftCreateArgs; result: Draft };
  "draft.open": { args: MessageRef; result: Draft };
  "draft.save": { args: DraftSaveArgs; result: Draft };
  "draft.attach": { args: DraftAttachArgs; result: Draft };
  "draft.detach": { args: DraftDetachArgs; result: Draft };
  "draft.check": { args: DraftRef; result: Array<DraftWarning> };
  "draft.discard": { args: DraftRef; result: Nothing };
  "draft.restore": { args: DraftRef; result: Draft };
  "submission.send": { args: SendArgs; result: Submission };
  "submission.compose": { args: ComposeArgs; result: Submission };
  "submission.list": { args: SubmissionListArgs; result: SubmissionPage };
  "submission.get": { args: SubmissionRef; result: Submission };
  "submission.cancel": { args: SubmissionRef; result: Cancelled };
  "submission.retry": { args: SubmissionRef; result: Submission };
  "submission.settle": { args: SettleArgs; result: Submission };
  "submission.pause": { args: AccountScope; result: Nothing };
  "submission.resume": { args: AccountScope; result: Nothing };
  "template.list": { args: Nothing; result: Array<Template> };
  "template.get": { args: TemplateRef; result: Template };
  "template.put": { args: TemplatePutArgs; result: Template };
  "template.remove": { args: TemplateRef; result: Nothing };
  "template.preview": { args: TemplatePreviewArgs; result: TemplatePreview };
  "bulk.plan": { args: BulkArgs; result: BulkPlan };
  "bulk.send": { args: BulkArgs; result: Run };
  "bulk.list": { args: Nothing; result: Array<Run> };
  "bulk.status": { args: RunRef; result: Run };
  "bulk.pause": { args: RunRef; result: Run };
  "bulk.resume": { args: RunRef; result: Run };
  "bulk.stop": { args: RunRef; result: Run };
  "base.list": { args: Nothing; result: Array<Base> };
  "base.get": { args: BaseRef; result: Base };
  "base.create": { args: BaseCreateArgs; result: Base };
  "base.update": { args: BaseUpdateArgs; result: Base };
  "base.copy": { args: BaseCopyArgs; result: Base };
  "base.remove": { args: BaseRef; result: Nothing };
  "base.preview_file": { args: PreviewFileArgs; result: FilePreview };
  "base.import_file": { args: ImportFileArgs; result: Imported };
  "base.preview_import": { args: ImportFileArgs; result: Merged };
  "base.export": { args: ExportArgs; result: Exported };
  "base.progress": { args: TicketArgs; result: ExchangeProgress };
  "base.import_cancel": { args: TicketArgs; result: Nothing };
  "base.accounts": { args: BaseRef; result: Array<BaseAccount> };
  "base.bind_account": { args: BindAccountArgs; result: BaseAccount };
  "base.rename_account": { args: RenameAccountArgs; result: BaseAccount };
  "base.unbind_account": { args: UnbindAccountArgs; result: Array<BaseAccount> };
  "base.open": { args: OpenArgs; result: Base };
  "base.trash": { args: Nothing; result: Array<TrashedBase> };
  "base.restore": { args: BaseRef; result: Base };
  "base.purge": { args: BaseRef; result: Nothing };
  "snapshot.list": { args: SnapshotListArgs; result: Array<Snapshot> };
  "snapshot.make": { args: SnapshotMakeArgs; result: Snapshot };
  "snapshot.restore": { args: SnapshotRestoreArgs; result: Base };
  "snapshot.remove": { args: SnapshotRef; result: Nothing };
  "base.history": { args: HistoryArgs; result: HistoryPage };
  "comment.list": { args: CommentListArgs; result: Array<Comment> };
  "comment.add": { args: CommentAddArgs; result: Comment };
  "comment.resolve": { args: CommentResolveArgs; result: Comment };
  "comment.remove": { args: CommentRef; result: Nothing };
  "record.trash": { args: RecordTrashArgs; result: RecordTrashPage };
  "record.restore": { args: RecordRefs; result: BaseAct };
  "base.undo": { args: BaseUndoArgs; result: BaseUndone };
  "base.redo": { args: BaseUndoArgs; result: BaseUndone };
  "table.create": { args: TableCreateArgs; result: Table };
  "table.update": { args: TableUpdateArgs; result: Table };
  "table.remove": { args: TableRef; result: Nothing };
  "table.move_to": { args: TableMoveArgs; result: Nothing };
  "table.duplicate": { args: TableDuplicateArgs; result: Table };
  "column.add": { args: ColumnAddArgs; result: Column };
  "column.update": { args: ColumnUpdateArgs; result: Column };
  "column.remove": { args: ColumnRef; result: Nothing };
  "column.duplicate": { args: ColumnDuplicateArgs; result: Column };
  "column.preview_formula": { args: PreviewFormulaArgs; result: FormulaPreview };
  "column.names": { args: ColumnRef; result: Array<string> };
  "column.functions": { args: Nothing; result: Array<FormulaFunction> };
  "view.add": { args: ViewAddArgs; result: View };
  "view.update": { args: ViewUpdateArgs; result: View };
  "view.move_to": { args: ViewMoveArgs; result: Nothing };
  "view.claim": { args: TableRef; result: Array<View> };
  "view.remove": { args: ViewRef; result: ViewRemoved };
  "record.list": { args: RecordListArgs; result: RecordPage };
  "record.groups": { args: RecordGroupsArgs; result: RecordGroups };
  "record.summary": { args: RecordSummaryArgs; result: RecordSummaries };
  "record.statistics": { args: RecordStatisticsArgs; result: RecordStatistics };
  "record.candidates": { args: CandidateArgs; result: CandidatePage };
  "record.linking": { args: LinkingArgs; result: CandidatePage };
  "record.add": { args: RecordAddArgs; result: BaseAct };
  "record.update": { args: RecordUpdateArgs; result: BaseAct };
  "record.put": { args: RecordPutArgs; result: BaseAct };
  "record.remove": { args: RecordRefs; result: BaseAct };
  "record.get": { args: RecordRef; result: RecordDetail };
  "record.position": { args: RecordPositionArgs; result: RecordPosition };
  "record.find": { args: RecordFindArgs; result: RecordHits };
  "record.replace": { args: RecordReplaceArgs; result: BaseAct };
  "record.duplicate": { args: RecordRefs; result: BaseAct };
  "record.lock": { args: RecordLockArgs; result: BaseAct };
  "file.add": { args: FileAddArgs; result: FilesAdded };
  "file.save": { args: FileSaveArgs; result: SavedFiles };
  "record.mail": { args: RecordRef; result: MessagePage };
}

/** What each read is made of: a change of one of these nouns makes it stale. */
export const readNouns = {
  "profile.get": ["setting"],
  "profile.doctor": ["setting"],
  "setting.get": ["setting"],
  "account.list": ["account", "sync_state"],
  "account.get": ["account", "sync_state"],
  "account.discover": [],
  "account.log": ["sync_state"],
  "provider.list": ["provider", "account"],
  "mailbox.list": ["mailbox"],
  "thread.list": ["message", "mailbox"],
  "thread.get": ["thread"],
  "message.list": ["message", "mailbox"],
  "message.get": ["message"],
  "message.body": ["message"],
  "message.progress": ["exchange"],
  "operation.pending": ["message"],
  "correspondent.complete": [],
  "draft.list": ["draft"],
  "draft.get": ["draft"],
  "draft.check": ["draft"],
  "submission.list": ["submission"],
  "submission.get": ["submission"],
  "template.list": ["template"],
  "template.get": ["template"],
  "template.preview": ["template", "record"],
  "bulk.plan": ["template", "record"],
  "bulk.list": ["run", "submission"],
  "bulk.status": ["run", "submission"],
  "base.list": ["base", "table"],
  "base.get": ["base", "table"],
  "base.preview_file": [],
  "base.preview_import": ["table", "record"],
  "base.progress": ["exchange"],
  "base.accounts": ["base", "account"],
  "base.trash": ["base"],
  "snapshot.list": ["base"],
  "base.history": ["record", "table"],
  "comment.list": ["record"],
  "record.trash": ["record", "table"],
  "column.preview_formula": ["record", "table"],
  "column.names": ["record", "table"],
  "column.functions": ["table"],
  "record.list": ["record", "table"],
  "record.groups": ["record", "table"],
  "record.summary": ["record", "table"],
  "record.statistics": ["record", "table"],
  "record.candidates": ["record", "table"],
  "record.linking": ["record", "table"],
  "record.get": ["record", "table"],
  "record.position": ["record", "table"],
  "record.find": ["record", "table"],
  "record.mail": ["record", "message"],
} as const satisfies Partial<Record<keyof Commands, readonly Noun[]>>;
