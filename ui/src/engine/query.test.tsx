import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { createQueryClient, followChanges, setTransport, startChanges, touches, useRead } from ".";
import { changed, doorError, testTransport, type Handlers, type TestTransport } from "../testing/transport";

let stop = () => {};
afterEach(() => stop());

function engine(handlers: Handlers): { transport: TestTransport; wrapper: (props: { children: ReactNode }) => ReactNode } {
  const transport = testTransport(handlers);
  setTransport(transport);
  const client = createQueryClient();
  const ends = [followChanges(client), startChanges()];
  stop = () => {
    for (const end of ends) end();
    client.clear();
  };
  return { transport, wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> };
}

test("a read is asked again when a change names a noun it is made of, and only then", async () => {
  let names = ["Ada"];
  const { transport, wrapper } = engine({ "template.list": () => names.map((name, id) => ({ id, name, subject: "", html: null, text: "", updated_at: 0 })) });
  const { result } = renderHook(() => useRead("template.list", {}), { wrapper });
  await waitFor(() => expect(result.current.data?.[0]?.name).toBe("Ada"));
  names = ["Grace"];
  act(() => transport.change(changed("message")));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 5)));
  expect(transport.calls).toHaveLength(1);
  act(() => transport.change(changed("template")));
  await waitFor(() => expect(result.current.data?.[0]?.name).toBe("Grace"));
  expect(transport.calls).toHaveLength(2);
});

test("a change that overtakes a read makes it ask once more, so the newest answer stands", async () => {
  let version = 1;
  const gates: (() => void)[] = [];
  const { transport, wrapper } = engine({
    "profile.get": async () => {
      const seen = version;
      await new Promise<void>((open) => gates.push(open));
      return { path: "", version: String(seen), secrets: "keyring" };
    },
  });
  const { result } = renderHook(() => useRead("profile.get", {}), { wrapper });
  await waitFor(() => expect(gates).toHaveLength(1));
  version = 2;
  act(() => transport.change(changed("setting"), changed("setting")));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 5)));
  gates[0]?.();
  await waitFor(() => expect(gates).toHaveLength(2));
  gates[1]?.();
  await waitFor(() => expect(result.current.data?.version).toBe("2"));
});

test("an error of the door arrives with its code, words and remedy", async () => {
  const { wrapper } = engine({
    "account.list": () => {
      throw doorError("locked", "The profile is locked.", { remedy: "Give the passphrase." });
    },
  });
  const { result } = renderHook(() => useRead("account.list", {}), { wrapper });
  await waitFor(() => expect(result.current.error?.code).toBe("locked"));
  expect(result.current.error?.remedy).toBe("Give the passphrase.");
});

test("a change of one thing leaves reads of other things and other bases alone", () => {
  expect(touches(changed("message", 5), "message.get", { id: 5 })).toBe(true);
  expect(touches(changed("message", 5), "message.get", { id: 6 })).toBe(false);
  expect(touches(changed("message"), "message.get", { id: 6 })).toBe(true);
  expect(touches(changed("record", 1, { base: "a" }), "record.list", { base: "b", table: 1 })).toBe(false);
  expect(touches(changed("record", 1, { base: "a" }), "record.list", { base: "a", table: 1 })).toBe(true);
  expect(touches(changed("sync_state", 3), "account.get", { id: 4 })).toBe(true);
});
