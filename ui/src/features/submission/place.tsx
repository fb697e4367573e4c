// The outbox: the send ledger as people see it.
import { clsx } from "clsx";
import { ArrowLeft, Pause, Play, RotateCcw, Send, Undo2 } from "lucide-react";
import { useMemo, useState } from "react";
import { Banner, Button, EmptyState, Segmented, Select, Skeleton, Splitter, VirtualList } from "../../design";
import { usePages, useRead, write, type AccountId, type Submission, type SubmissionId } from "../../engine";
import { useFormats, useT } from "../../i18n";
import { ErrorPane, rowHeights, troubleOf, useActions, useLayoutSize, useNarrow, useNow, useScope, useSettings } from "../../shell";
import { SubmissionDetail, cancelLetter } from "./detail";
import { PendingChanges } from "./pending";
import { StateBadge, canCancel, canRetry, useRecipientWords, waitWords } from "./state";

export default function OutboxPlace() {
  const t = useT();
  useScope("outbox");
  const accounts = useRead("account.list", {}).data ?? [];
  const [which, setWhich] = useState<"open" | "all">("open");
  const [account, setAccount] = useState<AccountId | null>(null);
  const args = useMemo(() => ({ account_id: account, run_id: null, open: which === "open" }), [account, which]);
  const pages = usePages("submission.list", args);
  const [chosen, setChosen] = useState<SubmissionId | null>(null);
  const [active, setActive] = useState(-1);
  const [width, setWidth, keepWidth] = useLayoutSize("outbox_detail", 400);
  const paused = pages.any?.paused ?? [];
  const now = useNow(pages.total > 0 && which === "open");
  const { density } = useSettings();
  const narrow = useNarrow(820);
  const letter = active >= 0 ? pages.row(active) : undefined;
  const words = { toDraft: t("submission:cancelled_to_draft"), done: t("submission:cancelled"), open: t("submission:open_draft") };

  useActions([
    { id: "submission.cancel", title: "submission:cancel", icon: Undo2, keys: ["#", "delete"], scope: "outbox", when: () => letter !== undefined && canCancel(letter.state), perform: () => letter && void cancelLetter(letter.id, words) },
    { id: "submission.retry", title: "submission:retry", icon: RotateCcw, keys: ["r"], scope: "outbox", when: () => letter !== undefined && canRetry(letter), perform: () => letter && void write("submission.retry", { id: letter.id }) },
    { id: "submission.pause", title: "submission:pause", icon: Pause, scope: "outbox", when: () => paused.length < accounts.length, perform: () => void write("submission.pause", { id: account }) },
    { id: "submission.resume", title: "submission:resume", icon: Play, scope: "outbox", when: () => paused.length > 0, perform: () => void write("submission.resume", { id: account }) },
  ]);

  const choose = (index: number) => {
    setActive(index);
    setChosen(pages.row(index)?.id ?? null);
  };
  const mine = accounts.filter((one) => account === null || one.id === account);
  const allPaused = mine.length > 0 && mine.every((one) => paused.includes(one.id));

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-12 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <h1 className="mr-2 text-base font-semibold">{t("submission:title")}</h1>
        <Segmented
          aria={t("submission:filter.label")}
          value={which}
          options={[
            { value: "open", label: t("submission:filter.open") },
            { value: "all", label: t("submission:filter.all") },
          ]}
          onChange={(next) => {
            setWhich(next);
            setActive(-1);
            setChosen(null);
          }}
        />
        {accounts.length > 1 && (
          <Select<number>
            aria={t("setting:section.accounts")}
            className="w-52"
            value={account ?? 0}
            options={[{ value: 0, label: t("submission:account_all") }, ...accounts.map((one) => ({ value: one.id, label: one.name }))]}
            onChange={(id) => setAccount(id === 0 ? null : id)}
          />
        )}
        <span className="flex-1" />
        {accounts.length > 0 &&
          (allPaused ? (
            <Button small icon={Play} onPress={() => void write("submission.resume", { id: account })}>{t("submission:resume")}</Button>
          ) : (
            <Button small icon={Pause} onPress={() => void write("submission.pause", { id: account })}>{t("submission:pause")}</Button>
          ))}
      </header>
      {paused.length > 0 && <PausedBanner ids={paused} names={accounts} />}
      <PendingChanges />
      {pages.error ? (
        <ErrorPane error={pages.error} onRetry={pages.refetch} />
      ) : pages.total === 0 ? (
        <EmptyState icon={Send} title={t(`submission:empty_${which}.title`)}>{t(`submission:empty_${which}.body`)}</EmptyState>
      ) : (
        <div className="flex min-h-0 flex-1">
          {(!narrow || chosen === null) && (
            <VirtualList
              label={t("submission:pane")}
              count={Math.max(0, pages.total)}
              rowHeight={Math.max(44, rowHeights(density).list)}
              active={active}
              onActive={choose}
              onRange={pages.onRange}
              renderRow={(index, state) => <Row letter={pages.row(index)} now={now} paused={paused} {...state} />}
            />
          )}
          {!narrow && (
            <Splitter label={t("common:resize", { name: t("submission:pane") })} value={width} min={300} max={720} after initial={400} onChange={setWidth} onSettled={keepWidth} />
          )}
          {(!narrow || chosen !== null) && (
            <aside className={clsx("flex min-h-0 flex-col", narrow ? "flex-1" : "shrink-0")} style={narrow ? undefined : { width: `min(${width}px, 60%)` }}>
              {narrow && (
                <div className="border-b border-line px-3 py-1.5">
                  <Button small kind="quiet" icon={ArrowLeft} onPress={() => setChosen(null)}>{t("common:back")}</Button>
                </div>
              )}
              {chosen === null ? (
                <p className="flex h-full items-center justify-center p-8 text-center text-sm text-muted">{t("submission:detail.pick")}</p>
              ) : (
                <SubmissionDetail id={chosen} now={now} paused={letter ? paused.includes(letter.account_id) : false} />
              )}
            </aside>
          )}
        </div>
      )}
    </div>
  );
}

