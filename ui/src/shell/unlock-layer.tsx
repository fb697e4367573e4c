// Asks for the passphrase: once at start where one was set, and whenever something needs it.
import { useState } from "react";
import { useRead } from "../engine";
import { UnlockDialog } from "../features/account/unlock";
import { unlocking } from "./unlocking";

export function UnlockLayer() {
  const { asked } = unlocking();
  const secrets = useRead("profile.get", {}).data?.secrets;
  // A passphrase that was never set is asked for with the first account that needs it.
  const [dismissed, setDismissed] = useState(false);
  return (
    <UnlockDialog
      open={asked || (secrets === "locked" && !dismissed)}
      onClose={() => {
        unlocking.setState({ asked: false });
        setDismissed(true);
      }}
    />
  );
}
