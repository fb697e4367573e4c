import { expect, test } from "vitest";
import { cellOf, filesOf, moved, pictureOf, renamed } from "./files";

const dot = { name: "dot.png", size: 3, hash: "ab" };
const papers = [{ name: "Angebot.pdf", size: 5, hash: "cd" }, dot, "https://example.org/x/far%20away.png"];

test("files in the base have an address of the engine, those of other hosts none", () => {
  const files = filesOf(papers, "01B");
  expect(files.map((one) => one.name)).toEqual(["Angebot.pdf", "dot.png", "far away.png"]);
  expect(files[1]?.url).toMatch(/base-file\/01B\/ab\?n=dot\.png$/);
  expect(files[2]).toMatchObject({ url: "", hash: null, picture: false });
  expect(pictureOf(papers, "01B")?.name).toBe("dot.png");
  expect(filesOf([[dot], [dot]], "01B")).toHaveLength(2);
});

test("a drawing that may run scripts is never shown as a picture", () => {
  expect(filesOf([{ name: "logo.svg", hash: "ef" }], "01B")[0]?.picture).toBe(false);
});

test("a renamed or moved file keeps all else that the cell says of it", () => {
  const kept = { name: "a.pdf", url: "file://dtable-bundle/asset/files/2026-01/a.pdf", type: "file", hash: "ab", size: 1 };
  const files = filesOf([kept, dot], "01B");
  expect(cellOf([renamed(files[0]!, "b.pdf")])).toEqual([{ ...kept, name: "b.pdf" }]);
  expect(cellOf(moved(files, 0, 1))).toEqual([dot, kept]);
  expect(cellOf(moved(files, 1, 1))).toEqual([kept, dot]);
  expect(cellOf([])).toBeNull();
});
