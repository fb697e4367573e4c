import { expect, test } from "vitest";
import type { Column } from "../../engine";
import { buttonAddress, buttonName, filledAddress } from "./button";

const button = (settings: Record<string, unknown>): Column => ({ id: 1, name: "Go", type: "button", settings, description: "", width: 90 });

test("a button that only opens an address does, any other is a label", () => {
  const open = { action_type: "open_url", url_address: "https://example.org/?q={Name}" };
  expect(buttonAddress(button({ button_action_list: [open] }))).toBe("https://example.org/?q={Name}");
  expect(buttonAddress(button({ button_action_list: [open, { action_type: "send_email" }] }))).toBeNull();
  expect(buttonAddress(button({ button_action_list: [{ action_type: "run_script", url_address: "https://example.org" }] }))).toBeNull();
  expect(buttonAddress(button({}))).toBeNull();
  expect([buttonName(button({ button_name: "Los" })), buttonName(button({}))]).toEqual(["Los", "Go"]);
});

test("a cell stands inside of the address and never changes where it leads", () => {
  expect(filledAddress("https://example.org/?q={Name}&x={ None }", (name) => (name === "Name" ? "a&b://c" : ""))).toBe("https://example.org/?q=a%26b%3A%2F%2Fc&x=");
});
