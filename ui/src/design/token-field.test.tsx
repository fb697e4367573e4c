import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import fc from "fast-check";
import { useState } from "react";
import { expect, test } from "vitest";
import { TokenField, formatAddress, looksLikeAddress, splitAddresses, type TypedAddress } from ".";

function Field({ start = [], known = [], onValue }: { start?: TypedAddress[]; known?: TypedAddress[]; onValue?: (value: TypedAddress[]) => void }) {
  const [value, setValue] = useState(start);
  return (
    <TokenField
      label="To"
      value={value}
      onChange={(next) => {
        setValue(next);
        onValue?.(next);
      }}
      complete={async (text) => known.filter((one) => (one.name + one.email).toLowerCase().includes(text.toLowerCase()))}
      removeLabel={(one) => `Remove ${one.email}`}
      invalidLabel="Not a valid address"
    />
  );
}
const input = () => screen.getByRole("combobox", { name: "To" });

test("comma, semicolon and Enter make chips of what was typed", async () => {
  let value: TypedAddress[] = [];
  render(<Field onValue={(next) => (value = next)} />);
  const user = userEvent.setup();
  await user.type(input(), "ada@example.org,grace@example.org;Kay <kay@example.org>{Enter}");
  expect(value.map((one) => one.email)).toEqual(["ada@example.org", "grace@example.org", "kay@example.org"]);
  expect(value[2]?.name).toBe("Kay");
});

test("a completion is taken with Enter, and the same address never twice", async () => {
  let value: TypedAddress[] = [];
  const ada = { name: "Ada Lovelace", email: "ada@example.org" };
  render(<Field known={[ada]} onValue={(next) => (value = next)} />);
  const user = userEvent.setup();
  await user.type(input(), "lov");
  await screen.findByRole("option", { name: /Ada Lovelace/ });
  await user.keyboard("{Enter}");
  expect(value).toEqual([ada]);
  await user.type(input(), "ADA@example.org{Enter}");
  expect(value).toHaveLength(1);
});

test("Backspace first selects the last chip, then removes it", async () => {
  let value: TypedAddress[] = [{ name: "", email: "a@x.org" }, { name: "", email: "b@x.org" }];
  render(<Field start={value} onValue={(next) => (value = next)} />);
  const user = userEvent.setup();
  await user.click(input());
  await user.keyboard("{Backspace}");
  expect(value).toHaveLength(2);
  await user.keyboard("{Backspace}");
  expect(value.map((one) => one.email)).toEqual(["a@x.org"]);
});

test("a pasted list becomes chips, and what is no address says so", async () => {
  let value: TypedAddress[] = [];
  render(<Field onValue={(next) => (value = next)} />);
  fireEvent.paste(input(), { clipboardData: { getData: () => '"Lovelace, Ada" <ada@example.org>; nonsense\nkay@example.org' } });
  await waitFor(() => expect(value).toHaveLength(3));
  expect(value[0]).toEqual({ name: "Lovelace, Ada", email: "ada@example.org" });
  expect(screen.getByText("Not a valid address")).toBeInTheDocument();
});

test("whatever addresses are written in one line are read back the same", () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const address = fc.record({ name: fc.stringMatching(/^[\p{L} ,.<>@;]{0,12}$/u).map((name) => name.trim()), email: fc.tuple(word, word).map(([a, b]) => `${a}@${b}.org`) });
  fc.assert(
    fc.property(fc.array(address, { maxLength: 5 }), (list) => {
      expect(list.every((one) => looksLikeAddress(one.email))).toBe(true);
      expect(splitAddresses(list.map(formatAddress).join(", "))).toEqual(list);
    }),
  );
});
