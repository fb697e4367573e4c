// Addresses as people type and paste them.

/** What the address chips hold; the same shape as the door's. */
export interface TypedAddress {
  name: string;
  email: string;
}

/** Whether this could be an address: one @, a host with a dot or `localhost`, no spaces. */
export function looksLikeAddress(email: string): boolean {
  return /^[^\s@<>(),;:"[\]]+@[^\s@<>(),;:"[\]]+$/u.test(email) && !/\.\.|@\.|\.$|^\./.test(email);
}

/** `Ada Lovelace <ada@example.org>` or `ada@example.org`. */
export function parseAddress(typed: string): TypedAddress {
  const text = typed.trim();
  const angled = /^(.*?)<\s*([^<>]*?)\s*>\s*$/su.exec(text);
  if (!angled) return { name: "", email: text.replace(/^mailto:/i, "") };
  const name = (angled[1] ?? "").trim().replace(/^"(.*)"$/su, "$1").replaceAll('\\"', '"');
  return { name, email: angled[2] ?? "" };
}

/** A pasted list: commas, semicolons and line breaks part it, but not inside of quotes or brackets. */
export function splitAddresses(text: string): TypedAddress[] {
  const found: string[] = [];
  let item = "";
  let quoted = false;
  let angled = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (char === "<") angled = true;
    else if (char === ">") angled = false;
    if ((char === "\n" || char === "\r") || (!quoted && !angled && (char === "," || char === ";"))) {
      found.push(item);
      item = "";
      quoted = false;
      angled = false;
    } else item += char;
  }
  found.push(item);
  return found.map((one) => one.trim()).filter(Boolean).map(parseAddress);
}

/** As it is typed again. */
export function formatAddress({ name, email }: TypedAddress): string {
  if (!name) return email;
  return `${/[,;<>"@]/.test(name) ? `"${name.replaceAll('"', '\\"')}"` : name} <${email}>`;
}
