// The whole window on a made-up profile, for tests of screens.
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, beforeEach } from "vitest";
import { createQueryClient, followChanges, setTransport, startChanges } from "../engine";
import { setLanguage } from "../i18n";
import { App } from "../shell/app";
import { go } from "../shell/navigate";
import { fixtureHandlers } from "./fixture";
import { testTransport, type TestTransport } from "./transport";

let ends: (() => void)[] = [];

beforeEach(async () => {
  document.body.innerHTML = "";
  document.title = "Tabella";
  localStorage.clear();
  await setLanguage("en");
});
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});

/** Opens the window at a path; `search` chooses the profile as in the address bar. */
export function openWindow(path: string, search = "?fixture"): TestTransport {
  const transport: TestTransport = testTransport({});
  transport.handlers = fixtureHandlers(search, () => transport);
  setTransport(transport);
  const client = createQueryClient();
  ends = [followChanges(client), startChanges(), () => client.clear()];
  go(path);
  render(
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>,
  );
  return transport;
}

/** happy-dom has no layout and no colours, so those rules are left to the window tests. */
export async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, "target-size": { enabled: false } } });
  return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** happy-dom lays nothing out: every element gets the size of a window, px. */
export function sizedAs(width: number, height: number): void {
  const sizes = { clientWidth: width, clientHeight: height };
  beforeEach(() => {
    for (const [name, size] of Object.entries(sizes)) Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
  });
  afterEach(() => {
    for (const name of Object.keys(sizes)) Reflect.deleteProperty(HTMLElement.prototype, name);
  });
}

/** What a command was asked last. */
export const lastOf = (transport: TestTransport, name: string) => transport.calls.findLast((one) => one.name === name)?.args as Record<string, unknown>;
