// The passphrase dialog can be asked for from anywhere that meets a locked profile.
import { create } from "zustand";

export const unlocking = create<{ asked: boolean }>(() => ({ asked: false }));

export function askPassphrase(): void {
  unlocking.setState({ asked: true });
}
