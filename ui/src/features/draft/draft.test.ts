import { expect, test } from "vitest";
import { setTransport, type Draft } from "../../engine";
import { testTransport } from "../../testing/transport";
import { cleanPasted } from "./editor";
import { filesOf, withCids, withUrls } from "./inline-images";
import { laterChoices, localField } from "./later";
import { textToHtml } from "./text-html";
import { linkAddress } from "./toolbar";

const draft: Draft = {
  id: 7, account_id: 1, identity_id: 10, kind: "new", original: null, to: [], cc: [], bcc: [], subject: "", html: "", text: "", quote: false, updated_at: 0,
  attachments: [
    { id: 1, filename: "a.png", mime: "image/png", size: 1, content_id: "p1@tabella" },
    { id: 2, filename: "b.pdf", mime: "application/pdf", size: 1, content_id: null },
  ],
};

test("pictures are shown from the engine and saved by their Content-ID", () => {
  setTransport(testTransport({}));
  const saved = '<p>See <img src="cid:p1@tabella" width="120"></p>';
  const shown = withUrls(saved, draft);
  expect(shown).toContain('src="about:blank#draft-part/7/1"');
  expect(withCids(shown)).toBe(saved);
  expect(filesOf(draft, saved).map((one) => one.id)).toEqual([2]);
  // A picture that was deleted from the text is an ordinary file again.
  expect(filesOf(draft, "<p></p>").map((one) => one.id)).toEqual([1, 2]);
});

test("a table pasted from Office keeps its cells and loses its styles and foreign pictures", () => {
  const pasted = '<html><head><style>td{}</style></head><body><table class=xl1 style="width:90pt"><tr><td style="mso-x:1;color:red;font-weight:bold">A</td></tr></table><img src="https://tracker.example/a.gif"><o:p></o:p></body></html>';
  const clean = cleanPasted(pasted);
  expect(clean).toContain("<td");
  expect(clean).toContain("color: red");
  expect(clean).not.toMatch(/mso|xl1|tracker|<style|width/);
});

test("plain text becomes paragraphs with its line breaks and no tags", () => {
  expect(textToHtml("a\nb\n\n<script>")).toBe("<p>a<br>b</p><p>&lt;script&gt;</p>");
});

test("the times offered for later are all in the future and in local time", () => {
  for (const now of [new Date(2026, 10, 22, 7, 0), new Date(2026, 10, 23, 23, 59), new Date(2026, 10, 27, 12, 0)].map(Number)) {
    const choices = laterChoices(now);
    for (const { at } of choices) expect(at).toBeGreaterThan(now);
    expect(new Date(choices[1]!.at).getHours()).toBe(8);
    const monday = choices.find((one) => one.id === "monday");
    if (monday) expect(new Date(monday.at).getDay()).toBe(1);
  }
  expect(localField(new Date(2026, 0, 5, 8, 3).getTime())).toBe("2026-01-05T08:03");
});

test("a link typed without a scheme gets one; a script gets none", () => {
  expect(linkAddress("example.org/a")).toBe("https://example.org/a");
  expect(linkAddress("ada@example.org")).toBe("mailto:ada@example.org");
  expect(linkAddress("http://example.org")).toBe("http://example.org");
  expect(linkAddress("javascript:alert(1)")).toBeNull();
  expect(linkAddress("hello")).toBeNull();
});
