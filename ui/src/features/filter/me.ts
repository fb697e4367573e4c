// Under which names records know whoever looks: their name in bases, and the addresses of their accounts.
// The engine finds "me" by the same ones (src-tauri/store/src/setting.rs).
import { useMemo } from "react";
import { useRead } from "../../engine";
import { useSettings } from "../../shell";
import { fold } from "../cell/show";

const none: readonly string[] = [];

/** Each name once, as it is written; none where nobody asks. */
export function useMe(asked = true): readonly string[] {
  const { own_name } = useSettings();
  const accounts = useRead("account.list", asked ? {} : null).data;
  const given = [own_name, ...(accounts ?? []).flatMap((one) => [one.email, ...one.identities.map((identity) => identity.email)])].map((name) => name.trim());
  const names = given.filter((name, at) => name !== "" && given.findIndex((other) => fold(other) === fold(name)) === at);
  // Accounts change with every round of sync, their addresses seldom.
  const text = names.join("\n");
  return useMemo(() => (asked && text !== "" ? text.split("\n") : none), [asked, text]);
}
