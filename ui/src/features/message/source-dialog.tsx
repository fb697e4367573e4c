// The letter as it came: its headers, and its source byte for byte.
import { Dialog, Tabs } from "../../design";
import { sourceUrl, useRead, type MessageId } from "../../engine";
import { useT } from "../../i18n";
import { ErrorBox } from "../../shell";

export function SourceDialog({ message, onClose }: { message: MessageId | null; onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open={message !== null} onClose={onClose} title={t("message:source.title")} size="large" closeLabel={t("common:close")}>
      {message !== null && (
        <Tabs
          aria={t("message:source.title")}
          tabs={[
            { id: "headers", label: t("message:source.headers"), content: <Headers message={message} /> },
            {
              id: "source",
              label: t("message:source.whole"),
              content: (
                <iframe
                  title={t("message:source.whole")}
                  src={sourceUrl(message)}
                  sandbox=""
                  className="h-[56vh] w-full rounded-md border border-line bg-[oklch(1_0_0)]"
                />
              ),
            },
          ]}
        />
      )}
    </Dialog>
  );
}

function Headers({ message }: { message: MessageId }) {
  const { data, error } = useRead("message.body", { id: message });
  if (error) return <ErrorBox error={error} />;
  return (
    <pre className="selectable h-[56vh] overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">
      {data?.headers}
    </pre>
  );
}
