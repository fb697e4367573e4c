import { expect, test } from "vitest";
import { mayRun } from "./file-kind";
import { readLink } from "./link";

test("only web, mail and phone links are ever opened", () => {
  for (const href of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "smb://host/share", "vbscript:x", "mail://localhost/body/1", "tauri://localhost", "not a link", "#part", ""]) {
    expect(readLink(href, ""), href).toBeNull();
  }
  expect(readLink("https://example.org/a", "a")).toMatchObject({ kind: "web", host: "example.org" });
  expect(readLink("tel:+49301234", "")).toMatchObject({ kind: "phone" });
});

test("a text that names another host is deceptive; one that names the same is not", () => {
  const deceptive = (href: string, text: string) => (readLink(href, text) as { deceptive?: boolean }).deceptive;
  expect(deceptive("https://evil.example/pay", "www.bank.example")).toBe(true);
  expect(deceptive("https://bank.example.evil.example/", "https://bank.example/login")).toBe(true);
  expect(deceptive("https://user@evil.example/", "Open")).toBe(true);
  expect(deceptive("https://www.bank.example/login", "bank.example")).toBe(false);
  expect(deceptive("https://login.bank.example/", "www.bank.example")).toBe(false);
  expect(deceptive("https://evil.example/", "Click here. Now")).toBe(false);
  expect(deceptive("https://xn--e1aybc.example/", "тест.example")).toBe(false);
});

test("a mail link fills the composer, without a line break in the subject and without files", () => {
  expect(readLink("mailto:a@example.org,b@example.org?cc=c@example.org&subject=Hello%0D%0ABcc:%20x@example.org&body=One%0D%0ATwo&attach=/etc/passwd", "")).toEqual({
    kind: "mail",
    to: ["a@example.org", "b@example.org"],
    cc: ["c@example.org"],
    subject: "Hello Bcc: x@example.org",
    body: "One\nTwo",
  });
});

test("files that would run are known by their real ending", () => {
  for (const name of ["a.exe", "Rechnung.pdf.EXE", "a.js", "page.html", "macro.docm", "a.lnk", "trick.exe. ", "x.ps1"]) expect(mayRun(name, "application/octet-stream"), name).toBe(true);
  for (const name of ["a.pdf", "exe", "notes.txt", "photo.jpeg", "table.xlsx"]) expect(mayRun(name, "application/octet-stream"), name).toBe(false);
  expect(mayRun("photo", "application/x-msdownload")).toBe(true);
});
