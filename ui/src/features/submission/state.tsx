// Where a letter stands, in words.
import { Badge, type Tone } from "../../design";
import type { Submission, SubmissionState } from "../../engine";
import { useFormats, useT, type Formats, type T } from "../../i18n";

const tones: Record<SubmissionState, Tone> = {
  frozen: "plain",
  queued: "accent",
  claimed: "accent",
  handing_over: "accent",
  accepted: "success",
  refused: "danger",
  uncertain: "warning",
  bounced: "danger",
  replied: "success",
  cancelled: "plain",
  unsent: "plain",
};

export function StateBadge({ state }: { state: SubmissionState }) {
  const t = useT();
  return <Badge tone={tones[state]}>{t(`submission:state.${state}`)}</Badge>;
}

const HOUR_MS = 3_600_000;

/** Why a waiting letter waits: its time, its next try, its paused lane. */
export function waitWords(letter: Submission, now: number, paused: boolean, t: T, format: Formats): string {
  if (letter.state !== "queued" && letter.state !== "frozen") return "";
  if (paused) return t("submission:lane_paused");
  if (letter.state === "frozen") return "";
  if (letter.retry_at !== null && letter.retry_at > now) {
    return t("submission:retry_in", { time: format.countdown((letter.retry_at - now) / 1000) });
  }
  if (letter.send_at > now + HOUR_MS) return t("submission:leaves_at", { when: format.dateTime(letter.send_at) });
  if (letter.send_at > now) return t("submission:leaves_in", { time: format.countdown((letter.send_at - now) / 1000) });
  return "";
}

/** Recipients in one line. */
export function useRecipientWords(): (letter: Submission) => string {
  const t = useT();
  const format = useFormats();
  return ({ recipients }) => {
    const first = recipients[0]?.email ?? "";
    if (recipients.length <= 1) return first;
    return t("submission:more_recipients", { name: first, n: format.number(recipients.length - 1) });
  };
}

export const canCancel = (state: SubmissionState) => state === "frozen" || state === "queued";
export const canRetry = (letter: Submission) =>
  letter.state === "refused" || letter.state === "unsent" || (letter.state === "queued" && letter.attempts > 0);
