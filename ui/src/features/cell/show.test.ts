import { expect, test } from "vitest";
import type { Column, ColumnType } from "../../engine";
import { showCell, typedCell } from "./show";

const column = (type: ColumnType, settings: Record<string, unknown> = {}): Column => ({ id: 1, name: "C", type, settings, description: "", width: 100 });

test("numbers are shown as their settings say, else as the language writes them", () => {
  expect(showCell(column("number"), 1234.5, "en")).toBe("1234.5");
  expect(showCell(column("number"), 1234.5, "de")).toBe("1234,5");
  expect(showCell(column("number", { format: "euro", decimal: "comma", thousands: "dot", precision: 2, currency_symbol_position: "after" }), -1234.5, "en")).toBe("−1.234,50 €");
  expect(showCell(column("number", { format: "percent" }), 0.07, "en")).toBe("7 %");
  expect(showCell(column("number"), 0.1 + 0.2, "en")).toBe("0.3");
});

test("dates follow the column's pattern, else the language", () => {
  expect(showCell(column("date", { format: "D.M.YYYY HH:mm" }), "2026-03-04 05:06", "en")).toBe("4.3.2026 05:06");
  expect(showCell(column("date"), "2026-03-04", "uk")).toBe("04.03.2026");
});

test("what is copied is read back as the same value", () => {
  expect(typedCell(column("number", { format: "percent", decimal: "comma" }), 0.125)).toBe("12,5");
  expect(typedCell(column("date"), "2026-03-04")).toBe("2026-03-04");
  expect(typedCell(column("duration", { duration_format: "h:mm:ss" }), 3723)).toBe("1:02:03");
  expect(typedCell(column("multiple_select", { options: [{ id: 1, name: "A" }, { id: 2, name: "B" }] }), [2, 1])).toBe("B, A");
});

test("an option just typed is shown before the engine knows it", () => {
  expect(showCell(column("single_select", { options: [] }), "New", "en")).toBe("New");
});

test("a formula is shown as what it yields, and a failure in words", () => {
  expect(showCell(column("formula"), { error: "Division by zero." }, "en")).toBe("#ERROR: Division by zero.");
  expect(showCell(column("formula", { format: "percent" }), 0.5, "en")).toBe("50 %");
  expect(showCell(column("formula", { format: "DD.MM.YYYY" }), "2026-03-04", "en")).toBe("04.03.2026");
  expect(showCell(column("formula"), "Text 2026-03-04", "en")).toBe("Text 2026-03-04");
});
