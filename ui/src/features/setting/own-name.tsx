// Who the user is in bases. Kept when the field is left, not with every letter.
import { useState } from "react";
import { TextField } from "../../design";
import { useT } from "../../i18n";

/** As many characters as the engine takes. */
const LONGEST = 100;

export function OwnName({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const t = useT();
  const [typed, setTyped] = useState(name);
  const keep = () => {
    const next = typed.trim();
    setTyped(next);
    if (next !== name) onChange(next);
  };
  return (
    <TextField
      aria-label={t("setting:own_name.title")}
      className="w-52"
      autoComplete="name"
      maxLength={LONGEST}
      placeholder={t("setting:own_name.placeholder")}
      value={typed}
      onChange={setTyped}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
        if (event.key === "Escape") setTyped(name);
      }}
    />
  );
}
