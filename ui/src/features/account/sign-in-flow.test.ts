import { expect, test, vi } from "vitest";
import { setTransport, type Account } from "../../engine";
import { doorError, testTransport, type Handlers } from "../../testing/transport";
import { startSignIn, type SignInState } from "./sign-in-flow";

const ticket = { ticket: "t1", address: "https://provider.example/authorize?state=1", code: null, ends_at: 600_000 };
const account = { id: 7, email: "ada@example.org" } as Account;

function begin(handlers: Handlers) {
  const transport = testTransport({ "account.begin_sign_in": () => ticket, "account.cancel_sign_in": () => ({}), ...handlers });
  setTransport(transport);
  const states: SignInState[] = [];
  const opened: string[] = [];
  const leave = startSignIn({ provider: "google", device: false }, (state) => states.push(state), async (address) => void opened.push(address));
  const phases = () => states.map((state) => state.phase);
  return { transport, states, phases, opened, leave };
}

test("the page is opened, the window waits, and the account is told", async () => {
  const { phases, states, opened } = begin({ "account.finish_sign_in": () => account });
  await vi.waitFor(() => expect(phases()).toEqual(["beginning", "waiting", "done"]));
  expect(opened).toEqual([ticket.address]);
  expect(states.at(-1)).toEqual({ phase: "done", account });
});

test("with a code no page is opened here", async () => {
  const { phases, opened } = begin({ "account.begin_sign_in": () => ({ ...ticket, code: "F7QX" }), "account.finish_sign_in": () => account });
  await vi.waitFor(() => expect(phases()).toContain("done"));
  expect(opened).toEqual([]);
});

test("a refusal is told with its code", async () => {
  const { states } = begin({
    "account.finish_sign_in": () => {
      throw doorError("admin_consent", "An administrator must allow it.");
    },
  });
  await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ phase: "failed", error: { code: "admin_consent" } }));
});

test("a browser that can't be opened does not end the sign-in", async () => {
  setTransport(testTransport({ "account.begin_sign_in": () => ticket, "account.finish_sign_in": () => account }));
  const states: SignInState[] = [];
  startSignIn({ provider: "google", device: false }, (state) => states.push(state), () => Promise.reject(new Error("no browser")));
  await vi.waitFor(() => expect(states.at(-1)?.phase).toBe("done"));
});

test("leaving while it waits cancels it once, and nothing more is told", async () => {
  const { transport, phases, leave } = begin({ "account.finish_sign_in": () => new Promise(() => {}) });
  await vi.waitFor(() => expect(phases()).toEqual(["beginning", "waiting"]));
  leave();
  leave();
  expect(transport.calls.filter((one) => one.name === "account.cancel_sign_in")).toEqual([{ name: "account.cancel_sign_in", args: { ticket: "t1" } }]);
  expect(phases()).toEqual(["beginning", "waiting"]);
});

test("leaving before the ticket came cancels it when it comes, and opens no page", async () => {
  const { transport, phases, opened, leave } = begin({ "account.finish_sign_in": () => account });
  leave();
  await vi.waitFor(() => expect(transport.calls.some((one) => one.name === "account.cancel_sign_in")).toBe(true));
  expect(opened).toEqual([]);
  expect(phases()).toEqual(["beginning"]);
});

test("a sign-in that is over is not cancelled", async () => {
  const { transport, phases, leave } = begin({ "account.finish_sign_in": () => account });
  await vi.waitFor(() => expect(phases()).toContain("done"));
  leave();
  expect(transport.calls.some((one) => one.name === "account.cancel_sign_in")).toBe(false);
});
