// The envelope icon: a test mail, and the server's own answer.
import { CircleCheck } from "lucide-react";
import { useRef, useState } from "react";
import { Button, Dialog, TextField, TokenField, looksLikeAddress, type TokenFieldHandle, type TypedAddress } from "../../design";
import { call, useWrite, type Account, type TestMailResult } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox } from "../../shell";

const complete = (text: string) => call("correspondent.complete", { text, limit: 8 });

export function TestMail({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useT();
  const [to, setTo] = useState<TypedAddress[]>([{ name: "", email: account.email }]);
  const [subject, setSubject] = useState(t("account:test.subject_default"));
  const [text, setText] = useState(t("account:test.text_default"));
  const [result, setResult] = useState<TestMailResult | null>(null);
  const field = useRef<TokenFieldHandle>(null);
  const send = useWrite("account.test_mail", { quiet: true, onDone: setResult });
  const run = () => {
    const all = field.current?.commit() ?? to;
    if (all.length === 0 || !all.every((one) => looksLikeAddress(one.email))) {
      field.current?.focus();
      return;
    }
    setResult(null);
    send.mutate({ id: account.id, to: all.map((one) => one.email), subject, text });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("account:test.title", { name: account.name })}
      closeLabel={t("common:close")}
      footer={
        <>
          <Button onPress={onClose}>{t("common:close")}</Button>
          <Button kind="primary" busy={send.isPending} onPress={run}>{t("account:test.send")}</Button>
        </>
      }
    >
      <div className="space-y-3">
        <div>
          <span aria-hidden className="mb-1 block text-xs font-medium text-muted">{t("account:test.to")}</span>
          <TokenField
            ref={field}
            label={t("account:test.to")}
            value={to}
            onChange={setTo}
            complete={complete}
            removeLabel={(one) => t("common:remove_named", { name: one.email })}
            invalidLabel={t("common:not_an_address")}
          />
        </div>
        <TextField label={t("account:test.subject")} value={subject} onChange={setSubject} />
        <TextField label={t("account:test.text")} rows={4} value={text} onChange={setText} />
        {result?.accepted && (
          <div role="status" className="rounded-lg bg-success-soft p-3 text-sm">
            <p className="flex items-center gap-2 font-medium"><CircleCheck size={16} aria-hidden className="text-success-text" />{t("account:test.accepted")}</p>
            <Answer text={result.answer} />
          </div>
        )}
        {result && !result.accepted && (
          <div>
            {result.error && <ErrorBox error={result.error} />}
            <Answer text={result.answer} />
          </div>
        )}
        {send.error && <ErrorBox error={send.error} />}
      </div>
    </Dialog>
  );
}

function Answer({ text }: { text: string }) {
  const t = useT();
  if (!text) return null;
  return (
    <div className="mt-2 text-xs text-muted">
      {t("account:test.answer")}
      <pre className="selectable mt-1 rounded-md bg-sunken p-2 font-mono break-words whitespace-pre-wrap text-text">{text}</pre>
    </div>
  );
}
