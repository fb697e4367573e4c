// One sign-in in the system's browser, from its begin to the account: no window knowledge, so that its
// states can be told apart in tests.
import { call, toEngineError, type Account, type ArgsOf, type EngineError, type SignInTicket } from "../../engine";

export type SignInArgs = ArgsOf<"account.begin_sign_in">;

export type SignInState =
  | { phase: "beginning" }
  | { phase: "waiting"; ticket: SignInTicket }
  | { phase: "failed"; error: EngineError }
  | { phase: "done"; account: Account };

/**
 * Begins, opens the provider's page and waits for the user's consent. `tell` hears each state; after the
 * returned function was called it hears nothing more, and the engine stops listening.
 */
export function startSignIn(args: SignInArgs, tell: (state: SignInState) => void, open: (address: string) => Promise<void>): () => void {
  let left = false;
  let waiting: string | null = null;
  const giveUp = (ticket: string) => void call("account.cancel_sign_in", { ticket }).catch(() => {});
  const run = async () => {
    tell({ phase: "beginning" });
    const ticket = await call("account.begin_sign_in", args);
    if (left) {
      giveUp(ticket.ticket);
      return;
    }
    waiting = ticket.ticket;
    tell({ phase: "waiting", ticket });
    // A code is typed elsewhere; and where no browser opens, the address can be copied.
    if (ticket.code === null) void open(ticket.address).catch(() => {});
    const account = await call("account.finish_sign_in", { ticket: ticket.ticket });
    waiting = null;
    if (!left) tell({ phase: "done", account });
  };
  void run().catch((thrown: unknown) => {
    waiting = null;
    if (!left) tell({ phase: "failed", error: toEngineError(thrown) });
  });
  return () => {
    if (left) return;
    left = true;
    if (waiting !== null) giveUp(waiting);
  };
}
