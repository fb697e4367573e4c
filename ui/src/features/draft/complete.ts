// People for the address fields: of the mail, and of the bases' e-mail columns.
import type { Suggestion } from "../../design";
import { call } from "../../engine";

/** At most eight, best first; those of a base say which, and which table. */
export async function completeAddress(text: string): Promise<Suggestion[]> {
  const found = await call("correspondent.complete", { text, limit: 8 });
  return found.map(({ name, email, table }) => ({ name, email, ...(table && { source: `${table.base} › ${table.name}` }) }));
}
