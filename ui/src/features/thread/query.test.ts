import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cutAtWords, litWords, queryParts, withoutPart } from "./query";

test("operators become chips, quotes keep words together, and what is unknown is a plain word", () => {
  expect(queryParts('from:ada -is:unread subject:"next week" ratio 3:4 http://a').map((one) => [one.operator, one.value, one.not])).toEqual([
    ["from", "ada", false], ["is", "unread", true], ["subject", "next week", false], [null, "ratio", false], [null, "3:4", false], [null, "http://a", false],
  ]);
  expect(withoutPart('from:ada is:unread "a b"', 1)).toBe('from:ada "a b"');
});

test("words of a search are lit where words begin, whatever their script", () => {
  expect(cutAtWords("Протокол наради: проект", litWords("про from:ada -нарад is:unread"))).toEqual(["", "Про", "токол наради: ", "про", "ект"]);
  expect(cutAtWords("reaction (act)", ["act"])).toEqual(["reaction (", "act", ")"]);
  expect(litWords("a [x OR b.c*")).toEqual(["[x", "b.c*"]);
});

test("cutting loses no letter, whatever is searched for", () => {
  fc.assert(fc.property(fc.string(), fc.array(fc.string({ minLength: 1 })), (text, words) => cutAtWords(text, words).join("") === text));
});
