import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Column } from "../../engine";
import { filesOf } from "./files";
import { Thumbnail } from "./thumbnail";
import { cellView } from "./view";

const column: Column = { id: 1, name: "Bild", type: "image", settings: {}, description: "", width: 100 };
const words = { yes: "", no: "", write: "", open: "", base: "01B" };

test("a cell shows the small picture, and the sign of a picture where there is none", () => {
  render(<>{cellView(column, [{ name: "haus.jpg", hash: "ab", size: 9 }], "de", 1, words)}</>);
  const picture = screen.getByRole("img", { name: "haus.jpg" });
  expect(picture.getAttribute("src")).toMatch(/base-thumbnail\/01B\/ab\?for=cell$/);
  fireEvent.error(picture);
  const sign = screen.getByRole("img", { name: "haus.jpg" });
  expect(sign.tagName).toBe("SPAN");
  expect(sign.querySelector("svg")).not.toBeNull();
});

test("another picture in the place of one that failed is tried again", () => {
  const file = (hash: string) => filesOf([{ name: "a.png", hash }], "01B")[0]!;
  const { rerender } = render(<Thumbnail file={file("ab")} size="card" alt="a" className="" sign={20} />);
  fireEvent.error(screen.getByRole("img"));
  rerender(<Thumbnail file={file("cd")} size="card" alt="a" className="" sign={20} />);
  expect(screen.getByRole("img").getAttribute("src")).toMatch(/base-thumbnail\/01B\/cd\?for=card$/);
});

test("what the engine does not make smaller is shown as it is", () => {
  expect(filesOf([{ name: "a.avif", hash: "ab" }], "01B")[0]!.small("cell")).toMatch(/base-file\/01B\/ab/);
  expect(filesOf([{ name: "a.svg", url: "data:image/svg+xml,x" }], "01B")[0]!.small("cell")).toBe("data:image/svg+xml,x");
});