function PausedBanner({ ids, names }: { ids: readonly AccountId[]; names: readonly { id: AccountId; name: string }[] }) {
  const t = useT();
  const format = useFormats();
  const shown = names.filter((one) => ids.includes(one.id)).map((one) => one.name);
  return (
    <Banner
      tone="warning"
      icon={Pause}
      actions={
        <Button
          small
          onPress={() => {
            for (const id of ids) void write("submission.resume", { id });
          }}
        >
          {t("submission:resume")}
        </Button>
      }
    >
      {t("submission:paused_banner", { names: format.list(shown) })}
    </Banner>
  );
}

function Row({ letter, now, paused, active }: { letter: Submission | undefined; now: number; paused: readonly AccountId[]; active: boolean }) {
  const t = useT();
  const format = useFormats();
  const recipients = useRecipientWords();
  if (!letter) return <div className="flex h-full flex-col justify-center gap-2 px-4"><Skeleton width="46%" /><Skeleton width="70%" height={10} /></div>;
  const wait = waitWords(letter, now, paused.includes(letter.account_id), t, format);
  const why = letter.error ? troubleOf(letter.error, t).title : (letter.answer ?? "");
  return (
    <div className={clsx("flex h-full flex-col justify-center border-b border-line px-4", active ? "bg-selected" : "hover:bg-hover")}>
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1 truncate font-semibold">{letter.subject || t("submission:no_subject")}</span>
        <StateBadge state={letter.state} />
      </div>
      <div className="flex items-center gap-3 text-xs text-muted">
        <span className="max-w-[60%] shrink-0 truncate">{t("submission:to")}: {recipients(letter)}</span>
        <span className={clsx("min-w-0 flex-1 truncate", letter.error && "text-danger-text")}>{why}</span>
        {wait ? <span className="shrink-0 tabular-nums">{wait}</span> : <span className="shrink-0">{format.when(letter.state_at)}</span>}
      </div>
    </div>
  );
}
