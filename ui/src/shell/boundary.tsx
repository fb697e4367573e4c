// A part of the window that fails must not take the rest with it.
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button, ErrorState } from "../design";
import { useT } from "../i18n";

interface Props {
  children: ReactNode;
  /** Another value begins anew: the path. */
  place: string;
}

export class Boundary extends Component<Props, { error: Error | null; place: string }> {
  override state = { error: null as Error | null, place: this.props.place };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: { error: Error | null; place: string }) {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Crashed error={error} onAgain={() => this.setState({ error: null })} />;
  }
}

function Crashed({ error, onAgain }: { error: Error; onAgain: () => void }) {
  const t = useT();
  return (
    <ErrorState
      trouble={{ title: t("shell:crash.title"), message: t("shell:crash.body"), detail: `${error.message}\n${error.stack ?? ""}` }}
      detailLabel={t("common:show_detail")}
      actions={<Button kind="primary" onPress={onAgain}>{t("shell:crash.again")}</Button>}
    />
  );
}
