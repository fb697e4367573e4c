// Writing a letter.
import { clsx } from "clsx";
import { CalendarClock, ChevronDown, ImagePlus, Maximize2, Minimize2, Minus, Paperclip, Trash2, Type, X } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Button, ConfirmDialog, Dialog, IconButton, IconToggle, Menu, Select, TextField, toast, TokenField, type TokenFieldHandle } from "../../design";
import { call, toEngineError, write, type Account, type Draft, type DraftWarning } from "../../engine";
import { onFilesDropped, pickFiles } from "../../engine/desktop";
import { useFormats, useT, type MessageKey } from "../../i18n";
import { keysOf, offerUndo, patchSettings, tellError, useActions, useScope, useSettings } from "../../shell";
import { PlainBody, RichBody, type BodyHandle } from "./editor-view";
import { DraftFiles } from "./files";
import { filesOf } from "./inline-images";
import { laterChoices, localField } from "./later";
import { Original } from "./original";
import { sendDraft } from "./send";
import { completeAddress } from "./complete";
import { closeDraft, composers, minimise } from "./store";
import { textToHtml } from "./text-html";
import { isBlank, useWriting } from "./use-draft";
import { blocks, WarningsDialog } from "./warnings";


export interface ComposerProps {
  draft: Draft;
  accounts: readonly Account[];
  /** It takes the whole place now. */
  full: boolean;
  /** There is no list beside it to make room for. */
  alone: boolean;
}

