import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setTransport, type Base, type Column, type FileAddArgs, type FilesAdded } from "../../engine";
import { setLanguage } from "../../i18n";
import { doorError, testTransport } from "../../testing/transport";
import { BaseContext } from "./base-context";
import { SignaturePanel } from "./signature-panel";

const column: Column = { id: 7, name: "Freigabe", type: "signature", settings: {}, description: "", width: 160 };
const base = { id: "bau", name: "Bau", tables: [{ id: 4, name: "Aufgaben", columns: [column], views: [], description: "" }] } as unknown as Base;

/** What the pen did since the paper was laid out anew. */
let done: string[] = [];

beforeEach(async () => {
  await setLanguage("en");
  done = [];
  const at = (x: number, y: number) => `${Math.round(x)},${Math.round(y)}`;
  // A pen that remembers, on a paper whose picture is what it remembers.
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function pen(this: HTMLCanvasElement) {
    return {
      canvas: this,
      fillRect: () => { done = []; },
      beginPath: () => {},
      moveTo: (x: number, y: number) => done.push(`from ${at(x, y)}`),
      lineTo: (x: number, y: number) => done.push(`to ${at(x, y)}`),
      stroke: () => {},
      fillText: (text: string) => done.push(`text ${text}`),
    } as never;
  });
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((give, type) => give(new Blob([done.join("; ")], { type: type ?? "" })));
  // Shown at half its size.
  vi.spyOn(HTMLCanvasElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(10, 20, 320, 120));
  HTMLElement.prototype.setPointerCapture = () => {};
});
afterEach(() => vi.restoreAllMocks());

function pad(record: number | null = 3, add: (args: FileAddArgs) => FilesAdded = ({ bytes }) => ({ act: null, files: [{ name: bytes[0]!.filename, hash: "ab12", size: 5 } as never] })) {
  const transport = testTransport({ "file.add": add });
  setTransport(transport);
  const [onChange, onAdded] = [vi.fn(), vi.fn()];
  const view = render(
    <BaseContext value={{ base, openRecord: () => {} }}>
      <SignaturePanel column={column} value={null} record={record} onChange={onChange} onAdded={onAdded} autoFocus />
    </BaseContext>,
  );
  const kept = () => {
    const args = transport.calls.findLast((one) => one.name === "file.add")?.args as FileAddArgs | undefined;
    return args && { ...args, bytes: undefined, picture: atob(args.bytes[0]!.base64), mime: args.bytes[0]!.mime };
  };
  return { transport, onChange, onAdded, view, kept, paper: screen.getByRole("img"), name: screen.getByRole("textbox", { name: "Or type the name" }) };
}
const draw = (paper: HTMLElement, ...places: [number, number][]) => {
  const [first, ...rest] = places.map(([clientX, clientY]) => ({ clientX, clientY, pointerId: 1, button: 0 }));
  fireEvent.pointerDown(paper, first);
  for (const place of rest) fireEvent.pointerMove(paper, place);
  fireEvent.pointerUp(paper, rest.at(-1) ?? first);
};
const sign = () => fireEvent.click(screen.getByRole("button", { name: "Sign" }));

test("a drawn signature is kept as a picture of the strokes", async () => {
  const { paper, kept, onAdded, onChange } = pad();
  draw(paper, [10, 20], [60, 45], [110, 20]);
  draw(paper, [170, 80]);
  fireEvent.pointerMove(paper, { clientX: 300, clientY: 100 });
  sign();
  await waitFor(() => expect(onAdded).toHaveBeenCalledTimes(1));
  expect(kept()).toMatchObject({ base: "bau", table: 4, column: 7, record: 3, mime: "image/png" });
  expect(kept()?.picture).toBe("from 0,0; to 0,0; from 0,0; to 100,50; from 100,50; to 200,0; from 320,120; to 320,120");
  // The engine wrote the cell itself.
  expect(onChange).not.toHaveBeenCalled();
  expect(await screen.findByRole("img", { name: "Signature" })).toHaveAttribute("src", expect.stringContaining("ab12"));
  expect(screen.getByText(/^Signed /)).toBeInTheDocument();
});

test("who can't draw types the name, and Enter signs", async () => {
  const { name, kept, onAdded } = pad();
  fireEvent.change(name, { target: { value: "Ann" } });
  fireEvent.change(name, { target: { value: "Anna Kovač" } });
  fireEvent.keyDown(name, { key: "Enter" });
  await waitFor(() => expect(onAdded).toHaveBeenCalledTimes(1));
  expect(kept()?.picture).toBe(unescape(encodeURIComponent("text Anna Kovač")));
});

test("a stroke over a typed name begins anew: strokes and letters are not mixed", () => {
  const { paper, name } = pad();
  fireEvent.change(name, { target: { value: "Anna" } });
  expect(done).toEqual(["text Anna"]);
  draw(paper, [10, 20], [20, 30]);
  expect(name).toHaveValue("");
  expect(done.join()).not.toContain("text");
  fireEvent.change(name, { target: { value: "B" } });
  expect(done).toEqual(["text B"]);
});

test("an empty paper can't be signed, cleared ink is gone, and blanks are no name", () => {
  const { paper, name, transport } = pad();
  expect(screen.getByRole("button", { name: "Sign" })).toBeDisabled();
  fireEvent.pointerDown(paper, { clientX: 30, clientY: 30, pointerId: 1, button: 2 });
  fireEvent.change(name, { target: { value: "   " } });
  fireEvent.keyDown(name, { key: "Enter" });
  expect(screen.getByRole("button", { name: "Sign" })).toBeDisabled();
  draw(paper, [10, 20], [20, 30]);
  expect(screen.getByRole("button", { name: "Sign" })).toBeEnabled();
  fireEvent.click(screen.getByRole("button", { name: "Clear" }));
  expect(done).toEqual([]);
  expect(screen.getByRole("button", { name: "Sign" })).toBeDisabled();
  expect(transport.calls).toEqual([]);
});

test("the signature of a record that is not made yet goes into its form with the time it was signed", async () => {
  const { paper, kept, onChange, onAdded } = pad(null);
  draw(paper, [10, 20], [20, 30]);
  sign();
  await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
  expect(kept()?.record).toBeNull();
  const value = onChange.mock.calls[0]![0] as { hash: string; sign_time: string };
  expect(value.hash).toBe("ab12");
  expect(Math.abs(Date.parse(value.sign_time) - Date.now())).toBeLessThan(60_000);
  expect(onAdded).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Remove" }));
  expect(onChange).toHaveBeenLastCalledWith(null);
});

test("what could not be kept is still on the paper and can be signed again", async () => {
  let room = false;
  const { paper, onAdded, transport } = pad(3, () => {
    if (!room) throw doorError("disk");
    return { act: null, files: [] };
  });
  draw(paper, [10, 20], [20, 30]);
  const before = [...done];
  sign();
  await waitFor(() => expect(transport.calls).toHaveLength(1));
  await waitFor(() => expect(screen.getByRole("button", { name: "Sign" })).toBeEnabled());
  expect(done).toEqual(before);
  expect(onAdded).not.toHaveBeenCalled();
  room = true;
  sign();
  await waitFor(() => expect(onAdded).toHaveBeenCalledTimes(1));
});
