import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Column } from "../../engine";
import { openWindow } from "../../testing/window";
import { pastedValue } from "../record/cells";
import { showCell, typedCell } from "./show";

const user = userEvent.setup({ pointerEventsCheck: 0 });
const persons: Column = { id: 1, name: "Team", type: "collaborator", settings: {}, description: "", width: 100 };

test("persons are shown, copied and typed by their names, and by their addresses where they have none", () => {
  const value = ["Anna Kovač", "boris@example.org", { name: "Cem" }, { email: "d@example.org" }];
  expect(showCell(persons, value, "de")).toBe("Anna Kovač, boris@example.org, Cem, d@example.org");
  expect(typedCell(persons, ["Anna", "Boris"])).toBe("Anna, Boris");
  expect(showCell(persons, null, "de")).toBe("");
});

test("pasted persons go to the engine as they were copied, and an empty text empties the cell", () => {
  expect(pastedValue(persons, { text: "Anna; boris@example.org" })).toBe("Anna; boris@example.org");
  expect(pastedValue(persons, { text: " " })).toBeNull();
});

test("a column of persons is offered where a column is added", async () => {
  openWindow("/bases/bau/4");
  await screen.findByRole("grid", { name: "Aufgaben" });
  await user.click(await screen.findByRole("button", { name: "Add column" }));
  const dialog = await screen.findByRole("dialog", { name: "Add column" });
  await user.click(within(dialog).getByRole("button", { name: /Type/ }));
  expect(await screen.findByRole("option", { name: "Persons" })).toBeInTheDocument();
}, 60_000);