export default function Composer({ draft, accounts, full, alone }: ComposerProps) {
  const t = useT();
  const format = useFormats();
  const settings = useSettings();
  const writing = useWriting(draft);
  const { fields, change, attachments, saver, save } = writing;
  const [copies, setCopies] = useState(fields.cc.length > 0 || fields.bcc.length > 0);
  const [plain, setPlain] = useState(fields.html === null);
  const [toPlain, setToPlain] = useState(false);
  const [warnings, setWarnings] = useState<{ list: DraftWarning[]; at: number | null } | null>(null);
  const [choosingTime, setChoosingTime] = useState(false);
  const [sending, setSending] = useState(false);
  const [dropping, setDropping] = useState(false);
  const leaving = useRef(false);
  const root = useRef<HTMLElement>(null);
  const body = useRef<BodyHandle>(null);
  const to = useRef<TokenFieldHandle>(null);
  const cc = useRef<TokenFieldHandle>(null);
  const bcc = useRef<TokenFieldHandle>(null);
  const toolbar = settings.layout["draft.toolbar"] !== 0;
  const answered = draft.to.length > 0 || draft.cc.length > 0;
  useScope("composer");

  useEffect(() => {
    // An answer begins in its text, everything else at the recipient.
    if (!answered) to.current?.focus();
    else if (plain) body.current?.focus();
    // Only when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [draft.id]);

  const { attach } = writing;
  useEffect(
    () =>
      onFilesDropped((files, at) => {
        const target = document.elementFromPoint(at.x, at.y);
        if (!root.current?.contains(target)) return;
        const inText = target?.closest(".letter-body") !== null;
        const pictures = inText ? files.filter((file) => file.bytes?.mime.startsWith("image/") ?? /\.(png|jpe?g|gif|webp)$/i.test(file.path ?? "")) : [];
        const others = files.filter((file) => !pictures.includes(file));
        if (pictures.length > 0) void body.current?.insertPictures(pictures);
        if (others.length > 0) void attach(others, false);
        setDropping(false);
      }),
    [attach],
  );

  /** Chips of what is still being typed in the address fields. */
  const commitFields = () => {
    const next = { to: to.current?.commit() ?? fields.to, cc: cc.current?.commit() ?? fields.cc, bcc: bcc.current?.commit() ?? fields.bcc };
    if (next.to !== fields.to || next.cc !== fields.cc || next.bcc !== fields.bcc) change(next);
  };
  const handOver = async (at: number | null) => {
    setWarnings(null);
    setSending(true);
    saver.stop();
    const done = await sendDraft(draft.id, at);
    if (done) closeDraft(draft.id);
    else {
      saver.resume();
      setSending(false);
    }
  };
  const send = async (at: number | null) => {
    // The button and the key may come twice before anything is drawn again.
    if (leaving.current) return;
    leaving.current = true;
    commitFields();
    saver.touch();
    setSending(true);
    try {
      if (!(await writing.arrived())) return;
      if (!(await saver.flush())) {
        if (saver.state.kind === "failed") tellError(saver.state.error);
        return;
      }
      const list = await call("draft.check", { id: draft.id });
      if (list.length > 0) setWarnings({ list, at });
      else await handOver(at);
    } catch (thrown) {
      tellError(toEngineError(thrown));
    } finally {
      leaving.current = false;
      setSending(false);
    }
  };
  const sendIn = (at: number | null) => void send(at);

  const discard = async () => {
    const { fields: now } = { fields: writing.latest() };
    saver.stop();
    closeDraft(draft.id);
    const gone = await write("draft.discard", { id: draft.id });
    if (gone === undefined || isBlank(draft, now, attachments)) return;
    offerUndo({
      scope: "mail",
      label: t("draft:discarded"),
      undo: async () => {
        if ((await write("draft.restore", { id: draft.id })) === undefined) return;
        const { html, ...rest } = now;
        await write("draft.save", { id: draft.id, ...rest, html });
        composers.setState({ open: draft.id });
      },
    });
  };
  const close = async () => {
    commitFields();
    if (isBlank(draft, writing.latest(), attachments)) {
      await discard();
      return;
    }
    await saver.flush();
    closeDraft(draft.id);
    toast(t("draft:kept"));
  };
  const putAway = () => {
    commitFields();
    if (isBlank(draft, writing.latest(), attachments)) void discard();
    else minimise();
  };
  const chooseFiles = async () => writing.attach(await pickFiles({ multiple: true, title: t("draft:files.add") }), false);
  const choosePictures = async () =>
    body.current?.insertPictures(await pickFiles({ multiple: true, title: t("draft:files.picture"), filters: [{ name: t("draft:files.pictures"), extensions: ["png", "jpg", "jpeg", "gif", "webp"] }] }));
  const switchMode = () => {
    if (plain) {
      change({ html: textToHtml(writing.latest().text) });
      setPlain(false);
    } else if (body.current?.formatted()) setToPlain(true);
    else makePlain();
  };
  const makePlain = () => {
    change({ html: null, text: writing.latest().text });
    setPlain(true);
  };

  useActions([
    { id: "draft.send", title: "draft:send", keys: ["mod+enter"], scope: "composer", inFields: true, perform: () => sendIn(null) },
    { id: "draft.attach", title: "draft:files.add", icon: Paperclip, keys: ["mod+shift+a"], scope: "composer", inFields: true, perform: () => void chooseFiles() },
    { id: "draft.minimise", title: "draft:minimise", icon: Minus, scope: "composer", perform: putAway },
    { id: "draft.discard", title: "draft:discard", icon: Trash2, scope: "composer", perform: () => void discard() },
  ]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Letters pressed here are never commands for the list behind, whatever of it has the focus.
    if (event.key !== "Escape" && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    // The editor always prevents Escape; others do so where they closed a layer of their own.
    if (event.defaultPrevented && !(event.target as Element).closest(".letter-body")) return;
    event.preventDefault();
    event.stopPropagation();
    putAway();
  };
  const senders = accounts.flatMap((account) => account.identities.map((identity) => ({ identity, account })));
  const kindTitle = t(`draft:kind.${draft.kind}` as MessageKey);
  const files = filesOf({ ...draft, attachments }, plain ? null : (writing.latest().html ?? ""));
  const removal = (token: { name: string; email: string }) => t("common:remove_named", { name: token.name || token.email });
  const line = "flex gap-2 border-b border-line px-4";
  const row = clsx(line, "items-start");
  const middle = clsx(line, "items-center");
  const label = "w-12 shrink-0 pt-2 text-xs text-muted";

  return (
    <section
      ref={root}
      data-takes-files=""
      aria-label={t("draft:label")}
      onKeyDown={onKeyDown}
      onDragEnter={(event) => event.dataTransfer.types.includes("Files") && setDropping(true)}
      onDragLeave={(event) => !root.current?.contains(event.relatedTarget as Node | null) && setDropping(false)}
      className="relative flex min-h-0 min-w-0 flex-1 flex-col bg-surface"
    >
      <header className="flex h-10 shrink-0 items-center gap-1 border-b border-line bg-sunken pr-2 pl-4">
        <h2 className="min-w-0 truncate text-sm font-semibold">{fields.subject || kindTitle}</h2>
        <span className="flex-1" />
        <SaveMark save={save} />
        <IconButton icon={Minus} label={t("draft:minimise")} keys="escape" onPress={putAway} />
        {!alone && <IconButton icon={full ? Minimize2 : Maximize2} label={full ? t("draft:smaller") : t("draft:larger")} preventFocusOnPress onPress={() => composers.setState({ full: !full })} />}
        <IconButton icon={X} label={t("draft:close")} onPress={() => void close()} />
      </header>

      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        <div className={clsx("flex w-full flex-1 flex-col", (full || alone) && "mx-auto max-w-[880px]")}>
          {senders.length > 1 && (
            <div className={clsx(middle, "py-1")}>
              <span className="w-12 shrink-0 text-xs text-muted" aria-hidden>{t("draft:from")}</span>
              <Select
                aria={t("draft:from")}
                options={senders.map(({ identity, account }) => ({
                  value: identity.id,
                  label: identity.name ? `${identity.name} <${identity.email}>` : identity.email,
                  ...(account.name === identity.email ? {} : { hint: account.name }),
                }))}
                value={fields.identity_id}
                onChange={(identity_id) => change({ identity_id })}
                className="min-w-0 flex-1 [&_.field]:border-transparent [&_.field]:px-1"
              />
            </div>
          )}
          <div className={row}>
            <span className={label} aria-hidden>{t("draft:to")}</span>
            <TokenField
              ref={to}
              bare
              label={t("draft:to")}
              value={fields.to}
              onChange={(next) => change({ to: next })}
              complete={completeAddress}
              removeLabel={removal}
              invalidLabel={t("common:not_an_address")}
              className="min-w-0 flex-1"
              after={!copies && <button type="button" onClick={() => setCopies(true)} className="h-6 shrink-0 rounded-sm px-1 text-xs text-muted hover:text-text">{t("draft:copies")}</button>}
            />
          </div>
          {copies &&
            (["cc", "bcc"] as const).map((name) => (
              <div key={name} className={row}>
                <span className={label} aria-hidden>{t(`draft:${name}`)}</span>
                <TokenField
                  ref={name === "cc" ? cc : bcc}
                  bare
                  label={t(`draft:${name}`)}
                  value={fields[name]}
                  onChange={(next) => change({ [name]: next })}
                  complete={completeAddress}
                  removeLabel={removal}
                  invalidLabel={t("common:not_an_address")}
                  className="min-w-0 flex-1"
                />
              </div>
            ))}
          <div className={middle}>
            <input
              aria-label={t("draft:subject")}
              placeholder={t("draft:subject")}
              value={fields.subject}
              onChange={(event) => change({ subject: event.target.value.replaceAll(/[\r\n]+/g, " ") })}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
                event.preventDefault();
                body.current?.focus();
              }}
              className="h-9 w-full bg-transparent font-medium outline-none focus-visible:outline-none"
            />
          </div>
          {plain ? <PlainBody ref={body} writing={writing} /> : <RichBody ref={body} writing={writing} toolbar={toolbar} autoFocus={answered} />}
          {draft.original !== null && <Original message={draft.original} quote={fields.quote} onQuote={(quote) => change({ quote })} />}
          <DraftFiles files={files} coming={writing.coming} onRemove={(file) => void writing.detach(file)} />
        </div>
      </div>

      <footer className="flex shrink-0 flex-wrap items-center gap-1 border-t border-line px-3 py-2">
        <span className="inline-flex">
          <Button kind="primary" busy={sending} onPress={() => sendIn(null)} className="rounded-r-none">{t("draft:send")}</Button>
          <Menu
            trigger={<Button kind="primary" isDisabled={sending} aria-label={t("draft:later.title")} icon={ChevronDown} className="rounded-l-none border-l-on-accent/30 !px-1.5" />}
            label={t("draft:later.title")}
            placement="top start"
            groups={[
              {
                title: t("draft:later.title"),
                items: [
                  ...laterChoices(Date.now()).map((choice) => ({
                    id: choice.id,
                    label: t(`draft:later.${choice.id}` as MessageKey),
                    hint: format.dateTime(choice.at),
                    perform: () => sendIn(choice.at),
                  })),
                  { id: "choose", label: t("draft:later.choose"), icon: CalendarClock, perform: () => setChoosingTime(true) },
                ],
              },
            ]}
          />
        </span>
        <span aria-hidden className="mx-1 h-4 w-px bg-line" />
        <IconButton icon={Paperclip} label={t("draft:files.add")} keys={keysOf("draft.attach")} onPress={() => void chooseFiles()} />
        {!plain && <IconButton icon={ImagePlus} label={t("draft:files.picture")} onPress={() => void choosePictures()} />}
        {!plain && <IconToggle icon={Type} label={t("draft:format.title")} isSelected={toolbar} onChange={(shown) => void patchSettings((now) => ({ layout: { ...now.layout, "draft.toolbar": shown ? 1 : 0 } }))} />}
        <Button small kind="quiet" onPress={switchMode} className="text-muted">{plain ? t("draft:to_rich") : t("draft:to_plain")}</Button>
        <span className="flex-1" />
        <IconButton icon={Trash2} label={t("draft:discard")} onPress={() => void discard()} />
      </footer>

      {dropping && (
        <div aria-hidden className="pointer-events-none absolute inset-2 z-20 flex items-center justify-center rounded-xl border-2 border-dashed border-accent bg-accent-soft text-accent-text opacity-90">
          {t("draft:files.drop")}
        </div>
      )}
      <WarningsDialog warnings={warnings?.list ?? null} onClose={() => setWarnings(null)} onSend={() => warnings && !warnings.list.some(blocks) && void handOver(warnings.at)} />
      <ConfirmDialog open={toPlain} onClose={() => setToPlain(false)} title={t("draft:to_plain")} confirm={t("draft:to_plain")} cancel={t("common:cancel")} onConfirm={makePlain}>
        {t("draft:to_plain_loses")}
      </ConfirmDialog>
      {choosingTime && <LaterDialog onClose={() => setChoosingTime(false)} onChoose={(at) => { setChoosingTime(false); sendIn(at); }} />}
    </section>
  );
}

function SaveMark({ save }: { save: ReturnType<typeof useWriting>["save"] }) {
  const t = useT();
  const format = useFormats();
  const text =
    save.kind === "saved" ? (save.at === null ? "" : t("draft:saved_at", { time: format.time(save.at) })) : save.kind === "failed" ? t("draft:not_saved") : save.kind === "saving" ? t("draft:saving") : "";
  return (
    <span role="status" title={save.kind === "failed" ? save.error.message : undefined} className={clsx("mr-1 truncate text-2xs", save.kind === "failed" ? "text-danger-text" : "text-muted")}>
      {text}
    </span>
  );
}

function LaterDialog({ onClose, onChoose }: { onClose: () => void; onChoose: (at: number) => void }) {
  const t = useT();
  const [value, setValue] = useState(() => localField(laterChoices(Date.now())[1]?.at ?? Date.now()));
  const at = new Date(value).getTime();
  const past = !(at > Date.now());
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("draft:later.choose")}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" isDisabled={past} onPress={() => onChoose(at)}>{t("draft:later.do")}</Button>
        </>
      }
    >
      <TextField type="datetime-local" label={t("draft:later.time")} value={value} onChange={setValue} autoFocus error={past ? t("draft:later.past") : null} />
    </Dialog>
  );
}
